/**
 * The context object, which a document reads with `$$`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
import type { Json, JsonObject } from "../../base/json";

/** Returns the context object at the start of an execution. */
export function executionContext(
  stateMachine: { readonly arn: string; readonly name: string; readonly roleArn: string },
  { name, input }: { readonly name: string; readonly input: Json },
  startedAt: number,
  redriven: { readonly count: number; readonly at: number } | null = null,
): JsonObject {
  const id = `${stateMachine.arn.replace(":stateMachine:", ":execution:")}:${name}`;
  return {
    Execution: {
      ...execution(id, name, stateMachine.roleArn, input, startedAt),
      ...(redriven !== null && { RedriveCount: redriven.count, RedriveTime: timestamp(redriven.at) }),
    },
    StateMachine: { Id: stateMachine.arn, Name: stateMachine.name },
  };
}

/** Returns the context object of one attempt at a state. `attempt` counts from 1. Only a Task has a `token`. */
export function stateContext(
  context: JsonObject,
  state: { readonly name: string; readonly type: string; readonly enteredAt: number },
  attempt: number,
  token: string | null,
): JsonObject {
  // AWS leaves RetryCount out of a Pass, which cannot be retried.
  const retried = state.type === "Pass" ? {} : { RetryCount: attempt - 1 };
  const task = token === null ? {} : { Task: { Token: token } };
  return { ...context, State: { EnteredTime: timestamp(state.enteredAt), Name: state.name, ...retried }, ...task };
}

/** Returns the context object of an item of a Map. `Item` has its Index and its Value, and its Source in a distributed Map. */
export function itemContext(context: JsonObject, Item: JsonObject): JsonObject {
  return { ...context, Map: { Item } };
}

/**
 * Returns the context object of an item of a distributed Map, which is a separate execution.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html
 */
export function childContext(
  { Execution, StateMachine }: JsonObject,
  map: string,
  name: string,
  input: Json,
  startedAt: number,
): JsonObject {
  const { Id, RoleArn } = Execution as { Id: string; RoleArn: string };
  const id = `${Id.slice(0, Id.lastIndexOf(":"))}/${map}:${name}`;
  return { Execution: execution(id, name, RoleArn, input, startedAt), StateMachine: StateMachine! };
}

// --- internal ---

function execution(id: string, name: string, roleArn: string, input: Json, startedAt: number): JsonObject {
  return { Id: id, Input: input, Name: name, RoleArn: roleArn, StartTime: timestamp(startedAt), RedriveCount: 0 };
}

function timestamp(time: number): string {
  return new Date(time).toISOString();
}
