/** The texts of the tooltips on the timeline. */
import { count, counted, duration } from "../../../base/terminal-text";
import { OUTCOMES, reasonOf } from "../../outcome";
import { waitText } from "../../waits";
import type { PageJob, PageState } from "./report-data";
import type { Subject } from "./timeline-layout";

/** Returns a title and the lines below it. */
export function describe(subject: Subject): string[] {
  if (subject.kind === "job") return describeJob(subject.job);
  if (subject.kind === "state") return describeState(subject.state);
  const { from, to, counts } = subject.density;
  const kinds = Object.keys(DENSITY_WORDS) as (keyof typeof DENSITY_WORDS)[];
  const lines = kinds.filter((kind) => counts[kind] > 0).map((kind) => `${count(counts[kind])} ${DENSITY_WORDS[kind]}`);
  return [subject.state.name, `${duration(from)} to ${duration(to)}`, ...lines];
}

// --- internal ---

const DENSITY_WORDS = {
  succeeded: "running, to succeed",
  failed: "running, to fail",
  stopped: "running, to be stopped",
  running: "running",
  queued: "queued",
  retried: "lost an attempt",
} as const;

function describeJob(job: PageJob): string[] {
  const { name, outcome, exitCode, attempts, wait, submittedAt, startedAt, stoppedAt } = job;
  const { sign, word } = OUTCOMES[outcome];
  const exit = exitCode === null ? "" : `, exit code ${exitCode}`;
  const times =
    startedAt === null
      ? []
      : [`queued ${duration(startedAt - submittedAt)}, ran ${duration((stoppedAt ?? startedAt) - startedAt)}`];
  const reason = wait !== null ? waitText(wait) : outcome === "succeeded" ? "" : reasonOf(job);
  const facts = `${sign} ${word}${exit}, ${counted(attempts.length, "attempt")}`;
  return [name, facts, ...times, ...(reason === "" ? [] : [reason])];
}

function describeState({ name, outcome, items, startedAt, stoppedAt }: PageState): string[] {
  const { sign, word } = OUTCOMES[outcome];
  const facts = `${sign} ${word}${items === null ? "" : `, ${counted(items, "item")}`}`;
  const took = startedAt === null || stoppedAt === null ? [] : [`took ${duration(stoppedAt - startedAt)}`];
  return [name, facts, ...took];
}
