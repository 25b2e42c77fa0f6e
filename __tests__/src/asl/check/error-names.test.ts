import { problemsOf, submitting } from "./problems-of";

const PLACE = "warning error-name /States/job/Retry/0/ErrorEquals/0: Retry[0]";

function retrying(error: string) {
  return submitting({}, { Retry: [{ ErrorEquals: [error] }] });
}

test.each([
  ["States.Timout", "Step Functions; did you mean States.Timeout?"],
  ["State.TaskFailed", "Step Functions; did you mean States.TaskFailed?"],
  ["states.ALL", "Step Functions; did you mean States.ALL?"],
  ["Sates.Timeout", "Step Functions; did you mean States.Timeout?"],
  ["Batch.AWSBatchExeption", "Batch; did you mean Batch.AWSBatchException?"],
  ["Batch.AwsBatchException", "Batch; did you mean Batch.AWSBatchException?"],
  ["batch.ServerException", "Batch; did you mean Batch.ServerException?"],
  ["Batch.ServerExeptoin", "Batch; did you mean Batch.ServerException?"],
  ["Lamda.TooManyRequestsException", "Lambda; did you mean Lambda.TooManyRequestsException?"],
  ["Lambda.ServiceExeption", "Lambda; did you mean Lambda.ServiceException?"],
  ["$.error", "any task; write the name itself: AWS evaluates nothing in ErrorEquals"],
  ["{% 'a' %}", "any task; write the name itself: AWS evaluates nothing in ErrorEquals"],
])("%s is a misspelt error name", (error, rest) => {
  expect(problemsOf(retrying(error))).toEqual([`${PLACE} lists ${error}, which is not an error name of ${rest}`]);
});

test("an unknown error of Step Functions is told with the known ones", () => {
  expect(problemsOf(retrying("States.SomethingElse"))).toEqual([
    expect.stringContaining(
      `${PLACE} lists States.SomethingElse, which is not an error name of Step Functions; known errors are States.ALL`,
    ),
  ]);
});

test.each([
  "States.Http.StatusCode.404",
  "Batch.AWSBatchException",
  "Batch.ClientException",
  "Batch.TooManyRequestsException",
  "Batch.SomethingElse",
  "Lambda.TaskFailed",
  "TaskFailed",
  "MyStates.Error",
])("%s is known, or may be raised by a program", (error) => {
  expect(problemsOf(retrying(error))).toEqual([]);
});

test("an error that the document raises itself is known", () => {
  const document = {
    StartAt: "both",
    States: {
      both: {
        Type: "Parallel",
        Branches: [{ StartAt: "fail", States: { fail: { Type: "Fail", Error: "States.EnoughDone" } } }],
        Catch: [{ ErrorEquals: ["States.EnoughDone"], Next: "fixed", ResultPath: "$.error" }],
        Next: "fixed",
      },
      fixed: { Type: "Fail", Error: "Batch.ServerExeption" },
    },
  };
  expect(problemsOf(document)).toEqual([]);
});
