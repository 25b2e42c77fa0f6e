/** Generates the answers of AWS about an execution: history, jobs, logs, Map Runs, and failures of every call. */
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import fc from "fast-check";
import type { FakeExecution } from "../src/aws/fake-aws";
import { type HistoryRow, historyOf } from "../src/aws/history-events";
import { json, text } from "./texts";

/** A job as the history contains it, in PascalCase, or a value that is not a job. */
const jobDetail = fc
  .record(
    {
      JobId: fc.constantFrom("j1", "j2"),
      JobName: text,
      Status: fc.constantFrom("SUCCEEDED", "FAILED", "FAILED", "NEW"),
      StatusReason: text,
      StoppedAt: fc.constantFrom(9000, 0, -1, 1e18),
      Attempts: fc.array(
        fc.record(
          {
            StartedAt: fc.constantFrom(6000, 0),
            StoppedAt: fc.constantFrom(9000, 1e18),
            StatusReason: text,
            Container: fc.record(
              { ExitCode: fc.constantFrom(0, 1, 137), LogStreamName: fc.constantFrom("s1", "none"), Reason: text },
              { requiredKeys: [] },
            ),
          },
          { requiredKeys: ["StoppedAt"] },
        ),
        { maxLength: 2 },
      ),
      Container: fc.record(
        { ExitCode: fc.constantFrom(0, 1), LogStreamName: fc.constantFrom("s1", "none") },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ["JobId", "Status"] },
  )
  .map((detail) => JSON.stringify(detail));
const detailText = fc.oneof(
  { weight: 4, arbitrary: jobDetail },
  { weight: 1, arbitrary: json.map((one) => JSON.stringify(one)) },
  { weight: 1, arbitrary: text },
);

const NAMES = ["task", "map", "inner", "par", "pass"];
const name = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: text });
const why = fc.record({ error: text, cause: fc.oneof(text, detailText) }, { requiredKeys: [] });
const data = fc.oneof(
  fc.constant("{}"),
  json.map((one) => JSON.stringify(one)),
  text,
);
const MAP_RUN = "arn:aws:states:eu-west-1:123456789012:mapRun:echo_dev/map:1";

/** Events by type, with their details. */
const EVENTS: readonly (readonly [type: string, details: fc.Arbitrary<object | undefined>])[] = [
  ...["Pass", "Task", "Map", "Parallel", "Choice", "Wait", "Fail", "Succeed"].flatMap(
    (type): [string, fc.Arbitrary<object>][] => [
      [`${type}StateEntered`, fc.record({ name, input: data }, { requiredKeys: ["name"] })],
      [`${type}StateExited`, fc.record({ name, output: data }, { requiredKeys: ["name"] })],
    ],
  ),
  ["TaskScheduled", fc.constant(undefined)],
  ["TaskStarted", fc.constant(undefined)],
  [
    "TaskSubmitted",
    fc.record({
      resourceType: fc.constantFrom("batch", "batch", "lambda"),
      output: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom('{"JobId":"j1","JobName":"job"}', '{"JobId":"j2","JobName":"job"}') },
        { weight: 1, arbitrary: data },
      ),
    }),
  ],
  ["TaskSucceeded", detailText.map((output) => ({ output }))],
  [
    "TaskFailed",
    fc.record({ error: fc.constantFrom("States.TaskFailed", "x"), cause: detailText }, { requiredKeys: [] }),
  ],
  ["TaskTimedOut", why],
  ["TaskSubmitFailed", why],
  ["MapStateStarted", fc.record({ length: fc.constantFrom(0, 2, 100_000) }, { requiredKeys: [] })],
  ["MapIterationStarted", fc.record({ name, index: fc.nat(3) })],
  ["MapIterationSucceeded", fc.record({ name, index: fc.nat(3) })],
  ["MapIterationFailed", fc.record({ name, index: fc.nat(3) })],
  ["MapIterationAborted", fc.record({ name, index: fc.nat(3) })],
  ["MapStateSucceeded", fc.constant(undefined)],
  ["MapStateFailed", why],
  ["MapStateAborted", fc.constant(undefined)],
  ["MapRunStarted", fc.constant({ mapRunArn: MAP_RUN })],
  ["MapRunRedriven", fc.constant({ mapRunArn: MAP_RUN, redriveCount: 1 })],
  ["MapRunSucceeded", fc.constant(undefined)],
  ["MapRunFailed", why],
  ["MapRunAborted", fc.constant(undefined)],
  ["ParallelStateStarted", fc.constant(undefined)],
  ["ParallelStateSucceeded", fc.constant(undefined)],
  ["ParallelStateFailed", why],
  ["ParallelStateAborted", fc.constant(undefined)],
  ["ExecutionRedriven", fc.constantFrom({ redriveCount: 1 }, undefined)],
  ["EvaluationFailed", why],
  ["LambdaFunctionFailed", why],
  ["ActivityTimedOut", why],
  ["NewKindOfEvent", fc.constant({ some: "thing" })],
];

const END = fc.oneof(
  fc.tuple(fc.constant("ExecutionSucceeded"), fc.record({ output: data }, { requiredKeys: [] })),
  fc.tuple(
    fc.constantFrom("ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"),
    fc.oneof(why, fc.constant(undefined)),
  ),
);

const row = fc.oneof(
  ...EVENTS.map(([type, details]) =>
    fc.tuple(
      fc.constant(type),
      details,
      fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.nat(12) }),
    ),
  ),
);

/** A history in which each event follows an earlier one. No real state machine produces it. */
const wildHistory: fc.Arbitrary<HistoryEvent[]> = fc
  .tuple(fc.array(row, { maxLength: 14 }), fc.option(END, { freq: 8 }), data)
  .map(([rows, end, input]) => {
    const all: HistoryRow[] = [[1, 0, "ExecutionStarted", { input }]];
    for (const [type, details, back] of rows) {
      const id = all.length + 1;
      all.push([
        id,
        Math.max(0, id - back),
        type,
        ...(details === undefined ? [] : [details]),
      ] as unknown as HistoryRow);
    }
    if (end !== null) {
      const [type, details] = end;
      all.push([
        all.length + 1,
        all.length,
        type,
        ...(details === undefined ? [] : [details]),
      ] as unknown as HistoryRow);
    }
    return historyOf(all);
  });

/** A realistic history of a Batch job. The case sets its name and its end. */
const tameHistory: fc.Arbitrary<HistoryEvent[]> = fc
  .tuple(name, detailText, fc.constantFrom("TaskSucceeded", "TaskFailed"), data, END)
  .map(([state, detail, type, input, [endType, endDetails]]) =>
    historyOf([
      [1, 0, "ExecutionStarted", { input }],
      [2, 0, "TaskStateEntered", { name: state }],
      [3, 2, "TaskScheduled"],
      [4, 3, "TaskSubmitted", { resourceType: "batch", output: '{"JobId":"j1","JobName":"job"}' }],
      [10, 4, type, type === "TaskFailed" ? { error: "States.TaskFailed", cause: detail } : { output: detail }],
      [11, 10, "TaskStateExited", { name: state }],
      [12, 11, endType, endDetails] as unknown as HistoryRow,
    ]),
  );

const job = fc.record(
  {
    status: fc.constantFrom("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED", "NEW"),
    statusReason: text,
    startedAt: fc.constantFrom(6000, 0),
    stoppedAt: fc.constantFrom(9000, 0),
    attempts: fc.array(
      fc.record(
        {
          startedAt: fc.constant(6000),
          stoppedAt: fc.constant(9000),
          statusReason: text,
          container: fc.record(
            { exitCode: fc.nat(2), logStreamName: fc.constant("s1"), reason: text },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: ["stoppedAt"] },
      ),
      { maxLength: 2 },
    ),
    container: fc.record(
      {
        logStreamName: fc.constantFrom("s1", "none"),
        logConfiguration: fc.constantFrom({}, { options: {} }, { options: { "awslogs-group": "/g" } }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["status"] },
);

const ERRORS = [
  "ThrottlingException",
  "TooManyRequestsException",
  "ExecutionDoesNotExist",
  "AccessDeniedException",
  "InvalidToken",
  "ResourceNotFoundException",
  "ValidationException",
  "InternalServerError",
  "ExpiredTokenException",
  "x",
];

/** A failure of a call until a certain time. The command repeats an unanswered call for as long as the user waits. */
interface Failure {
  readonly operation: string;
  readonly name: string;
  readonly message: string;
  readonly statusCode: number;
  readonly until: number;
}

const failure: fc.Arbitrary<Failure> = fc.record<Failure>({
  operation: fc.constantFrom(
    "GetExecutionHistory",
    "DescribeExecution",
    "DescribeJobs",
    "DescribeComputeEnvironments",
    "FilterLogEvents",
    "GetJobQueueSnapshot",
    "GetLogEvents",
    "DescribeMapRun",
    "ListExecutions",
  ),
  name: fc.constantFrom(...ERRORS),
  message: text,
  statusCode: fc.constantFrom(400, 403, 429, 500, 503),
  until: fc.constantFrom(0, 3000, 60_000, 1e9 + 60_000),
});

export interface AwsCase {
  readonly history: readonly HistoryEvent[];
  readonly jobs: readonly object[];
  readonly lines: readonly string[];
  readonly counts: object;
  readonly children: readonly object[];
  readonly failures: readonly Failure[];
}

/** The answers of AWS about one execution. */
export const awsCase: fc.Arbitrary<AwsCase> = fc.record<AwsCase>({
  history: fc.oneof({ weight: 2, arbitrary: tameHistory }, { weight: 3, arbitrary: wildHistory }),
  jobs: fc.array(job, { maxLength: 3 }),
  lines: fc.array(
    fc.oneof(
      text,
      fc.integer({ min: 1, max: 20_000 }).map((length) => "l".repeat(length)),
    ),
    { maxLength: 4 },
  ),
  counts: fc.record({
    total: fc.nat(5),
    pending: fc.nat(5),
    running: fc.nat(2),
    succeeded: fc.nat(5),
    failed: fc.nat(5),
    timedOut: fc.nat(2),
    aborted: fc.nat(2),
    resultsWritten: fc.nat(2),
  }),
  children: fc.array(
    fc.record({
      executionArn: fc.constant(`${MAP_RUN.replace("mapRun", "execution")}:child`),
      name: text,
      status: fc.constantFrom("FAILED", "TIMED_OUT", "ABORTED"),
      startDate: fc.constant(new Date(1000)),
      stopDate: fc.constant(new Date(2000)),
    }),
    { maxLength: 3 },
  ),
  failures: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(failure, { minLength: 1, maxLength: 2 }) },
  ),
});

/** Returns the simulated AWS of a case. */
export function fakeExecution({ history, jobs, lines, counts, children, failures }: AwsCase): FakeExecution {
  const timed = jobs.map((detail, index) => [4000 + index * 2500, detail] as const);
  return {
    history,
    jobs: { j1: timed, j2: timed },
    streams: { s1: lines.map((line, index) => [5000 + index * 1000, line] as const) },
    mapRun: () => counts,
    children,
    failing: (operation, now) => {
      for (const { name, message, statusCode, until, operation: failing } of failures) {
        if (failing !== operation || now > until) continue;
        throw Object.assign(new Error(message), {
          name,
          $metadata: { httpStatusCode: statusCode, attempts: 3 },
          $fault: statusCode >= 500 ? "server" : "client",
        });
      }
    },
  };
}
