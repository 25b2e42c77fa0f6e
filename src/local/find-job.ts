/** Finds the queue and the job definition that a request of SubmitJob names, in the project or in a document from elsewhere. */
import type { StatesDocument } from "../asl/document";
import { jobDefinitionName } from "../asl/job-definitions";
import { asObject, type Json, type JsonObject, objectsOf } from "../base/json";
import { LOCAL_ACCOUNT } from "../project/names";
import type { JobDefinition as Definition } from "./batch/job-definition";
import type { SynthesizedWorkflow } from "./synthesize";

/** A document that belongs to no project, so its queues and job definitions are unknown. */
interface DocumentWorkflow {
  readonly stateMachine: SynthesizedWorkflow["stateMachine"];
  /** Returns what to run for a job definition: an image, or `""` for the command of the request; `null` if nothing can run. */
  readonly imageOf: (jobDefinition: string) => string | null;
}

/** Returns a state machine that is not synthesized, with ARNs in an account of zeros. */
export function stateMachineOf(
  name: string,
  definition: StatesDocument,
  region = "us-east-1",
): SynthesizedWorkflow["stateMachine"] {
  return {
    name,
    arn: `arn:aws:states:${region}:${LOCAL_ACCOUNT}:stateMachine:${name}`,
    roleArn: `arn:aws:iam::${LOCAL_ACCOUNT}:role/${name}`,
    definition,
  };
}

export type LocalWorkflow = SynthesizedWorkflow | DocumentWorkflow;

/** A request, and the queues and job definitions that it can name. */
export interface FoundJob {
  readonly parameters: Json;
  readonly queues: SynthesizedWorkflow["queues"];
  readonly definitions: readonly Definition[];
}

/** Returns the function that finds the job of a request. It returns `null` if nothing is known to run for it. */
export function jobFinder(workflow: LocalWorkflow): (parameters: Json) => FoundJob | null {
  if ("jobDefinitions" in workflow) {
    const { queues, jobDefinitions: definitions } = workflow;
    return (parameters) => ({ parameters, queues, definitions });
  }
  return (parameters) => findUnknownJob(asObject(parameters), workflow);
}

// --- internal ---

/** The size of a job whose definition is unknown and whose request names none. */
const DEFAULT_VCPUS = 1;
const DEFAULT_MEMORY_MIB = 2048;

/** Makes up the queue and the job definition of a request. The request then names them by their ARNs. */
function findUnknownJob(request: JsonObject, { stateMachine, imageOf }: DocumentWorkflow): FoundJob | null {
  const { JobDefinition, JobQueue } = request;
  // Step Functions refuses such a request.
  if (typeof JobDefinition !== "string" || typeof JobQueue !== "string") {
    return { parameters: request, queues: [], definitions: [] };
  }
  const name = jobDefinitionName(JobDefinition);
  const image = imageOf(name);
  if (image === null) return null;
  const arn = (resource: string) => stateMachine.arn.replace(/:states:(.*):stateMachine:.*/s, `:batch:$1:${resource}`);
  const queueName = JobQueue.replace(/^arn:.*:job-queue\//, "");
  const queue = { name: queueName, arn: arn(`job-queue/${queueName}`) };
  const definition: Definition = {
    arn: arn(`job-definition/${name}:1`),
    name,
    image,
    command: [],
    parameters: {},
    environment: [],
    vcpus: DEFAULT_VCPUS,
    memoryMiB: DEFAULT_MEMORY_MIB,
    gpus: 0,
    sharedMemoryMiB: null,
    user: null,
    readonlyRootFilesystem: false,
    initProcess: false,
    secrets: {},
    mounts: [],
    timeoutSeconds: null,
    attempts: 1,
    evaluateOnExit: [],
    container: {},
    platformCapabilities: [],
    propagateTags: false,
    compute: null,
    localCommand: [],
  };
  const parameters = { ...withResources(request), JobDefinition: definition.arn, JobQueue: queue.arn };
  return { parameters, queues: [queue], definitions: [definition] };
}

/**
 * Replaces the older fields `Vcpus` and `Memory` of the overrides. They count if the job definition uses them too.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerOverrides.html
 */
function withResources(request: JsonObject): JsonObject {
  const { Vcpus, Memory, ...overrides } = asObject(request.ContainerOverrides);
  const older = Object.entries({ VCPU: Vcpus, MEMORY: Memory }).filter(([, value]) => typeof value === "number");
  if (older.length === 0) return request;
  const resources = [
    ...older.map(([Type, value]) => ({ Type, Value: String(value) })),
    ...objectsOf(overrides.ResourceRequirements),
  ];
  return { ...request, ContainerOverrides: { ...overrides, ResourceRequirements: resources } };
}
