import jsonata from "jsonata";
import type { JsonObject } from "../../../../../src/base/json";
import { joinedTextsOf, joinTexts } from "../../../../../src/local/interpreter/languages/joined-texts";
import { type ExpressionNode, NOT_PLAIN } from "../../../../../src/local/interpreter/languages/plain-path";

const partsOf = (expression: string) => joinedTextsOf(jsonata(expression).ast() as ExpressionNode);

test.each([
  ["'step-' & $x.index", ["step-", ["x", "index"]]],
  ["$x & '-' & $x.a & 'é'", [["x"], "-", ["x", "a"], "é"]],
  ["'a' & ('b' & $x)", null],
  ["'a' & $x[0]", null],
  ["'a' & $string($x)", null],
  ["'a' & 1", null],
  ["'a' = $x", null],
  ["$x + 1", null],
  ["'a'", null],
  ["$x", null],
])("%s joins texts and plain paths or not", (expression, parts) => {
  expect(partsOf(expression)).toEqual(parts);
});

test.each(["text", "", 0, -0, 12, -3, 2 ** 53 - 1, undefined])(
  "the joined text with %p is the library's",
  async (value) => {
    const expression = "'a' & $x.value & '\"'";
    const bindings = { x: { value } } as JsonObject;
    const theirs: unknown = await jsonata(expression).evaluate(undefined, bindings);
    expect(joinTexts(partsOf(expression)!, bindings)).toBe(theirs);
  },
);

test.each([0.1, 1e300, 2 ** 53, true, null, [], {}])("a text with %p is left to the library", (value) => {
  expect(joinTexts(partsOf("'a' & $x")!, { x: value })).toBe(NOT_PLAIN);
});
