/**
 * The shape of the context object.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
import type { State } from "../../document";
import { integrationOf } from "../../integration";
import { objectShape, put, type Shape, scalarShape } from "./data-shape";

/** Returns the context object of an execution with this input. */
export function contextShape(input: Shape): Shape {
  return objectShape([
    [
      "Execution",
      objectShape([
        ...texts("Id", "Name", "RoleArn", "StartTime", "RedriveTime"),
        ["Input", input],
        ["RedriveCount", COUNT],
      ]),
    ],
    ["State", objectShape([...texts("Name", "EnteredTime"), ["RetryCount", COUNT]])],
    ["StateMachine", objectShape(texts("Id", "Name"))],
  ]);
}

/** Returns the context object for the item of a Map. */
export function withItem(context: Shape, value: Shape): Shape {
  const item = objectShape([["Index", COUNT], ["Value", value], ...texts("Key", "Source")]);
  return put(context, ["Map"], objectShape([["Item", item]]));
}

/** Returns the context object of a state, with the task token if the state waits for it. */
export function withToken(context: Shape, state: State): Shape {
  // A placeholder may stand for any integration.
  const isUnknown = typeof state.Resource === "string" && state.Resource.startsWith("${");
  if (!isUnknown && integrationOf(state.Resource)?.suffix !== ".waitForTaskToken") return context;
  return put(context, ["Task"], objectShape(texts("Token")));
}

// --- internal ---

const TEXT = scalarShape("string");
const COUNT = scalarShape("number");

function texts(...names: string[]): (readonly [string, Shape])[] {
  return names.map((name) => [name, TEXT]);
}
