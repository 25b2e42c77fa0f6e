import type { Json } from "../../base/json";
import { printable } from "../../base/terminal-text";
import { itemText } from "../item-values";
import { descriptionOf } from "../job-result";
import type { JobReport, Report } from "./collect";
import { deltaOf } from "./deltas";
import { scriptJson } from "./markup";
import type { PageJob, PageState, ReportData } from "./page/report-data";

/** The limit for the value of an item. */
const ITEM_CHARACTERS = 200;

/** The limit in bytes for all logs together. Failed jobs get half of it. With more jobs, less is kept of each. */
const LOG_BYTES = 5_000_000;
const LOG_CHARACTERS = [8192, 4096, 2048, 1024, 512, 256, 128, 64, 0];

/** Returns the data for the script of the page, as JSON for a script element. */
export function pageData({ startedAt, stoppedAt, states, jobs }: Report): string {
  const start = Date.parse(startedAt);
  const offset = <Time extends string | null>(iso: Time) =>
    (iso === null ? null : Date.parse(iso) - start) as Time extends string ? number : null;
  const text = (said: string | null) => (said === null ? null : printable(said));
  const logs = shortLogs(jobs);
  const pageStates = states.map(({ cost: _, ...state }): PageState => {
    return { ...state, startedAt: offset(state.startedAt), stoppedAt: offset(state.stoppedAt) };
  });
  const { descriptions, ranBy } = shareDescriptions();
  const pageJobs = jobs.map(
    ({ cost, ...job }): PageJob => ({
      ...{ id: job.id, state: job.state, indices: job.indices, outcome: job.outcome },
      ...{ exitCode: job.exitCode, usage: job.usage, hint: job.hint },
      notReused: job.notReused && printable(job.notReused),
      ...{ waitedSeconds: job.waitedSeconds, reusedFrom: job.reusedFrom },
      ...(cost !== undefined && { cost: { amount: cost.amount, isMost: cost.isMost } }),
      name: printable(job.name),
      value: job.item === null ? "" : printable(itemText(job.item), ITEM_CHARACTERS),
      ran: ranBy(job),
      statusReason: text(job.statusReason),
      wait: job.wait && { ...job.wait, reason: text(job.wait.reason) },
      submittedAt: offset(job.submittedAt),
      startedAt: offset(job.startedAt),
      stoppedAt: offset(job.stoppedAt),
      attempts: job.attempts.map(({ startedAt: from, stoppedAt: to, exitCode, reason, statusReason, injected }) => ({
        ...{ startedAt: offset(from), stoppedAt: offset(to), exitCode },
        ...{ reason: text(reason), statusReason: text(statusReason) },
        ...(injected !== undefined && { injected }),
      })),
      log: logs.get(job.id) ?? "",
    }),
  );
  const times = [...pageStates, ...pageJobs].map(({ startedAt: from, stoppedAt: to }) => to ?? from ?? 0);
  const end = offset(stoppedAt) ?? times.reduce((last, time) => Math.max(last, time), 0);
  return scriptJson({ end: Math.max(end, 1), states: pageStates, jobs: pageJobs, descriptions } satisfies ReportData);
}

/** Keeps one whole description of each job definition, and the differences of the other jobs from it. */
function shareDescriptions() {
  const descriptions: Json[] = [];
  const indices = new Map<string, number>();
  const ranBy = (job: JobReport): PageJob["ran"] => {
    const description = descriptionOf(job);
    if (description === null) return null;
    const { definition } = description;
    const like = indices.get(definition) ?? descriptions.length;
    indices.set(definition, like);
    // A description is JSON.
    const value = description as unknown as Json;
    if (like === descriptions.length) descriptions.push(value);
    return { like, but: deltaOf(descriptions[like]!, value) };
  };
  return { descriptions, ranBy };
}

function shortLogs(jobs: readonly JobReport[]): Map<string, string> {
  const failed = jobs.filter(({ outcome }) => outcome === "failed");
  const others = jobs.filter(({ outcome }) => outcome !== "failed");
  return new Map([...shorten(failed, LOG_BYTES / 2), ...shorten(others, LOG_BYTES / 2)]);
}

/** Cuts each log to the same length, so that all of them take `bytes` at most. */
function shorten(jobs: readonly JobReport[], bytes: number): Map<string, string> {
  const logs = jobs.map(({ id, log }) => [id, readable(log)] as const);
  for (const characters of LOG_CHARACTERS) {
    const cut = logs.map(([id, log]) => [id, lastLines(log, characters)] as const);
    if (cut.reduce((sum, [, log]) => sum + Buffer.byteLength(scriptJson(log)), 0) <= bytes) return new Map(cut);
  }
  return new Map();
}

function readable(log: string): string {
  return log
    .trimEnd()
    .split("\n")
    .map((line) => printable(line, 2000))
    .join("\n");
}

function lastLines(log: string, characters: number): string {
  if (log.length <= characters) return log;
  if (characters === 0) return "";
  const end = log.slice(-characters);
  const newline = end.indexOf("\n");
  return newline === -1 || newline > characters / 2 ? `…${end}` : `…\n${end.slice(newline + 1)}`;
}
