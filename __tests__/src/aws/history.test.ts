import { HistoryReader } from "../../../src/aws/history";
import type { HistoryStep } from "../../../src/aws/visits";
import type { ExecutionEvent } from "../../../src/execution/events";
import { type HistoryRow, historyOf, told } from "./history-events";

const stepsOf = (...rows: HistoryRow[]): HistoryStep[] => {
  const reader = new HistoryReader("run");
  return historyOf(rows).flatMap((event) => reader.read(event));
};
const eventsOf = (...rows: HistoryRow[]): ExecutionEvent[] =>
  stepsOf(...rows).flatMap((step) => (step.kind === "event" ? [step.event] : []));
/** The events without the answers of tasks. */
const toldOf = (...rows: HistoryRow[]): string[] =>
  eventsOf(...rows)
    .filter(({ type }) => !type.startsWith("task-"))
    .map(told);

const STARTED: HistoryRow = [1, 0, "ExecutionStarted", { input: '{"a":1}' }];
const submitted = (JobId: string) => ({ resourceType: "batch", output: JSON.stringify({ JobId, JobName: "job" }) });

test("a job gives the events that it gives here, at the history's times", () => {
  expect(
    eventsOf(
      STARTED,
      [2, 0, "TaskStateEntered", { name: "step1", input: '{"a":1.5}' }],
      [3, 2, "TaskScheduled"],
      [4, 3, "TaskStarted"],
      [5, 4, "TaskSubmitted", submitted("j1")],
      [6, 5, "TaskSucceeded", { output: '{"JobId":"j1"}' }],
      [7, 6, "TaskStateExited", { name: "step1", assignedVariables: { job: '"j1"', count: "2" } }],
      [8, 7, "ExecutionSucceeded", { output: "[1]" }],
    ),
  ).toEqual([
    { at: 1000, type: "execution-started", name: "run", input: { a: 1 } },
    { at: 2000, type: "state-entered", state: "step1", indices: [], input: { a: 1.5 } },
    { at: 5000, type: "job-submitted", state: "step1", indices: [], jobId: "j1", jobName: "job" },
    { at: 5000, type: "job-status", jobId: "j1", status: "SUBMITTED", reason: null },
    { at: 6000, type: "task-succeeded", state: "step1", indices: [], result: { JobId: "j1" } },
    { at: 7000, type: "state-succeeded", state: "step1", indices: [], assigned: { job: "j1", count: 2 } },
    { at: 8000, type: "execution-ended", status: "SUCCEEDED", output: [1], error: null, cause: null },
  ]);
});

test("the end of a job is told with what the history knows of it, or as one to look after", () => {
  const of = (type: string, details: object) =>
    stepsOf(
      STARTED,
      [2, 0, "TaskStateEntered", { name: "step1" }],
      [3, 2, "TaskScheduled"],
      [4, 3, "TaskSubmitted", submitted("j1")],
      [5, 4, type, details],
    ).find(({ kind }) => kind !== "event");
  expect(of("TaskSucceeded", { output: "OUT" })).toEqual({ kind: "job-ended", jobId: "j1", detail: "OUT" });
  expect(of("TaskFailed", { error: "States.TaskFailed", cause: "WHY" })).toEqual({
    kind: "job-ended",
    jobId: "j1",
    detail: "WHY",
  });
  expect(of("TaskTimedOut", { error: "States.Timeout" })).toEqual({ kind: "job-abandoned", jobId: "j1" });
});

test("knows the items of Maps inside Maps, whatever the next item points back to", () => {
  expect(
    toldOf(
      STARTED,
      [2, 0, "MapStateEntered", { name: "outer" }],
      [3, 2, "MapStateStarted", { length: 2 }],
      [4, 3, "MapIterationStarted", { name: "outer", index: 0 }],
      [5, 4, "MapStateEntered", { name: "inner" }],
      [6, 5, "MapStateStarted", { length: 2 }],
      [7, 6, "MapIterationStarted", { name: "inner", index: 0 }],
      [8, 7, "PassStateEntered", { name: "pass" }],
      [9, 8, "PassStateExited", { name: "pass" }],
      [10, 9, "MapIterationSucceeded", { name: "inner", index: 0 }],
      [11, 9, "MapIterationStarted", { name: "inner", index: 1 }],
      [12, 11, "PassStateEntered", { name: "pass" }],
      [13, 12, "PassStateExited", { name: "pass" }],
      [14, 13, "MapIterationSucceeded", { name: "inner", index: 1 }],
      [15, 14, "MapStateSucceeded"],
      [16, 14, "MapStateExited", { name: "inner" }],
      [17, 16, "MapIterationSucceeded", { name: "outer", index: 0 }],
      [18, 16, "MapIterationStarted", { name: "outer", index: 1 }],
      [19, 18, "MapStateEntered", { name: "inner" }],
      [20, 19, "MapStateStarted", { length: 0 }],
      [21, 20, "MapStateSucceeded"],
      [22, 20, "MapStateExited", { name: "inner" }],
    ),
  ).toEqual([
    'execution-started run {"a":1}',
    "state-entered outer",
    "map-started outer 2",
    "state-entered inner[0]",
    "map-started inner[0] 2",
    "state-entered pass[0][0]",
    "state-succeeded pass[0][0]",
    "state-entered pass[0][1]",
    "state-succeeded pass[0][1]",
    "state-succeeded inner[0]",
    "state-entered inner[1]",
    "map-started inner[1] 0",
    "state-succeeded inner[1]",
  ]);
});

// As recorded on AWS: four jobs time out, the first one fails the Map.
const FAILED_MAP: HistoryRow[] = [
  STARTED,
  [2, 0, "MapStateEntered", { name: "map" }],
  [3, 2, "MapStateStarted", { length: 2 }],
  [4, 3, "MapIterationStarted", { name: "map", index: 0 }],
  [5, 3, "MapIterationStarted", { name: "map", index: 1 }],
  [6, 4, "TaskStateEntered", { name: "task" }],
  [7, 6, "TaskScheduled"],
  [8, 5, "TaskStateEntered", { name: "task" }],
  [9, 8, "TaskScheduled"],
  [10, 7, "TaskStarted"],
  [11, 9, "TaskStarted"],
  [12, 10, "TaskTimedOut", { error: "States.Timeout" }],
  [13, 11, "TaskTimedOut", { error: "States.Timeout" }],
  [14, 12, "MapIterationFailed", { name: "map", index: 0 }],
  [15, 12, "TaskStateAborted"],
  [16, 12, "MapIterationAborted", { name: "map", index: 1 }],
  [17, 12, "TaskStateAborted"],
  [18, 12, "MapStateFailed"],
  [19, 18, "ExecutionFailed", { error: "States.Timeout" }],
];

test("the item that failed, those that were stopped for it and the Map end in the order in which they end here", () => {
  expect(toldOf(...FAILED_MAP).slice(5)).toEqual([
    "state-failed task[0] States.Timeout ",
    "state-aborted task[1]",
    "state-failed map States.Timeout ",
    "execution-ended FAILED States.Timeout",
  ]);
});

test("a redrive goes on inside the Map that failed, whose items are counted already", () => {
  const redriven = toldOf(
    ...FAILED_MAP,
    [20, 19, "ExecutionRedriven", { redriveCount: 1 }],
    [21, 20, "MapIterationStarted", { name: "map", index: 0 }],
    [22, 21, "TaskStateEntered", { name: "task" }],
    [23, 22, "TaskScheduled"],
    [24, 23, "TaskSucceeded", { output: "{}" }],
    [25, 24, "TaskStateExited", { name: "task" }],
    [26, 25, "MapIterationSucceeded", { name: "map", index: 0 }],
    [27, 26, "MapStateSucceeded"],
    [28, 26, "MapStateExited", { name: "map" }],
    [29, 28, "ExecutionSucceeded", { output: "[]" }],
  );
  expect(redriven.slice(9)).toEqual([
    "execution-redriven 1",
    "state-entered map",
    "state-entered task[0]",
    "state-succeeded task[0]",
    "state-succeeded map",
    "execution-ended SUCCEEDED []",
  ]);
});

const FAILED_TASK: HistoryRow[] = [
  STARTED,
  [2, 0, "TaskStateEntered", { name: "task" }],
  [3, 2, "TaskScheduled"],
  [4, 3, "TaskFailed", { error: "E", cause: "c" }],
  [5, 4, "ExecutionFailed", { error: "E", cause: "c" }],
];

test.each<[string, number]>([
  ["the redrive", 6],
  ["the failure", 4],
  ["the state", 2],
])("a redrive tries a Task again, where its history goes on from %s", (_, previous) => {
  const events = toldOf(
    ...FAILED_TASK,
    [6, 5, "ExecutionRedriven", { redriveCount: 1 }],
    [7, previous, "TaskScheduled"],
    [8, 7, "TaskFailed", { error: "F", cause: "d" }],
    [9, 8, "ExecutionFailed", { error: "F", cause: "d" }],
  );
  expect(events.slice(1)).toEqual([
    "state-entered task",
    "state-failed task E c",
    "execution-ended FAILED E c",
    "execution-redriven 1",
    "state-entered task",
    "state-failed task F d",
    "execution-ended FAILED F d",
  ]);
});

test("a redrive enters the Parallel around the task that runs again", () => {
  const events = toldOf(
    [1, 0, "ExecutionStarted", { input: "{}" }],
    [2, 0, "ParallelStateEntered", { name: "par" }],
    [3, 2, "ParallelStateStarted"],
    [4, 3, "TaskStateEntered", { name: "job" }],
    [5, 4, "TaskScheduled"],
    [6, 5, "TaskFailed", { error: "E", cause: "c" }],
    [7, 6, "ParallelStateFailed"],
    [8, 7, "ExecutionFailed", { error: "E", cause: "c" }],
    [9, 8, "ExecutionRedriven", { redriveCount: 1 }],
    [10, 9, "TaskScheduled"],
    [11, 10, "TaskSucceeded", { output: "{}" }],
    [12, 11, "TaskStateExited", { name: "job" }],
    [13, 12, "ParallelStateSucceeded"],
    [14, 13, "ParallelStateExited", { name: "par" }],
    [15, 14, "ExecutionSucceeded", { output: "{}" }],
  );
  expect(events.slice(events.indexOf("execution-redriven 1"))).toEqual([
    "execution-redriven 1",
    "state-entered par",
    "state-entered job",
    "state-succeeded job",
    "state-succeeded par",
    "execution-ended SUCCEEDED {}",
  ]);
});

test("a redrive may enter the state anew", () => {
  const events = toldOf(
    ...FAILED_TASK,
    [6, 5, "ExecutionRedriven", { redriveCount: 1 }],
    [7, 6, "TaskStateEntered", { name: "task" }],
    [8, 7, "TaskScheduled"],
    [9, 8, "TaskSucceeded", { output: "{}" }],
    [10, 9, "TaskStateExited", { name: "task" }],
  );
  expect(events.slice(4)).toEqual(["execution-redriven 1", "state-entered task", "state-succeeded task"]);
});

test("a Task that failed is retried when it is scheduled again, as long after as it waited", () => {
  const events = eventsOf(
    STARTED,
    [2, 0, "TaskStateEntered", { name: "task" }],
    [3, 2, "TaskScheduled"],
    [4, 3, "TaskSubmitFailed", { error: "Batch.AWSBatchException", cause: "busy" }],
    [6, 4, "TaskScheduled"],
    [7, 6, "TaskFailed", { error: "E", cause: "c" }],
    [14, 7, "TaskScheduled"],
  );
  const retried = { type: "state-retried", state: "task", indices: [] };
  expect(events.filter(({ type }) => type === "state-retried")).toEqual([
    { ...retried, at: 4000, error: "Batch.AWSBatchException", cause: "busy", attempt: 1, delaySeconds: 2 },
    { ...retried, at: 7000, error: "E", cause: "c", attempt: 2, delaySeconds: 7 },
  ]);
});

test("a Map that is retried begins again", () => {
  expect(
    toldOf(
      STARTED,
      [2, 0, "MapStateEntered", { name: "map" }],
      [3, 2, "MapStateStarted", { length: 1 }],
      [4, 3, "MapIterationStarted", { name: "map", index: 0 }],
      [5, 4, "TaskStateEntered", { name: "task" }],
      [6, 5, "TaskScheduled"],
      [7, 6, "TaskFailed", { error: "E", cause: "c" }],
      [8, 7, "MapIterationFailed", { name: "map", index: 0 }],
      [9, 7, "MapStateStarted", { length: 1 }],
      [10, 9, "MapIterationStarted", { name: "map", index: 0 }],
      [11, 10, "TaskStateEntered", { name: "task" }],
    ).slice(3),
  ).toEqual([
    "state-entered task[0]",
    "state-failed task[0] E c",
    "state-retried map E c 1 2",
    "map-started map 1",
    "state-entered task[0]",
  ]);
});

test("a retry of the outer Map is not taken for one of the inner Map that failed for good", () => {
  expect(
    toldOf(
      STARTED,
      [2, 0, "MapStateEntered", { name: "outer" }],
      [3, 2, "MapStateStarted", { length: 1 }],
      [4, 3, "MapIterationStarted", { name: "outer", index: 0 }],
      [5, 4, "MapStateEntered", { name: "inner" }],
      [6, 5, "MapStateStarted", { length: 1 }],
      [7, 6, "MapIterationStarted", { name: "inner", index: 0 }],
      [8, 7, "TaskStateEntered", { name: "task" }],
      [9, 8, "TaskFailed", { error: "E", cause: "c" }],
      [10, 9, "MapIterationFailed", { name: "inner", index: 0 }],
      [11, 9, "MapStateFailed"],
      [12, 11, "MapIterationFailed", { name: "outer", index: 0 }],
      [13, 11, "MapStateStarted", { length: 1 }],
    ).slice(6),
  ).toEqual([
    "state-failed task[0][0] E c",
    "state-failed inner[0] E c",
    "state-retried outer E c 1 4",
    "map-started outer 1",
  ]);
});

const FAIL_IN_PARALLEL: HistoryRow[] = [
  STARTED,
  [2, 0, "ParallelStateEntered", { name: "both" }],
  [3, 2, "ParallelStateStarted"],
  [4, 3, "WaitStateEntered", { name: "wait" }],
  [5, 3, "FailStateEntered", { name: "no" }],
  [6, 5, "ParallelStateFailed"],
];

test("the error of a Fail is known when the execution fails with it", () => {
  expect(toldOf(...FAIL_IN_PARALLEL, [7, 6, "ExecutionFailed", { error: "E", cause: "c" }]).slice(4)).toEqual([
    "state-failed no E c",
    "state-aborted wait",
    "state-failed both E c",
    "execution-ended FAILED E c",
  ]);
});

test("the error of a Fail is known when a Catch hands it on, and the Catch leads to the next state", () => {
  expect(
    toldOf(
      ...FAIL_IN_PARALLEL,
      [7, 6, "ParallelStateExited", { name: "both", output: '{"Error":"E","Cause":"c"}' }],
      [8, 7, "PassStateEntered", { name: "rescue" }],
    ).slice(4),
  ).toEqual(["state-failed no E c", "state-aborted wait", "state-caught both E c rescue", "state-entered rescue"]);
});

test.each<[string, string]>([
  ["ExecutionAborted", "ABORTED"],
  ["ExecutionTimedOut", "TIMED_OUT"],
])("at %s all that runs is stopped, from the inside out, and its jobs are looked after", (type, status) => {
  const steps = stepsOf(
    STARTED,
    [2, 0, "MapStateEntered", { name: "map" }],
    [3, 2, "MapStateStarted", { length: 1 }],
    [4, 3, "MapIterationStarted", { name: "map", index: 0 }],
    [5, 4, "TaskStateEntered", { name: "task" }],
    [6, 5, "TaskScheduled"],
    [7, 6, "TaskSubmitted", submitted("j1")],
    [8, 0, type, { error: "E", cause: "c" }],
  );
  expect(steps.slice(-4).map((step) => (step.kind === "event" ? told(step.event) : step))).toEqual([
    "state-aborted task[0]",
    { kind: "job-abandoned", jobId: "j1" },
    "state-aborted map",
    `execution-ended ${status} E c`,
  ]);
});

test("a state that fails by itself has the error of the execution", () => {
  const failed = [
    STARTED,
    [2, 0, "ChoiceStateEntered", { name: "choice" }],
    [3, 2, "ExecutionFailed", { error: "States.Runtime", cause: "no" }],
  ] as HistoryRow[];
  expect(toldOf(...failed).slice(2)).toEqual([
    "state-failed choice States.Runtime no",
    "execution-ended FAILED States.Runtime no",
  ]);
});

const MAP_RUN: HistoryRow[] = [
  STARTED,
  [2, 0, "MapStateEntered", { name: "map" }],
  [3, 2, "MapStateStarted", { length: 0 }],
  [4, 3, "MapRunStarted", { mapRunArn: "arn:run" }],
];

test("a Map Run begins and ends; of how many items, its counts tell", () => {
  expect(stepsOf(...MAP_RUN, [5, 4, "MapRunSucceeded"], [6, 5, "MapStateSucceeded"]).slice(2)).toEqual([
    { kind: "map-run-started", place: { state: "map", indices: [] }, mapRunArn: "arn:run", announced: false },
    { kind: "map-run-ended", mapRunArn: "arn:run" },
  ]);
});

test("a Map fails with the error of its Map Run", () => {
  const error = { error: "States.ExceedToleratedFailureThreshold", cause: "too many" };
  const failed = toldOf(
    ...MAP_RUN,
    [5, 4, "MapRunFailed", error],
    [6, 5, "MapStateFailed"],
    [7, 6, "ExecutionFailed", error],
    [8, 7, "ExecutionRedriven", { redriveCount: 2 }],
    [9, 8, "MapRunRedriven", { mapRunArn: "arn:run", redriveCount: 1 }],
  );
  expect(failed.slice(2)).toEqual([
    "state-failed map States.ExceedToleratedFailureThreshold too many",
    "execution-ended FAILED States.ExceedToleratedFailureThreshold too many",
    "execution-redriven 2",
    "state-entered map",
  ]);
});

test("what AWS has cut off is taken as text", () => {
  expect(toldOf([1, 0, "ExecutionStarted", { input: '{"a":' }])).toEqual(['execution-started run {"a":']);
});

test("a task's answers are told, whatever service gives them; a timeout and what AWS has cut off are none", () => {
  const of = (...rows: (readonly [type: string, details?: object])[]) =>
    eventsOf(
      STARTED,
      [2, 0, "TaskStateEntered", { name: "task", input: '{"cut' }],
      ...rows.map(([type, details = {}], index): HistoryRow => [3 + index, 2 + index, type, details]),
    )
      .slice(1)
      .map(told);
  expect(
    of(
      ["LambdaFunctionScheduled"],
      ["LambdaFunctionTimedOut", { error: "States.Timeout" }],
      ["LambdaFunctionScheduled"],
      ["LambdaFunctionFailed", { error: "Lost", cause: "gone" }],
      ["LambdaFunctionScheduled"],
      ["LambdaFunctionSucceeded", { output: "null" }],
    ),
  ).toEqual([
    "state-entered task",
    "state-retried task States.Timeout  1 1",
    "task-failed task Lost gone",
    "state-retried task Lost gone 2 1",
    "task-succeeded task",
  ]);
  expect(of(["ActivityScheduled"], ["ActivitySucceeded", { output: '{"cut' }])).toEqual(["state-entered task"]);
  expect(of(["TaskScheduled"], ["TaskSubmitFailed", { error: "Batch.AWSBatchException", cause: "busy" }])).toEqual([
    "state-entered task",
    "task-failed task Batch.AWSBatchException busy",
  ]);
});

test("a Catch tells the variables that it has set", () => {
  expect(
    eventsOf(
      STARTED,
      [2, 0, "TaskStateEntered", { name: "task" }],
      [3, 2, "TaskScheduled"],
      [4, 3, "TaskFailed", { error: "E", cause: "c" }],
      [5, 4, "TaskStateExited", { name: "task", output: "{}", assignedVariables: { why: '"c"' } }],
      [6, 5, "PassStateEntered", { name: "mend" }],
    ).filter(({ type }) => type === "state-caught"),
  ).toEqual([
    {
      ...{ at: 4000, type: "state-caught", state: "task", indices: [], error: "E", cause: "c", next: "mend" },
      assigned: { why: "c" },
    },
  ]);
});
