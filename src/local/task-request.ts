/** The evaluated request of a task, as Step Functions checks it before it calls the service. */
import { checkField, type ServicePrefix } from "../asl/check/field-rules";
import type { Field, ObjectField } from "../asl/fields";
import { isObject, type Json, type JsonObject, stringifyJson } from "../base/json";
import { StatesError } from "./interpreter/states-error";

/**
 * Returns a request without its optional members that are null, which Step Functions does not pass on.
 *
 * @param refused makes the error of a service that refuses a value
 * @throws StatesError `States.Runtime`, which nothing retries, if Step Functions refuses a field's name or type
 */
export function checkedRequest(
  parameters: Json,
  table: ObjectField,
  prefix: ServicePrefix,
  refused: (message: string) => StatesError,
): JsonObject {
  const findings = [...checkField(parameters, table, "", "", { prefix })].filter(
    ({ severity }) => severity === "error",
  );
  const unfit = findings.filter(({ rule }) => rule !== `${prefix}limit`).map(({ message }) => message);
  if (unfit.length > 0) {
    const shown = stringifyJson(parameters);
    throw new StatesError(
      "States.Runtime",
      `The Parameters '${shown}' could not be used to start the Task: [${unfit.join(", ")}]`,
    );
  }
  if (findings.length > 0) throw refused(findings.map(({ message }) => message).join(", "));
  return withoutNulls(parameters, table) as JsonObject;
}

// --- internal ---

function withoutNulls(value: Json, field: Field): Json {
  if (field.kind === "list" && Array.isArray(value)) return value.map((item) => withoutNulls(item, field.of));
  if (field.kind !== "object" || !isObject(value)) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(given.map(([key, inner]) => [key, withoutNulls(inner, field.fields[key]!)]));
}
