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
import type { EventSink, ExecutionEvent, ExecutionStatus, Place } from "../../execution/events";
import { choose } from "./choice";
import { applyPath, applyResultPath, evaluate, fillTemplate, selectItems } from "./data-flow";
import { type Scope, selectField } from "./paths";
import { checkPayload } from "./payload-size";
import { type Catcher, findCatcher, type Retrier, Retries } from "./retries";
import { StatesError } from "./states-error";
import { waitingTime } from "./wait";

/** What a Task asks for. */
export interface TaskCall extends Place {
  readonly resource: string;
  readonly parameters: Json;
  /** Aborts when the task has to end: its time is up, a sibling failed, or the execution was stopped. */
  readonly signal: AbortSignal;
}

/** Does what a Task asks for and gives the result; throws StatesError. The interpreter always waits for it to end. */
type TaskHandler = (call: TaskCall) => Promise<Json>;

/** How an execution ended. */
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
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** @default randomUUID of node:crypto */
  readonly uuid?: () => string;
}

/**
 * Runs a document to its end; nothing is left running, however it ends. `context` is what the execution's context object
 * holds from the start: `Execution` and `StateMachine`. Abort `signal` to stop the execution.
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
      return interpreter.runBlock(document, execution.input, {
        context: execution.context,
        indices: [],
        signal: limited,
      });
    });
    return { status: "SUCCEEDED", output };
  } catch (failure) {
    if (signal.aborted) return { status: "ABORTED", error: null, cause: null };
    if (!(failure instanceof StatesError)) throw failure;
    const status = failure === timeout ? "TIMED_OUT" : "FAILED";
    return { status, error: failure.error || null, cause: failure.cause || null };
  }
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html (inline; distributed) */
const MAX_CONCURRENCY = { inline: 40, distributed: 10_000 };

/** Transitions after which timers and signals get their turn: a document can loop without ever waiting for anything. */
const TRANSITIONS_AT_A_STRETCH = 1000;

/** Of a whole run: many times what AWS takes, and what a report of it can still be made of. */
const MOST_TRANSITIONS = 1_000_000;

/** What surrounds a block of states. */
interface Surroundings {
  readonly context: JsonObject;
  readonly indices: readonly number[];
  readonly signal: AbortSignal;
}

/** The surroundings of a state, with the history of the block that it stands in. */
interface InBlock extends Surroundings {
  readonly history: BlockHistory;
}

/** One attempt at a state. */
interface Attempt extends Surroundings {
  readonly place: Place;
  readonly state: State;
  /** `$` is what InputPath leaves of the input. */
  readonly scope: Scope;
  /** What Parameters make of that. */
  readonly parameters: Json;
}

interface Transition {
  readonly output: Json;
  /** `null` at the end of a block. */
  readonly next: string | null;
}

type UntimedEvent = ExecutionEvent extends infer Event
  ? Event extends ExecutionEvent
    ? Omit<Event, "at">
    : never
  : never;

/** The events of a block's own states. AWS ends an execution for them, also where the document loops for ever. */
class BlockHistory {
  private events = 0;

  add(events: number): void {
    this.events += events;
    if (this.events >= HISTORY_LIMIT) throw historyFull();
  }
}

function historyFull(): StatesError {
  const cause = `The execution reached the maximum number of history events (${HISTORY_LIMIT}).`;
  return new StatesError("States.Runtime", cause);
}

class Interpreter {
  private transitions = 0;

  constructor(private readonly dependencies: InterpreterDependencies) {}

  /** Runs a block from its first state on; gives the output of its last. */
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
      transition = await this.visit(transition.next, state, transition.output, { ...surroundings, history });
    }
    return transition.output;
  }

  private async visit(name: string, state: State, input: Json, surroundings: InBlock): Promise<Transition> {
    const place = { state: name, indices: surroundings.indices };
    this.emit({ ...place, type: "state-entered" });
    try {
      return await this.retryAndCatch(place, state, input, surroundings);
    } catch (failure) {
      if (failure instanceof StatesError && !surroundings.signal.aborted) {
        this.emit({ ...place, type: "state-failed", error: failure.error, cause: failure.cause });
      } else {
        this.emit({ ...place, type: "state-aborted" });
      }
      throw failure;
    }
  }

  /** Attempts a state until it succeeds, a catcher takes its error, or neither is to be hoped for. */
  private async retryAndCatch(place: Place, state: State, input: Json, surroundings: InBlock): Promise<Transition> {
    const { clock, random } = this.dependencies;
    const { signal, history } = surroundings;
    const entered = { EnteredTime: new Date(clock.now()).toISOString(), Name: place.state };
    const retries = new Retries((state.Retry ?? []) as unknown as Retrier[], random);
    for (let attempt = 1; ; attempt += 1) {
      // AWS was seen to leave it out of a Pass, which cannot be retried.
      const retried = state.Type === "Pass" ? {} : { RetryCount: attempt - 1 };
      const context = { ...surroundings.context, State: { ...entered, ...retried } };
      try {
        history.add(eventsOfVisit(state));
        const transition = await this.attempt(place, state, input, { ...surroundings, context });
        if (signal.aborted) throw new Aborted();
        this.emit({ ...place, type: "state-succeeded" });
        return transition;
      } catch (failure) {
        if (signal.aborted || !(failure instanceof StatesError)) throw failure;
        const failed = { ...place, error: failure.error, cause: failure.cause };
        const delaySeconds = retries.delayAfter(failure);
        if (delaySeconds === null) {
          const catcher = findCatcher((state.Catch ?? []) as unknown as Catcher[], failure);
          if (!catcher) throw failure;
          // Where its ResultPath cannot be applied, nothing is caught.
          const output = applyResultPath(catcher.ResultPath, input, { Error: failure.error, Cause: failure.cause });
          this.emit({ ...failed, type: "state-caught", next: catcher.Next });
          return { output, next: catcher.Next };
        }
        this.emit({ ...failed, type: "state-retried", attempt, delaySeconds });
        await clock.sleep(delaySeconds * 1000, signal);
        if (signal.aborted) throw new Aborted();
      }
    }
  }

  /** Takes the input through a state: InputPath, Parameters, what the state does, ResultSelector, ResultPath, OutputPath. */
  private async attempt(place: Place, state: State, raw: Json, surroundings: Surroundings): Promise<Transition> {
    const scopeOf = (input: Json): Scope => ({
      input,
      context: surroundings.context,
      random: this.dependencies.random,
      uuid: this.dependencies.uuid ?? randomUUID,
    });
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
      throw failure instanceof StatesError ? located(failure, place.state) : failure;
    }
  }

  /** What the types of state do; the value is the result. */
  private readonly actions: Record<State["Type"], (attempt: Attempt) => Json | Promise<Json>> = {
    Task: (attempt) => this.runTask(attempt),
    Parallel: (attempt) => this.runParallel(attempt),
    Map: (attempt) => this.runMap(attempt),
    Wait: (attempt) => this.wait(attempt),
    Pass: ({ state, parameters }) => (state.Result === undefined ? parameters : state.Result),
    Choice: ({ scope }) => scope.input,
    Succeed: ({ scope }) => scope.input,
    Fail: ({ state, scope }) => {
      throw new StatesError(textOf(state, "Error", scope), textOf(state, "Cause", scope));
    },
  };

  private runTask({ place, state, scope, parameters, signal }: Attempt): Promise<Json> {
    const { clock, task } = this.dependencies;
    const resource = state.Resource as string;
    return withTimeout(
      integerOf(state, "TimeoutSeconds", scope),
      new StatesError("States.Timeout", ""),
      clock,
      signal,
      async (limited) => task({ ...place, resource, parameters, signal: limited }),
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
    const processor = (state.ItemProcessor ?? state.Iterator) as unknown as States;
    const template = state.ItemSelector ?? state.Parameters;
    const distributed = isDistributed(state);
    const most = MAX_CONCURRENCY[distributed ? "distributed" : "inline"];
    const items = selectItems(state.ItemsPath, scope);
    const limit = integerOf(state, "MaxConcurrency", scope) || Infinity;
    this.emit({ ...place, type: "map-started", total: items.length });
    const outputs = new Array<Json>(items.length);
    try {
      await runAll(items.length, Math.min(limit, most), signal, async (index, inner) => {
        const value = items[index]!;
        const item = { Index: index, Value: value, ...(distributed && { Source: "STATE_DATA" }) };
        const itemContext = { ...context, Map: { Item: item } };
        const input = template === undefined ? value : fillTemplate(template, { ...scope, context: itemContext });
        const childContext = distributed ? this.childContext(context, place, input) : itemContext;
        const around = { context: childContext, indices: [...indices, index], signal: inner };
        outputs[index] = await this.runBlock(processor, input, around);
      });
    } catch (failure) {
      if (!distributed || signal.aborted || !(failure instanceof StatesError)) throw failure;
      // The items of a distributed Map are executions of their own: how they failed stays with them.
      throw new StatesError(
        "States.ExceedToleratedFailureThreshold",
        "The specified tolerated failure threshold was exceeded",
      );
    }
    return outputs;
  }

  /**
   * Each item of a distributed Map is an execution of its own.
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html
   */
  private childContext({ Execution, StateMachine }: JsonObject, { state }: Place, input: Json): JsonObject {
    const { clock, uuid = randomUUID } = this.dependencies;
    const { Id, RoleArn } = Execution as { Id: string; RoleArn: string };
    const Name = uuid();
    const StartTime = new Date(clock.now()).toISOString();
    const childId = `${Id.slice(0, Id.lastIndexOf(":"))}/${state}:${Name}`;
    return {
      Execution: { Id: childId, Input: input, Name, RoleArn, StartTime, RedriveCount: 0 },
      StateMachine: StateMachine!,
    };
  }

  private async wait({ state, scope, signal }: Attempt): Promise<Json> {
    const { clock } = this.dependencies;
    const milliseconds = waitingTime(state, scope, clock.now());
    if (milliseconds > 0) await clock.sleep(milliseconds, signal);
    return scope.input;
  }

  private emit(event: UntimedEvent): void {
    this.dependencies.emit({ at: this.dependencies.clock.now(), ...event } as ExecutionEvent);
  }
}

/** Where a whole number stands in a field, or in the data where the field of the same name with `Path` says. */
function integerOf(state: State, field: string, scope: Scope): number | undefined {
  const path = state[`${field}Path`] as string | undefined;
  const value = path === undefined ? state[field] : selectField(path, scope);
  if (value === undefined || (Number.isInteger(value) && (value as number) >= 0)) return value as number | undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  throw new StatesError(
    "States.Runtime",
    `The ${field}Path field refers to value "${text}" which is not a valid integer: ${path}`,
  );
}

/** `Error` or `Cause` of a Fail, or what `ErrorPath` or `CausePath` comes to; "" where there is neither. */
function textOf(state: State, field: "Error" | "Cause", scope: Scope): string {
  const path = state[`${field}Path`];
  if (path === undefined) return (state[field] as string | undefined) ?? "";
  const value = evaluate(path, `${field}Path`, scope);
  if (typeof value === "string") return value;
  throw new StatesError("States.Runtime", `The ${field}Path field refers to a value that is not a string: ${path}`);
}

function requireJsonPath(language: Json | undefined): void {
  if (language === undefined || language === "JSONPath") return;
  throw new StatesError("States.Runtime", `the local run takes the query language JSONPath only, got: ${language}`);
}

const LOCATED = new Set(["States.Runtime", "States.NoChoiceMatched"]);
const PREFIX = "An error occurred while executing the state";
const UNLOCATED = [PREFIX, "The execution reached the maximum number of history events"];

/** AWS says in which state it was that the machine itself went wrong; of an error from inside a Map that is known already. */
function located(failure: StatesError, state: string): StatesError {
  if (!LOCATED.has(failure.error) || UNLOCATED.some((prefix) => failure.cause.startsWith(prefix))) return failure;
  return new StatesError(failure.error, `${PREFIX} '${state}'. ${failure.cause}`);
}
