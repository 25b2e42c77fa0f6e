/**
 * Runs a document in Amazon States Language as AWS Step Functions runs a Standard workflow.
 *
 * @see https://states-language.net/spec.html
 */
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { eventsOfVisit } from "../../asl/check/history-limit";
import { type State, type States, type StatesDocument, walkStates } from "../../asl/document";
import { usesJsonata } from "../../asl/query-language";
import type { Clock } from "../../base/clock";
import { Aborted, withTimeout } from "../../base/concurrency";
import type { Json, JsonObject } from "../../base/json";
import type { EventSink, ExecutionStatus, Place } from "../../execution/events";
import type { ObjectStore } from "../data/object-store";
import { transitionOf } from "./choice";
import { itemContext, stateContext } from "./context-object";
import { BlockHistory, EventIds, historyFull } from "./event-counts";
import type { KnownBlocks } from "./known-blocks";
import { JsonPathFields } from "./languages/json-path-fields";
import { type Evaluate, jsonataEvaluator } from "./languages/jsonata-evaluator";
import { JsonataFields } from "./languages/jsonata-fields";
import type { Departure, StateData, StateFields } from "./languages/language";
import { itemsOf } from "./map-items";
import { checkPayload } from "./payload-size";
import { type Catcher, findCatcher, type Retrier, Retries } from "./retries";
import { SoundStates } from "./sound-states";
import type { StartPoint } from "./start-point";
import { ACTIONS, type TaskHandler } from "./state-actions";
import { StatesError } from "./states-error";
import type { BlockRunner, Surroundings } from "./surroundings";
import { Variables } from "./variables";

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
  /** The objects of S3 that the document reads and writes. */
  readonly objects: ObjectStore;
  /** The known blocks of a redriven execution. @default the execution is a new one */
  readonly known?: KnownBlocks | null;
}

/**
 * Runs a document to its end. Nothing is left running, however it ends. `context` is the context object at the start, with
 * `Execution` and `StateMachine`. `start` is the point to begin at, if that is not the first state. Abort `signal` to stop the execution.
 */
export async function interpret(
  document: StatesDocument,
  execution: { readonly input: Json; readonly context: JsonObject; readonly start?: StartPoint | null },
  dependencies: InterpreterDependencies,
  signal: AbortSignal,
): Promise<Outcome> {
  const interpreter = new Interpreter(document, dependencies);
  const timeout = new StatesError("States.Timeout", "");
  try {
    const output = await withTimeout(document.TimeoutSeconds, timeout, dependencies.clock, signal, (limited) => {
      const { context, input, start = null } = execution;
      const around = { context, eventIds: new EventIds(), signal: limited };
      if (start !== null) return interpreter.runFrom(start, around);
      return interpreter.runBlock(document, input, { ...around, variables: Variables.ofExecution(), indices: [] });
    });
    return { status: "SUCCEEDED", output };
  } catch (failure) {
    if (signal.aborted) return { status: "ABORTED", error: null, cause: null };
    if (!(failure instanceof StatesError)) throw failure;
    // Recorded: an execution whose time is up has neither.
    if (failure === timeout) return { status: "TIMED_OUT", error: null, cause: null };
    return { status: "FAILED", error: failure.error || null, cause: failure.cause || null };
  }
}

// --- internal ---

/** After so many transitions, timers and signals get their turn: a document can loop without ever waiting. */
const TRANSITIONS_AT_A_STRETCH = 1000;

/** The limit of a whole run. AWS's own limit is far lower, and a report of so many can still be made. */
const MOST_TRANSITIONS = 1_000_000;

/** One visit to a state, with all its attempts. */
interface Visit extends Surroundings {
  readonly place: Place;
  readonly state: State;
  readonly input: Json;
  readonly eventId: number;
  /** Counts for the limit of the block. */
  readonly history: BlockHistory;
}

interface Transition extends Departure {
  /** `null` at the end of a block. */
  readonly next: string | null;
  /** The JSON pointer of the rule of a Choice, in the state. */
  readonly rule?: string;
}

/** Most states set no variables, and only a Choice has rules. */
function told({ assigned, rule }: Pick<Transition, "assigned" | "rule">) {
  return { ...(Object.keys(assigned).length > 0 && { assigned }), ...(rule !== undefined && { rule }) };
}

/** The output of any other state is the input of the next one. */
function lastOutput({ output, next }: Transition): { readonly output?: Json } {
  return next === null ? { output } : {};
}

class Interpreter {
  private transitions = 0;
  private readonly dependencies: InterpreterDependencies & BlockRunner;
  private readonly evaluate: Evaluate;
  private readonly sound = new SoundStates();

  constructor(
    private readonly document: StatesDocument,
    dependencies: InterpreterDependencies,
  ) {
    const runBlock: BlockRunner["runBlock"] = (...request) => this.runBlock(...request);
    this.dependencies = { uuid: randomUUID, known: null, ...dependencies, runBlock };
    this.evaluate = jsonataEvaluator(this.dependencies.clock, this.dependencies);
  }

  /** Runs a block from a state on, as it would run in a whole execution. Returns the output of the last state. */
  async runFrom(start: StartPoint, surroundings: Pick<Surroundings, "context" | "eventIds" | "signal">): Promise<Json> {
    const states = new Map([...walkStates(this.document)].map((location) => [location.name, location]));
    const { indices, input, isOnly } = start;
    let { context } = surroundings;
    for (const [level, map] of start.around.entries()) {
      const { state } = states.get(map.state)!;
      const variables = Variables.ofExecution(map.variables);
      const visited = { name: map.state, type: state.Type, enteredAt: this.dependencies.clock.now() };
      const ofMap = { state, input: map.input, context: stateContext(context, visited, 1, null), variables };
      const item = [...itemsOf(await this.fieldsOf(ofMap).items())][indices[level]!];
      if (item === undefined)
        throw new StatesError("States.Runtime", `the Map '${map.state}' has no item ${indices[level]}`);
      context = itemContext(context, { Index: indices[level]!, Value: item.value });
    }
    const own = { context, indices, variables: Variables.ofExecution(start.variables) };
    return this.runBlock(
      states.get(start.state)!.block,
      input,
      { ...surroundings, ...own },
      { at: start.state, isOnly },
    );
  }

  /** Runs a block from its first state on. Returns the output of its last state. */
  async runBlock(
    block: States,
    input: Json,
    surroundings: Surroundings,
    { at, isOnly } = { at: block.StartAt, isOnly: false },
  ): Promise<Json> {
    checkPayload(input, `The input of the state '${at}' has a size`);
    let transition = this.startOf(at, input, surroundings);
    const history = new BlockHistory();
    while (transition.next !== null) {
      const name: string = transition.next;
      const state = Object.hasOwn(block.States, name) ? block.States[name] : undefined;
      if (!state) throw new StatesError("States.Runtime", `there is no state '${name}' in its block`);
      this.transitions += 1;
      if (this.transitions > MOST_TRANSITIONS) throw historyFull();
      if (this.transitions % TRANSITIONS_AT_A_STRETCH === 0) await setImmediate();
      if (surroundings.signal.aborted) throw new Aborted();
      const place = { state: name, indices: surroundings.indices };
      const eventId = surroundings.eventIds.next();
      transition = await this.visit({ ...surroundings, place, state, input: transition.output, eventId, history });
      if (isOnly) break;
    }
    return transition.output;
  }

  /** Begins a block, or goes on where it did not succeed. */
  private startOf(at: string, input: Json, { indices, variables }: Surroundings): Transition {
    const known = this.dependencies.known?.block({ state: at, indices }) ?? null;
    if (known === null) return { output: input, assigned: {}, next: at };
    if ("output" in known) return { output: known.output, assigned: {}, next: null };
    variables.assign(known.assigned);
    return { output: known.input === null ? input : known.input.value, assigned: {}, next: known.state };
  }

  private async visit(visit: Visit): Promise<Transition> {
    const { clock, emit } = this.dependencies;
    const { place, signal, input } = visit;
    emit({ ...place, at: clock.now(), type: "state-entered", input });
    try {
      return await this.retryAndCatch(visit);
    } catch (failure) {
      const at = clock.now();
      if (failure instanceof StatesError && !signal.aborted) {
        emit({ ...place, at, type: "state-failed", error: failure.error, cause: failure.cause });
      } else {
        emit({ ...place, at, type: "state-aborted" });
      }
      throw failure;
    }
  }

  /** Retries the state until it succeeds, a Catch matches, or the error is final. */
  private async retryAndCatch(visit: Visit): Promise<Transition> {
    const { clock, emit, random } = this.dependencies;
    const { place, state, signal, history } = visit;
    const isJsonata = usesJsonata(this.document, state);
    await this.located(visit, async () => this.sound.require(place.state, state, isJsonata));
    const visited = { name: place.state, type: state.Type, enteredAt: clock.now() };
    const retries = new Retries((state.Retry ?? []) as unknown as Retrier[], random);
    for (let attempt = 1; ; attempt += 1) {
      const token = state.Type === "Task" ? this.dependencies.uuid() : null;
      const context = stateContext(visit.context, visited, attempt, token);
      try {
        history.add(eventsOfVisit(state));
        const transition = await this.located(visit, () => this.attempt({ ...visit, context })).finally(() => {
          this.dependencies.known?.forget(place);
        });
        if (signal.aborted) throw new Aborted();
        visit.eventIds.skip(1);
        emit({ ...place, at: clock.now(), type: "state-succeeded", ...told(transition), ...lastOutput(transition) });
        return transition;
      } catch (failure) {
        if (signal.aborted || !(failure instanceof StatesError)) throw failure;
        const { error, cause } = failure;
        const failed = { ...place, error, cause };
        const retry = retries.after(failure);
        if (retry === null) {
          const catchers = (state.Catch ?? []) as unknown as Catcher[];
          const catcher = findCatcher(catchers, failure);
          if (!catcher) throw failure;
          // An error of its own fields fails the state: then nothing is caught.
          const departure = await this.located(visit, () => this.catch({ ...visit, context }, catcher, failure));
          visit.eventIds.skip(1);
          const rule = `/Catch/${catchers.indexOf(catcher)}`;
          const taken = { next: catcher.Next, ...told({ ...departure, rule }) };
          emit({ ...failed, at: clock.now(), type: "state-caught", ...taken });
          return { ...departure, next: catcher.Next };
        }
        const { delaySeconds, index } = retry;
        emit({ ...failed, at: clock.now(), type: "state-retried", attempt, delaySeconds, rule: `/Retry/${index}` });
        await clock.sleep(delaySeconds * 1000, signal);
        if (signal.aborted) throw new Aborted();
      }
    }
  }

  /** Takes the input through the fields of the state and its action, and assigns its variables. */
  private async attempt(visit: Visit): Promise<Transition> {
    const { place, state, variables } = visit;
    const fields = this.fieldsOf(visit);
    const result = await ACTIONS[state.Type]({ ...visit, fields }, this.dependencies);
    checkPayload(result, `The state/task '${place.state}' returned a result with a size`);
    const rule = state.Type === "Choice" ? await fields.rule() : null;
    const { output, assigned } = await fields.leave(result, rule);
    checkPayload(output, `The state/task '${place.state}' returned a result with a size`);
    variables.assign(assigned);
    if (state.Type !== "Choice") return { output, assigned, next: (state.Next as string) ?? null };
    return { output, assigned, ...transitionOf(state, rule) };
  }

  private async catch(visit: Visit, catcher: Catcher, { error, cause }: StatesError): Promise<Departure> {
    // Recorded: a task that failed without an error or a cause leaves null.
    const errorOutput = { Error: error || null, Cause: cause || null };
    const departure = await this.fieldsOf(visit).caught(catcher as unknown as JsonObject, errorOutput);
    visit.variables.assign(departure.assigned);
    return departure;
  }

  private fieldsOf(data: StateData): StateFields {
    return usesJsonata(this.document, data.state)
      ? new JsonataFields(data, this.evaluate)
      : new JsonPathFields(data, this.dependencies);
  }

  /** Runs a part of a visit. An error gets the name of the state in its cause. */
  private async located<T>({ place, eventId }: Visit, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (failure) {
      throw failure instanceof StatesError ? failure.locatedIn(place.state, eventId) : failure;
    }
  }
}
