/**
 * Runs a document in Amazon States Language (query language JSONPath) as AWS Step Functions runs a Standard workflow.
 *
 * @see https://states-language.net/spec.html
 */
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { eventsOfVisit, HISTORY_LIMIT } from "../../asl/check/history-limit";
import type { State, States, StatesDocument } from "../../asl/document";
import { isDistributed } from "../../asl/map-mode";
import type { Clock } from "../../base/clock";
import { Aborted, runAll, withTimeout } from "../../base/concurrency";
import type { Json, JsonObject } from "../../base/json";
import type { EventSink, ExecutionStatus, Place } from "../../execution/events";
import { choose } from "./choice";
import { childContext, itemContext, stateContext } from "./context-object";
import { applyPath, applyResultPath, fillTemplate, integerField, selectItems, textField } from "./data-flow";
import type { Scope } from "./paths";
import { checkPayload } from "./payload-size";
import { type Catcher, findCatcher, type Retrier, Retries } from "./retries";
import { StatesError } from "./states-error";
import { waitingTime } from "./wait";

/** The request of a Task. */
export interface TaskCall extends Place {
  readonly resource: string;
  readonly parameters: Json;
  /** Aborts when the task has to end: its time is up, a sibling failed, or the execution was stopped. */
  readonly signal: AbortSignal;
}

/** Does the work of a Task and returns its result; throws StatesError. The interpreter always waits for its end. */
type TaskHandler = (call: TaskCall) => Promise<Json>;

/** The end of an execution. */
export type Outcome =
  | { readonly status: "SUCCEEDED"; readonly output: Json }
  | {
      readonly status: Exclude<ExecutionStatus, "SUCCEEDED">;
      readonly error: string | null;
      readonly cause: string | null;
    };

export interface InterpreterDependencies {
  readonly task: TaskHandler;
  /** Takes the `state-…` events and `map-started`. */
  readonly emit: EventSink;
  readonly clock: Clock;
  /** Returns a number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** @default randomUUID of node:crypto */
  readonly uuid?: () => string;
}

/**
 * Runs a document to its end. Nothing is left running, however it ends. `context` is the context object at the start, with
 * `Execution` and `StateMachine`. Abort `signal` to stop the execution.
 */
export async function interpret(
  document: StatesDocument,
  execution: { readonly input: Json; readonly context: JsonObject },
  dependencies: InterpreterDependencies,
  signal: AbortSignal,
): Promise<Outcome> {
  const interpreter = new Interpreter(dependencies);
  const timeout = new StatesError("States.Timeout", "");
  try {
    const output = await withTimeout(document.TimeoutSeconds, timeout, dependencies.clock, signal, (limited) => {
      requireJsonPath(document.QueryLanguage);
      const around = { context: execution.context, indices: [], signal: limited };
      return interpreter.runBlock(document, execution.input, around);
    });
    return { status: "SUCCEEDED", output };
  } catch (failure) {
    if (signal.aborted) return { status: "ABORTED", error: null, cause: null };
    if (!(failure instanceof StatesError)) throw failure;
    const status = failure === timeout ? "TIMED_OUT" : "FAILED";
    return { status, error: failure.error || null, cause: failure.cause || null };
  }
}

// --- internal ---

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html (inline; distributed) */
const MAX_CONCURRENCY = { inline: 40, distributed: 10_000 };

/** After so many transitions, timers and signals get their turn: a document can loop without ever waiting. */
const TRANSITIONS_AT_A_STRETCH = 1000;

/** The limit of a whole run. AWS's own limit is far lower, and a report of so many can still be made. */
const MOST_TRANSITIONS = 1_000_000;

/** Everything that surrounds a block of states. */
interface Surroundings {
  readonly context: JsonObject;
  readonly indices: readonly number[];
  readonly signal: AbortSignal;
}

/** One attempt at a state. */
interface Attempt extends Surroundings {
  readonly place: Place;
  readonly state: State;
  /** `$` is the input after InputPath. */
  readonly scope: Scope;
  /** The input after InputPath and Parameters. */
  readonly parameters: Json;
}

interface Transition {
  readonly output: Json;
  /** `null` at the end of a block. */
  readonly next: string | null;
}

/** Counts the events of a block's own states. AWS ends an execution that reaches the limit, such as an endless loop. */
class BlockHistory {
  private events = 0;

  add(events: number): void {
    this.events += events;
    if (this.events >= HISTORY_LIMIT) throw historyFull();
  }
}

function historyFull(): StatesError {
  const cause = `The execution reached the maximum number of history events (${HISTORY_LIMIT}).`;
  return new StatesError("States.Runtime", cause, { isLocated: true });
}

class Interpreter {
  private transitions = 0;
  private readonly dependencies: InterpreterDependencies & { readonly uuid: () => string };

  constructor(dependencies: InterpreterDependencies) {
    this.dependencies = { uuid: randomUUID, ...dependencies };
  }

  /** Runs a block from its first state on. Returns the output of its last state. */
  async runBlock(block: States, input: Json, surroundings: Surroundings): Promise<Json> {
    checkPayload(input, `The input of the state '${block.StartAt}' has a size`);
    let transition: Transition = { output: input, next: block.StartAt };
    const history = new BlockHistory();
    while (transition.next !== null) {
      const state = Object.hasOwn(block.States, transition.next) ? block.States[transition.next] : undefined;
      if (!state) throw new StatesError("States.Runtime", `there is no state '${transition.next}' in its block`);
      this.transitions += 1;
      if (this.transitions > MOST_TRANSITIONS) throw historyFull();
      if (this.transitions % TRANSITIONS_AT_A_STRETCH === 0) await setImmediate();
      if (surroundings.signal.aborted) throw new Aborted();
      transition = await this.visit(transition.next, state, transition.output, surroundings, history);
    }
    return transition.output;
  }

  private async visit(
    name: string,
    state: State,
    input: Json,
    surroundings: Surroundings,
    history: BlockHistory,
  ): Promise<Transition> {
    const { clock, emit } = this.dependencies;
    const place = { state: name, indices: surroundings.indices };
    emit({ ...place, at: clock.now(), type: "state-entered" });
    try {
      return await this.retryAndCatch(place, state, input, surroundings, history);
    } catch (failure) {
      const at = clock.now();
      if (failure instanceof StatesError && !surroundings.signal.aborted) {
        emit({ ...place, at, type: "state-failed", error: failure.error, cause: failure.cause });
      } else {
        emit({ ...place, at, type: "state-aborted" });
      }
      throw failure;
    }
  }

  /** Retries the state until it succeeds, a Catch matches, or the error is final. */
  private async retryAndCatch(
    place: Place,
    state: State,
    input: Json,
    surroundings: Surroundings,
    history: BlockHistory,
  ): Promise<Transition> {
    const { clock, emit, random } = this.dependencies;
    const { signal } = surroundings;
    const visited = { name: place.state, type: state.Type, enteredAt: clock.now() };
    const retries = new Retries((state.Retry ?? []) as unknown as Retrier[], random);
    for (let attempt = 1; ; attempt += 1) {
      const context = stateContext(surroundings.context, visited, attempt);
      try {
        history.add(eventsOfVisit(state));
        const transition = await this.attempt(place, state, input, { ...surroundings, context });
        if (signal.aborted) throw new Aborted();
        emit({ ...place, at: clock.now(), type: "state-succeeded" });
        return transition;
      } catch (failure) {
        if (signal.aborted || !(failure instanceof StatesError)) throw failure;
        const { error, cause } = failure;
        const failed = { ...place, error, cause };
        const delaySeconds = retries.delayAfter(failure);
        if (delaySeconds === null) {
          const catcher = findCatcher((state.Catch ?? []) as unknown as Catcher[], failure);
          if (!catcher) throw failure;
          // An error of its ResultPath fails the state: then nothing is caught.
          const output = applyResultPath(catcher.ResultPath, input, { Error: error, Cause: cause });
          emit({ ...failed, at: clock.now(), type: "state-caught", next: catcher.Next });
          return { output, next: catcher.Next };
        }
        emit({ ...failed, at: clock.now(), type: "state-retried", attempt, delaySeconds });
        await clock.sleep(delaySeconds * 1000, signal);
        if (signal.aborted) throw new Aborted();
      }
    }
  }

  /** Takes the input through InputPath, Parameters, the state's own action, ResultSelector, ResultPath and OutputPath. */
  private async attempt(place: Place, state: State, raw: Json, surroundings: Surroundings): Promise<Transition> {
    const { random, uuid } = this.dependencies;
    const scopeOf = (input: Json): Scope => ({ input, context: surroundings.context, random, uuid });
    try {
      requireJsonPath(state.QueryLanguage);
      const scope = scopeOf(applyPath(state.InputPath, scopeOf(raw)));
      // The Parameters of a Map are an older name of its ItemSelector.
      const hasParameters = state.Parameters !== undefined && state.Type !== "Map";
      const parameters = hasParameters ? fillTemplate(state.Parameters!, scope) : scope.input;
      checkPayload(parameters, `The input of the state '${place.state}' has a size`);
      const result = await this.actions[state.Type]({ ...surroundings, place, state, scope, parameters });
      checkPayload(result, `The state/task '${place.state}' returned a result with a size`);
      const selected =
        state.ResultSelector === undefined ? result : fillTemplate(state.ResultSelector, scopeOf(result));
      const output = applyPath(state.OutputPath, scopeOf(applyResultPath(state.ResultPath, raw, selected)));
      checkPayload(output, `The state/task '${place.state}' returned a result with a size`);
      return { output, next: state.Type === "Choice" ? choose(state, scope) : ((state.Next as string) ?? null) };
    } catch (failure) {
      throw failure instanceof StatesError ? failure.locatedIn(place.state) : failure;
    }
  }

  /** The action of each type of state, which returns the result. */
  private readonly actions: Record<State["Type"], (attempt: Attempt) => Json | Promise<Json>> = {
    Task: (attempt) => this.runTask(attempt),
    Parallel: (attempt) => this.runParallel(attempt),
    Map: (attempt) => this.runMap(attempt),
    Wait: (attempt) => this.wait(attempt),
    Pass: ({ state, parameters }) => (state.Result === undefined ? parameters : state.Result),
    Choice: ({ scope }) => scope.input,
    Succeed: ({ scope }) => scope.input,
    Fail: ({ state, scope }) => {
      throw new StatesError(textField(state, "Error", scope), textField(state, "Cause", scope));
    },
  };

  private runTask({ place, state, scope, parameters, signal }: Attempt): Promise<Json> {
    const { clock, task } = this.dependencies;
    const seconds = integerField(state, "TimeoutSeconds", scope);
    const timeout = new StatesError("States.Timeout", "");
    return withTimeout(seconds, timeout, clock, signal, async (limited) =>
      task({ ...place, resource: state.Resource as string, parameters, signal: limited }),
    );
  }

  private async runParallel({ state, parameters, indices, signal, context }: Attempt): Promise<Json> {
    const branches = state.Branches as unknown as States[];
    const outputs = new Array<Json>(branches.length);
    await runAll(branches.length, branches.length, signal, async (index, inner) => {
      outputs[index] = await this.runBlock(branches[index]!, parameters, { context, indices, signal: inner });
    });
    return outputs;
  }

  private async runMap({ place, state, scope, indices, signal, context }: Attempt): Promise<Json> {
    const { clock, emit, uuid } = this.dependencies;
    const processor = (state.ItemProcessor ?? state.Iterator) as unknown as States;
    const distributed = isDistributed(state);
    const most = MAX_CONCURRENCY[distributed ? "distributed" : "inline"];
    const template = state.ItemSelector ?? state.Parameters;
    const items = selectItems(state.ItemsPath, scope);
    const limit = integerField(state, "MaxConcurrency", scope) || Infinity;
    emit({ ...place, at: clock.now(), type: "map-started", total: items.length });
    const outputs = new Array<Json>(items.length);
    try {
      await runAll(items.length, Math.min(limit, most), signal, async (index, inner) => {
        const value = items[index]!;
        const ofItem = itemContext(context, index, value, distributed);
        const input = template === undefined ? value : fillTemplate(template, { ...scope, context: ofItem });
        outputs[index] = await this.runBlock(processor, input, {
          context: distributed ? childContext(context, place.state, uuid(), input, clock.now()) : ofItem,
          indices: [...indices, index],
          signal: inner,
        });
      });
    } catch (failure) {
      if (!distributed || signal.aborted || !(failure instanceof StatesError)) throw failure;
      // The items of a distributed Map are executions of their own, and keep their errors.
      throw new StatesError(
        "States.ExceedToleratedFailureThreshold",
        "The specified tolerated failure threshold was exceeded",
      );
    }
    return outputs;
  }

  private async wait({ state, scope, signal }: Attempt): Promise<Json> {
    const { clock } = this.dependencies;
    const milliseconds = waitingTime(state, scope, clock.now());
    if (milliseconds > 0) await clock.sleep(milliseconds, signal);
    return scope.input;
  }
}

function requireJsonPath(language: Json | undefined): void {
  if (language === undefined || language === "JSONPath") return;
  throw new StatesError("States.Runtime", `the local run supports only the query language JSONPath, got: ${language}`);
}
