import type { Json } from "../../../../../src/base/json";
import { jsonataEvaluator } from "../../../../../src/local/interpreter/languages/jsonata-evaluator";

const NOON = Date.parse("2026-11-28T12:00:00Z");
const evaluate = (expression: string, bindings = {}) =>
  jsonataEvaluator({ now: () => NOON }, { random: () => 0.25, uuid: () => "an-id" })(expression, "Output", bindings);

test.each<[string, Json]>([
  ["$partition([1..5], 2)", [[1, 2], [3, 4], [5]]],
  ["$range(0, 10, 5)", [0, 5, 10]],
  ["$range(3, 1, -1)", [3, 2, 1]],
  ["$range(0.9, 2.1, 1.5)", [0, 1, 2]],
  ["$range(-0.5, 1, 1)", [-1, 0, 1]],
  ["$partition([1, 2, 3], 2.9)", [[1, 2], [3]]],
  ["$random(7.9) = $random(7)", true],
  ["$hash('a', 'SHA-1')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"],
  ["$random()", 0.25],
  ["$random(7) = $random(7)", true],
  ["$random(7) = $random(8)", false],
  ["$uuid()", "an-id"],
  ["$parse('{\"a\": [1]}')", { a: [1] }],
  ["$now()", "2026-11-28T12:00:00.000Z"],
  ["$now('[Y]')", "2026"],
  ["$millis()", NOON],
  ["$match('abc', /b(c)/).groups", ["c"]],
  ["$map([1, 2], function($x) { $x * 2 })", [2, 4]],
  ["{ 'none': $x, 'one': 1 }", { one: 1 }],
])("%s", async (expression, value) => {
  expect(await evaluate(expression)).toEqual(value);
});

test.each<[string, string]>([
  ["$range(0, 1, 0)", "$range: the step must not be 0, got: 0"],
  ["$range(1, 2000, 1)", "$range: the range must not hold more than 1000 numbers, got: 2000"],
  ["$partition([1], 0)", "$partition: the size must be at least 1, got: 0"],
  ["$partition([1], 0.9)", "$partition: the size must be at least 1, got: 0.9"],
  ["$range(0, '3', 1)", '$range: each argument must be a whole number, got: "3"'],
  ["$hash('a', 'CRC')", '$hash: the algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512, got: "CRC"'],
  ["1 + ", "S0207: Unexpected end of expression"],
  ["1 + 'a'", 'T2002: The right side of the "+" operator must evaluate to a number'],
  ["$error('mine')", "D3137: mine"],
])("%s fails", async (expression, message) => {
  await expect(evaluate(expression)).rejects.toMatchObject({
    error: "States.QueryEvaluationError",
    cause: `The JSONata expression '${expression}' specified for the field 'Output' threw an error during evaluation. ${message}`,
  });
});

test.each<[string, string, RegExp]>([
  ["a recursion without an end", "($f := function() { 1 + $f() }; $f())", /D1011|nested too deeply/],
  ["a list that is too long", "[1..9999999].($string($) & 'x')", /D2015|D2014/],
])("%s is stopped", async (_, expression, message) => {
  await expect(evaluate(expression)).rejects.toMatchObject({
    error: "States.QueryEvaluationError",
    cause: expect.stringMatching(message),
  });
});

test("what an expression returns can be changed without changing what it read", async () => {
  const list = [{ a: 1 }];
  const value = (await evaluate("$reverse($list)", { list })) as { a: number }[];
  value[0]!.a = 2;
  expect(list).toEqual([{ a: 1 }]);
});
