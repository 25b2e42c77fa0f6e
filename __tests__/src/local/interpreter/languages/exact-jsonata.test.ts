import { stringifyJson } from "../../../../../src/base/json";
import { parseJson } from "../../../../../src/base/read-json";
import { jsonataEvaluator } from "../../../../../src/local/interpreter/languages/jsonata-evaluator";

const DATA = `{
  "id": 20261128093015123456, "odd": 9007199254740993, "even": 9007199254740992, "one": 1.0, "zero": 0.0, "tenth": 1.10,
  "pi": 3.14159265358979323846, "huge": 1e400, "list": [{"n": 1.0}, {"n": 9007199254740993}], "text": "1.0"
}`;

async function evaluate(expression: string, data = DATA): Promise<string> {
  const evaluator = jsonataEvaluator({ now: () => 0 }, { random: () => 0, uuid: () => "" });
  return stringifyJson(await evaluator(expression, "Output", { states: { input: parseJson(data) } }));
}

// Each expression has `i` in place of `$states.input`.
test.each([
  ["i.id", "20261128093015123456"],
  ["{'a': [i.one, i.huge], 'b': i.list}", '{"a":[1.0,1e400],"b":[{"n":1.0},{"n":9007199254740993}]}'],
  ["$map(i.list, function($x) { $x.n })", "[1.0,9007199254740993]"],
  ["$merge([i.list[0], {'m': 2}])", '{"n":1.0,"m":2}'],
  ["($x := i.odd; $x)", "9007199254740993"],
  ["$parse('[1.0, 1e400]')", "[1.0,1e400]"],
  ["[9007199254740993, -9007199254740993, 1.0]", "[9007199254740993,-9007199254740993,1]"],
  ["i.list.*", "[1.0,9007199254740993]"],
  // Texts.
  ["$string(i.id)", '"20261128093015123456"'],
  ["i.one & '-' & i.huge & '-' & i.text", '"1.0-1e400-1.0"'],
  ["$string(i.list)", String.raw`"[{\"n\":1.0},{\"n\":9007199254740993}]"`],
  ["$join([$string(i.odd), 'x'], '-')", '"9007199254740993-x"'],
  // Comparisons.
  ["i.one = 1", "true"],
  ["i.one = i.text", "false"],
  ["i.odd = i.even", "false"],
  ["i.odd = 9007199254740993", "true"],
  ["i.even != 9007199254740993", "true"],
  ["i.odd > i.even and i.even < i.odd", "true"],
  ["i.odd <= i.even", "false"],
  ["i.huge > i.id", "true"],
  ["i.pi < 3.14159265358979323847", "true"],
  ["1 in [i.one]", "true"],
  ["i.odd in i.list.n", "true"],
  ["{'a': i.one} = {'a': 1}", "true"],
  ["i.list[n = 1]", '{"n":1.0}'],
  ["$count(i.list[n > 9007199254740992])", "1"],
  // Truth and types.
  ["i.zero ? 'yes' : 'no'", '"no"'],
  ["i.odd ? 'yes' : 'no'", '"yes"'],
  ["$not(i.zero)", "true"],
  ["$boolean($parse('1e-400'))", "true"],
  ["$type(i.one) & $type(i.huge)", '"numbernumber"'],
  // Numbers that a JavaScript number holds are computed with.
  ["i.one + i.tenth", "2.1"],
  ["-i.one", "-1"],
  ["[i.one..3]", "[1,2,3]"],
  ["$sum([i.one, i.tenth])", "2.1"],
  ["$round(i.pi, 2)", "3.14"],
  ["i.one ~> $abs()", "1"],
  ["i.list[i.zero].n", "1.0"],
  ["$range(i.one, 3, 1)", "[1,2,3]"],
  ["$pad('a', i.one)", '"a"'],
  ["[i.tenth, i.one]^($)", "[1.0,1.10]"],
  ["$sort([i.tenth, i.one])", "[1,1.1]"],
])("%s is %s", async (expression, result) => {
  const text = expression.replaceAll(/\bi\./g, "$states.input.");
  expect(await evaluate(text)).toBe(result);
});

test.each([
  ["i.odd + 1", "9007199254740993"],
  ["$sum([1, i.id])", "20261128093015123456"],
  ["i.huge * 0", "1e400"],
  ["-i.odd", "9007199254740993"],
  ["9007199254740993 - 1", "9007199254740993"],
  ["$floor(i.id)", "20261128093015123456"],
  ["i.id ~> $abs()", "20261128093015123456"],
  ["$parse('{\"a\": 9007199254740993}').a + 1", "9007199254740993"],
])("%s is refused, because it would be rounded", async (expression, number) => {
  await expect(evaluate(expression.replaceAll(/\bi\./g, "$states.input."))).rejects.toMatchObject({
    error: "States.QueryEvaluationError",
    cause: expect.stringMatching(
      `threw an error during evaluation. The local run cannot compute with the number ${number}: JSONata would round it$`,
    ),
  });
});

test("expressions on ordinary data are evaluated as they are", async () => {
  const data = '{"a": [1, 2.5], "b": {"a": 1}}';
  expect(await evaluate("$sum($states.input.a) & $string($states.input.b)", data)).toBe(String.raw`"3.5{\"a\":1}"`);
  expect(await evaluate("0.1 + 0.2", data)).toBe("0.30000000000000004");
});
