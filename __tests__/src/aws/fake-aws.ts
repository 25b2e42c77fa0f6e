/** An AWS that answers with the shapes of the real one and goes by a fake clock: an execution, its jobs and their logs. */
import {
  BatchClient,
  DescribeComputeEnvironmentsCommand,
  DescribeJobsCommand,
  GetJobQueueSnapshotCommand,
  type JobDetail,
} from "@aws-sdk/client-batch";
import { CloudWatchLogsClient, FilterLogEventsCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { mockClient } from "aws-sdk-client-mock";
import type { FakeClock } from "../../../scripts/demo/fake-clock";
import { connect } from "../../../src/aws/clients";

export const EXECUTION = "arn:aws:states:eu-west-1:123456789012:execution:echo_dev:run";

/** Everything on AWS, each thing from its time on. */
export interface FakeExecution {
  readonly history: readonly HistoryEvent[];
  /** The jobs by id. The newest state counts. */
  readonly jobs?: Readonly<Record<string, readonly (readonly [from: number, detail: Partial<JobDetail>])[]>>;
  /** The compute environments of the account. */
  readonly environments?: readonly object[];
  /** The lines of the performance log of Container Insights; two make a page. */
  readonly performance?: readonly { readonly Timestamp: number }[];
  /** The lines of each stream, with the time of their arrival. */
  readonly streams?: Readonly<Record<string, readonly (readonly [arrives: number, line: string])[]>>;
  /** The Map Runs. */
  readonly mapRun?: (now: number) => object;
  readonly children?: readonly object[];
  /** Throws what AWS would, or what the network does. */
  readonly failing?: (operation: string, now: number) => void;
  /** @default what the history tells */
  readonly status?: (now: number) => string;
  /** The ids of the jobs at the front of every queue. */
  readonly front?: (now: number) => readonly string[];
  /** Lines that are given at once. */
  readonly logPage?: number;
}

const failure = (name: string) => Object.assign(new Error("no such thing"), { name });

/** Clients that answer, and what they were asked. */
export function fakeAws(clock: FakeClock, execution: FakeExecution) {
  const [sfn, batch, logs] = [mockClient(SFNClient), mockClient(BatchClient), mockClient(CloudWatchLogsClient)];
  const asked: { operation: string; at: number; input: Record<string, unknown> }[] = [];
  const answering =
    <Input, Output>(operation: string, answer: (input: Input, now: number) => Output) =>
    async (input: Input): Promise<Output> => {
      const now = clock.now();
      asked.push({ operation, at: now, input: input as Record<string, unknown> });
      execution.failing?.(operation, now);
      return answer(input, now);
    };

  const happened = (now: number) => execution.history.filter(({ timestamp }) => timestamp!.getTime() <= now);
  sfn.on(GetExecutionHistoryCommand).callsFake(
    answering("GetExecutionHistory", ({ nextToken, maxResults }: { nextToken?: string; maxResults: number }, now) => {
      const [events, from] = [happened(now), Number(nextToken ?? 0)];
      const more = events.length > from + maxResults ? { nextToken: String(from + maxResults) } : {};
      return { events: events.slice(from, from + maxResults), ...more };
    }),
  );
  sfn.on(DescribeExecutionCommand).callsFake(
    answering("DescribeExecution", ({ executionArn }: { executionArn: string }, now) => {
      if (executionArn !== EXECUTION) return { status: "FAILED", error: "E", cause: `of ${executionArn}` };
      const isOver = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(happened(now).at(-1)?.type ?? "");
      return { status: execution.status?.(now) ?? (isOver ? "SUCCEEDED" : "RUNNING") };
    }),
  );
  sfn
    .on(DescribeMapRunCommand)
    .callsFake(answering("DescribeMapRun", (_, now) => ({ itemCounts: execution.mapRun!(now) })));
  sfn.on(ListExecutionsCommand).callsFake(
    answering("ListExecutions", ({ statusFilter }: { statusFilter: string }) => ({
      executions: execution.children!.filter((child) => (child as { status: string }).status === statusFilter),
    })),
  );
  batch.on(DescribeJobsCommand).callsFake(
    answering("DescribeJobs", ({ jobs }: { jobs: string[] }, now) => ({
      jobs: jobs.flatMap((jobId) => {
        const known = execution.jobs?.[jobId]?.findLast(([from]) => from <= now);
        return known ? [{ jobId, ...known[1] }] : [];
      }),
    })),
  );
  batch.on(GetJobQueueSnapshotCommand).callsFake(
    answering("GetJobQueueSnapshot", (_, now) => ({
      frontOfQueue: {
        jobs: execution.front?.(now).map((id) => ({ jobArn: `arn:aws:batch:eu-west-1:123456789012:job/${id}` })),
      },
    })),
  );
  batch
    .on(DescribeComputeEnvironmentsCommand)
    .callsFake(answering("DescribeComputeEnvironments", () => ({ computeEnvironments: execution.environments ?? [] })));
  logs.on(FilterLogEventsCommand).callsFake(
    answering("FilterLogEvents", (query: { startTime: number; endTime: number; nextToken?: string }) => {
      if (execution.performance === undefined) throw failure("ResourceNotFoundException");
      const isAsked = ({ Timestamp }: { Timestamp: number }) =>
        Timestamp >= query.startTime && Timestamp <= query.endTime;
      const [lines, from] = [execution.performance.filter(isAsked), Number(query.nextToken ?? 0)];
      const events = lines.slice(from, from + 2).map((line) => ({ message: JSON.stringify(line) }));
      return { events, ...(lines.length > from + 2 && { nextToken: String(from + 2) }) };
    }),
  );
  logs.on(GetLogEventsCommand).callsFake(
    answering(
      "GetLogEvents",
      (query: { logStreamName: string; nextToken?: string; limit?: number; startFromHead: boolean }, now) => {
        const stream = execution.streams?.[query.logStreamName]?.filter(([arrives]) => arrives <= now);
        if (stream === undefined) throw failure("ResourceNotFoundException");
        const size = query.limit ?? execution.logPage ?? 10_000;
        const from = query.startFromHead ? Number(query.nextToken?.slice(2) ?? 0) : Math.max(0, stream.length - size);
        const lines = stream.slice(from, from + size);
        return {
          events: lines.map(([timestamp, message]) => ({ timestamp, message })),
          nextForwardToken: `f/${from + lines.length}`,
        };
      },
    ),
  );
  return { aws: connect("eu-west-1"), asked };
}
