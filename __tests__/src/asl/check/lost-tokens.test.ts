import type { Json, JsonObject } from "../../../../src/base/json";
import { problemsOf } from "./problems-of";

function waiting(QueryLanguage: string, request: JsonObject): string[] {
  const Resource = "arn:aws:states:::lambda:invoke.waitForTaskToken";
  const call = { Type: "Task", Resource, ...request, TimeoutSeconds: 60, End: true };
  return problemsOf({ QueryLanguage, StartAt: "call", States: { call } }).filter((one) => !one.includes("wide-right"));
}

test.each<[Json]>([
  ["{% $states.context.Task.Token %}"],
  ["{% $states . context.Task %}"],
  ["{% $states.context.`Task`.Token %}"],
  ["{% $lookup($states.context, 'Task').Token %}"],
  ["{% $states ~> |context|{}| %}"],
  [{ list: [{ token: "{% 'x' & $states.context.Task.Token %}" }] }],
])("a request with %j has the task token", (Payload) => {
  expect(waiting("JSONata", { Arguments: { FunctionName: "f", Payload } })).toEqual([]);
});

test.each<[JsonObject]>([
  [{ "token.$": "$$.Task.Token" }],
  [{ "token.$": "$$['Task']['Token']" }],
  [{ "all.$": "$$" }],
  [{ "token.$": "States.Format('{}', $$.Task.Token)" }],
])("a payload of %j has the task token", (Payload) => {
  expect(waiting("JSONPath", { Parameters: { FunctionName: "f", Payload } })).toEqual([]);
});

const LOST =
  "does not contain the task token, so nothing can answer, and the state waits until its time is up; add a member";

test.each<[string, JsonObject, string]>([
  [
    "JSONata",
    { Arguments: { FunctionName: "f", Payload: "{% $states.context.State.Name & $states.input.Task.Token %}" } },
    `/Arguments: Arguments ${LOST} with "{% $states.context.Task.Token %}"`,
  ],
  ["JSONata", {}, `: Arguments ${LOST} with "{% $states.context.Task.Token %}"`],
  [
    "JSONPath",
    { Parameters: { FunctionName: "f", "Payload.$": "$$.Execution.Input" } },
    `/Parameters: Parameters ${LOST} such as "token.$": "$$.Task.Token"`,
  ],
])("a %s task with %j loses its token", (language, request, problem) => {
  expect(waiting(language, request)).toEqual([`warning task-token /States/call${problem}`]);
});
