/**
 * Plans a job from a SubmitJob request and a job definition: checks the request, applies its overrides, replaces
 * parameters.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
 */
import { BATCH_ONLY_FIELDS, SIZE_LIMITS, SUBMIT_JOB, substituteParameters } from "../../asl/submit-job";
import { type Json, plainNumbers, stringifyJson } from "../../base/json";
import { StatesError } from "../interpreter/states-error";
import { checkedRequest } from "../task-request";
import type { EvaluateOnExit, JobDefinition } from "./job-definition";
import { type Dependency, refused } from "./submitted-jobs";

/** A job queue. */
export interface JobQueue {
  readonly name: string;
  readonly arn: string;
}

/** A job that can run. */
export interface JobPlan {
  readonly name: string;
  readonly queue: JobQueue;
  readonly definition: JobDefinition;
  readonly parameters: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** All variables except `AWS_BATCH_…`, which each attempt adds. */
  readonly environment: Readonly<Record<string, string>>;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly gpus: number;
  readonly timeoutSeconds: number | null;
  readonly attempts: number;
  readonly evaluateOnExit: readonly EvaluateOnExit[];
  readonly tags: Readonly<Record<string, string>>;
  /** The number of children of an array job, from 2 to 10,000; `null` for any other job. */
  readonly arraySize: number | null;
  readonly dependsOn: readonly Dependency[];
}

/**
 * Plans the job of a request.
 *
 * @throws StatesError `States.Runtime`, which nothing retries, if Step Functions refuses a field's name or type;
 * `Batch.ClientException` if Batch refuses the request
 */
export function planJob(parameters: Json, definitions: readonly JobDefinition[], queues: readonly JobQueue[]): JobPlan {
  const request = checkFields(parameters);
  const { JobQueue, JobDefinition, ContainerOverrides = {}, RetryStrategy } = request;
  const queue = queues.find(({ name, arn }) => JobQueue === name || JobQueue === arn);
  if (queue === undefined) throw refused(`JobQueue ${JobQueue} not found`);
  const definition = findJobDefinition(definitions, JobDefinition);
  if (definition === undefined) throw refused(`JobDefinition ${JobDefinition} not found`);
  checkSizes(request, ContainerOverrides);
  checkOverrides(ContainerOverrides);
  if (RetryStrategy?.EvaluateOnExit && RetryStrategy.Attempts === undefined) {
    throw refused("RetryStrategy.EvaluateOnExit needs RetryStrategy.Attempts beside it");
  }

  const resources = new Map(ContainerOverrides.ResourceRequirements?.map(({ Type, Value }) => [Type, Number(Value)]));
  const values = { ...definition.parameters, ...request.Parameters };
  return {
    name: request.JobName,
    queue,
    definition,
    parameters: values,
    command: substituteParameters(ContainerOverrides.Command ?? definition.command, values),
    environment: environmentOf(definition, ContainerOverrides.Environment),
    vcpus: resources.get("VCPU") ?? definition.vcpus,
    memoryMiB: resources.get("MEMORY") ?? definition.memoryMiB,
    gpus: resources.get("GPU") ?? definition.gpus,
    timeoutSeconds: request.Timeout?.AttemptDurationSeconds ?? definition.timeoutSeconds,
    attempts: RetryStrategy?.Attempts ?? definition.attempts,
    evaluateOnExit: RetryStrategy ? (RetryStrategy.EvaluateOnExit ?? []) : definition.evaluateOnExit,
    tags: request.Tags ?? {},
    arraySize: request.ArrayProperties?.Size ?? null,
    dependsOn: request.DependsOn ?? [],
  };
}

/** Finds a definition by name or ARN. Without a revision it is the newest one. */
export function findJobDefinition(definitions: readonly JobDefinition[], nameOrArn: string): JobDefinition | undefined {
  const whole = definitions.find(({ arn }) => arn === nameOrArn);
  if (whole !== undefined) return whole;
  const byRevision = definitions.toSorted((one, other) => revision(other) - revision(one));
  return byRevision.find(({ arn, name }) =>
    [arn, arn.replace(/:\d+$/, ""), name, arn.replace(/^.*\//, "")].includes(nameOrArn),
  );
}

// --- internal ---

/** The fields of a request that a local run uses. */
interface SubmitJob {
  JobName: string;
  JobDefinition: string;
  JobQueue: string;
  Parameters?: Record<string, string>;
  ContainerOverrides?: ContainerOverrides;
  RetryStrategy?: { Attempts?: number; EvaluateOnExit?: EvaluateOnExit[] };
  Timeout?: { AttemptDurationSeconds?: number };
  Tags?: Record<string, string>;
  ArrayProperties?: { Size?: number };
  DependsOn?: Dependency[];
}

interface ContainerOverrides {
  Command?: string[];
  Environment?: { Name?: string; Value?: string }[];
  ResourceRequirements?: { Type: "GPU" | "MEMORY" | "VCPU"; Value: string }[];
}

function checkFields(parameters: Json): SubmitJob {
  const request = checkedRequest(parameters, SUBMIT_JOB, "batch-", refused);
  const foreign = BATCH_ONLY_FIELDS.find((field) => Object.hasOwn(request, field));
  if (foreign !== undefined) {
    throw new StatesError("States.Runtime", `${foreign} needs AWS Batch; remove it, or run the workflow on AWS`);
  }
  return plainNumbers(request) as unknown as SubmitJob;
}

function checkSizes(request: SubmitJob, overrides: ContainerOverrides): void {
  const bytes = checkSize("SubmitJob request", request, SIZE_LIMITS.request);
  // The overrides are a part of the request.
  if (bytes > SIZE_LIMITS.containerOverrides) {
    checkSize("Container Overrides", overrides, SIZE_LIMITS.containerOverrides);
  }
}

function checkSize(what: string, part: object, limit: number): number {
  const bytes = Buffer.byteLength(stringifyJson(part));
  if (bytes > limit) throw refused(`${what} length must be at most ${limit}, got: ${bytes}`);
  return bytes;
}

/** The variables of each definition, for all its jobs that add none. */
const OF_DEFINITIONS = new WeakMap<JobDefinition, JobPlan["environment"]>();

function environmentOf(
  definition: JobDefinition,
  overrides: ContainerOverrides["Environment"] = [],
): JobPlan["environment"] {
  const known = overrides.length === 0 ? OF_DEFINITIONS.get(definition) : undefined;
  if (known !== undefined) return known;
  const environment = {
    ...Object.fromEntries(definition.environment.map(({ name, value }) => [name, value])),
    ...Object.fromEntries(overrides.map(({ Name = "", Value = "" }) => [Name, Value])),
    MANAGED_BY_AWS: "STARTED_BY_STEP_FUNCTIONS",
  };
  if (overrides.length === 0) OF_DEFINITIONS.set(definition, environment);
  return environment;
}

/** @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerOverrides.html */
function checkOverrides(overrides: ContainerOverrides): void {
  // These deprecated fields do not override the resourceRequirements of a job definition.
  for (const field of ["Memory", "Vcpus"].filter((name) => Object.hasOwn(overrides, name))) {
    throw refused(`ContainerOverrides.${field} overrides nothing; use ContainerOverrides.ResourceRequirements`);
  }
  for (const { Type, Value } of overrides.ResourceRequirements ?? []) {
    if (!(Number(Value) > 0))
      throw refused(`the value of ${Type} in ResourceRequirements must be a number above 0, got: "${Value}"`);
  }
}

function revision({ arn }: JobDefinition): number {
  return Number(/:(\d+)$/.exec(arn)?.[1] ?? 0);
}
