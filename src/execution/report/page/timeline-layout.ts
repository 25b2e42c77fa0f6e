/**
 * The layout of the timeline. Each state has a row. The row shows bars, one lane for each job, or columns that count the jobs
 * if there are too many for bars. Times are milliseconds, lengths are pixels.
 */
import { counted } from "../../../base/terminal-text";
import { OUTCOMES, type Outcome, RETRIED_SIGN } from "../../outcome";
import type { PageJob, PageState } from "./report-data";

/** A part of the execution, in milliseconds from its start. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A state on the timeline. */
export interface Row {
  readonly state: PageState;
  readonly jobs: readonly PageJob[];
  readonly label: string;
  readonly top: number;
  readonly height: number;
  /** The height of the bars or columns. */
  readonly body: number;
  readonly lanes: Lanes;
}

/** The lane of each job, and how many lanes there are. */
export interface Lanes {
  readonly of: ReadonlyMap<PageJob, number>;
  readonly count: number;
}

export type Color = Outcome | "queued" | "retried";

/** A rectangle on the timeline. */
export interface Shape extends Range {
  readonly top: number;
  readonly height: number;
  readonly color: Color;
  readonly sign?: string;
  readonly about: Subject;
}

/** The job, state or count that a shape shows. */
export type Subject =
  | { readonly kind: "job"; readonly job: PageJob }
  | { readonly kind: "state"; readonly state: PageState }
  | { readonly kind: "density"; readonly state: PageState; readonly density: Density };

/** The number of jobs of each kind in a part of the execution. */
interface Density extends Range {
  readonly counts: Readonly<Record<Stacked | "retried", number>>;
}

export const LABEL_HEIGHT = 24;

/** Lays out a row for each chosen state that took time. `null` chooses all states. */
export function layOut(
  states: readonly PageState[],
  jobs: readonly PageJob[],
  chosen: ReadonlySet<string> | null,
  end: number,
): Row[] {
  const byState = new Map<string, PageJob[]>();
  // A job whose result is reused has taken no time.
  for (const job of jobs.filter(({ reusedFrom }) => reusedFrom === null)) {
    const own = byState.get(job.state);
    if (own === undefined) byState.set(job.state, [job]);
    else own.push(job);
  }
  const reached = states.filter(({ name, startedAt }) => startedAt !== null && (chosen === null || chosen.has(name)));
  const timed = reached.filter(
    ({ name, type, outcome, startedAt, stoppedAt }) =>
      byState.has(name) || outcome === "failed" || (TIMED.has(type) && (stoppedAt ?? end) - startedAt! > end / 500),
  );
  let top = 0;
  return (timed.length > 0 ? timed : reached).map((state) => {
    const own = byState.get(state.name) ?? [];
    const lanes = pack(own, end);
    const body =
      own.length === 0 ? 14 : lanes.count > MOST_LANES ? DENSITY_HEIGHT : Math.max(lanes.count * laneHeight(lanes), 16);
    const label = own.length === 0 ? state.name : `${state.name}  ·  ${counted(own.length, "job")}`;
    const row = { state, jobs: own, label, top, height: LABEL_HEIGHT + body + 8, body, lanes };
    top += row.height;
    return row;
  });
}

/** Gives each job the first free lane, so that no two jobs overlap. Jobs beyond `MOST_LANES` share the last lane. */
export function pack(jobs: readonly PageJob[], end: number): Lanes {
  const free: number[] = [];
  const of = new Map<PageJob, number>();
  for (const job of jobs.toSorted((one, other) => one.submittedAt - other.submittedAt)) {
    let lane = free.findIndex((until) => until <= job.submittedAt);
    if (lane === -1) lane = Math.min(free.length, MOST_LANES);
    free[lane] = job.stoppedAt ?? end;
    of.set(job, lane);
  }
  return { of, count: free.length };
}

/** Returns true if a part of the job is in the range. */
export function isSeen({ submittedAt, stoppedAt }: PageJob, { from, to }: Range, end: number): boolean {
  return submittedAt <= to && (stoppedAt ?? end) >= from;
}

/** Returns the shapes of a row in a range: bars, or `buckets` columns if there are too many jobs. */
export function shapesOf(row: Row, range: Range, buckets: number, end: number): Shape[] {
  const { state, jobs } = row;
  const top = row.top + LABEL_HEIGHT;
  if (jobs.length === 0) {
    const times = { from: state.startedAt!, to: state.stoppedAt ?? end };
    return [{ ...times, top: top + 2, height: 8, color: state.outcome, about: { kind: "state", state } }];
  }
  const seen = jobs.filter((job) => isSeen(job, range, end));
  if (seen.length > MOST_BARS) return densityOf(row, seen, range, buckets, end);
  const isPacked = row.lanes.count <= MOST_LANES;
  const lanes = isPacked ? row.lanes : pack(seen, end);
  const height = isPacked ? laneHeight(lanes) : Math.min(16, row.body / lanes.count);
  return seen.flatMap((job) => barsOf(job, top + lanes.of.get(job)! * height, height, end));
}

/** Returns the bars of a job: its time in the queue, and each attempt. */
export function barsOf(job: PageJob, top: number, laneHeight: number, end: number): Shape[] {
  const shape = { top, height: laneHeight - (laneHeight > 6 ? 2 : 1), about: { kind: "job", job } } as const;
  const bars: Shape[] = [];
  let since = job.submittedAt;
  const addQueued = (until: number) => {
    if (until > since) bars.push({ ...shape, from: since, to: until, color: "queued" });
  };
  // The last attempt in the list was lost, and the job waited for the next one.
  const runsOn = job.outcome === "running" || (job.outcome === "stopped" && isStoppedLater(job));
  for (const [index, attempt] of job.attempts.entries()) {
    const startedAt = attempt.startedAt ?? attempt.stoppedAt;
    addQueued(startedAt);
    const isLast = index === job.attempts.length - 1 && !runsOn;
    bars.push({ ...shape, from: startedAt, to: attempt.stoppedAt, ...(isLast ? markOf(job) : RETRIED) });
    since = attempt.stoppedAt;
  }
  if (job.attempts.length > 0 && !runsOn) return bars;
  const startedAt = job.startedAt !== null && job.startedAt >= since ? job.startedAt : null;
  const until = job.stoppedAt ?? end;
  addQueued(startedAt ?? until);
  if (startedAt !== null) bars.push({ ...shape, from: startedAt, to: until, color: job.outcome });
  return bars;
}

/** Returns columns that count the jobs in `count` parts of the range, and marks for lost attempts below them. */
export function densityOf(row: Row, jobs: readonly PageJob[], range: Range, count: number, end: number): Shape[] {
  const { state, body } = row;
  const { from, to } = range;
  const step = (to - from) / count;
  const bucketOf = (at: number) => Math.max(0, Math.min(count - 1, Math.floor((at - from) / step)));
  const spans = Array.from({ length: count }, () => ({
    failed: 0,
    stopped: 0,
    running: 0,
    succeeded: 0,
    queued: 0,
    retried: 0,
  }));
  const add = (kind: Stacked, start: number, stop: number) => {
    if (stop < from || start > to) return;
    for (let bucket = bucketOf(start); bucket <= bucketOf(stop); bucket += 1) spans[bucket]![kind] += 1;
  };
  for (const job of jobs) {
    const stop = job.stoppedAt ?? end;
    const started = job.startedAt ?? stop;
    if (started > job.submittedAt) add("queued", job.submittedAt, started);
    if (job.startedAt !== null) add(job.outcome, started, stop);
    for (const { stoppedAt } of job.attempts.slice(0, -1)) {
      if (stoppedAt >= from && stoppedAt <= to) spans[bucketOf(stoppedAt)]!.retried += 1;
    }
  }
  const most = Math.max(1, ...spans.map((span) => STACKED.reduce((sum, kind) => sum + span[kind], 0)));
  const scale = (body - 2) / most;
  const foot = row.top + LABEL_HEIGHT + body;
  return spans.flatMap((counts, bucket) => {
    const times = { from: from + bucket * step, to: from + (bucket + 1) * step };
    const shape = { ...times, about: { kind: "density", state, density: { ...times, counts } } } as const;
    let bottom = foot;
    const columns = STACKED.filter((kind) => counts[kind] > 0).map((kind): Shape => {
      const height = Math.max(counts[kind] * scale, kind === "failed" ? 5 : 0);
      bottom -= height;
      return { ...shape, top: bottom, height, color: kind };
    });
    const lost: Shape[] = counts.retried > 0 ? [{ ...shape, top: foot + 1, height: 4, color: "retried" }] : [];
    return [...columns, ...lost];
  });
}

/** The ways to move or to zoom the timeline. */
export const MOVES = {
  in: ({ from, to }: Range): Range => zoomed({ from, to }, 0.5),
  out: ({ from, to }: Range): Range => zoomed({ from, to }, 2),
  left: ({ from, to }: Range): Range => moved({ from, to }, (from - to) / 4),
  right: ({ from, to }: Range): Range => moved({ from, to }, (to - from) / 4),
  all: (): Range => ({ from: 0, to: Number.POSITIVE_INFINITY }),
} as const;

/** Moves a range by some milliseconds. */
export function moved({ from, to }: Range, by: number): Range {
  return { from: from + by, to: to + by };
}

/** Makes a range longer or shorter by a factor. The time `around` stays in its place. */
export function zoomed({ from, to }: Range, factor: number, around = (from + to) / 2): Range {
  return { from: around - (around - from) * factor, to: around + (to - around) * factor };
}

/** Limits a range to the execution, and to a minimal length. */
export function within({ from, to }: Range, end: number): Range {
  const length = Math.min(Math.max(to - from, SHORTEST_RANGE), end);
  const start = Math.max(0, Math.min(from, end - length));
  return { from: start, to: start + length };
}

/** Returns up to `most` round times in a range. */
export function ticksOf({ from, to }: Range, most: number): number[] {
  const step =
    STEPS.find((each) => (to - from) / each <= most) ?? STEPS.at(-1)! * Math.ceil((to - from) / STEPS.at(-1)! / most);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => (first + index) * step);
}

// --- internal ---

/** The number of jobs in a row that are drawn as bars. */
const MOST_BARS = 400;
const MOST_LANES = 40;
const DENSITY_HEIGHT = 72;
/** Milliseconds. */
const SHORTEST_RANGE = 20;
/** The kinds of jobs in a column, from the bottom to the top. */
const STACKED = ["failed", "stopped", "running", "succeeded", "queued"] as const;
type Stacked = (typeof STACKED)[number];
/** The types of states that can take time. */
const TIMED: ReadonlySet<string> = new Set(["Task", "Map", "Parallel", "Wait"]);
const RETRIED = { color: "retried", sign: RETRIED_SIGN } as const;
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 30, 100].map((days) => days * DAY),
];

function laneHeight({ count }: Lanes): number {
  return Math.max(4, Math.min(16, 200 / count));
}

/** A job that succeeded needs no sign. */
function markOf({ outcome }: PageJob): Pick<Shape, "color" | "sign"> {
  const isGood = outcome === "succeeded" || outcome === "running";
  return { color: outcome, ...(isGood ? {} : { sign: OUTCOMES[outcome].sign }) };
}

function isStoppedLater({ attempts, stoppedAt }: PageJob): boolean {
  const last = attempts.at(-1);
  return stoppedAt !== null && last !== undefined && stoppedAt - last.stoppedAt > 1000;
}
