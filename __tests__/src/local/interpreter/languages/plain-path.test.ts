import fc from "fast-check";
import jsonata from "jsonata";
import type { Json, JsonObject } from "../../../../../src/base/json";
import {
  type ExpressionNode,
  NOT_PLAIN,
  plainPathOf,
  valueAt,
} from "../../../../../src/local/interpreter/languages/plain-path";

const pathOf = (expression: string) => plainPathOf(jsonata(expression).ast() as ExpressionNode);

test.each([
  ["$states.input.a", ["states", "input", "a"]],
  ["$x", ["x"]],
  ["$states.input.`a b`.'c'", ["states", "input", "a b", "c"]],
  ["$states.input.a[0]", null],
  ["$states.input.a[]", null],
  ["$states.input.*", null],
  ["$states.input.**", null],
  ["$states.input{a: b}", null],
  ["$states.input@$v.a", null],
  ["$states.input#$i.a", null],
  ["$states.input^(a)", null],
  ["$states.input.%", null],
  ["($states.input)", null],
  ["a.b", null],
  ["$x := 1", null],
  ["$uuid()", null],
])("%s is a plain path or not", (expression, names) => {
  expect(pathOf(expression)).toEqual(names);
});

test("a function, the context and a list on the way are left to the library", () => {
  const found = (expression: string) => valueAt(pathOf(expression)!, { x: { list: [{ a: 1 }] } });
  expect(found("$uuid")).toBe(NOT_PLAIN);
  expect(found("$")).toBe(NOT_PLAIN);
  expect(found("$x.list.a")).toBe(NOT_PLAIN);
  expect(found("$x.list")).toEqual([{ a: 1 }]);
});

test("a plain path has the value that the library gives it", async () => {
  const names = ["a", "b", "__proto__", "length", "constructor"];
  const name = fc.constantFrom(...names);
  const value = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(null, true, 0, "x", "", []),
      fc.dictionary(name, tie("json"), { maxKeys: 3, noNullPrototype: true }),
      fc.array(tie("json"), { maxLength: 2 }),
    ),
  })).json;
  const property = fc.asyncProperty(value, fc.array(name, { maxLength: 3 }), async (x, path) => {
    const expression = ["$x", ...path].join(".");
    const ours = valueAt(pathOf(expression)!, { x } as JsonObject);
    if (ours === NOT_PLAIN) return;
    const theirs = (await jsonata(expression).evaluate(undefined, { x })) as Json;
    expect(ours).toEqual(theirs);
  });
  await fc.assert(property, { seed: 1, numRuns: 300 });
});
