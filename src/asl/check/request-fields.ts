/** Checks the request of a task against the table of its fields, in both query languages. */
import { isObject, type JsonObject } from "../../base/json";
import type { ObjectField } from "../fields";
import { isJsonataText } from "../query-language";
import { UNKNOWN_SCOPE } from "./data/expression-shape";
import { type JsonataScope, UNKNOWN_JSONATA } from "./data/jsonata-shape";
import { jsonataScope } from "./data/jsonata-stages";
import { checkField, type FieldCheck, type ServicePrefix } from "./field-rules";
import type { Finding } from "./problem";
import { checkJsonataValue, checkPathValue } from "./request-values";
import type { CheckedState, Subject } from "./subject";
import { withoutSuffix } from "./syntax";

/** A task whose request has known fields. */
export interface RequestTask extends CheckedState {
  readonly request: JsonObject;
  /** JSON pointer of the request. */
  readonly requestPointer: string;
}

/** Returns the request of a task; nothing if the whole request is one expression. */
export function requestTask(location: CheckedState): RequestTask[] {
  const field = location.jsonata ? "Arguments" : "Parameters";
  const given = location.state[field];
  if (isJsonataText(given)) return [];
  const request = isObject(given) ? given : {};
  return [{ ...location, request, requestPointer: location.pointer + (given === undefined ? "" : `/${field}`) }];
}

/** Finds the fields of a request that Step Functions or the service would refuse, as far as the document shows it. */
export function* findRequestMistakes(
  location: CheckedState,
  table: ObjectField,
  prefix: ServicePrefix,
  subject: Subject,
): Generator<Finding, void, undefined> {
  const { jsonata, pointer, state } = location;
  const whole = state.Arguments;
  if (jsonata && isJsonataText(whole)) {
    yield* checkJsonataValue(whole, table, `${pointer}/Arguments`, "Arguments", scopeOf(location, subject), prefix);
  }
  for (const { request, requestPointer } of requestTask(location)) {
    const check = jsonata ? jsonataCheck(location, subject, prefix) : pathCheck(location, subject, prefix);
    yield* checkField(request, table, requestPointer, "", check);
  }
}

// --- internal ---

function scopeOf({ pointer }: CheckedState, { flow }: Subject): JsonataScope {
  const data = flow.get(pointer);
  return data === undefined ? UNKNOWN_JSONATA : jsonataScope(data, "input");
}

function jsonataCheck(location: CheckedState, subject: Subject, prefix: ServicePrefix): FieldCheck {
  const scope = scopeOf(location, subject);
  return {
    prefix,
    jsonata: true,
    expression: (text, field, place, name) => checkJsonataValue(text, field, place, name, scope, prefix),
    unknownField: (name) =>
      name.endsWith(".$") ? `JSONata has no ".$": write "${withoutSuffix(name)}": "{% … %}"` : null,
  };
}

function pathCheck({ pointer }: CheckedState, { flow }: Subject, prefix: ServicePrefix): FieldCheck {
  const scope = flow.get(pointer)?.effective ?? UNKNOWN_SCOPE;
  return {
    prefix,
    dynamic: (text, field, place, name) => checkPathValue(text, field, place, name, scope, prefix),
  };
}
