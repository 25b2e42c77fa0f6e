import { FakeClock } from "../../../../scripts/demo/fake-clock";
import type { StatesDocument } from "../../../../src/asl/document";
import type { Json, JsonObject } from "../../../../src/base/json";
import type { ExecutionEvent } from "../../../../src/execution/events";
import { memoryStore } from "../../../../src/local/data/memory-store";
import { interpret, type Outcome } from "../../../../src/local/interpreter/interpreter";
import type { TaskCall } from "../../../../src/local/interpreter/state-actions";

export interface Run {
  readonly outcome: Outcome;
  readonly events: ExecutionEvent[];
  /** The events, each as `type state[indices]`. */
  readonly trace: string[];
  readonly calls: TaskCall[];
  readonly clock: FakeClock;
}

export interface RunOptions {
  readonly input?: Json;
  /** @default that of the execution `run` of the state machine `machine` */
  readonly context?: JsonObject;
  /** @default gives `null` at once */
  readonly task?: (call: TaskCall, clock: FakeClock) => Promise<Json>;
  readonly random?: () => number;
  readonly uuid?: () => string;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ExecutionEvent) => void;
  /** The objects of S3 by `bucket/key`. The table shows what was stored. @default none */
  readonly objects?: Record<string, string>;
}

const CONTEXT: JsonObject = {
  Execution: { Id: "arn:aws:states:eu-west-1:123456789012:execution:machine:run", RoleArn: "role" },
  StateMachine: { Id: "arn:aws:states:eu-west-1:123456789012:stateMachine:machine", Name: "machine" },
};

/** Runs a document on a clock without waiting. */
export async function runDocument(document: StatesDocument | JsonObject, options: RunOptions = {}): Promise<Run> {
  const { input = {}, context = CONTEXT, task = async () => null, random = () => 0, onEvent, objects = {} } = options;
  const clock = new FakeClock();
  const events: ExecutionEvent[] = [];
  const calls: TaskCall[] = [];
  const outcome = await interpret(
    document as unknown as StatesDocument,
    { input, context },
    {
      task: (call) => {
        calls.push(call);
        return task(call, clock);
      },
      emit: (event) => {
        events.push(event);
        onEvent?.(event);
      },
      clock,
      random,
      ...(options.uuid === undefined ? {} : { uuid: options.uuid }),
      objects: memoryStore(objects),
    },
    options.signal ?? new AbortController().signal,
  );
  return { outcome, events, trace: events.map(describeEvent), calls, clock };
}

/** A document of these states, the first of which comes first. */
export function states(blocks: JsonObject, rest: JsonObject = {}): JsonObject {
  return { ...rest, StartAt: Object.keys(blocks)[0]!, States: blocks };
}

function describeEvent(event: ExecutionEvent): string {
  if (!("indices" in event)) return event.type;
  return `${event.type} ${event.state}${event.indices.map((index) => `[${index}]`).join("")}`;
}

/** Returns a Task, which ends its block unless the fields have a Next. */
export const task = (fields: JsonObject = {}): JsonObject => ({
  Type: "Task",
  Resource: "arn:job",
  ...(fields.Next === undefined && { End: true }),
  ...fields,
});

/** Returns a Map, which ends its block. */
export const map = (fields: JsonObject = {}, processor: JsonObject = states({ item: task() })): JsonObject => ({
  Type: "Map",
  ItemProcessor: processor,
  End: true,
  ...fields,
});
