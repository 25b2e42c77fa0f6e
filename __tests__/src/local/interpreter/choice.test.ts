import { ExactNumber } from "../../../../src/base/exact-number";
import type { Json, JsonObject } from "../../../../src/base/json";
import { matchingRule, transitionOf } from "../../../../src/local/interpreter/choice";
import type { Scope } from "../../../../src/local/interpreter/paths";
import { StatesError } from "../../../../src/local/interpreter/states-error";
import { scope } from "./scope";

const choose = (state: JsonObject, data: Scope) => transitionOf(state, matchingRule(state, data)).next;

const holds = (rule: JsonObject, input: Json, context: JsonObject = {}) =>
  choose({ Choices: [{ ...rule, Next: "yes" }], Default: "no" }, scope(input, context)) === "yes";

/** Returns the values that pass a test. */
const passing = (test: JsonObject, values: Json[]) =>
  values.filter((value) => holds({ Variable: "$.value", ...test }, { value }));

test.each<[string, Json, Json[], Json[]]>([
  ["StringEquals", "b", ["b"], ["a", "B", 1, null, ["b"]]],
  ["StringLessThan", "b", ["a", "B", ""], ["b", "c", 1, null, [], true]],
  ["StringLessThanEquals", "b", ["a", "b"], ["c", 1, {}]],
  ["StringGreaterThan", "b", ["c", "ba"], ["b", "a", 9, null]],
  ["StringGreaterThanEquals", "b", ["b", "c"], ["a", 9]],
  ["NumericEquals", 1, [1], [1.5, "1", true, null, [1]]],
  ["NumericLessThan", 1, [0, -1.5], [1, 2, "0", null, false, ""]],
  ["NumericLessThanEquals", 1, [1, 0], [1.1, null]],
  ["NumericGreaterThan", 1, [1.1], [1, "2", true]],
  ["NumericGreaterThanEquals", 1, [1, 2], [0, "2"]],
  ["BooleanEquals", true, [true], [false, 1, "true", null]],
  ["BooleanEquals", false, [false], [true, 0, "", null]],
  [
    "TimestampEquals",
    "2016-03-14T01:59:00Z",
    ["2016-03-14T01:59:00.000Z", "2016-03-14T02:59:00+01:00"],
    ["2016-03-14", 1457920740],
  ],
  [
    "TimestampLessThan",
    "2016-03-14T01:59:00.000000002Z",
    ["2016-03-14T01:59:00.000000001Z"],
    ["2016-03-14T01:59:00.000000002Z", "x"],
  ],
  ["TimestampLessThanEquals", "2016-03-14T01:59:00Z", ["2016-03-14T01:59:00Z"], ["2016-03-14T01:59:01Z"]],
  ["TimestampGreaterThan", "2016-03-14T01:59:00Z", ["2016-03-14T01:59:00.1Z"], ["2016-03-14T01:59:00Z", "zzz", null]],
  ["TimestampGreaterThanEquals", "2016-03-14T01:59:00Z", ["2016-03-14T01:59:00Z"], ["2016-03-13T23:59:00Z"]],
])("%s %j", (operator, expected, inside, outside) => {
  expect(passing({ [operator]: expected }, [...inside, ...outside])).toEqual(inside);
  const byPath = [...inside, ...outside].filter((value) =>
    holds({ Variable: "$.value", [`${operator}Path`]: "$$.expected" }, { value }, { expected }),
  );
  expect(byPath).toEqual(inside);
});

const VALUES = [null, true, false, 0, 1.5, "", "2016-03-14T01:59:00Z", "2012-10-09T19:00:55", [], {}];

test.each<[string, Json[]]>([
  ["IsNull", [null]],
  ["IsBoolean", [true, false]],
  ["IsNumeric", [0, 1.5]],
  ["IsString", ["", "2016-03-14T01:59:00Z", "2012-10-09T19:00:55"]],
  ["IsTimestamp", ["2016-03-14T01:59:00Z"]],
  ["IsPresent", VALUES],
])("%s", (operator, inside) => {
  expect(passing({ [operator]: true }, VALUES)).toEqual(inside);
  expect(passing({ [operator]: false }, VALUES)).toEqual(VALUES.filter((value) => !inside.includes(value)));
});

test.each([
  "2016-03-14T01:59:00",
  "2016-03-14t01:59:00z",
  "2016-03-14 01:59:00Z",
  "2016-03-14T01:59Z",
  "2016-02-30T01:59:00Z",
  "2016-13-01T01:59:00Z",
  "2016-03-14T24:00:00Z",
  "2016-03-14T01:59:60Z",
])("%s is no timestamp", (value) => {
  expect(holds({ Variable: "$", IsTimestamp: true }, value)).toBe(false);
});

test.each<[string, string[], string[]]>([
  ["foo*.log", ["foo.log", "foo23.log"], ["foo.logs", "a-foo.log", "foo"]],
  ["*.log", [".log", "a.log"], ["log"]],
  ["*", ["", "anything\nat all"], []],
  ["", [""], ["a"]],
  ["a*b*c", ["abc", "a-b-b-c"], ["acb", "ab", "abcd"]],
  ["ab*ba", ["abba", "ab-ba"], ["aba"]],
  ["a\\*c", ["a*c"], ["abc", "a\\*c"]],
  ["a\\\\*", ["a\\", "a\\b"], ["a*"]],
  ["[*", ["[]", '["a"]'], ['{"a":[]}', '"["']],
])("StringMatches %j", (pattern, inside, outside) => {
  expect(passing({ StringMatches: pattern }, [...inside, ...outside])).toEqual(inside);
  expect(passing({ StringMatches: pattern }, [null, 1, [pattern]])).toEqual([]);
});

test.each(["a\\", "\\d", "a\\.b*"])("StringMatches %j fails: its backslash has nothing to escape", (pattern) => {
  expect(() => holds({ Variable: "$", StringMatches: pattern }, "a")).toThrow(
    new StatesError(
      "States.Runtime",
      `the pattern ${JSON.stringify(pattern)} has a backslash that stands before neither * nor \\`,
    ),
  );
});

test("StringMatches takes no longer for many asterisks", () => {
  expect(holds({ Variable: "$", StringMatches: "*a".repeat(2000) }, "a".repeat(100_000).concat("b"))).toBe(false);
});

test.each<[Json]>([[null], ["text"], [1], [[]], [{}], [{ a: null }], [{ a: "text" }], [{ a: [] }], [{ a: {} }]])(
  "IsPresent of $.a.b in %j is false",
  (input) => {
    expect(holds({ Variable: "$.a.b", IsPresent: true }, input)).toBe(false);
    expect(holds({ Variable: "$.a.b", IsPresent: false }, input)).toBe(true);
  },
);

test("IsPresent does not take what every object inherits for a field", () => {
  expect(holds({ Variable: "$.constructor", IsPresent: true }, {})).toBe(false);
});

describe("combined rules", () => {
  const present = { Variable: "$.a", IsPresent: true };
  const one = { Variable: "$.a", NumericEquals: 1 };

  test("And looks at nothing after the first test that fails", () => {
    expect(holds({ And: [present, one] }, {})).toBe(false);
    expect(holds({ And: [present, one] }, { a: 1 })).toBe(true);
    expect(() => holds({ And: [one, present] }, {})).toThrow("Invalid path '$.a'");
  });

  test("Or looks at nothing after the first test that holds", () => {
    expect(holds({ Or: [{ Not: present }, one] }, {})).toBe(true);
    expect(holds({ Or: [{ Not: present }, one] }, { a: 2 })).toBe(false);
  });

  test("Not turns a test around", () => {
    expect(holds({ Not: { And: [present, { Not: one }] } }, { a: 1 })).toBe(true);
  });

  test("the first rule that holds is taken", () => {
    const Choices = [
      { ...one, Next: "first" },
      { ...present, Next: "second" },
    ];
    expect(choose({ Choices }, scope({ a: 1 }))).toBe("first");
    expect(choose({ Choices }, scope({ a: 2 }))).toBe("second");
  });
});

test("no rule and no Default fail with States.NoChoiceMatched", () => {
  expect(() => choose({ Choices: [{ Variable: "$", IsNull: true, Next: "a" }] }, scope(1))).toThrow(
    new StatesError(
      "States.NoChoiceMatched",
      "Failed to transition out of the state. The state does not point to a next state.",
    ),
  );
});

test.each<[JsonObject, string]>([
  [{ Variable: "$.b", StringEquals: "x" }, "$.b"],
  [{ Variable: "$.b", IsString: true }, "$.b"],
  [{ Variable: "$.a", NumericEqualsPath: "$.c.d" }, "$.c.d"],
])("%j fails with States.Runtime where a path leads nowhere", (rule, path) => {
  expect(() => holds(rule, { a: 1 })).toThrow(
    new StatesError(
      "States.Runtime",
      `Invalid path '${path}': The choice state's condition path references an invalid value.`,
    ),
  );
});

test("a comparison that is not known fails with States.Runtime", () => {
  expect(() => holds({ Variable: "$.a", StringEqual: "x" }, { a: 1 })).toThrow(
    new StatesError("States.Runtime", "a rule on $.a has no known comparison"),
  );
});

test("a null in the data can be compared with", () => {
  expect(holds({ Variable: "$.a", StringEqualsPath: "$.b" }, { a: "x", b: null })).toBe(false);
});

test("numbers are compared digit by digit", () => {
  const [less, more] = [9_007_199_254_740_992, new ExactNumber("9007199254740993")];
  const huge = new ExactNumber("1e400");
  expect(passing({ NumericEquals: more }, [less, more, new ExactNumber("9007199254740993.0")])).toHaveLength(2);
  expect(passing({ NumericGreaterThan: less }, [less, more, huge])).toEqual([more, huge]);
  expect(passing({ NumericEquals: 1 }, [new ExactNumber("1.0"), new ExactNumber("10e-1"), 1.5])).toHaveLength(2);
  expect(holds({ Variable: "$.a", NumericEqualsPath: "$.b" }, { a: less, b: more })).toBe(false);
  expect(passing({ IsNumeric: true }, [huge, "1e400"])).toEqual([huge]);
  expect(passing({ StringEquals: "1.0" }, [new ExactNumber("1.0")])).toEqual([]);
});
