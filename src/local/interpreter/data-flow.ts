/**
 * Passes data into a state and out of it. The documentation does not name all errors. The others come from the recordings
 * of AWS in LocalStack's tests (tests/aws/services/stepfunctions/v2).
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
 */

import type { State } from "../../asl/document";
import { parseExpression } from "../../asl/expressions";
import { parsePath, type Step } from "../../asl/json-path";
import { limitsPassed } from "../../asl/number-limits";
import { isObject, isTree, type Json, type JsonObject, plainNumbers, stringifyJson } from "../../base/json";
import { callIntrinsic } from "./intrinsics";
import { parsed, type Scope, select, selectField } from "./paths";
import { StatesError } from "./states-error";

/** Applies `InputPath` or `OutputPath` to `scope.input`. Returns all of it if the field is absent, `{}` if it is null. */
export function applyPath(path: Json | undefined, scope: Scope): Json {
  if (path === undefined) return scope.input;
  return path === null ? {} : selectField(path as string, scope);
}

/**
 * Evaluates `Parameters`, `ItemSelector` or `ResultSelector`: a key that ends in `.$` gets the value of its path or call.
 *
 * @throws StatesError `States.Runtime` if a path leads nowhere (recorded; the specification has
 * States.ParameterPathFailure); `States.IntrinsicFailure` if a call fails
 */
export function fillTemplate(template: Json, scope: Scope): Json {
  if (!isTree(template)) return template;
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, scope));
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith(".$") ? [key.slice(0, -2), evaluate(value, key, scope)] : [key, fillTemplate(value, scope)],
    ),
  );
}

/** Returns the value of the path or the call in a field. The error names the field. */
export function evaluate(text: Json, field: string, scope: Scope): Json {
  if (typeof text !== "string") {
    throw new StatesError(
      "States.Runtime",
      `The value for the field '${field}' must be a path or a call of an intrinsic function`,
    );
  }
  const expression = parsed(parseExpression, text);
  if (expression.kind === "call") return callIntrinsic(expression, text, scope);
  const value = select(expression, scope);
  if (value !== undefined) return value;
  throw new StatesError(
    "States.Runtime",
    `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${stringifyJson(scope.input)}'`,
  );
}

/**
 * Returns a copy of the input with the result at `ResultPath`. Returns the result alone if the field is absent, and the
 * input alone if it is null.
 *
 * @throws StatesError if another value is in the way. AWS gives `States.ResultPathMatchFailure` for a string as input,
 * otherwise `States.ReferencePathConflict`.
 */
export function applyResultPath(path: Json | undefined, input: Json, result: Json): Json {
  if (path === undefined) return result;
  if (path === null) return input;
  const { steps } = parsed(parsePath, path as string);
  if (steps === null) throw new StatesError("States.Runtime", `Invalid path '${path}' : not a reference path`);
  if (steps.length > 0 && !isTree(input)) {
    const cause = `Unable to apply ReferencePath ${path} to input ${stringifyJson(input)}`;
    throw new StatesError("States.ResultPathMatchFailure", cause);
  }
  const putAt = (value: Json | undefined, depth: number): Json => {
    const step = steps[depth];
    if (step === undefined) return result;
    if (typeof step === "string" && (value === undefined || isObject(value))) {
      return { ...value, [step]: putAt(own(value, step), depth + 1) };
    }
    if (typeof step === "number" && Array.isArray(value) && value.at(step) !== undefined) {
      return value.with(step, putAt(value.at(step), depth + 1));
    }
    throw pathConflict(step, input);
  };
  return putAt(input, 0);
}

/** Returns the list, or the object where that is allowed, at the `ItemsPath` of a Map; the whole input if the field is absent. */
export function selectItems(path: Json | undefined, scope: Scope, allowsObject = false): Json[] | JsonObject {
  const text = (path ?? "$") as string;
  const reference = parsed(parsePath, text);
  const items = select(reference, scope);
  if (items === undefined) throw pathConflict(reference.steps?.at(-1) ?? text, scope.input);
  if (Array.isArray(items) || (allowsObject && isObject(items))) return items;
  throw new StatesError("States.Runtime", `Reference path "${text}" must point to array.`);
}

/**
 * Returns the number in a field, or in the data if the field of the same name with `Path` says so.
 *
 * @throws StatesError `States.Runtime` if the data has no such number, or one that passes the limits of the field
 */
export function numberField(
  holder: JsonObject,
  field: string,
  kind: "integer" | "float",
  scope: Scope,
): number | undefined {
  const path = holder[`${field}Path`] as string | undefined;
  const value = path === undefined ? holder[field] : selectField(path, scope);
  if (value === undefined) return undefined;
  // AWS takes a text of digits, too.
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : plainNumbers(value);
  if (kind === "integer" ? !Number.isInteger(number) : !Number.isFinite(number))
    throw notOfKind(holder, field, value, kind);
  const passed = limitsPassed(field, number as number);
  if (passed === null) return number as number;
  throw LIMIT_WORDS[field] === undefined
    ? notOfKind(holder, field, value, `${kind} ${passed}`)
    : new StatesError("States.Runtime", LIMIT_WORDS[field]);
}

/** Returns `Error` or `Cause` of a Fail, or the value of `ErrorPath` or `CausePath`; "" if it has neither. */
export function textField(state: State, field: "Error" | "Cause", scope: Scope): string {
  const path = state[`${field}Path`];
  if (path === undefined) return (state[field] as string | undefined) ?? "";
  const value = evaluate(path, `${field}Path`, scope);
  if (typeof value === "string") return value;
  throw new StatesError("States.Runtime", `The ${field}Path field refers to a value that is not a string: ${path}`);
}

// --- internal ---

/** AWS's messages about a number beyond the limits of its field, as far as recordings show them. */
const LIMIT_WORDS: Readonly<Record<string, string>> = {
  ToleratedFailureCount: "ToleratedFailureCount cannot be negative.",
  ToleratedFailurePercentage: "ToleratedFailurePercentage must be between 0 and 100.",
};

function notOfKind(holder: JsonObject, field: string, value: Json, kind: string): StatesError {
  const text = typeof value === "string" ? value : stringifyJson(value);
  return new StatesError(
    "States.Runtime",
    `The ${field}Path field refers to value "${text}" which is not a valid ${kind}: ${holder[`${field}Path`]}`,
  );
}

function pathConflict(step: Step, input: Json): StatesError {
  return new StatesError(
    "States.ReferencePathConflict",
    `Unable to apply step "${step}" to input ${stringifyJson(input)}`,
  );
}

function own(value: JsonObject | undefined, key: string): Json | undefined {
  return value && Object.hasOwn(value, key) ? value[key] : undefined;
}
