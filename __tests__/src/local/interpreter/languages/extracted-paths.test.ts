import jsonata from "jsonata";
import { asObject, type Json, type JsonObject } from "../../../../../src/base/json";
import { jsonataEvaluator } from "../../../../../src/local/interpreter/languages/jsonata-evaluator";

const EXPRESSIONS = [
  "$states.input.a & '-' & $states.input.b",
  "$states.input.a = $states.input.b",
  "$states.input.list[0].x + 1",
  "$count($states.input.list) + $count($states.input.none)",
  "$exists($states.input.a.b) and $exists($states.input.none)",
  "[$states.input.list, $states.input.a]",
  "[$states.input.a, $states.input.none]",
  "{ 'a': $states.input.a, 'none': $states.input.none, 'list': $states.input.list }",
  "$states.input.list.x",
  "$sum($states.input.list.x)",
  "$map($states.input.list, function($v) { $v.x * $states.input.n })",
  "($states := { 'input': { 'n': 7 } }; $states.input.n + 1)",
  "(function($states) { $states.input.n + 1 })({ 'input': { 'n': 7 } })",
  "($p := $states.input; $p.n + $p.n)",
  "$states.input.list[x = $states.input.n]",
  "$merge([$states.input.a, $states.input.object, $object])",
  "$states.input.object ~> |$|{'y': $states.input.n}|",
  "$object.x + $states.input.n",
  "$append($states.input.list, $states.input.empty)",
  "$type($states.input.empty) & $type($states.input.n)",
  "$states.input.n in $states.input.numbers",
  "$string($states.input.object) & $string($states.input.empty)",
  "$states.input.numbers[$ > $states.input.n]",
  "$states.input.nothing = null",
];

const INPUTS: readonly JsonObject[] = [
  { a: "x", b: "x", n: 1, list: [{ x: 1 }, { x: 2 }], object: { x: 1 }, empty: [], numbers: [1, 2, 3], nothing: null },
  { a: { b: 1 }, b: [1], n: 2, list: [], object: {}, empty: [[]], numbers: [2], nothing: 0 },
  { a: [{ b: 1 }, { b: 2 }], list: [{ x: 3 }], n: 3, object: [{ x: 5 }], numbers: 3 },
  {},
];

const outcome = async (evaluate: () => unknown): Promise<Json> => {
  try {
    const value = await evaluate();
    return value === undefined ? "nothing" : (JSON.parse(JSON.stringify(value)) as Json);
  } catch (failure) {
    const { code, cause } = failure as { code?: string; cause?: string };
    return code ?? cause?.match(/evaluation\. (\w+):/)?.[1] ?? (cause?.includes("returned nothing") ? "nothing" : "?");
  }
};

test.each(EXPRESSIONS)("%s is what the library alone makes of it", async (expression) => {
  const evaluate = jsonataEvaluator({ now: () => 0 }, { random: () => 0, uuid: () => "" });
  for (const input of INPUTS) {
    const bindings = { states: { input, context: {} }, object: asObject({ x: 10 }) };
    const alone = await outcome(() => jsonata(expression).evaluate(undefined, bindings));
    expect(await outcome(() => evaluate(expression, "Output", bindings))).toEqual(alone);
    expect(await outcome(() => evaluate(expression, "Output", bindings))).toEqual(alone);
  }
});
