/** The lines about what failed. */
import { count, counted, type Line, printable } from "../base/terminal-text";
import { placeName } from "./events";
import { hintFor } from "./hints";
import { OUTCOMES } from "./outcome";
import type { Failure, Job, Tally, Tolerated } from "./tally";
import { whatRan } from "./what-ran-lines";

/** The most characters of a cause or a reason. */
export const LONGEST_REASON = 300;

/** Describes the failures that the tally keeps, with what the failed jobs ran unless `short`. */
export function failureLines(tally: Tally, { short = false } = {}): Line[] {
  return [...tally.failures.flatMap((failure) => describeFailure(failure, { short })), ...moreFailures(tally)];
}

/** Describes a failure: the error, the exit code, the reason, the last lines of the log, what the job ran, and a hint. */
export function describeFailure({ place, error, cause, job }: Failure, { short = false } = {}): Line[] {
  const hint = job === null ? null : hintFor([...job.log, job.reason, job.attempt?.reason]);
  const log = (job?.log ?? []).map((line): Line => [{ text: `    ${job!.name} │ `, style: "dim" }, { text: line }]);
  return [
    [{ text: `✗ ${printable(placeName(place))} failed`, style: "red" }, { text: `: ${why({ error, cause, job })}` }],
    ...log,
    ...(job === null || short ? [] : whatRan(job)),
    ...(hint === null ? [] : [[{ text: `    hint: ${hint}`, style: "yellow" } as const]]),
  ];
}

/** Describes the failed items that a Map tolerated, with one of the errors. */
export function toleratedLines({ place, failed, total, example }: Tolerated): Line[] {
  const such = example === null ? "" : `, such as ${printable(placeName(example.place))}: ${why(example)}`;
  return [
    [
      { text: `${OUTCOMES.caught.sign} ${printable(placeName(place))} tolerated`, style: "yellow" },
      { text: ` ${count(failed)} failed of ${counted(total, "item")}${such}` },
    ],
  ];
}

/** Counts the failures that the tally does not keep. Empty if it keeps all. */
export function moreFailures({ failures, failureCount }: Tally): Line[] {
  const more = failureCount - failures.length;
  return more > 0 ? [[{ text: `✗ and ${counted(more, "more failure")}`, style: "red" }]] : [];
}

/** Describes the error, with the reasons of the job or the cause. */
export function why({ error, cause, job }: Omit<Failure, "place">): string {
  const reasons = job === null ? [shortCause(cause)] : jobReasons(job);
  return [printable(error), ...new Set(reasons)].filter((text) => text !== "").join(", ");
}

/** Describes the error that a Retry or a Catch took. */
export function whySurvived({ survived }: Tally): string {
  return survived === null ? "" : why(survived);
}

/** Returns the reasons of the last attempt of a job, and of its status. */
export function jobReasons({ attempt, reason }: Job): string[] {
  const exitCode = attempt === null || attempt.exitCode === null ? [] : [`exit code ${attempt.exitCode}`];
  const reasons = [attempt?.reason, attempt?.statusReason, reason].flatMap((text) =>
    text ? [printable(text, LONGEST_REASON)] : [],
  );
  if (attempt?.injected === undefined) return [...exitCode, ...reasons];
  // Some reasons of Batch are sentences.
  return [...exitCode, ...reasons.map((text) => text.replace(/\.$/, "")), "injected by --chaos"];
}

// --- internal ---

/** Shortens a cause to one line. The cause of a failed job is a long JSON text and is left out. */
function shortCause(cause: string): string {
  return cause.startsWith("{") ? "" : printable(cause, LONGEST_REASON);
}
