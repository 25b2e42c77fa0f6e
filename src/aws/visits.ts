/** The visits of an execution to its states. They form a tree: a Map or Parallel contains the visits of its items or branches. */
import type { Json, JsonObject } from "../base/json";
import type { ExecutionEvent, ExecutionStatus, Place } from "../execution/events";

/** One step that the history reports. */
export type HistoryStep =
  | { readonly kind: "event"; readonly event: ExecutionEvent }
  /** Step Functions has seen the end of a job. `detail` is the answer of DescribeJobs, as JSON in PascalCase. */
  | { readonly kind: "job-ended"; readonly jobId: string; readonly detail: string }
  /** A state has ended before its job, which Step Functions terminates. */
  | { readonly kind: "job-abandoned"; readonly jobId: string }
  /** A distributed Map runs each item as a separate execution. `announced`: `map-started` was sent. */
  | { readonly kind: "map-run-started"; readonly place: Place; readonly mapRunArn: string; readonly announced: boolean }
  | { readonly kind: "map-run-ended"; readonly mapRunArn: string };

/** A state that runs or ran, once for each item of the Maps around it. */
export interface Visit {
  readonly place: Place;
  /** `Task`, `Map`, … */
  readonly type: string;
  readonly scope: Scope;
  /** The visits that run in its items or branches now. */
  readonly inside: Set<Visit>;
  open: boolean;
  /** Its items or branches have begun. */
  started: boolean;
  /** `map-started` was sent, or the Map Run will send it. */
  announced: boolean;
  retries: number;
  /** The failure of the last attempt, until the history shows what follows. */
  failure: Failure | null;
  /** The visit inside that made this one fail. */
  failedBy: Visit | null;
  /** The state failed. Either the execution fails with it, or a Catch follows. */
  lost: boolean;
  jobId: string | null;
  mapRunArn: string | null;
}

/** A sequence of states: the document itself, a branch or an item. */
export interface Scope {
  readonly container: Visit | null;
  readonly visits: Set<Visit>;
  readonly indices: readonly number[];
}

export interface Failure {
  readonly error: string;
  readonly cause: string;
  readonly at: number;
}

export class Visits {
  /** The scope of the document. */
  readonly top: Scope = { container: null, visits: new Set(), indices: [] };
  /** Visits that failed or were aborted. A redrive continues with them. */
  private readonly unsuccessful = new Set<Visit>();
  private steps: HistoryStep[] = [];

  /** Returns the steps since the last call. */
  takeSteps(): HistoryStep[] {
    const { steps } = this;
    this.steps = [];
    return steps;
  }

  add(step: HistoryStep): undefined {
    this.steps.push(step);
  }

  emit(event: ExecutionEvent): undefined {
    this.add({ kind: "event", event });
  }

  enter(state: string, type: string, scope: Scope, at: number, told: { readonly input?: Json }): Visit {
    if (scope.container) this.reopen(scope.container, at);
    const visit: Visit = {
      place: { state, indices: scope.indices },
      type,
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
    this.emit({ ...visit.place, at, type: "state-entered", ...told });
    return visit;
  }

  succeed(visit: Visit, at: number, told: { readonly assigned?: JsonObject }): void {
    this.emit({ ...visit.place, at, type: "state-succeeded", ...told });
    this.close(visit);
  }

  fail(visit: Visit, failure: Failure): void {
    this.closeInside(visit, failure);
    const { error, cause, at } = failure;
    this.emit({ ...visit.place, at, type: "state-failed", error, cause });
    this.close(visit);
    this.unsuccessful.add(visit);
  }

  /** Ends a visit whose failure a Catch takes. The event of the Catch comes with the next state. */
  closeCaught(visit: Visit, failure: Failure): void {
    this.closeInside(visit, failure);
    this.close(visit);
  }

  /** Ends the inner visits before the outer one: first the one that failed, then those that it stopped. */
  closeInside({ failedBy, inside }: Visit, failure: Failure): void {
    if (failedBy?.open) this.fail(failedBy, failedBy.failure ?? failure);
    for (const visit of inside) this.abort(visit, failure.at);
  }

  /** Reports a retry of the last failure. The next attempt begins at `at`. */
  retry(visit: Visit, { error, cause, at: failedAt }: Failure, at: number): void {
    visit.retries += 1;
    visit.failure = null;
    visit.failedBy = null;
    const delaySeconds = Math.round((at - failedAt) / 100) / 10;
    const { place, retries: attempt } = visit;
    this.emit({ ...place, at: failedAt, type: "state-retried", error, cause, attempt, delaySeconds });
  }

  /** Opens a visit again, and its containers first: a redrive continues inside the states that failed. */
  reopen(visit: Visit, at: number): void {
    if (!this.unsuccessful.delete(visit)) return;
    if (visit.scope.container) this.reopen(visit.scope.container, at);
    Object.assign(visit, { open: true, started: false, failure: null, failedBy: null, lost: false, retries: 0 });
    visit.scope.visits.add(visit);
    this.emit({ ...visit.place, at, type: "state-entered" });
  }

  /** Returns the first visit that a redrive can continue with. */
  resumable(isWanted: (visit: Visit) => boolean): Visit | undefined {
    for (const visit of this.unsuccessful) if (isWanted(visit)) return visit;
    return undefined;
  }

  isUnsuccessful(visit: Visit): boolean {
    return this.unsuccessful.has(visit);
  }

  /** Reports the number of items once, because a redrive repeats items that were counted before. */
  announce(map: Visit, total: number, at: number): undefined {
    if (!map.announced) this.emit({ ...map.place, at, type: "map-started", total });
    map.announced = true;
  }

  endJob(visit: Visit | null, detail: string | undefined): undefined {
    if (!visit?.jobId) return;
    const { jobId } = visit;
    this.add(detail ? { kind: "job-ended", jobId, detail } : { kind: "job-abandoned", jobId });
    visit.jobId = null;
  }

  /** Ends the execution, and every state that still runs. */
  end(at: number, status: ExecutionStatus, { output = null, error, cause }: Ending = {}): undefined {
    for (const visit of this.top.visits) this.abort(visit, at);
    this.emit({ at, type: "execution-ended", status, output, error: error ?? null, cause: cause ?? null });
  }

  private abort(visit: Visit, at: number): void {
    for (const inner of visit.inside) this.abort(inner, at);
    this.emit({ ...visit.place, at, type: "state-aborted" });
    this.close(visit);
    this.unsuccessful.add(visit);
  }

  private close(visit: Visit): void {
    this.endJob(visit, undefined);
    visit.open = false;
    visit.scope.visits.delete(visit);
  }
}

interface Ending {
  readonly output?: Json;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}
