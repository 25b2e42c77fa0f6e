import { isObject, type JsonObject } from "../../base/json";
import { quote } from "../../base/text";
import type { Expression } from "../expressions";
import type { Field } from "../fields";
import { integrationOf } from "../integration";
import { JOB_NAME, SIZE_LIMITS, SUBMIT_JOB } from "../submit-job";
import { describeShape, type JsonType, type Shape } from "./data-shape";
import { type Scope, shapeOfExpression, tryParse, UNKNOWN_SCOPE } from "./expression-shape";
import { checkField } from "./field-rules";
import { error, type Finding, warning } from "./problem";
import type { CheckedState, Subject } from "./subject";

/** A task that submits a job by a request in JSONPath. */
export interface BatchTask extends CheckedState {
  readonly request: JsonObject;
  /** JSON pointer of the request. */
  readonly requestPointer: string;
}

/** Returns the tasks that submit a job. */
export function batchTasks({ states }: Subject): BatchTask[] {
  return states.flatMap((location) => {
    const { Type, Resource, Parameters } = location.state;
    const integration = Type === "Task" ? integrationOf(Resource) : null;
    if (integration === null || !SUBMITS_JOB.includes(integration.name) || location.jsonata) return [];
    const request = isObject(Parameters) ? Parameters : {};
    return [
      { ...location, request, requestPointer: location.pointer + (Parameters === undefined ? "" : "/Parameters") },
    ];
  });
}

/** Returns the resources that a request asks for, with the place of each in the request. */
export function resourceRequirements(request: JsonObject): { value: JsonObject; place: string }[] {
  const list = isObject(request.ContainerOverrides) ? request.ContainerOverrides.ResourceRequirements : [];
  return (Array.isArray(list) ? list : []).flatMap((value, index) =>
    isObject(value) ? [{ value, place: `ContainerOverrides/ResourceRequirements/${index}` }] : [],
  );
}

const SUBMITS_JOB: readonly string[] = ["batch:submitJob", "batch:submitJob.sync"];

/** Finds the requests that Batch or Step Functions would refuse, as far as the document shows it. */
export function* findBatchMistakes(subject: Subject): Generator<Finding, void, undefined> {
  for (const { request, requestPointer, pointer } of batchTasks(subject)) {
    const data = subject.flow.get(pointer)?.effective ?? UNKNOWN_SCOPE;
    yield* checkField(request, SUBMIT_JOB, requestPointer, "", {
      prefix: "batch-",
      dynamic: (text, field, place, name) => checkValue(text, field, place, name, data),
    });
    yield* checkSizes(request, requestPointer);
    // The job definition of a document from elsewhere may use the older names too.
    yield* checkResources(request, requestPointer, subject.placeholders === null ? warning : error);
    const { RetryStrategy } = request;
    if (isObject(RetryStrategy) && RetryStrategy.EvaluateOnExit !== undefined && !given(RetryStrategy, "Attempts")) {
      const message = "RetryStrategy.Attempts is missing; Batch requires it with EvaluateOnExit";
      yield error("batch-missing-field", `${requestPointer}/RetryStrategy`, message, "add Attempts, from 1 to 10");
    }
  }
}

// --- internal ---

function given(object: JsonObject, name: string): boolean {
  return object[name] !== undefined || object[`${name}.$`] !== undefined;
}

function* checkSizes(request: JsonObject, pointer: string): Generator<Finding, void, undefined> {
  const parts = [
    ["the request", request, pointer, SIZE_LIMITS.request],
    ["ContainerOverrides", request.ContainerOverrides, `${pointer}/ContainerOverrides`, SIZE_LIMITS.containerOverrides],
  ] as const;
  for (const [name, part, place, limit] of parts) {
    if (part === undefined) continue;
    // Values that are known only when the state runs do not count.
    const json = JSON.stringify(part, (key, value) => (key.endsWith(".$") ? undefined : value));
    const bytes = new TextEncoder().encode(json).length;
    if (bytes <= limit) continue;
    const message = `${name} must be at most ${limit} bytes of JSON, got: ${bytes}`;
    yield error("batch-limit", place, message, "put the data into a file in S3 and pass its URI");
  }
}

/** The older names of resources. They override nothing that the job definition has in resourceRequirements. */
const OLDER_RESOURCES = { Memory: "MEMORY", Vcpus: "VCPU" } as const;

/** @see https://docs.aws.amazon.com/batch/latest/userguide/override-resource-requirements.html */
function* checkResources(
  request: JsonObject,
  pointer: string,
  olderName: typeof error,
): Generator<Finding, void, undefined> {
  const overrides = isObject(request.ContainerOverrides) ? request.ContainerOverrides : {};
  for (const [name, type] of Object.entries(OLDER_RESOURCES)) {
    const given = [name, `${name}.$`].find((field) => overrides[field] !== undefined);
    if (given === undefined) continue;
    const message = `ContainerOverrides.${name} has no effect on a job definition with resourceRequirements`;
    const fix = `write {"Type": "${type}", "Value": "…"} in ContainerOverrides.ResourceRequirements`;
    yield olderName("batch-override", `${pointer}/ContainerOverrides/${given}`, message, fix);
  }
  for (const { value, place } of resourceRequirements(request)) {
    if (typeof value.Value !== "string" || value.Value.includes("${") || Number(value.Value) > 0) continue;
    const message = `the value of ${value.Type} in ResourceRequirements must be a number above 0, got: ${quote(value.Value)}`;
    yield error("batch-limit", `${pointer}/${place}/Value`, message, 'write a number in quotes, such as "1"');
  }
}

function* checkValue(
  text: string,
  field: Field,
  pointer: string,
  name: string,
  scope: Scope,
): Generator<Finding, void, undefined> {
  const expression = tryParse(text);
  if (expression === null) return;
  if (field === JOB_NAME) yield* checkNameTemplate(expression, pointer, name);
  yield* checkExpressionType(expression, field, pointer, name, scope);
}

/** Checks the literal parts of a name that States.Format puts together. */
function* checkNameTemplate(
  expression: Expression,
  pointer: string,
  name: string,
): Generator<Finding, void, undefined> {
  if (expression.kind !== "call" || expression.name !== "States.Format") return;
  const [template, ...values] = expression.arguments;
  if (template?.kind !== "literal") return;
  const filled = template.text.split("{}").reduce((before, part, index) => {
    const value = values[index - 1];
    return before + (value?.kind === "literal" ? String(value.value) : "x") + part;
  });
  yield* checkField(filled, JOB_NAME, pointer, name, NAME_CHECK);
}

const NAME_CHECK = { prefix: "batch-" } as const;

/** The JSON type that each kind of field needs, and how to convert a value of another type. */
const WANTED: Readonly<
  Partial<Record<Field["kind"], { type: JsonType; words: string; cast: (value: string, is: Shape) => string }>>
> = {
  text: { type: "string", words: "a string", cast: asText },
  number: {
    type: "number",
    words: "a number",
    cast: (value) => `write States.StringToJson(${value}) if the string contains a number`,
  },
  boolean: { type: "boolean", words: "true or false", cast: () => "use a path to true or false" },
  list: { type: "array", words: "a list", cast: (value) => `write States.Array(${value})` },
  map: { type: "object", words: "an object", cast: () => "use a path to an object" },
  object: { type: "object", words: "an object", cast: () => "use a path to an object" },
};

function* checkExpressionType(
  expression: Expression,
  field: Field,
  pointer: string,
  name: string,
  scope: Scope,
): Generator<Finding, void, undefined> {
  if (field.kind === "list" && expression.kind === "call" && expression.name === "States.Array") {
    for (const [index, argument] of expression.arguments.entries()) {
      yield* checkExpressionType(argument, field.of, pointer, `${name}[${index}]`, scope);
    }
    return;
  }
  const written = expression.kind === "call" ? `the result of ${expression.name}` : expression.text;
  const misfit = findMisfit(shapeOfExpression(expression, scope), field, name, written);
  if (misfit === null) return;
  const { words, cast } = WANTED[misfit.field.kind]!;
  const message = `${misfit.name} must be ${words}, but ${misfit.value} is ${describeShape(misfit.is)}`;
  const fix =
    misfit.value === written && expression.kind !== "call" ? cast(written, misfit.is) : `pass ${words} instead`;
  yield error("batch-wrong-type", pointer, message, fix);
}

interface Misfit {
  readonly name: string;
  readonly value: string;
  readonly is: Shape;
  readonly field: Field;
}

/** Returns the first place where the data certainly does not fit a field. */
function findMisfit(is: Shape, field: Field, name: string, value: string): Misfit | null {
  const wanted = WANTED[field.kind];
  if (wanted === undefined) return null;
  if (!is.types.has(wanted.type)) return { name, value, is, field };
  if (field.kind === "list" && is.items !== null && is.maxItems !== 0) {
    return findMisfit(is.items, field.of, `each item of ${name}`, `each item of ${value}`);
  }
  if (field.kind === "map" || field.kind === "object") {
    for (const [key, inner] of is.properties) {
      const member = field.kind === "map" ? field.of : Object.hasOwn(field.fields, key) ? field.fields[key] : undefined;
      const misfit = member && findMisfit(inner, member, `${name}.${key}`, `${value}.${key}`);
      if (misfit) return misfit;
    }
  }
  return null;
}

function asText(value: string, { types }: Shape): string {
  const structured = types.has("object") || types.has("array");
  return structured ? `write States.JsonToString(${value})` : `write States.Format('{}', ${value})`;
}
