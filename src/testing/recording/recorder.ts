/** Collects from the events of an execution what a case needs to repeat it. */
import type { Json } from "../../base/json";
import { type EventSink, type ExecutionEvent, type Place, placeKey } from "../../execution/events";
import type { MockableStates } from "../mockable-states";

/** The answer of one call of a task. */
export type RecordedAnswer = { readonly seconds: number } & (
  | { readonly kind: "returns"; readonly result: Json }
  | { readonly kind: "throws"; readonly error: string; readonly cause: string }
  /** The time of the call was up. */
  | { readonly kind: "none" }
  /** Something else ended the call. */
  | { readonly kind: "stopped" }
);

/** The calls of a task, or of one item of it, in their order. */
export interface RecordedTask {
  readonly place: Place;
  readonly answers: readonly RecordedAnswer[];
}

type Started = Extract<ExecutionEvent, { type: "execution-started" }>;
type Ended = Extract<ExecutionEvent, { type: "execution-ended" }>;

/** The facts of an execution. */
export interface Recording {
  readonly started: Started | null;
  /** `null` if the execution has not ended. */
  readonly ended: Ended | null;
  readonly wasRedriven: boolean;
  /** The states that were entered, without their inputs. */
  readonly entered: readonly ExecutionEvent[];
  readonly tasks: readonly RecordedTask[];
  /** The states that the document does not have. */
  readonly unknown: ReadonlySet<string>;
  /** The distributed Maps of AWS, whose items are executions of their own. */
  readonly mapRuns: ReadonlySet<string>;
}

/** Takes the events of an execution, one at a time. Keeps no output of jobs and no input of states. */
export class CaseRecorder {
  private started: Started | null = null;
  private ended: Ended | null = null;
  private wasRedriven = false;
  private readonly entered: ExecutionEvent[] = [];
  private readonly tasks = new Map<string, { readonly place: Place; readonly answers: RecordedAnswer[] }>();
  private readonly unknown = new Set<string>();
  private readonly mapRuns = new Set<string>();
  /** The calls that have no answer yet, by place. */
  private readonly open = new Map<string, number>();

  constructor(private readonly states: MockableStates) {}

  readonly sink: EventSink = (event) => {
    switch (event.type) {
      case "execution-started":
        this.started ??= event;
        break;
      case "execution-ended":
        this.ended = event;
        break;
      case "execution-redriven":
        this.wasRedriven = true;
        break;
      case "map-run":
        this.mapRuns.add(event.state);
        break;
      case "state-entered":
        if (!this.states.has(event.state)) this.unknown.add(event.state);
        this.entered.push({ type: event.type, at: event.at, state: event.state, indices: event.indices });
        this.begin(event, event.at);
        break;
      case "task-succeeded":
        this.answer(event, event.at, { kind: "returns", result: event.result });
        break;
      case "task-failed":
        this.answer(event, event.at, { kind: "throws", error: event.error, cause: event.cause });
        break;
      case "state-retried":
        if (event.error === "States.Timeout") this.answer(event, event.at, { kind: "none" });
        this.begin(event, event.at + event.delaySeconds * 1000);
        break;
      case "state-caught":
      case "state-failed":
        if (event.error === "States.Timeout") this.answer(event, event.at, { kind: "none" });
        this.open.delete(placeKey(event));
        break;
      case "state-aborted":
        this.answer(event, event.at, { kind: "stopped" });
    }
  };

  result(): Recording {
    const { started, ended, wasRedriven, entered, unknown, mapRuns } = this;
    return { started, ended, wasRedriven, entered, unknown, mapRuns, tasks: [...this.tasks.values()] };
  }

  private begin(place: Place, at: number): void {
    if (this.states.get(place.state)?.type === "Task") this.open.set(placeKey(place), at);
  }

  /** Records the answer of the open call, if there is one. */
  private answer(place: Place, at: number, answer: Unanswered): void {
    const key = placeKey(place);
    const since = this.open.get(key);
    if (since === undefined) return;
    this.open.delete(key);
    const task = this.tasks.get(key) ?? { place: { state: place.state, indices: place.indices }, answers: [] };
    this.tasks.set(key, task);
    task.answers.push({ ...answer, seconds: Math.max(0, at - since) / 1000 } as RecordedAnswer);
  }
}

// --- internal ---

/** An answer without its time. */
type Unanswered = RecordedAnswer extends infer Answer
  ? Answer extends unknown
    ? Omit<Answer, "seconds">
    : never
  : never;
