import { isObject, type JsonObject } from "../../../base/json";
import { quote } from "../../../base/text";
import { integrationOf } from "../../integration";
import { isJsonataText } from "../../query-language";
import { SIZE_LIMITS, SUBMIT_JOB } from "../../submit-job";
import { error, type Finding, warning } from "../problem";
import { findRequestMistakes, type RequestTask, requestTask } from "../request-fields";
import type { CheckedState, Subject } from "../subject";

/** Returns the tasks that submit a job, without those whose whole request is one expression. */
export function batchTasks({ states }: Subject): RequestTask[] {
  return states.filter(submitsJob).flatMap(requestTask);
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
  for (const location of subject.states.filter(submitsJob)) {
    yield* findRequestMistakes(location, SUBMIT_JOB, "batch-", subject);
  }
  for (const { request, requestPointer } of batchTasks(subject)) {
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

function submitsJob({ state }: CheckedState): boolean {
  const integration = state.Type === "Task" ? integrationOf(state.Resource) : null;
  return integration !== null && SUBMITS_JOB.includes(integration.name);
}

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
    const json = JSON.stringify(part, (key, value) => (key.endsWith(".$") || isJsonataText(value) ? undefined : value));
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
    if (typeof value.Value !== "string" || value.Value.includes("${") || isJsonataText(value.Value)) continue;
    if (Number(value.Value) > 0) continue;
    const message = `the value of ${value.Type} in ResourceRequirements must be a number above 0, got: ${quote(value.Value)}`;
    yield error("batch-limit", `${pointer}/${place}/Value`, message, 'write a number in quotes, such as "1"');
  }
}
