/** The lines that the terminal shows. These are pure functions of a tally. */

import {
  count,
  counted,
  cutLine,
  cutText,
  duration,
  type Line,
  padText,
  printable,
  type Span,
  type Style,
  stopwatch,
  textWidth,
} from "../base/terminal-text";
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
import { OUTCOMES, type Outcome, REUSED_SIGN } from "./outcome";
import { adviceWords } from "./size-advice";
import { isToldInside, outcomeOf, type StateCounts } from "./state-counts";
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

/** Describes the end of the execution, after advice about sizes: `SUCCEEDED in 1.9 s, 5 jobs · about $0.0123 …`. Empty while it runs. */
function endLines({ end, startedAt, failures, costs, use, ...jobs }: Tally): Line[] {
  if (end === null) return [];
  const advice = use.advice().slice(0, ADVICE_SHOWN);
  const isTold = failures.some(({ error }) => error === end.error);
  const why = [end.error, isTold ? null : end.cause].flatMap((text) => (text ? [printable(text, LONGEST_REASON)] : []));
  const style = end.status === "SUCCEEDED" ? "green" : "red";
  const took = startedAt === null ? "" : ` in ${duration(end.at - startedAt)}`;
  const cost = costs === null || jobs.jobCount === 0 ? null : costLine(costs.ofRun());
  return [
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
    case "job-status":
      return job === undefined || isOneOfMany(tally, job.state) ? [] : jobLines(job, event);
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

// --- table ---

const GAP = "  ";
/** In fewer columns than this, counts have signs in place of words. */
const NARROW = 60;
const SHORTEST_NAME = 8;

/** A state that takes no time has a row only if it fails. */
function isShown({ type, failed }: StateCounts): boolean {
  return failed > 0 || ["Task", "Map", "Parallel", "Wait"].includes(type);
}

const STYLES: Readonly<Record<Outcome, Style>> = {
  failed: "red",
  running: "cyan",
  caught: "yellow",
  stopped: "yellow",
  succeeded: "green",
  "not-reached": "dim",
};

/** The most important first. If there is too little room, the others have no row. */
const PRIORITY: readonly Outcome[] = ["running", "failed", "caught", "stopped", "succeeded", "not-reached"];

/** A state that runs is shown as running, whatever happened to other items. */
function liveOutcome(state: StateCounts): Outcome {
  return state.running.size > 0 ? "running" : outcomeOf(state);
}

function tableLines(
  { waiting }: Tally,
  rows: readonly StateCounts[],
  now: number,
  columns: number,
  most: number,
): Line[] {
  const chosen = chooseRows(rows, most);
  const cells = chosen.map((row) => countCells(row, waiting.get(row.name) ?? 0, columns < NARROW));
  const times = chosen.map((row) => timeCell(row, now));
  const widths = [0, 1, 2].map((index) => widest(cells.map((texts) => texts[index]!.text)));
  const names = chosen.map(nameCell);
  const others = [...widths, widest(times)]
    .filter((width) => width > 0)
    .reduce((sum, width) => sum + GAP.length + width, 2);
  const nameWidth = Math.min(widest(names), Math.max(columns - others, SHORTEST_NAME));
  const lines = chosen.map((row, index): Line => {
    const outcome = liveOutcome(row);
    const style = STYLES[outcome];
    const counts = cells[index]!.flatMap((cell, column): Span[] =>
      widths[column] === 0 ? [] : [{ text: GAP }, { ...cell, text: padText(cell.text, widths[column]!, true) }],
    );
    return withoutBlankEnd([
      { text: OUTCOMES[outcome].sign, style },
      { text: ` ${padText(cutText(names[index]!, nameWidth), nameWidth)}`, style: style === "dim" ? style : undefined },
      ...counts,
      { text: GAP + padText(times[index]!, widest(times), true), style: "dim" },
    ]);
  });
  const left = rows.length - chosen.length;
  return left > 0 && most > 0 ? [...lines, [{ text: `… ${counted(left, "more state")}`, style: "dim" }]] : lines;
}

function nameCell({ name, parents, mocked }: StateCounts): string {
  return "  ".repeat(parents.length) + printable(name) + (mocked > 0 ? " (mocked)" : "");
}

function withoutBlankEnd(line: Line): Line {
  const last = line.findLastIndex(({ text }) => text.trim() !== "");
  return line.slice(0, last + 1).map((span, index) => (index === last ? { ...span, text: span.text.trimEnd() } : span));
}

/** Chooses the most important rows that fit, in the order of the document. One line is kept for the number of the others. */
function chooseRows(rows: readonly StateCounts[], most: number): readonly StateCounts[] {
  if (rows.length <= most) return rows;
  const byPriority = PRIORITY.flatMap((outcome) => rows.filter((row) => liveOutcome(row) === outcome));
  const chosen = new Set(byPriority.slice(0, Math.max(most - 1, 0)));
  return rows.filter((row) => chosen.has(row));
}

/** Returns three cells: the running, the finished and the failed items. */
function countCells(row: StateCounts, waiting: number, narrow: boolean): Span[] {
  const { items } = row;
  const running = items ? items.running.size + items.runningApart : row.running.size - waiting;
  const done =
    items && items.total > 0
      ? `${count(items.done)}/${count(items.total)}`
      : row.succeeded > 0
        ? count(row.succeeded)
        : "";
  const tolerated = items?.tolerated ?? 0;
  const failed = items && items.failed > 0 ? items.failed - tolerated : row.failed;
  const number = (value: number, word: string, sign: string) =>
    value > 0 ? [narrow ? `${count(value)}${sign}` : `${count(value)} ${word}`] : [];
  return [
    {
      text: [...number(waiting, "waiting", "⋯"), ...number(running, "running", OUTCOMES.running.sign)].join(GAP),
      style: STYLES.running,
    },
    {
      text: [...(done === "" || narrow ? [done] : [`${done} done`]), ...number(row.reused, "reused", REUSED_SIGN)].join(
        GAP,
      ),
      style: STYLES.succeeded,
    },
    {
      text: [
        ...number(failed, "failed", OUTCOMES.failed.sign),
        ...number(tolerated, "tolerated", OUTCOMES.caught.sign),
        ...number(row.caught, "caught", OUTCOMES.caught.sign),
        // A Map would count its own runs here, next to counts of its items.
        ...(row.items === null ? number(row.stopped, "stopped", OUTCOMES.stopped.sign) : []),
      ].join(GAP),
      style: failed > 0 ? STYLES.failed : STYLES.caught,
    },
  ];
}

function timeCell({ startedAt, stoppedAt, running }: StateCounts, now: number): string {
  if (startedAt === null) return "";
  return running.size > 0 || stoppedAt === null ? stopwatch(now - startedAt) : duration(stoppedAt - startedAt);
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(textWidth));
}

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

// --- names ---

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
