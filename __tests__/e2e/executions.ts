import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { BatchClient, DescribeJobsCommand, type JobStatus, ListJobsCommand } from "@aws-sdk/client-batch";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { clientConfiguration } from "./environment";
import type { Project } from "./project";

/** The address of the executions of a deployment. */
export interface Place {
  readonly region: string;
  readonly stateMachineArn: string;
  readonly jobQueueArn: string;
  readonly jobLogGroup: string;
}

/** Returns the address for a deployed project. */
export async function placeOf(project: Project): Promise<Place> {
  const outputs = await project.outputs("workflow");
  return {
    region: project.settings().region,
    stateMachineArn: outputs["state-machine-arn"]!,
    jobQueueArn: outputs["job-queue-arn"]!,
    jobLogGroup: outputs["job-log-group"]!,
  };
}

const LONGEST_WAIT_MS = 60_000;

/** Starts an execution and waits for its end. Returns its status and the sorted output of its jobs. */
export async function execute(place: Place, input: string): Promise<{ status: string; printed: string[][] }> {
  const before = new Set(await jobs(place));
  const executionArn = await start(place, input);
  const sfn = new SFNClient(clientConfiguration(place.region));
  const status = await awaited(async () => {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return status === "RUNNING" ? null : status!;
  });
  const started = (await jobs(place)).filter((id) => !before.has(id));
  return { status, printed: (await Promise.all(started.map((id) => printed(place, id)))).sort() };
}

/** Starts an execution and waits until one of its jobs runs. */
export async function startUntilJobRuns(place: Place, input: string): Promise<void> {
  await start(place, input);
  await awaited(async () => ((await jobs(place, ["RUNNING"])).length > 0 ? true : null));
}

async function start({ region, stateMachineArn }: Place, input: string): Promise<string> {
  const sfn = new SFNClient(clientConfiguration(region));
  const request = { stateMachineArn, name: randomUUID(), input };
  return (await sfn.send(new StartExecutionCommand(request))).executionArn!;
}

/** Asks repeatedly until there is an answer. */
async function awaited<T>(ask: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== null) return answer;
    await setTimeout(100);
  }
  throw new Error(`nothing came of it within ${LONGEST_WAIT_MS} ms`);
}

async function jobs(
  { region, jobQueueArn }: Place,
  statuses: readonly JobStatus[] = ["RUNNING", "SUCCEEDED", "FAILED"],
): Promise<string[]> {
  const batch = new BatchClient(clientConfiguration(region));
  const listed = await Promise.all(
    statuses.map((jobStatus) => batch.send(new ListJobsCommand({ jobQueue: jobQueueArn, jobStatus }))),
  );
  return listed.flatMap(({ jobSummaryList }) => jobSummaryList!.map(({ jobId }) => jobId!));
}

async function printed({ region, jobLogGroup }: Place, jobId: string): Promise<string[]> {
  const batch = new BatchClient(clientConfiguration(region));
  const logs = new CloudWatchLogsClient(clientConfiguration(region));
  const { jobs } = await batch.send(new DescribeJobsCommand({ jobs: [jobId] }));
  const logStreamName = jobs![0]!.container!.logStreamName!;
  const request = { logGroupName: jobLogGroup, logStreamName, startFromHead: true };
  const { events } = await logs.send(new GetLogEventsCommand(request));
  return events!.map(({ message }) => message!);
}
