/**
 * Reads what an execution did out of its history: pure, one event at a time. The history names states, but not the items of
 * the Maps around them; those follow from the event that each event points back to.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { asObject, type Json } from "../base/json";
import { parseMachineJson } from "../base/read-json";
import type { ExecutionEvent, ExecutionStatus, Place } from "../execution/events";
import { countOf, textOf, timeOf } from "./answers";

/** What one event of the history comes to. */
export type HistoryStep =
  | { readonly kind: "event"; readonly event: ExecutionEvent }
  /** Step Functions has seen the end of a job; `detail` is what DescribeJobs gave, as JSON in PascalCase. */
  | { readonly kind: "job-ended"; readonly jobId: string; readonly detail: string }
  /** A state has ended before its job, which is told to end. */
  | { readonly kind: "job-abandoned"; readonly jobId: string }
  /** A distributed Map runs its items as executions of their own. `announced`: `map-started` was given. */
  | { readonly kind: "map-run-started"; readonly place: Place; readonly mapRunArn: string; readonly announced: boolean }
  | { readonly kind: "map-run-ended"; readonly mapRunArn: string };

/** Of an execution, from its first event on. */
export class HistoryReader {
  private readonly name: string;
  private readonly top: Visits = new Set();
  /** By the id of the event that led there. */
  private readonly spots: Spot[] = [];
  /** States that ended in vain: what a redrive goes on with. */
  private readonly unsuccessful = new Set<Visit>();
  private steps: HistoryStep[] = [];
  /** Of the last event. */
  private at = 0;

  /** `name` of the execution. */
  constructor(name: string) {
    this.name = name;
    this.spots[0] = { scope: { container: null, visits: this.top, indices: [] }, visit: null };
  }

  /** Each event has to be given once, in the order of the history. An event that is not understood moves nothing. */
  read(given: HistoryEvent): HistoryStep[] {
    const event = withUsableFields(given);
    const { id, type } = event;
    this.steps = [];
    if (id === undefined || type === undefined) return this.steps;
    const from = this.spots[event.previousEventId ?? 0] ?? this.spots[0]!;
    this.at = event.timestamp?.getTime() ?? this.at;
    this.spots[id] = this.follow(type, event, from, this.at) ?? from;
    return this.steps;
  }

  private follow(type: string, event: HistoryEvent, from: Spot, at: number): Spot | undefined {
    const action = Object.hasOwn(this.actions, type) ? this.actions[type] : undefined;
    if (action !== undefined) return action(event, from, at);
    if (type.endsWith("StateEntered")) return this.enter(type, event, from, at);
    if (type.endsWith("StateExited")) return this.exit(event, from, at);
    if (type.endsWith("Scheduled")) return this.attempt(from, at);
    if (FAILED_ATTEMPT.test(type)) return this.failAttempt(type, event, from, at);
    return undefined;
  }

  /** By type of event; what is not here moves nothing. */
  private readonly actions: Readonly<
    Record<string, (event: HistoryEvent, from: Spot, at: number) => Spot | undefined>
  > = {
    ExecutionStarted: ({ executionStartedEventDetails: details }, _, at) =>
      this.emit({ at, type: "execution-started", name: this.name, input: parsed(details?.input) }),
    ExecutionSucceeded: ({ executionSucceededEventDetails: details }, _, at) =>
      this.end(at, "SUCCEEDED", { output: parsed(details?.output) }),
    ExecutionFailed: ({ executionFailedEventDetails: details = {} }, { visit }, at) => {
      const told = { error: details.error ?? "", cause: details.cause ?? "", at };
      if (visit?.open) this.fail(visit, visit.failure ?? told);
      return this.end(at, "FAILED", details);
    },
    ExecutionTimedOut: (event, _, at) => this.end(at, "TIMED_OUT", event.executionTimedOutEventDetails),
    ExecutionAborted: (event, _, at) => this.end(at, "ABORTED", event.executionAbortedEventDetails),
    ExecutionRedriven: ({ executionRedrivenEventDetails: details }, _, at) => {
      this.emit({ at, type: "execution-redriven", redriveCount: details?.redriveCount ?? 1 });
      return this.spots[0];
    },

    TaskSubmitted: ({ taskSubmittedEventDetails: details }, { visit }, at) => {
      const { JobId, JobName } = asObject(parsed(details?.output));
      if (!visit || details?.resourceType !== "batch" || typeof JobId !== "string") return undefined;
      visit.jobId = JobId;
      this.emit({ ...visit.place, at, type: "job-submitted", jobId: JobId, jobName: textOf(JobName) ?? JobId });
      return this.emit({ at, type: "job-status", jobId: JobId, status: "SUBMITTED", reason: null });
    },
    TaskSucceeded: ({ taskSucceededEventDetails: details }, { visit }) => this.endJob(visit, details?.output),

    MapStateStarted: ({ mapStateStartedEventDetails: details }, from, at) => {
      const map = this.start("Map", from, at);
      if (map === null) return undefined;
      // A distributed Map that reads its items from elsewhere does not know yet how many.
      if (details?.length) this.announce(map, details.length, at);
      return { scope: map.scope, visit: map };
    },
    MapIterationStarted: ({ mapIterationStartedEventDetails: { name, index } = {} }, from, at) => {
      const map = containerNamed(name, from) ?? this.resumable(({ place }) => place.state === name);
      if (map === undefined || index === undefined) return undefined;
      this.reopen(map, at);
      const indices = [...map.place.indices, index];
      return { scope: { container: map, visits: map.inside, indices }, visit: null };
    },
    MapIterationFailed: ({ mapIterationFailedEventDetails: details }, from) => {
      const map = containerNamed(details?.name, from);
      if (map && from.visit !== map) map.failedBy ??= from.visit;
      return undefined;
    },
    MapStateSucceeded: (_, from, at) => {
      const map = containerOfType("Map", from);
      if (map && !map.announced && map.mapRunArn === null) this.announce(map, 0, at);
      return undefined;
    },
    MapStateFailed: (_, from) => this.failContainer("Map", from),
    MapRunStarted: ({ mapRunStartedEventDetails: details }, from, at) => this.startMapRun(details?.mapRunArn, from, at),
    MapRunRedriven: ({ mapRunRedrivenEventDetails: details }, from, at) =>
      this.startMapRun(details?.mapRunArn, from, at),
    MapRunSucceeded: (_, { visit }) => this.endMapRun(visit),
    MapRunAborted: (_, { visit }) => this.endMapRun(visit),
    MapRunFailed: ({ mapRunFailedEventDetails: details }, { visit }, at) => {
      if (visit) visit.failure = { error: details?.error ?? "", cause: details?.cause ?? "", at };
      return this.endMapRun(visit);
    },

    ParallelStateStarted: (_, from, at) => {
      const parallel = this.start("Parallel", from, at);
      if (parallel === null) return undefined;
      return {
        scope: { container: parallel, visits: parallel.inside, indices: parallel.place.indices },
        visit: null,
      };
    },
    ParallelStateFailed: (_, from) => this.failContainer("Parallel", from),
  };

  private enter(type: string, event: HistoryEvent, from: Spot, at: number): Spot | undefined {
    const state = event.stateEnteredEventDetails?.name;
    if (state === undefined) return undefined;
    if (from.caught) {
      const { visit, failure } = from.caught;
      this.emit({ ...visit.place, at: failure.at, type: "state-caught", ...why(failure), next: state });
    }
    // After a redrive nothing says where, but what failed there before.
    const failedBefore = from.scope.container === null ? this.resumable(({ place }) => place.state === state) : null;
    if (failedBefore && !failedBefore.open && from.visit === null) {
      this.reopen(failedBefore, at);
      return { scope: failedBefore.scope, visit: failedBefore };
    }
    const { scope } = from;
    if (scope.container) this.reopen(scope.container, at);
    const visit: Visit = {
      place: { state, indices: scope.indices },
      type: type.slice(0, -"StateEntered".length),
      scope,
      inside: new Set(),
      open: true,
      started: false,
      announced: false,
      retries: 0,
      failure: null,
      failedBy: null,
      lost: false,
      jobId: null,
      mapRunArn: null,
    };
    scope.visits.add(visit);
    this.emit({ ...visit.place, at, type: "state-entered" });
    return { scope, visit };
  }

  private exit(event: HistoryEvent, from: Spot, at: number): Spot | undefined {
    const { name, output } = event.stateExitedEventDetails ?? {};
    const visit = containerNamed(name, from);
    if (visit === undefined) return undefined;
    const { scope } = visit;
    if (visit.failure === null && !visit.lost) {
      this.emit({ ...visit.place, at, type: "state-succeeded" });
      this.close(visit);
      return { scope, visit };
    }
    const failure = visit.failure ?? { ...failureIn(output), at };
    this.closeInside(visit, failure);
    this.close(visit);
    return { scope, visit, caught: { visit, failure } };
  }

  /** A Task is tried, for the first time or again. */
  private attempt(from: Spot, at: number): Spot | undefined {
    const visit = from.visit ?? this.resumable(({ type }) => type === "Task");
    if (!visit) return undefined;
    if (!visit.open) this.reopen(visit, at);
    else if (visit.failure) this.retry(visit, visit.failure, at);
    return { scope: visit.scope, visit };
  }

  private failAttempt(type: string, event: HistoryEvent, { visit }: Spot, at: number): undefined {
    if (!visit) return;
    const field = `${type[0]!.toLowerCase()}${type.slice(1)}EventDetails` as "taskFailedEventDetails";
    const { error, cause } = event[field] ?? {};
    visit.failure = { error: error ?? "", cause: cause ?? "", at };
    this.endJob(visit, type === "TaskFailed" ? cause : undefined);
  }

  /** What runs items or branches starts with them, for the first time or again. */
  private start(type: "Map" | "Parallel", from: Spot, at: number): Visit | null {
    const { visit } = from;
    const container =
      containerOfType(type, from) ??
      (visit?.type === type && this.unsuccessful.has(visit) ? visit : this.resumable((failed) => failed.type === type));
    if (!container) return null;
    if (!container.open) {
      this.reopen(container, at);
    } else if (container.started) {
      const leaf = container.failedBy ?? (visit === container ? null : visit);
      container.failedBy = leaf;
      const failure = container.failure ?? leaf?.failure ?? { error: "", cause: "", at };
      this.closeInside(container, failure);
      this.retry(container, failure, at);
      container.announced = false;
    }
    container.started = true;
    return container;
  }

  private startMapRun(mapRunArn: string | undefined, from: Spot, at: number): Spot | undefined {
    const map = containerOfType("Map", from) ?? this.resumable(({ type }) => type === "Map");
    if (!map || mapRunArn === undefined) return undefined;
    if (!map.open) this.reopen(map, at);
    else if (map.failure) this.retry(map, map.failure, at);
    map.mapRunArn = mapRunArn;
    this.steps.push({ kind: "map-run-started", place: map.place, mapRunArn, announced: map.announced });
    map.announced = true;
    return { scope: map.scope, visit: map };
  }

  private endMapRun(visit: Visit | null): undefined {
    if (visit?.mapRunArn) this.steps.push({ kind: "map-run-ended", mapRunArn: visit.mapRunArn });
  }

  private announce(map: Visit, total: number, at: number): void {
    // What a redrive runs again was counted before.
    if (!map.announced) this.emit({ ...map.place, at, type: "map-started", total });
    map.announced = true;
  }

  /** Neither Map nor Parallel tells its error; it is that of the state inside it that failed. */
  private failContainer(type: "Map" | "Parallel", from: Spot): Spot | undefined {
    const container = containerOfType(type, from);
    if (!container) return undefined;
    container.lost = true;
    container.failedBy ??= from.visit === container ? null : from.visit;
    container.failure ??= container.failedBy?.failure ?? null;
    // Of a Fail, what comes after this tells the error.
    if (container.failure) this.closeInside(container, container.failure);
    return { scope: container.scope, visit: container };
  }

  private retry(visit: Visit, failure: Failure, at: number): void {
    visit.retries += 1;
    visit.failure = null;
    visit.failedBy = null;
    const delaySeconds = Math.round((at - failure.at) / 100) / 10;
    const { place, retries } = visit;
    this.emit({ ...place, at: failure.at, type: "state-retried", ...why(failure), attempt: retries, delaySeconds });
  }

  /** What is inside ends before what is around it: the one that failed, then those that were stopped for it. */
  private closeInside({ failedBy, inside }: Visit, failure: Failure): void {
    if (failedBy?.open) this.fail(failedBy, failedBy.failure ?? failure);
    for (const visit of inside) this.abort(visit, failure.at);
  }

  private fail(visit: Visit, failure: Failure): void {
    this.closeInside(visit, failure);
    this.emit({ ...visit.place, at: failure.at, type: "state-failed", ...why(failure) });
    this.close(visit, "unsuccessful");
  }

  private abort(visit: Visit, at: number): void {
    for (const inner of visit.inside) this.abort(inner, at);
    this.emit({ ...visit.place, at, type: "state-aborted" });
    this.close(visit, "unsuccessful");
  }

  private close(visit: Visit, how?: "unsuccessful"): void {
    this.endJob(visit, undefined);
    visit.open = false;
    visit.scope.visits.delete(visit);
    if (how) this.unsuccessful.add(visit);
  }

  /** A redrive goes on inside what had failed. */
  private reopen(visit: Visit, at: number): void {
    if (!this.unsuccessful.delete(visit)) return;
    if (visit.scope.container) this.reopen(visit.scope.container, at);
    Object.assign(visit, { open: true, started: false, failure: null, failedBy: null, lost: false, retries: 0 });
    visit.scope.visits.add(visit);
    this.emit({ ...visit.place, at, type: "state-entered" });
  }

  private resumable(isWanted: (visit: Visit) => boolean): Visit | undefined {
    for (const visit of this.unsuccessful) if (isWanted(visit)) return visit;
    return undefined;
  }

  private endJob(visit: Visit | null, detail: string | undefined): undefined {
    if (!visit?.jobId) return;
    const { jobId } = visit;
    this.steps.push(detail ? { kind: "job-ended", jobId, detail } : { kind: "job-abandoned", jobId });
    visit.jobId = null;
  }

  private end(at: number, status: ExecutionStatus, { output = null, error, cause }: Ending = {}): undefined {
    for (const visit of this.top) this.abort(visit, at);
    const why = { error: error ?? null, cause: cause ?? null };
    this.emit({ at, type: "execution-ended", status, output, ...why });
  }

  private emit(event: ExecutionEvent): undefined {
    this.steps.push({ kind: "event", event });
  }
}

// --- internal ---

type Visits = Set<Visit>;

interface Ending {
  readonly output?: Json;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** A state that runs or ran, once for each item. */
interface Visit {
  readonly place: Place;
  /** `Task`, `Map`, … */
  readonly type: string;
  readonly scope: Scope;
  /** What runs in its items or branches now. */
  readonly inside: Visits;
  open: boolean;
  /** Its items or branches have begun. */
  started: boolean;
  /** `map-started` was given, or is the Map Run's to give. */
  announced: boolean;
  retries: number;
  /** Of the last attempt; until the history tells what comes of it. */
  failure: Failure | null;
  failedBy: Visit | null;
  /** Failed for good, or to be caught. */
  lost: boolean;
  jobId: string | null;
  mapRunArn: string | null;
}

/** Where states follow each other: the document itself, a branch, an item. */
interface Scope {
  readonly container: Visit | null;
  readonly visits: Visits;
  readonly indices: readonly number[];
}

/** Where an event has led to. */
interface Spot {
  readonly scope: Scope;
  /** The state that it was about. */
  readonly visit: Visit | null;
  /** What a Catch took, which the next state follows. */
  readonly caught?: { readonly visit: Visit; readonly failure: Failure };
}

interface Failure {
  readonly error: string;
  readonly cause: string;
  readonly at: number;
}

/** `TaskFailed`, `TaskSubmitFailed`, `LambdaFunctionTimedOut`, …; not of a Map, a Parallel or an execution. */
const FAILED_ATTEMPT = /^(Task|LambdaFunction|Activity|Evaluation)\w*(Failed|TimedOut)$/;

/** Fields of the details of events that are numbers; all others that are read are texts. */
const NUMBERS: ReadonlySet<string> = new Set(["index", "length", "redriveCount"]);

/** The event without the fields whose type is not the documented one. */
function withUsableFields(event: HistoryEvent): HistoryEvent {
  const details = Object.entries(event).flatMap(([field, value]: [string, unknown]) =>
    field.endsWith("EventDetails") && typeof value === "object" && value !== null
      ? [[field, usableDetails(value)] as const]
      : [],
  );
  const timestamp = timeOf(event.timestamp);
  return {
    ...(Object.fromEntries(details) as Partial<HistoryEvent>),
    id: countOf(event.id),
    previousEventId: countOf(event.previousEventId),
    type: textOf(event.type) as HistoryEvent["type"],
    timestamp: timestamp === undefined ? undefined : new Date(timestamp),
  };
}

function usableDetails(details: object): object {
  return Object.fromEntries(
    Object.entries(details).filter(([field, value]: [string, unknown]) =>
      NUMBERS.has(field) ? countOf(value) !== undefined : typeof value === "string",
    ),
  );
}

function why({ error, cause }: Failure): { error: string; cause: string } {
  return { error, cause };
}

/** The state itself or the nearest one around it. */
function containerNamed(name: string | undefined, { visit, scope }: Spot): Visit | undefined {
  if (name === undefined) return undefined;
  if (visit?.place.state === name) return visit;
  let { container } = scope;
  while (container && container.place.state !== name) container = container.scope.container;
  return container ?? undefined;
}

/** The nearest that has not failed already: a Map that failed may be in another one that fails with it. */
function containerOfType(type: "Map" | "Parallel", { visit, scope }: Spot): Visit | undefined {
  if (visit?.type === type && visit.open && !visit.lost) return visit;
  let { container } = scope;
  while (container && (container.type !== type || container.lost)) container = container.scope.container;
  return container ?? undefined;
}

/** What AWS has cut off is no JSON any more. */
function parsed(text: string | undefined): Json {
  if (text === undefined) return null;
  try {
    return parseMachineJson(text);
  } catch {
    return text;
  }
}

/** What a Catch hands on, where it is the whole output. */
function failureIn(output: string | undefined): { error: string; cause: string } {
  const { Error: error, Cause: cause } = asObject(parsed(output));
  return { error: typeof error === "string" ? error : "", cause: typeof cause === "string" ? cause : "" };
}
