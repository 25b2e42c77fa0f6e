/** Asks AWS for the facts about job queues. */
import {
  type BatchClient,
  type ComputeEnvironmentDetail,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  GetJobQueueSnapshotCommand,
  type GetJobQueueSnapshotResponse,
  type JobDetail,
  type JobQueueDetail,
  ListJobsCommand,
} from "@aws-sdk/client-batch";
import { countOf, listOf, textOf, timeOf } from "../../../aws/answers";
import { waitReasonOf } from "../../../aws/batch-answers";
import { connect } from "../../../aws/clients";
import { explained } from "../../../aws/failures";
import { UsageError } from "../../../base/errors";
import { hasOwnQueue } from "../../../project/job-compute";
import { resourceName } from "../../../project/names";
import type { Settings } from "../../../project/settings-types";
import { findSubnets } from "./find-subnets";
import type { EnvironmentFacts, QueueFacts, WaitingJob } from "./queue-facts";

/** Returns the queues of the deployment. */
export function queuesOf(settings: Settings): string[] {
  const own = Object.keys(settings.jobs).filter((job) => hasOwnQueue(settings, job));
  return [resourceName(settings), ...own.map((job) => resourceName(settings, job))];
}

/**
 * Returns the facts about queues, which are names or ARNs.
 *
 * @throws UsageError if one of them does not exist, or if AWS does not show it
 */
export async function findQueues(queues: readonly string[], region: string): Promise<QueueFacts[]> {
  const { batch } = connect(region);
  const { jobQueues } = await explained(batch.send(new DescribeJobQueuesCommand({ jobQueues: [...queues] })));
  const found = listOf(jobQueues).filter(({ status }) => status !== "DELETED");
  for (const queue of queues) {
    if (found.some(({ jobQueueName, jobQueueArn }) => queue === jobQueueName || queue === jobQueueArn)) continue;
    throw new UsageError(`there is no job queue ${queue} in ${region}; deploy first, or name another one with --queue`);
  }
  return Promise.all(found.map((queue) => factsOf(queue, batch, region)));
}

// --- internal ---

async function factsOf(queue: JobQueueDetail, batch: BatchClient, region: string): Promise<QueueFacts> {
  const name = textOf(queue.jobQueueName) ?? "";
  const order = listOf(queue.computeEnvironmentOrder).toSorted((one, other) => (one.order ?? 0) - (other.order ?? 0));
  const arns = order.flatMap(({ computeEnvironment }) => textOf(computeEnvironment) ?? []);
  const [environments, snapshot] = await Promise.all([
    findEnvironments(arns, batch, region),
    orNull(batch.send(new GetJobQueueSnapshotCommand({ jobQueue: name }))),
  ]);
  return {
    name,
    state: textOf(queue.state) ?? "UNKNOWN",
    status: textOf(queue.status) ?? "UNKNOWN",
    environments,
    waiting: await findWaiting(name, snapshot, batch),
    usedVcpus: usedVcpus(snapshot),
  };
}

async function findEnvironments(arns: string[], batch: BatchClient, region: string): Promise<EnvironmentFacts[]> {
  if (arns.length === 0) return [];
  const request = new DescribeComputeEnvironmentsCommand({ computeEnvironments: arns });
  const { computeEnvironments } = await explained(batch.send(request));
  const found = listOf(computeEnvironments);
  return Promise.all(
    arns.map((arn) => {
      const name = arn.replace(/^.*\//, "");
      return environmentFacts(name, found.find((one) => one.computeEnvironmentName === name) ?? null, region);
    }),
  );
}

async function environmentFacts(
  name: string,
  found: ComputeEnvironmentDetail | null,
  region: string,
): Promise<EnvironmentFacts> {
  const resources = found?.computeResources;
  const ids = Array.isArray(resources?.subnets) ? resources.subnets.filter((id) => textOf(id) !== undefined) : [];
  const image = [resources?.imageId, ...listOf(resources?.ec2Configuration).map((one) => one.imageIdOverride)].find(
    Boolean,
  );
  const { launchTemplateId, launchTemplateName } = resources?.launchTemplate ?? {};
  const template = textOf(launchTemplateName) ?? textOf(launchTemplateId);
  return {
    name,
    state: found === null ? "DISABLED" : (textOf(found.state) ?? "UNKNOWN"),
    status: found === null ? "DELETED" : (textOf(found.status) ?? "UNKNOWN"),
    reason: textOf(found?.statusReason) || null,
    isFargate: String(resources?.type).startsWith("FARGATE"),
    maxVcpus: countOf(resources?.maxvCpus) ?? null,
    desiredVcpus: countOf(resources?.desiredvCpus) ?? null,
    ownImage: textOf(image) ?? (template === undefined ? null : `the launch template ${template}`),
    subnets: ids.length === 0 ? [] : await orNull(findSubnets(ids, region)),
  };
}

/** The jobs at the front of the queue. Without the right to see its snapshot, those that Batch lists. */
async function findWaiting(
  queue: string,
  snapshot: GetJobQueueSnapshotResponse | null,
  batch: BatchClient,
): Promise<WaitingJob[] | null> {
  const ids = snapshot === null ? await listWaiting(queue, batch) : frontOf(snapshot);
  if (ids === null || ids.length === 0) return ids === null ? null : [];
  const answer = await orNull(batch.send(new DescribeJobsCommand({ jobs: ids })));
  if (answer === null) return null;
  const details = new Map(listOf(answer.jobs).map((detail) => [detail.jobId, detail]));
  return ids.flatMap((id) => {
    const detail = details.get(id);
    return detail?.status === "RUNNABLE" ? [waitingJob(detail)] : [];
  });
}

function frontOf({ frontOfQueue }: GetJobQueueSnapshotResponse): string[] {
  return listOf(frontOfQueue?.jobs).flatMap(({ jobArn }) => textOf(jobArn)?.replace(/^.*\//, "") ?? []);
}

async function listWaiting(jobQueue: string, batch: BatchClient): Promise<string[] | null> {
  const request = new ListJobsCommand({ jobQueue, jobStatus: "RUNNABLE", maxResults: 100 });
  const answer = await orNull(batch.send(request));
  if (answer === null) return null;
  // Batch does not say in which order it lists jobs.
  const jobs = listOf(answer.jobSummaryList).toSorted((one, other) => (one.createdAt ?? 0) - (other.createdAt ?? 0));
  return jobs.flatMap(({ jobId }) => textOf(jobId) ?? []);
}

function waitingJob(detail: JobDetail): WaitingJob {
  const { jobName, createdAt, container } = detail;
  const asked = listOf(container?.resourceRequirements).find(({ type }) => type === "VCPU")?.value;
  const vcpus = Number(asked ?? container?.vcpus ?? Number.NaN);
  return {
    name: textOf(jobName) ?? "a job",
    reason: waitReasonOf(detail),
    since: timeOf(createdAt) ?? null,
    vcpus: Number.isFinite(vcpus) ? vcpus : null,
  };
}

function usedVcpus(snapshot: GetJobQueueSnapshotResponse | null): number | null {
  const usage = listOf(snapshot?.queueUtilization?.totalCapacityUsage);
  const { quantity } = usage.find(({ capacityUnit }) => /vcpu/i.test(textOf(capacityUnit) ?? "")) ?? {};
  return typeof quantity === "number" ? quantity : null;
}

/** For facts that the diagnosis can do without. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch(() => null);
}
