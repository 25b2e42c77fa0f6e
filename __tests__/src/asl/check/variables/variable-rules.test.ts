import type { Json, JsonObject } from "../../../../../src/base/json";
import { problemsOf } from "../problems-of";

const END = { End: true };

function pass(fields: JsonObject): JsonObject {
  return { Type: "Pass", ...fields };
}

/** Problems of a JSONata document with these states. */
function ofStates(States: JsonObject, QueryLanguage = "JSONata"): string[] {
  return problemsOf({ QueryLanguage, StartAt: Object.keys(States)[0]!, States });
}

function choice(rules: Json[], fields: JsonObject): JsonObject {
  return { Type: "Choice", Choices: rules, ...fields };
}

const OF_A = "/States/a/Output";
const READ = pass({ Output: "{% $x %}", ...END });

describe("a variable that no state assigns", () => {
  test.each([
    ["{% $sample %}", "$sample", "write $states.input.sample for the input, or assign it in an earlier state"],
    ["{% $state.input.name %}", "$state", "did you mean $states?"],
    ["{% $customers %}", "$customers", "did you mean $customer?"],
  ])("is a mistake in JSONata: %s", (Output, name, fix) => {
    const States = { a: pass({ Output, Next: "b" }), b: pass({ Assign: { customer: 1 }, ...END }) };
    expect(ofStates(States)).toEqual([
      `error variable-unassigned ${OF_A}: no state assigns a variable ${name}; ${fix}`,
    ]);
  });

  test.each<[string, JsonObject]>([
    ["Parameters/a.$", { Parameters: { "a.$": "$sample" } }],
    ["Parameters/a.$", { Parameters: { "a.$": "States.Format('{}', $sample.name)" } }],
    ["InputPath", { InputPath: "$sample" }],
    ["Assign/b.$", { Assign: { "b.$": "$sample" } }],
  ])("is a missing dot in JSONPath: %s", (field, fields) => {
    expect(ofStates({ a: pass({ ...fields, ...END }) }, "JSONPath")).toEqual([
      `error variable-unassigned /States/a/${field}: no state assigns a variable $sample; did you mean $.sample?`,
    ]);
  });

  test("is $states in a JSONPath state", () => {
    expect(ofStates({ a: pass({ Parameters: { "a.$": "$states.input.b" }, ...END }) }, "JSONPath")).toEqual([
      'error variable-unassigned /States/a/Parameters/a.$: $states exists only in JSONata, but this state uses JSONPath; write a path such as $.name, or add "QueryLanguage": "JSONata" to the state',
    ]);
  });

  test("is found in the tests of a Choice", () => {
    const rule = { Variable: "$count", NumericEqualsPath: "$limit", Next: "b" };
    expect(ofStates({ a: choice([rule], { Default: "b" }), b: { Type: "Succeed" } }, "JSONPath")).toEqual([
      "error variable-unassigned /States/a/Choices/0/Variable: no state assigns a variable $count; did you mean $.count?",
      "error variable-unassigned /States/a/Choices/0/NumericEqualsPath: no state assigns a variable $limit; did you mean $.limit?",
    ]);
  });

  test.each([
    "{% $exists($sample) %}",
    "{% $exists($sample.name) ? $sample.name : 'none' %}",
    "{% ($sample := 1; $sample) %}",
    "{% $map($states.input, function($sample) { $sample }) %}",
    "{% $states.input#$sample.{'at': $sample} %}",
    "{% $map($states.input, $uppercase) %}",
    "{% ${Number} %}",
    "$sample",
  ])("is no mistake in %s", (Output) => {
    const problems = ofStates({ a: pass({ Output, ...END }) });
    expect(problems.filter((problem) => problem.includes("variable"))).toEqual([]);
  });
});

describe("a variable", () => {
  test("is seen from the next state on, not in the state that assigns it", () => {
    const Assign = { x: 1 };
    expect(ofStates({ a: pass({ Assign, Output: "{% $x %}", Next: "b" }), b: READ })).toEqual([
      `error variable-unassigned ${OF_A}: $x is not assigned before this state, only by a; assign it in a state before; a state does not see what it assigns itself`,
    ]);
  });

  test("that only some ways assign is a warning", () => {
    const rules = [{ Condition: "{% $states.input = 1 %}", Assign: { x: 1 }, Next: "b" }];
    const States = { a: choice(rules, { Default: "b" }), b: READ };
    expect(ofStates(States)).toEqual([
      "warning variable-unassigned /States/b/Output: $x is not assigned on every way to this state; assign it on the other ways too, or test it with $exists($x)",
    ]);
    expect(ofStates({ ...States, a: choice(rules, { Default: "b", Assign: { x: 2 } }) })).toEqual([]);
  });

  test("that a document tests for presence may be missing", () => {
    const rules = [{ Condition: "{% $exists($x) %}", Next: "b" }];
    const States = {
      first: choice([{ Condition: "{% $states.input = 1 %}", Assign: { x: 1 }, Next: "a" }], { Default: "a" }),
      a: choice(rules, { Default: "c" }),
      b: READ,
      c: { Type: "Succeed" },
    };
    expect(ofStates(States)).toEqual([]);
  });

  test("that a Catch assigns is known only behind the Catch", () => {
    const States = {
      a: {
        Type: "Task",
        Resource: "arn:aws:lambda:eu-west-1:123456789012:function:f",
        Assign: { x: "{% $states.result %}" },
        Catch: [{ ErrorEquals: ["States.ALL"], Assign: { failure: "{% $states.errorOutput %}" }, Next: "failed" }],
        Next: "b",
      },
      b: READ,
      failed: pass({ Output: ["{% $failure %}", "{% $x %}"], ...END }),
    };
    expect(ofStates(States)).toEqual([
      "error variable-unassigned /States/failed/Output/1: $x is not assigned before this state, only by a; assign it in a state before; a state does not see what it assigns itself",
    ]);
  });

  test("that a loop assigns is known after the first round", () => {
    const States = {
      a: pass({ Assign: { count: 0 }, Next: "b" }),
      b: pass({ Assign: { count: "{% $count + 1 %}" }, Next: "c" }),
      c: choice([{ Condition: "{% $count < 3 %}", Next: "b" }], { Default: "end" }),
      end: { Type: "Succeed", Output: "{% $count %}" },
    };
    expect(ofStates(States)).toEqual([]);
  });
});

describe("the scope of a variable", () => {
  const map = (inner: JsonObject, fields: JsonObject = {}, config: JsonObject = {}): JsonObject => ({
    Type: "Map",
    Items: [1],
    ItemProcessor: { ...config, StartAt: "a", States: { a: inner } },
    ...fields,
  });
  const DISTRIBUTED = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
  const first = pass({ Assign: { x: 1 }, Next: "list" });

  test("includes the states inside a Map", () => {
    expect(ofStates({ first, list: map(READ, END) })).toEqual([]);
  });

  test("ends at a distributed Map", () => {
    expect(ofStates({ first, list: map(READ, END, DISTRIBUTED) })).toEqual([
      "error variable-scope /States/list/ItemProcessor/States/a/Output: $x is assigned outside of list; the items of a distributed Map do not see it; pass it to the items in the ItemSelector of list",
    ]);
    const ItemSelector = { x: "{% $x %}" };
    expect(ofStates({ first, list: map(pass(END), { ItemSelector, ...END }, DISTRIBUTED) })).toEqual([]);
  });

  test("does not reach out of a Parallel", () => {
    const inner = { StartAt: "a", States: { a: pass({ Assign: { x: 1 }, ...END }) } };
    const both = { Type: "Parallel", Branches: [inner], Next: "b" };
    expect(ofStates({ both, b: READ })).toEqual([
      "warning variable-scope /States/b/Output: $x is assigned only inside both, and not seen outside of it; return it as a part of the output of both, and assign it there",
    ]);
  });

  test("has no second variable of the same name inside", () => {
    const inner = pass({ Assign: { x: 2 }, ...END });
    expect(ofStates({ first, list: map(inner, END) })).toEqual([
      "error variable-scope /States/list/ItemProcessor/States/a/Assign/x: Assign: $x is assigned before list too; a variable inside must have another name; rename one of the two",
    ]);
    expect(ofStates({ list: map(inner, { Assign: { x: 1 }, ...END }) })).toEqual([]);
  });
});

test.each([
  ["states", "the name states is reserved; use another name"],
  ["x.y", "x.y is a part of a variable, which cannot be assigned alone; assign x as a whole"],
  ["x[0]", "x[0] is a part of a variable, which cannot be assigned alone; assign x as a whole"],
  ["1st", "1st is not the name of a variable; begin with a letter, and use letters, digits and _ only"],
  ["", "an empty text is not the name of a variable; begin with a letter, and use letters, digits and _ only"],
  ["x.$", 'x.$ ends in .$, which JSONata does not have; write "x": "{% … %}"'],
  ["x".repeat(81), "the name of a variable must have at most 80 characters, got: 81; shorten it"],
])("%j is no name of a variable", (name, mistake) => {
  expect(ofStates({ a: pass({ Assign: { [name]: 1 }, ...END }) })).toEqual([
    `error variable-name /States/a/Assign/${name}: Assign: ${mistake}`,
  ]);
});

test.each(["x", "x_1", "größe", "数量", "x".repeat(80)])("%s is the name of a variable", (name) => {
  expect(ofStates({ a: pass({ Assign: { [name]: 1 }, ...END }) })).toEqual([]);
  expect(ofStates({ a: pass({ Assign: { [`${name}.$`]: "$" }, ...END }) }, "JSONPath")).toEqual([]);
});

test("five hundred variables in five hundred states are followed", () => {
  const States = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [
      `s${index}`,
      pass({ Assign: { [`v${index}`]: "{% $v499 %}" }, ...(index === 499 ? END : { Next: `s${index + 1}` }) }),
    ]),
  );
  expect(ofStates(States)).toHaveLength(500);
});
