import { isObject } from "../../../base/json";
import type { JobSize } from "../../compute-sizes";
import { error, type Finding, warning } from "../problem";
import type { RequestTask } from "../request-fields";
import { type CheckedJob, type CheckedQueue, type Subject, WORKFLOW_QUEUE } from "../subject";
import { batchTasks } from "./batch-request";
import { definitionOf, namedPlaceholder } from "./job-parameters";

/** A queue of the project. */
export interface ProjectQueue extends CheckedQueue {
  readonly placeholder: string;
  /** True if its instances have GPUs for the jobs. */
  readonly hasGpus: boolean;
}

/** Returns the queue of the project to which a task sends its job; `null` if it is none, or known only when the state runs. */
export function queueOf({ request }: RequestTask, subject: Subject): ProjectQueue | null {
  const placeholder = namedPlaceholder(request.JobQueue);
  return placeholder === null ? null : projectQueue(placeholder, subject);
}

/** Returns the queue of a placeholder; `null` if it stands for no queue of the project. */
export function projectQueue(placeholder: string, { queues, jobDefinitions }: Subject): ProjectQueue | null {
  if (queues === null || !Object.hasOwn(queues, placeholder)) return null;
  const hasGpus = Object.values(jobDefinitions).some(({ queue, gpus }) => queue === placeholder && gpus !== null);
  return { ...queues[placeholder]!, placeholder, hasGpus };
}

/** Finds jobs that go to a queue whose compute cannot run them, or is not the one that their settings ask for. */
export function* findQueueMistakes(subject: Subject): Generator<Finding, void, undefined> {
  for (const task of batchTasks(subject)) {
    const [job, queue] = [definitionOf(task, subject), queueOf(task, subject)];
    if (job === null) continue;
    yield* overriddenSecrets(task, job);
    if (queue === null || queue.placeholder === job.queue) continue;
    const home = projectQueue(job.queue, subject)!;
    const place = `${task.requestPointer}/JobQueue`;
    const fix = `write "\${${job.queue}}"`;
    const mistake = queueMistake(job, home, queue);
    const [name, definition] = [`\${${queue.placeholder}}`, String(task.request.JobDefinition)];
    if (mistake !== null) {
      const message = `JobQueue is "${name}", ${mistake.queue}, but ${definition} ${mistake.job}`;
      yield error("batch-queue", place, message, fix);
    } else if (job.queue !== WORKFLOW_QUEUE) {
      const message = `JobQueue is "${name}", so ${definition} does not run on the compute that cdktf.json names for it`;
      yield warning("batch-queue", place, message, fix);
    }
  }
}

// --- internal ---

/** Returns why a queue cannot run a job, in two halves of a sentence. */
function queueMistake(job: CheckedJob, home: ProjectQueue, queue: ProjectQueue): { queue: string; job: string } | null {
  const platform = ({ isFargate }: ProjectQueue) => (isFargate ? "Fargate" : "instances");
  if (queue.isFargate !== home.isFargate) {
    return { queue: `which runs jobs on ${platform(queue)}`, job: `is a job for ${platform(home)}` };
  }
  if (queue.architecture !== home.architecture) {
    return { queue: `which has ${queue.architecture} processors`, job: `has an image for ${home.architecture}` };
  }
  if (job.gpus !== null && !queue.hasGpus) {
    return { queue: "which has no GPUs", job: `needs ${job.gpus}` };
  }
  const { instance } = queue;
  if (instance !== null && (job.vcpus > instance.vcpus || job.memoryMiB > instance.memoryMiB)) {
    return { queue: `whose instances have ${sizeOf(instance)}`, job: `needs ${sizeOf(job)}` };
  }
  return null;
}

function sizeOf({ vcpus, memoryMiB }: JobSize): string {
  return `${vcpus} vCPUs and ${memoryMiB} MiB`;
}

/**
 * ECS refuses a variable that is a secret too.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
 */
function* overriddenSecrets({ request, requestPointer }: RequestTask, { secrets }: CheckedJob): Generator<Finding> {
  const overrides = isObject(request.ContainerOverrides) ? request.ContainerOverrides : {};
  const variables = Array.isArray(overrides.Environment) ? overrides.Environment : [];
  for (const [index, variable] of variables.entries()) {
    const name = isObject(variable) ? variable.Name : undefined;
    if (typeof name !== "string" || !Object.hasOwn(secrets, name)) continue;
    const message = `ContainerOverrides.Environment sets ${name}, but it is a secret of ${String(request.JobDefinition)}, so the job does not start`;
    const place = `${requestPointer}/ContainerOverrides/Environment/${index}`;
    yield error("batch-secret-override", place, message, "remove it, or give one of them another name");
  }
}
