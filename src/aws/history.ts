/**
 * Reads the history of an execution, one event at a time. Pure. The history names states, but not the items of the Maps around
 * them: each event points back to an earlier one, and the items follow from that.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
import type { HistoryEvent, HistoryEventType } from "@aws-sdk/client-sfn";
import { asObject, type Json } from "../base/json";
import { parseMachineJson } from "../base/read-json";
import { countOf, textOf, timeOf } from "./answers";
import { type Failure, type HistoryStep, type Scope, type Visit, Visits } from "./visits";

/** Reads the events of one execution, from the first one on. */
export class HistoryReader {
  private readonly name: string;
  private readonly visits = new Visits();
  /** By the id of an event: the place that it has led to. */
  private readonly spots: Spot[] = [];
  /** The time of the last event. */
  private at = 0;

  /** `name` is the execution's name. */
  constructor(name: string) {
    this.name = name;
    this.spots[0] = { scope: this.visits.top, visit: null };
  }

  /** Takes each event once, in the order of the history. An event of an unknown type or form changes nothing. */
  read(given: HistoryEvent): HistoryStep[] {
    const event = withUsableFields(given);
    const { id, type, previousEventId = 0 } = event;
    if (id === undefined || type === undefined) return [];
    this.at = event.timestamp?.getTime() ?? this.at;
    const from = this.spots[previousEventId] ?? this.spots[0]!;
    const handle = Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
    const { name, visits, at } = this;
    this.spots[id] = handle?.({ event, type, from, at, name, visits }) ?? from;
    return visits.takeSteps();
  }
}

// --- internal ---

/** The place that an event has led to. */
interface Spot {
  readonly scope: Scope;
  /** The state of the event. */
  readonly visit: Visit | null;
  /** The failure that a Catch took. The next state follows it. */
  readonly caught?: { readonly visit: Visit; readonly failure: Failure };
}

interface Reading {
  readonly event: HistoryEvent;
  readonly type: HistoryEventType;
  readonly from: Spot;
  readonly at: number;
  /** The execution's. */
  readonly name: string;
  readonly visits: Visits;
}

/** Handles an event; returns the place that it leads to, or nothing if it stays where it came from. */
type Handler = (reading: Reading) => Spot | undefined;

const HANDLERS: Partial<Record<HistoryEventType, Handler>> = {
  ExecutionStarted: ({ event, at, name, visits }) =>
    visits.emit({ at, type: "execution-started", name, input: parsed(event.executionStartedEventDetails?.input) }),
  ExecutionSucceeded: ({ event, at, visits }) =>
    visits.end(at, "SUCCEEDED", { output: parsed(event.executionSucceededEventDetails?.output) }),
  ExecutionFailed: ({ event, from: { visit }, at, visits }) => {
    const details = event.executionFailedEventDetails;
    if (visit?.open) visits.fail(visit, visit.failure ?? failureOf(details, at));
    return visits.end(at, "FAILED", details);
  },
  ExecutionTimedOut: ({ event, at, visits }) => visits.end(at, "TIMED_OUT", event.executionTimedOutEventDetails),
  ExecutionAborted: ({ event, at, visits }) => visits.end(at, "ABORTED", event.executionAbortedEventDetails),
  ExecutionRedriven: ({ event, at, visits }) => {
    const { redriveCount = 1 } = event.executionRedrivenEventDetails ?? {};
    visits.emit({ at, type: "execution-redriven", redriveCount });
    return { scope: visits.top, visit: null };
  },

  ...each(
    [
      "ChoiceStateEntered",
      "FailStateEntered",
      "MapStateEntered",
      "ParallelStateEntered",
      "PassStateEntered",
      "SucceedStateEntered",
      "TaskStateEntered",
      "WaitStateEntered",
    ],
    enterState,
  ),
  ...each(
    [
      "ChoiceStateExited",
      "MapStateExited",
      "ParallelStateExited",
      "PassStateExited",
      "SucceedStateExited",
      "TaskStateExited",
      "WaitStateExited",
    ],
    exitState,
  ),

  ...each(["ActivityScheduled", "LambdaFunctionScheduled", "TaskScheduled"], beginAttempt),
  ...each(
    [
      "ActivityFailed",
      "ActivityScheduleFailed",
      "ActivityTimedOut",
      "EvaluationFailed",
      "LambdaFunctionFailed",
      "LambdaFunctionScheduleFailed",
      "LambdaFunctionStartFailed",
      "LambdaFunctionTimedOut",
      "TaskFailed",
      "TaskStartFailed",
      "TaskSubmitFailed",
      "TaskTimedOut",
    ],
    failAttempt,
  ),
  TaskSubmitted: ({ event, from: { visit }, at, visits }) => {
    const { output, resourceType } = event.taskSubmittedEventDetails ?? {};
    const { JobId: jobId, JobName } = asObject(parsed(output));
    if (!visit || resourceType !== "batch" || typeof jobId !== "string") return undefined;
    visit.jobId = jobId;
    visits.emit({ ...visit.place, at, type: "job-submitted", jobId, jobName: textOf(JobName) ?? jobId });
    return visits.emit({ at, type: "job-status", jobId, status: "SUBMITTED", reason: null });
  },
  TaskSucceeded: ({ event, from: { visit }, visits }) => visits.endJob(visit, event.taskSucceededEventDetails?.output),

  MapStateStarted: ({ event, from, at, visits }) => {
    const map = startContainer(visits, "Map", from, at);
    if (map === null) return undefined;
    // A distributed Map that reads its items from elsewhere does not know their number yet.
    const { length } = event.mapStateStartedEventDetails ?? {};
    if (length) visits.announce(map, length, at);
    return { scope: map.scope, visit: map };
  },
  MapIterationStarted: ({ event, from, at, visits }) => {
    const { name, index } = event.mapIterationStartedEventDetails ?? {};
    const map = visitNamed(name, from) ?? visits.resumable(({ place }) => place.state === name);
    if (map === undefined || index === undefined) return undefined;
    visits.reopen(map, at);
    return { scope: { container: map, visits: map.inside, indices: [...map.place.indices, index] }, visit: null };
  },
  MapIterationFailed: ({ event, from }) => {
    const map = visitNamed(event.mapIterationFailedEventDetails?.name, from);
    if (map && from.visit !== map) map.failedBy ??= from.visit;
    return undefined;
  },
  MapStateSucceeded: ({ from, at, visits }) => {
    const map = containerOfType("Map", from);
    return map?.mapRunArn === null ? visits.announce(map, 0, at) : undefined;
  },
  MapStateFailed: ({ from, visits }) => failContainer(visits, "Map", from),
  MapRunStarted: ({ event, from, at, visits }) =>
    startMapRun(visits, event.mapRunStartedEventDetails?.mapRunArn, from, at),
  MapRunRedriven: ({ event, from, at, visits }) =>
    startMapRun(visits, event.mapRunRedrivenEventDetails?.mapRunArn, from, at),
  MapRunSucceeded: endMapRun,
  MapRunAborted: endMapRun,
  MapRunFailed: (reading) => {
    const { event, from, at } = reading;
    if (from.visit) from.visit.failure = failureOf(event.mapRunFailedEventDetails, at);
    return endMapRun(reading);
  },

  ParallelStateStarted: ({ from, at, visits }) => {
    const parallel = startContainer(visits, "Parallel", from, at);
    if (parallel === null) return undefined;
    return {
      scope: { container: parallel, visits: parallel.inside, indices: parallel.place.indices },
      visit: null,
    };
  },
  ParallelStateFailed: ({ from, visits }) => failContainer(visits, "Parallel", from),
};

function each(types: readonly HistoryEventType[], handler: Handler): Partial<Record<HistoryEventType, Handler>> {
  return Object.fromEntries(types.map((type) => [type, handler]));
}

function enterState({ event, type, from, at, visits }: Reading): Spot | undefined {
  const state = event.stateEnteredEventDetails?.name;
  if (state === undefined) return undefined;
  const { scope } = from;
  if (from.caught) {
    const { visit, failure } = from.caught;
    const { error, cause } = failure;
    visits.emit({ ...visit.place, at: failure.at, type: "state-caught", error, cause, next: state });
  }
  // After a redrive the history does not name the place. It is where the state failed before.
  const failedBefore = scope.container === null ? visits.resumable(({ place }) => place.state === state) : undefined;
  if (failedBefore && from.visit === null) {
    visits.reopen(failedBefore, at);
    return { scope: failedBefore.scope, visit: failedBefore };
  }
  return { scope, visit: visits.enter(state, type.slice(0, -"StateEntered".length), scope, at) };
}

function exitState({ event, from, at, visits }: Reading): Spot | undefined {
  const { name, output } = event.stateExitedEventDetails ?? {};
  const visit = visitNamed(name, from);
  if (visit === undefined) return undefined;
  const { scope } = visit;
  if (visit.failure === null && !visit.lost) {
    visits.succeed(visit, at);
    return { scope, visit };
  }
  const failure = visit.failure ?? caughtFailure(output, at);
  visits.closeCaught(visit, failure);
  return { scope, visit, caught: { visit, failure } };
}

/** Begins an attempt at a Task, the first one or another. */
function beginAttempt({ from, at, visits }: Reading): Spot | undefined {
  const visit = from.visit ?? visits.resumable(({ type }) => type === "Task");
  if (!visit) return undefined;
  if (!visit.open) visits.reopen(visit, at);
  else if (visit.failure) visits.retry(visit, visit.failure, at);
  return { scope: visit.scope, visit };
}

function failAttempt({ event, type, from: { visit }, at, visits }: Reading): undefined {
  if (!visit) return;
  const field = `${type[0]!.toLowerCase()}${type.slice(1)}EventDetails` as "taskFailedEventDetails";
  visit.failure = failureOf(event[field], at);
  visits.endJob(visit, type === "TaskFailed" ? event[field]?.cause : undefined);
}

/** Starts the items of a Map or the branches of a Parallel, for the first time or again. */
function startContainer(visits: Visits, type: "Map" | "Parallel", from: Spot, at: number): Visit | null {
  const { visit } = from;
  const container =
    containerOfType(type, from) ??
    (visit?.type === type && visits.isUnsuccessful(visit) ? visit : visits.resumable((failed) => failed.type === type));
  if (!container) return null;
  if (!container.open) {
    visits.reopen(container, at);
  } else if (container.started) {
    container.failedBy ??= visit === container ? null : visit;
    const failure = container.failure ?? container.failedBy?.failure ?? failureOf(undefined, at);
    visits.closeInside(container, failure);
    visits.retry(container, failure, at);
    container.announced = false;
  }
  container.started = true;
  return container;
}

/** Neither Map nor Parallel tells its error: it is the error of the state inside that failed. */
function failContainer(visits: Visits, type: "Map" | "Parallel", from: Spot): Spot | undefined {
  const container = containerOfType(type, from);
  if (!container) return undefined;
  container.lost = true;
  container.failedBy ??= from.visit === container ? null : from.visit;
  container.failure ??= container.failedBy?.failure ?? null;
  // Without a failure it was a Fail state inside. A later event tells its error.
  if (container.failure) visits.closeInside(container, container.failure);
  return { scope: container.scope, visit: container };
}

function startMapRun(visits: Visits, mapRunArn: string | undefined, from: Spot, at: number): Spot | undefined {
  const map = containerOfType("Map", from) ?? visits.resumable(({ type }) => type === "Map");
  if (!map || mapRunArn === undefined) return undefined;
  if (!map.open) visits.reopen(map, at);
  else if (map.failure) visits.retry(map, map.failure, at);
  map.mapRunArn = mapRunArn;
  visits.add({ kind: "map-run-started", place: map.place, mapRunArn, announced: map.announced });
  map.announced = true;
  return { scope: map.scope, visit: map };
}

function endMapRun({ from: { visit }, visits }: Reading): undefined {
  if (visit?.mapRunArn) visits.add({ kind: "map-run-ended", mapRunArn: visit.mapRunArn });
}

/** Finds the state of this name: the event's own, or the nearest one around it. */
function visitNamed(name: string | undefined, { visit, scope }: Spot): Visit | undefined {
  if (name === undefined) return undefined;
  if (visit?.place.state === name) return visit;
  let { container } = scope;
  while (container && container.place.state !== name) container = container.scope.container;
  return container ?? undefined;
}

/** Finds the nearest one that has not failed already: a Map that failed may be in another one that fails with it. */
function containerOfType(type: "Map" | "Parallel", { visit, scope }: Spot): Visit | undefined {
  if (visit?.type === type && visit.open && !visit.lost) return visit;
  let { container } = scope;
  while (container && (container.type !== type || container.lost)) container = container.scope.container;
  return container ?? undefined;
}

// --- fields of events ---

/** Numbers in the details of events. All other fields that are read are strings. */
const NUMBERS: ReadonlySet<string> = new Set(["index", "length", "redriveCount"]);

/** Leaves out the fields that have not the documented type. */
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

function failureOf(
  details: { error?: string | undefined; cause?: string | undefined } | undefined,
  at: number,
): Failure {
  return { error: details?.error ?? "", cause: details?.cause ?? "", at };
}

/** Reads the failure that a Catch hands on, if it is the whole output. */
function caughtFailure(output: string | undefined, at: number): Failure {
  const { Error: error, Cause: cause } = asObject(parsed(output));
  return { error: textOf(error) ?? "", cause: textOf(cause) ?? "", at };
}

/** Parses JSON. AWS cuts off long texts: such a text stays as it is. */
function parsed(text: string | undefined): Json {
  if (text === undefined) return null;
  try {
    return parseMachineJson(text);
  } catch {
    return text;
  }
}
