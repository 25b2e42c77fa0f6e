import type { Json, JsonObject } from "../../../../src/base/json";
import { problemsOf, submitting } from "./problems-of";

const KEPT = 'keep the error, for example with "ResultPath": "$.error", or go to a Fail state';

/** Returns the problems of a job whose errors go to the state `after`. */
function problemsOfCatch(rule: JsonObject, after: JsonObject, more: JsonObject = {}): string[] {
  const document = submitting({}, { Catch: [{ ErrorEquals: ["States.ALL"], Next: "after", ...rule }] });
  const { job } = document.States as { job: JsonObject };
  return problemsOf({ StartAt: "job", States: { job, after, ...more } as Json });
}

const SWALLOWED = `hint swallowed-error /States/job/Catch/0: Catch[0] drops the error, and every way from after ends in success, so nothing shows the failure; ${KEPT}`;

test.each<[string, JsonObject, JsonObject]>([
  ["drops it and goes to a Succeed", { ResultPath: null }, { Type: "Succeed" }],
  [
    "drops it and goes on",
    { ResultPath: null, ErrorEquals: ["States.TaskFailed"] },
    { Type: "Wait", Seconds: 1, End: true },
  ],
  ["goes to a state with a result of its own", {}, { Type: "Pass", Result: "failed", End: true }],
  [
    "goes to a state with constant parameters",
    { ResultPath: "$.error" },
    { Type: "Pass", Parameters: { ok: true }, End: true },
  ],
  ["goes to a state without output", {}, { Type: "Succeed", OutputPath: null }],
])("a Catch of any error that %s is a hint", (_, rule, after) => {
  expect(problemsOfCatch(rule, after)).toEqual([SWALLOWED]);
});

test("so is a Catch in JSONata whose output has nothing of the error", () => {
  const job = {
    Type: "Task",
    Resource: "arn:aws:states:::batch:submitJob.sync",
    Arguments: { JobName: "j", JobDefinition: "${EchoJobDefinitionArn}", JobQueue: "${JobQueueArn}" },
    Catch: [{ ErrorEquals: ["States.ALL"], Next: "after", Output: { ok: false } }],
    End: true,
  };
  const document = { QueryLanguage: "JSONata", StartAt: "job", States: { job, after: { Type: "Succeed" } } };
  expect(problemsOf(document)).toEqual([
    SWALLOWED.replace(KEPT, "keep the error with $states.errorOutput in Output, or go to a Fail state"),
  ]);
});

test.each<[string, JsonObject, JsonObject]>([
  ["keeps it", { ResultPath: "$.error" }, { Type: "Succeed" }],
  ["passes it on as the output", {}, { Type: "Pass", End: true }],
  ["takes only an error with a name of its own", { ResultPath: null, ErrorEquals: ["NotFound"] }, { Type: "Succeed" }],
  ["goes to a Fail state", { ResultPath: null }, { Type: "Fail" }],
  ["keeps it in a variable", { ResultPath: null, Assign: { "e.$": "$.Error" } }, { Type: "Succeed" }],
])("a Catch that %s is no hint", (_, rule, after) => {
  expect(problemsOfCatch(rule, after)).toEqual([]);
});

test("a Catch that reaches a Fail state after others is no hint", () => {
  const after = { Type: "Pass", Next: "choose" };
  const choose = { Type: "Choice", Choices: [{ Variable: "$.a", IsPresent: true, Next: "fail" }], Default: "end" };
  const more = { choose, fail: { Type: "Fail" }, end: { Type: "Succeed" } };
  expect(problemsOfCatch({ ResultPath: null }, after, more)).toEqual([]);
});
