/**
 * Reads the history of an execution, one event at a time. Pure. The history names states, but not the Map items that
 * they belong to. Each event links to an earlier one, and the reader derives the items from these links.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
import type { HistoryEvent, HistoryEventType } from "@aws-sdk/client-sfn";
import { STATE_TYPES } from "../asl/document";
import { asObject } from "../base/json";
import { countOf, textOf, timeOf } from "./answers";
import { caughtFailure, type Details, detailsOf, failureOf, parsed, whole } from "./history-details";
import { type Failure, type HistoryStep, type Scope, type Visit, Visits } from "./visits";

/** Reads the events of one execution, from the first one on. */
export class HistoryReader {
  private readonly visits = new Visits();
  /** The place after each event, by event id. */
  private readonly spots: Spot[] = [];
  /** The time of the last event. */
  private at = 0;

  /** `name` is the execution's name. */
  constructor(private readonly name: string) {
    this.spots[0] = { scope: this.visits.top, visit: null };
  }

  /** Takes each event once, in the order of the history. An event of an unknown type or form changes nothing. */
  read(event: HistoryEvent): HistoryStep[] {
    const [id, type] = [countOf(event.id), textOf(event.type) as HistoryEventType | undefined];
    if (id === undefined || type === undefined) return [];
    this.at = timeOf(event.timestamp) ?? this.at;
    const from = this.spots[countOf(event.previousEventId) ?? 0] ?? this.spots[0]!;
    const handle = Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
    const { name, visits, at } = this;
    this.spots[id] = handle?.({ type, details: detailsOf(event), from, at, execution: name, visits }) ?? from;
    return visits.takeSteps();
  }
}

// --- internal ---

/** The place that an event has led to. */
interface Spot {
  readonly scope: Scope;
  /** The state of the event. */
  readonly visit: Visit | null;
  /** The failure that a Catch took. It is told when the next state is entered. */
  readonly caught?: { readonly visit: Visit; readonly failure: Failure; readonly assigned: Pick<Details, "assigned"> };
}

interface Reading {
  readonly type: HistoryEventType;
  readonly details: Details;
  readonly from: Spot;
  readonly at: number;
  /** The name of the execution. */
  readonly execution: string;
  readonly visits: Visits;
}

/** Handles an event. Returns the next place in the document; nothing if the place stays the same. */
type Handler = (reading: Reading) => Spot | undefined;

const HANDLERS: Partial<Record<HistoryEventType, Handler>> = {
  ExecutionStarted: ({ details, at, execution, visits }) =>
    visits.emit({ at, type: "execution-started", name: execution, input: parsed(details.input) }),
  ExecutionSucceeded: ({ details, at, visits }) => visits.end(at, "SUCCEEDED", { output: parsed(details.output) }),
  ExecutionFailed: ({ details, from: { visit }, at, visits }) => {
    if (visit?.open) visits.fail(visit, visit.failure ?? failureOf(details, at));
    return visits.end(at, "FAILED", details);
  },
  ExecutionTimedOut: ({ details, at, visits }) => visits.end(at, "TIMED_OUT", details),
  ExecutionAborted: ({ details, at, visits }) => visits.end(at, "ABORTED", details),
  ExecutionRedriven: ({ details, at, visits }) => {
    visits.emit({ at, type: "execution-redriven", redriveCount: details.redriveCount ?? 1 });
    return { scope: visits.top, visit: null };
  },

  ...each(
    STATE_TYPES.map((type) => `${type}StateEntered` as const),
    enterState,
  ),
  ...each(
    STATE_TYPES.map((type) => `${type}StateExited` as const),
    exitState,
  ),

  ...each(["ActivityScheduled", "LambdaFunctionScheduled", "TaskScheduled"], beginAttempt),
  ...each(["ActivityTimedOut", "EvaluationFailed", "LambdaFunctionTimedOut", "TaskTimedOut"], failAttempt),
  ...each(["ActivityFailed", "ActivityScheduleFailed", "LambdaFunctionFailed"], failTask),
  ...each(
    ["LambdaFunctionScheduleFailed", "LambdaFunctionStartFailed", "TaskStartFailed", "TaskSubmitFailed"],
    failTask,
  ),
  TaskFailed: (reading) => failTask(reading, reading.details.cause),
  TaskSubmitted: ({ details, from: { visit }, at, visits }) => {
    const { JobId: jobId, JobName } = asObject(parsed(details.output));
    if (!visit || details.resourceType !== "batch" || typeof jobId !== "string") return undefined;
    visit.jobId = jobId;
    visits.emit({ ...visit.place, at, type: "job-submitted", jobId, jobName: textOf(JobName) ?? jobId });
    return visits.emit({ at, type: "job-status", jobId, status: "SUBMITTED", reason: null });
  },
  ...each(["ActivitySucceeded", "LambdaFunctionSucceeded"], succeedTask),
  TaskSucceeded: (reading) => {
    reading.visits.endJob(reading.from.visit, reading.details.output);
    return succeedTask(reading);
  },

  MapStateStarted: ({ details, from, at, visits }) => {
    const map = startContainer(visits, "Map", from, at);
    if (map === null) return undefined;
    // A distributed Map that reads its items from elsewhere does not know their number yet.
    if (details.length) visits.announce(map, details.length, at);
    return { scope: map.scope, visit: map };
  },
  MapIterationStarted: ({ details: { name, index }, from, at, visits }) => {
    const map = visitNamed(name, from) ?? visits.resumable(({ place }) => place.state === name);
    if (map === undefined || index === undefined) return undefined;
    visits.reopen(map, at);
    return { scope: { container: map, visits: map.inside, indices: [...map.place.indices, index] }, visit: null };
  },
  MapIterationFailed: ({ details, from }) => {
    const map = visitNamed(details.name, from);
    if (map && from.visit !== map) map.failedBy ??= from.visit;
    return undefined;
  },
  MapStateSucceeded: ({ from, at, visits }) => {
    const map = containerOfType("Map", from);
    return map?.mapRunArn === null ? visits.announce(map, 0, at) : undefined;
  },
  MapStateFailed: ({ from, visits }) => failContainer(visits, "Map", from),
  MapRunStarted: startMapRun,
  MapRunRedriven: startMapRun,
  MapRunSucceeded: endMapRun,
  MapRunAborted: endMapRun,
  MapRunFailed: (reading) => {
    const { details, from, at } = reading;
    if (from.visit) from.visit.failure = failureOf(details, at);
    return endMapRun(reading);
  },

  ParallelStateStarted: ({ from, at, visits }) => {
    const container = startContainer(visits, "Parallel", from, at);
    if (container === null) return undefined;
    return { scope: { container, visits: container.inside, indices: container.place.indices }, visit: null };
  },
  ParallelStateFailed: ({ from, visits }) => failContainer(visits, "Parallel", from),
};

/** `FailStateExited` never occurs. The names are built from all types of states. */
type KnownType = HistoryEventType | "FailStateExited";

function each(types: readonly KnownType[], handler: Handler): Partial<Record<HistoryEventType, Handler>> {
  return Object.fromEntries(types.map((type) => [type, handler]));
}

function enterState({ type, details: { name: state, input }, from, at, visits }: Reading): Spot | undefined {
  if (state === undefined) return undefined;
  const { scope } = from;
  const data = whole(input);
  const told = data === undefined ? {} : { input: data };
  if (from.caught) {
    const { visit, failure, assigned } = from.caught;
    const { error, cause } = failure;
    visits.emit({ ...visit.place, at: failure.at, type: "state-caught", error, cause, next: state, ...assigned });
  }
  // After a redrive, the event does not give the place. The failed visit of the same state goes on.
  const failedBefore = scope.container === null ? visits.resumable(({ place }) => place.state === state) : undefined;
  if (failedBefore && from.visit === null) {
    visits.reopen(failedBefore, at);
    return { scope: failedBefore.scope, visit: failedBefore };
  }
  return { scope, visit: visits.enter(state, type.slice(0, -"StateEntered".length), scope, at, told) };
}

function exitState({ details: { name, output, assigned: variables }, from, at, visits }: Reading): Spot | undefined {
  const visit = visitNamed(name, from);
  if (visit === undefined) return undefined;
  const { scope } = visit;
  const assigned = variables === undefined ? {} : { assigned: variables };
  if (visit.failure === null && !visit.lost) {
    visits.succeed(visit, at, assigned);
    return { scope, visit };
  }
  const failure = visit.failure ?? caughtFailure(output, at);
  visits.closeCaught(visit, failure);
  return { scope, visit, caught: { visit, failure, assigned } };
}

/** Begins an attempt at a Task: the first one, or a retry. */
function beginAttempt({ from, at, visits }: Reading): Spot | undefined {
  const visit = from.visit ?? visits.resumable(({ type }) => type === "Task");
  if (!visit) return undefined;
  if (!visit.open) visits.reopen(visit, at);
  else if (visit.failure) visits.retry(visit, visit.failure, at);
  return { scope: visit.scope, visit };
}

/** Fails an attempt. If a job failed, the cause is the JSON of the job, as in DescribeJobs. */
function failAttempt({ details, from: { visit }, at, visits }: Reading, job?: string): undefined {
  if (!visit) return;
  visit.failure = failureOf(details, at);
  visits.endJob(visit, job);
}

/** Fails an attempt whose service has answered. Nothing answers a timeout. */
function failTask(reading: Reading, job?: string): undefined {
  const { details, from, at, visits } = reading;
  failAttempt(reading, job);
  const { error, cause } = failureOf(details, at);
  if (from.visit) visits.emit({ ...from.visit.place, at, type: "task-failed", error, cause });
}

function succeedTask({ details: { output }, from: { visit }, at, visits }: Reading): undefined {
  const result = whole(output);
  if (visit && result !== undefined) visits.emit({ ...visit.place, at, type: "task-succeeded", result });
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
    const failure = container.failure ?? container.failedBy?.failure ?? failureOf({}, at);
    visits.closeInside(container, failure);
    visits.retry(container, failure, at);
    container.announced = false;
  }
  container.started = true;
  return container;
}

/** Fails a Map or Parallel. The history gives no error for it, so the error is that of the inner state that failed. */
function failContainer(visits: Visits, type: "Map" | "Parallel", from: Spot): Spot | undefined {
  const container = containerOfType(type, from);
  if (!container) return undefined;
  container.lost = true;
  container.failedBy ??= from.visit === container ? null : from.visit;
  container.failure ??= container.failedBy?.failure ?? null;
  // If no inner state failed, a Fail state ended it. A later event gives the error.
  if (container.failure) visits.closeInside(container, container.failure);
  return { scope: container.scope, visit: container };
}

function startMapRun({ details: { mapRunArn }, from, at, visits }: Reading): Spot | undefined {
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

/** Finds the nearest Map or Parallel that has not failed yet. Nested ones fail from the inside out. */
function containerOfType(type: "Map" | "Parallel", { visit, scope }: Spot): Visit | undefined {
  if (visit?.type === type && visit.open && !visit.lost) return visit;
  let { container } = scope;
  while (container && (container.type !== type || container.lost)) container = container.scope.container;
  return container ?? undefined;
}
