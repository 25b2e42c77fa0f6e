import { printable } from "../../base/terminal-text";
import type { JobReport, Report } from "./collect";
import { scriptJson } from "./markup";

/** Of all logs together, in bytes: half for those of jobs that failed. Less is kept of each where there are many. */
const LOG_BYTES = 5_000_000;
const LOG_CHARACTERS = [8192, 4096, 2048, 1024, 512, 256, 128, 64, 0];

/** What the scripts of the page work on, once, as JSON for a script element. Times are milliseconds from the start. */
export function pageData({ startedAt, stoppedAt, states, jobs }: Report): string {
  const start = Date.parse(startedAt);
  const offset = (iso: string | null) => (iso === null ? null : Date.parse(iso) - start);
  const order = new Map(states.map(({ name }, index) => [name, index]));
  const failed = shorten(
    jobs.filter(({ outcome }) => outcome === "failed"),
    LOG_BYTES / 2,
  );
  const others = shorten(
    jobs.filter(({ outcome }) => outcome !== "failed"),
    LOG_BYTES / 2,
  );
  return scriptJson({
    end: offset(stoppedAt),
    states: states.map((state) => ({
      ...state,
      startedAt: offset(state.startedAt),
      stoppedAt: offset(state.stoppedAt),
    })),
    // Rows without names: ten thousand jobs are many.
    jobs: jobs.map((job) => [
      order.get(job.state) ?? -1,
      job.indices,
      printable(job.name),
      job.id,
      job.outcome,
      job.exitCode,
      job.statusReason === null ? null : printable(job.statusReason),
      offset(job.submittedAt),
      offset(job.startedAt),
      offset(job.stoppedAt),
      job.attempts.map((attempt) => [
        offset(attempt.startedAt),
        offset(attempt.stoppedAt),
        attempt.exitCode,
        attempt.reason === null ? null : printable(attempt.reason),
        attempt.statusReason === null ? null : printable(attempt.statusReason),
      ]),
      failed.get(job.id) ?? others.get(job.id) ?? "",
    ]),
  });
}

/** The logs by job, each cut to the same length, so that all of them take `bytes` at most. */
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
