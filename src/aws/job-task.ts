/** Finds the Amazon ECS task of a job. */
import { DescribeJobsCommand } from "@aws-sdk/client-batch";
import { UsageError } from "../base/errors";
import { printable } from "../base/terminal-text";
import type { JobStatus } from "../execution/events";
import { countOf, listOf, textOf } from "./answers";
import { statusOf } from "./batch-answers";
import type { AwsClients } from "./clients";
import { explained } from "./failures";

/** A job and its task. */
export interface JobTask {
  readonly name: string;
  readonly status: JobStatus;
  /** `arn:aws:ecs:<region>:<account>:task/<cluster>/<id>`; `null` before the job has a task. */
  readonly taskArn: string | null;
  /** The job definition turns on ECS Exec. */
  readonly isExecEnabled: boolean;
  /** The number of children of an array job, which has no task itself; `null` for any other job. */
  readonly arraySize: number | null;
}

/** @throws UsageError if AWS does not know the job, or does not answer */
export async function describeTask({ batch }: AwsClients, jobId: string): Promise<JobTask> {
  const [detail] = listOf((await explained(batch.send(new DescribeJobsCommand({ jobs: [jobId] })))).jobs);
  if (detail === undefined) throw new UsageError(`AWS Batch knows no job with the id ${printable(jobId)}`);
  const { container, arrayProperties } = detail;
  return {
    name: textOf(detail.jobName) ?? jobId,
    status: statusOf(detail),
    taskArn: textOf(container?.taskArn) ?? null,
    isExecEnabled: container?.enableExecuteCommand === true,
    arraySize: countOf(arrayProperties?.size) ?? null,
  };
}
