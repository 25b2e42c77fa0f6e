import { INTRINSICS, parseExpression } from "../../../src/asl/expressions";
import { parsePath } from "../../../src/asl/json-path";
import { ExactNumber } from "../../../src/base/exact-number";

describe("a path", () => {
  test.each([
    ["$", "$", []],
    ["$.a", "$", ["a"]],
    ["$.a.b[0]['c d']", "$", ["a", "b", 0, "c d"]],
    ['$["a"].b', "$", ["a", "b"]],
    ["$[1][2]", "$", [1, 2]],
    ["$.list[-1]", "$", ["list", -1]],
    ["$.[0].a", "$", [0, "a"]],
    ["$.[ 'a' ]", "$", ["a"]],
    ["$.my-field", "$", ["my-field"]],
    ["$.größe", "$", ["größe"]],
    ["$['it\\'s \\\\ here']", "$", ["it's \\ here"]],
    ["$['keeps \\\" as it is']", "$", ['keeps \\" as it is']],
    ["$$", "$$", []],
    ["$$.Map.Item.Value", "$$", ["Map", "Item", "Value"]],
  ])("%s is a reference path", (text, root, steps) => {
    expect(parsePath(text)).toEqual({ kind: "path", root, text, steps });
  });

  test.each([
    "$.a[*]",
    "$.*",
    "$..a",
    "$.a[1:3]",
    "$.a[:2].b",
    "$.a[-2:]",
    "$.a[0,2]",
    "$['a', 'b']",
    "$.a[?(@.size > 1)].b",
    "$.a[?(@.name == 'x)]' && (@.b || @.c))]",
    "$$.Execution.Input.list[*].a",
  ])("%s can select more than one value", (text) => {
    const root = text.startsWith("$$") ? "$$" : "$";
    expect(parsePath(text)).toMatchObject({ kind: "path", root, text, steps: null });
  });

  test.each([
    ["", 'column 1 of "": expected a path that begins with "$", got: the end'],
    ["a.b", 'column 1 of "a.b": expected a path that begins with "$", got: "a.b"'],
    ["$.", 'column 3 of "$.": expected a name, "*" or "[", got: the end'],
    ["$.a..", 'column 6 of "$.a..": expected a name, "*" or "[", got: the end'],
    ["$.a b", 'column 5 of "$.a b": expected the end, got: "b"'],
    ["$.a.length()", 'column 11 of "$.a.length()": expected the end, got: "()"'],
    [
      "$['a',1]",
      `column 3 of "$['a',1]": expected an index, a name in quotes, "*", a slice such as 1:3, or a filter such as ?(@.size > 1), got: "'a',1]"`,
    ],
    ["$.a[?(@.b]", 'column 11 of "$.a[?(@.b]": expected ")]", got: the end'],
    ["$.a[?(@.b)", 'column 11 of "$.a[?(@.b)": expected "]", got: the end'],
  ])("%j is not a path", (text, message) => {
    expect(() => parsePath(text)).toThrow(new SyntaxError(message));
  });
});

describe("a call", () => {
  test("takes paths, calls and literals", () => {
    expect(parseExpression("States.Array( $.a , 'b',1, -2.5e1, 1.0,true,false,null, States.UUID() )")).toEqual({
      kind: "call",
      name: "States.Array",
      arguments: [
        { kind: "path", root: "$", text: "$.a", steps: ["a"] },
        { kind: "literal", value: "b", text: "b" },
        { kind: "literal", value: 1, text: "1" },
        { kind: "literal", value: new ExactNumber("-2.5e1"), text: "-2.5e1" },
        { kind: "literal", value: new ExactNumber("1.0"), text: "1.0" },
        { kind: "literal", value: true, text: "true" },
        { kind: "literal", value: false, text: "false" },
        { kind: "literal", value: null, text: "null" },
        { kind: "call", name: "States.UUID", arguments: [] },
      ],
    });
  });

  test("ignores blanks around it, as AWS does", () => {
    expect(parseExpression(" States.UUID()\n")).toMatchObject({ name: "States.UUID" });
    expect(parseExpression("$$.Execution.Name ")).toMatchObject({ text: "$$.Execution.Name" });
    expect(parsePath("\t$.a ")).toEqual(parsePath("$.a"));
  });

  test("unescapes a string and keeps the original text", () => {
    expect(parseExpression("States.Array('it\\'s \\{\\} \\\\, (a) {}')")).toMatchObject({
      arguments: [{ value: "it's {} \\, (a) {}", text: "it\\'s \\{\\} \\\\, (a) {}" }],
    });
  });

  test("ends a path argument at the end of the path", () => {
    expect(parseExpression("States.JsonMerge($.a[?(@.b == 'x, y)')], $$.c, false)")).toMatchObject({
      arguments: [{ text: "$.a[?(@.b == 'x, y)')]" }, { text: "$$.c" }, { value: false }],
    });
  });

  test.each([
    ["States.Foo($.a)", 1, 'a path that begins with "$" or a call such as States.Format(…)', '"States.Foo($.a)"'],
    ["'text'", 1, 'a path that begins with "$" or a call such as States.Format(…)', "\"'text'\""],
    ["States.Array", 13, '"("', "the end"],
    ["States.Array($.a", 17, '"," or ")"', "the end"],
    ["States.Array($.a $.b)", 18, '"," or ")"', '"$.b)"'],
    ["States.UUID() x", 15, "the end", '"x"'],
    ["States.Hash($.a)", 1, "States.Hash with 2 arguments, not 1", '"States.Hash($.a)"'],
    ["States.ArrayLength()", 1, "States.ArrayLength with 1 argument, not 0", '"States.ArrayLength()"'],
    ["States.Format()", 1, "States.Format with 1 or more arguments, not 0", '"States.Format()"'],
    ["States.MathRandom(1)", 1, "States.MathRandom with 2 to 3 arguments, not 1", '"States.MathRandom(1)"'],
  ])("%s is rejected", (text, column, expected, got) => {
    expect(() => parseExpression(text)).toThrow(
      new SyntaxError(`column ${column} of "${text}": expected ${expected}, got: ${got}`),
    );
  });

  test.each(["States.Array(,)", "States.Array('open)", "States.Array('\\n')", 'States.Array("a")'])(
    "%s is rejected because of its argument",
    (text) => {
      expect(() => parseExpression(text)).toThrow(
        `column 14 of "${text}": expected a path, a call, a number, true, false, null, or a string in single quotes (escapes: \\' \\{ \\} \\\\), got: `,
      );
    },
  );

  test("accepts ten calls in one field, but not eleven", () => {
    const nested = (calls: number) => `${"States.Array(".repeat(calls - 1)}States.Array()${")".repeat(calls - 1)}`;
    expect(() => parseExpression(nested(10))).not.toThrow();
    expect(() => parseExpression(nested(11))).toThrow("expected at most 10 calls in one field");
  });
});

test("knows the 18 intrinsic functions of AWS", () => {
  expect(Object.keys(INTRINSICS)).toHaveLength(18);
});
