/** The lines that the terminal shows. These are pure functions of a tally. */

import { count, counted, cutLine, duration, type Line, printable, type Span, stopwatch } from "../base/terminal-text";
import { costLine } from "./cost/cost-line";
import { type ExecutionEvent, placeKey, placeName, STOPPED_WITH_STATE } from "./events";
import {
  describeFailure,
  failureLines,
  jobReasons,
  LONGEST_REASON,
  moreFailures,
  toleratedLines,
  why,
  whySurvived,
} from "./failure-lines";
import { isShown, tableLines } from "./progress-table";
import { adviceWords } from "./size-advice";
import { isToldInside, type StateCounts } from "./state-counts";
import type { Job, Tally } from "./tally";
import { newWaitLines, waitLines } from "./wait-lines";

/** A Map with more items than this shows only counts. A smaller Map shows one line per item. */
const MANY_ITEMS = 20;
const ADVICE_SHOWN = 5;

/** Returns the lines that are redrawn at the bottom of the terminal: at most `rows`, none wider than `columns`. */
export function liveLines(tally: Tally, now: number, columns: number, rows: number): Line[] {
  const failures = failureLines(tally, { short: true });
  const shown = [...tally.states.values()].filter(isShown);
  const waits = waitLines(tally, now).slice(0, Math.floor(rows / 4));
  const left = rows - 1 - waits.length;
  const forFailures = Math.min(failures.length, Math.max(Math.floor(left / 2), left - shown.length));
  const table = tableLines(tally, shown, now, columns, Math.max(left - forFailures, 0));
  const lines = [...table, ...waits, ...failures.slice(0, forFailures), statusLine(tally, now)];
  return lines.slice(-Math.max(rows, 1)).map((line) => cutLine(line, columns));
}

/** Returns the lines that stay on the terminal at the end: all states, the failures and the result. */
export function finalLines(tally: Tally, now: number, columns: number): Line[] {
  const shown = [...tally.states.values()].filter(isShown);
  const table = tableLines(tally, shown, now, columns, shown.length).map((line) => cutLine(line, columns));
  return [...table, ...failureLines(tally), ...tally.tolerated.flatMap(toleratedLines), ...endLines(tally)];
}

/** Describes the end of the execution, after the jobs that a resumed run has run again and advice about sizes: `SUCCEEDED in 1.9 s, 5 jobs · about $0.0123 …`. Empty while it runs. */
function endLines({ end, startedAt, failures, costs, use, again, ...jobs }: Tally): Line[] {
  if (end === null) return [];
  const advice = use.advice().slice(0, ADVICE_SHOWN);
  const isTold = failures.some(({ error }) => error === end.error);
  const why = [end.error, isTold ? null : end.cause].flatMap((text) => (text ? [printable(text, LONGEST_REASON)] : []));
  const style = end.status === "SUCCEEDED" ? "green" : "red";
  const took = startedAt === null ? "" : ` in ${duration(end.at - startedAt)}`;
  const cost = costs === null || jobs.jobCount === 0 ? null : costLine(costs.ofRun());
  return [
    ...again.sums().map((text): Line => [{ text, style: "dim" }]),
    ...advice.map((each): Line => [{ text: printable(adviceWords(each)), style: "dim" }]),
    [
      { text: end.status, style },
      { text: `${took}, ${jobsText(jobs)}${why.length > 0 ? `: ${why.join(": ")}` : ""}` },
      ...(cost === null ? [] : [{ text: ` · ${cost}`, style: "dim" } satisfies Span]),
    ],
  ];
}

/** Describes an event that the tally has already recorded. Empty for events that need no line. */
export function eventLines(tally: Tally, event: ExecutionEvent): Line[] {
  const job = "jobId" in event ? tally.jobs.get(event.jobId) : undefined;
  switch (event.type) {
    case "execution-started":
      return [[{ text: `execution ${printable(event.name)} started` }]];
    case "execution-ended":
      return [...moreFailures(tally), ...endLines(tally)];
    case "notice":
      return [[{ text: printable(event.message), style: "yellow" }]];
    case "preparing":
      return tally.preparing?.isNew
        ? [[{ text: printable(stepText(event) + (event.line ? `: ${event.line}` : "")) }]]
        : [];
    case "job-log":
      return [[{ text: `${job?.name ?? printable(event.jobId)} │ `, style: "dim" }, { text: printable(event.line) }]];
    case "job-waiting":
      return job === undefined ? [] : newWaitLines(tally, job, event);
    case "job-submitted": {
      const text = tally.again.news(event);
      return text === null ? [] : [[{ text, style: "yellow" }]];
    }
    case "job-status":
      return job === undefined || isOneOfMany(tally, job.state) ? [] : jobLines(job, event);
    case "state-entered": {
      const state = tally.states.get(event.state);
      const isShown = state?.type === "Wait" && !isOneOfMany(tally, state);
      return isShown ? [[{ text: `${printable(placeName(event))} waits` }]] : [];
    }
    case "task-mocked": {
      const state = tally.states.get(event.state);
      const isHidden = state !== undefined && isOneOfMany(tally, state);
      return isHidden ? [] : [[{ text: `${printable(placeName(event))} is answered by a mock` }]];
    }
    case "map-started":
      return [[{ text: `${printable(event.state)}: ${counted(event.total, "item")}` }]];
    case "execution-redriven":
      return [[{ text: "redriven: failed states run again", style: "yellow" }]];
    case "map-run-failure":
      if (isToldInside(tally.states, event)) return [];
      return [
        [
          { text: `${printable(placeName(event))}: `, style: "red" },
          { text: `the execution ${printable(event.name)} of an item failed: ${why({ ...event, job: null })}` },
        ],
      ];
    case "state-succeeded": {
      const tolerated = tally.tolerated.find(({ place }) => placeKey(place) === placeKey(event));
      return tolerated === undefined ? [] : toleratedLines(tolerated);
    }
    case "state-retried":
      return [
        [
          {
            text: `${printable(placeName(event))} failed, retry ${event.attempt} in ${duration(event.delaySeconds * 1000)}: ${whySurvived(tally)}`,
            style: "yellow",
          },
        ],
      ];
    case "state-caught":
      return [
        [
          {
            text: `${printable(placeName(event))} failed, goes on with ${printable(event.next)}: ${whySurvived(tally)}`,
            style: "yellow",
          },
        ],
      ];
    case "state-failed": {
      const kept = tally.failures.findLast(({ place }) => placeKey(place) === placeKey(event));
      return kept === undefined ? [] : describeFailure(kept);
    }
    default:
      return [];
  }
}

/** Returns the progress of a large Map in tenths, and a line such as `step2: 3,000/10,000 done`; `null` for others. */
export function tenthsOf(tally: Tally, event: ExecutionEvent): { map: string; tenths: number; line: Line } | null {
  if (!("state" in event)) return null;
  const row = tally.states.get(event.state);
  // The event of a Map Run belongs to the Map itself, not to a state inside it.
  const map = event.type === "map-run" ? event.state : row?.parents.at(-1);
  const items = tally.states.get(map ?? "")?.items;
  if (map === undefined || !items || items.total <= MANY_ITEMS) return null;
  const failed = items.failed > 0 ? `, ${count(items.failed)} failed` : "";
  return {
    map,
    tenths: Math.floor((10 * (items.done + items.failed)) / items.total),
    line: [{ text: `${printable(map)}: ${count(items.done)}/${count(items.total)} done${failed}` }],
  };
}

// --- internal ---

function statusLine({ startedAt, preparing, ...jobs }: Tally, now: number): Line {
  if (startedAt !== null) {
    return [{ text: `running ${stopwatch(now - startedAt)}, ${jobsText(jobs)}`, style: "dim" }];
  }
  if (preparing === null) return [{ text: "starting", style: "dim" }];
  const { since, line } = preparing;
  const said = line === null ? "" : ` │ ${line}`;
  return [{ text: `${printable(stepText(preparing))} ${stopwatch(now - since)}${said}`, style: "dim" }];
}

/** Counts the jobs, those that were reused, and the attempts that Batch repeated. */
function jobsText({ jobCount, reusedCount, batchRetries }: JobCounts): string {
  const reused = reusedCount > 0 ? [`${count(reusedCount)} reused`] : [];
  const retries = batchRetries > 0 ? [`${count(batchRetries)} Batch ${batchRetries === 1 ? "retry" : "retries"}`] : [];
  return [counted(jobCount, "job"), ...reused, ...retries].join(", ");
}

type JobCounts = Pick<Tally, "jobCount" | "reusedCount" | "batchRetries">;

function stepText({ step, part }: { readonly step: string; readonly part: string | null }): string {
  return part === null ? step : `${step}, ${part}`;
}

function jobLines(job: Job, { at, status, reason }: Extract<ExecutionEvent, { type: "job-status" }>): Line[] {
  const isStopped = reason === STOPPED_WITH_STATE;
  const took = duration(at - (job.startedAt ?? job.submittedAt));
  const ends: Partial<Record<typeof status, Span>> = {
    ...(job.attempt !== null && {
      RUNNABLE: { text: `${job.name} starts again: ${[...new Set(jobReasons(job))].join(", ")}`, style: "yellow" },
    }),
    RUNNING: { text: `${job.name} started` },
    SUCCEEDED: { text: `${job.name} ${job.isReused ? "is reused" : `succeeded in ${took}`}`, style: "green" },
    FAILED: {
      text: `${job.name} ${isStopped ? "stopped" : "failed"} after ${took}`,
      style: isStopped ? "yellow" : "red",
    },
  };
  const line = ends[status];
  return line === undefined ? [] : [[line]];
}

function isOneOfMany(tally: Tally, { parents }: StateCounts): boolean {
  return parents.some((name) => (tally.states.get(name)?.items?.total ?? 0) > MANY_ITEMS);
}
