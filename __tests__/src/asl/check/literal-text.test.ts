import type { Json } from "../../../../src/base/json";
import { passing, problemsOf } from "./problems-of";

function ofList(list: Json[]): string[] {
  return problemsOf(passing({ Parameters: { Command: list } }));
}

const LITERAL = "warning path-as-text /States/pass/Parameters/Command";

test("a path in a list is passed on as text", () => {
  const fix = `write "Command.$": "States.Array('align', '--in', $.fastq, States.Format('x-{}', $.fastq))"`;
  expect(ofList(["align", "--in", "$.fastq", "States.Format('x-{}', $.fastq)"])).toEqual([
    `${LITERAL}/2: Parameters.Command[2] is the literal text "$.fastq", which is not evaluated; ${fix}`,
    `${LITERAL}/3: Parameters.Command[3] is the literal text "States.Format('x-{}', $.fastq)", which is not evaluated; ${fix}`,
  ]);
});

test.each<[Json[], string]>([
  [
    ["it's", 1, true, null, "$$.Execution.Id"],
    'write "Command.$": "States.Array(\'it\\\'s\', 1, true, null, $$.Execution.Id)"',
  ],
  [["a", ["$.b"]], 'write "Command.$": "States.Array(\'$.b\')"'],
  [[{ a: 1 }, "$.b"], 'write "Command.$" with a call of States.Array(…)'],
  [["x".repeat(400), "$.b"], 'write "Command.$" with a call of States.Array(…)'],
])("the fix for %j is a call of States.Array", (list, fix) => {
  const [problem, ...others] = ofList(list);
  expect(others).toEqual([]);
  expect(problem!.slice(problem!.indexOf("; ") + 2)).toBe(fix.replace("'$.b'", "$.b"));
});

test.each<[string, Json]>([
  ["a constant list", ["echo", "$HOME", "$5.00", "States of the world"]],
  ["a list of objects", [{ "Value.$": "$.a" }]],
  ["an empty list", []],
])("%s is no mistake", (_, list) => {
  expect(ofList(list as Json[])).toEqual([]);
});

test("an expression of JSONata is no path", () => {
  expect(problemsOf(passing({ Parameters: { "a.$": "{% $states.input %}" } }))).toEqual([
    'error expression /States/pass/Parameters/a.$: Parameters.a: "{% $states.input %}" is an expression of JSONata; write a path, or add "QueryLanguage": "JSONata" to the state',
  ]);
});

test("an expression of JSONata is text in a JSONPath state", () => {
  const fix = 'write a path, or add "QueryLanguage": "JSONata" to the state';
  expect(problemsOf(passing({ Parameters: { a: "{% $states.input %}", b: ["{% 1 %}"] } }))).toEqual([
    `warning path-as-text /States/pass/Parameters/a: Parameters.a is the literal text "{% $states.input %}", which is not evaluated; ${fix}`,
    `warning path-as-text /States/pass/Parameters/b/0: Parameters.b[0] is the literal text "{% 1 %}", which is not evaluated; ${fix}`,
  ]);
});

test("a path under a plain name is passed on as text", () => {
  expect(problemsOf(passing({ Parameters: { a: "$.b" } }))).toEqual([
    'warning path-as-text /States/pass/Parameters/a: Parameters.a is the literal text "$.b", which is not evaluated; add ".$" to the name: "a.$"',
  ]);
});
