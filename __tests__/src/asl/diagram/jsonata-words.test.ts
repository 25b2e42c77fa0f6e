import { conditionParts, shortExpression } from "../../../../src/asl/diagram/jsonata-words";

test.each([
  [" $states.input.items ", "$.items"],
  ["$states.context.Execution.Name", "$$.Execution.Name"],
  ["$states.result.Payload\n  .rows[status = 'new']", 'result.Payload .rows[status = "new"]'],
  ["$states.inputs", "$states.inputs"],
  ["$count /* all */ ($x)", "$count  ($x)"],
  ["'it\\'s'", "'it\\'s'"],
])("shortens %j", (expression, short) => {
  expect(shortExpression(expression)).toBe(short);
});

test.each<[string, string[], ("and" | "or")?]>([
  ["$states.input.x = 'a'", ['$.x is "a"']],
  ["$states.input.x != $y", ["$.x is not $y"]],
  ["$states.input.n >= 3", ["$.n ≥ 3"]],
  ["3<=$n", ["3 ≤ $n"]],
  ["$states.input.ready", ["$.ready"]],
  ["$exists($states.input.x)", ["$.x is present"]],
  ["$not($exists($states.input.x))", ["$.x is not present"]],
  ["$not($a = 1 or $b)", ["not ($a = 1 or $b)"]],
  ["$type($states.input.x) = 'array'", ["$.x is a list"]],
  ["$type($states.input.x) != 'string'", ["$.x is not a string"]],
  ["$contains($x, 'a, b')", ['$x contains "a, b"']],
  ["$count($states.input.files) > 100", ["$count($.files) > 100"]],
  ["$x in ['a', 'b']", ['$x in ["a", "b"]']],
  ["($a and $b)", ["$a", "$b"]],
  ["$a = 'x or y' or ($b and $c = 1)", ['$a is "x or y"', "($b and $c = 1)"], "or"],
  ["$a and $b or $c", ["($a and $b)", "$c"], "or"],
  [
    "( $p := $states.input.a; $q := $p.b;\n $type($q) = 'string' and $exists($p) )",
    ["$.a.b is a string", "$.a is present"],
  ],
  ["($f := function($x) { $x := 1; $x }; $f(1))", ["$f(1)"]],
  ["($a, 1; $b)", ["$a, 1; $b"]],
  ["$f(($a", ["$f(($a"]],
  [")", [")"]],
  ["", [""]],
])("describes the condition %j", (expression, parts, word = "and") => {
  expect(conditionParts(expression)).toEqual({ word, parts });
});

test("a very long condition stays as it is", () => {
  const long = `$a = 1${" or $a = 2".repeat(200)}`;
  expect(conditionParts(long)).toEqual({ word: "and", parts: [long] });
});
