import { type Call, parseExpression } from "../../../../src/asl/expressions";
import { type Json, type JsonObject, stringifyJson } from "../../../../src/base/json";
import { parseJson } from "../../../../src/base/read-json";
import { callIntrinsic } from "../../../../src/local/interpreter/intrinsics";
import { StatesError } from "../../../../src/local/interpreter/states-error";
import { scope } from "./scope";

const evaluate = (text: string, input: Json = {}, context: JsonObject = {}) =>
  callIntrinsic(parseExpression(text) as Call, text, scope(input, context));

// Most of these are what AWS answered in the recordings of LocalStack's tests.
test.each<[string, Json, Json]>([
  ["States.Array()", null, []],
  ["States.Array('Foo', 2022, $.a, null)", { a: { b: 1 } }, ["Foo", 2022, { b: 1 }, null]],
  ["States.ArrayContains($.a, $.b)", { a: [[1, 2, 3], 2], b: [1, 2, 3] }, true],
  ["States.ArrayContains($.a, $.b)", { a: [{ "1": 2, "2": [] }], b: { "2": [], "1": 2 } }, true],
  ["States.ArrayContains($.a, $.b)", { a: [[1, 2, 3], 2], b: "2" }, false],
  ["States.ArrayContains($.a, null)", { a: [] }, false],
  ["States.ArrayGetItem($, 1)", [1, null], null],
  ["States.ArrayLength($)", [1, [2, 3]], 2],
  ["States.ArrayPartition($, 2)", [0, 1, 2], [[0, 1], [2]]],
  ["States.ArrayPartition($, 5)", [0, 1], [[0, 1]]],
  ["States.ArrayPartition($, 2)", [], []],
  ["States.ArrayPartition($, 1.5)", [0, 1, 2], [[0, 1], [2]]],
  ["States.ArrayRange(1, 9, 2)", null, [1, 3, 5, 7, 9]],
  ["States.ArrayRange(0, 10, 3)", null, [0, 3, 6, 9]],
  ["States.ArrayRange(9, 1, -4)", null, [9, 5, 1]],
  ["States.ArrayRange(5, 1, 1)", null, []],
  [
    "States.ArrayUnique($)",
    [1, "1", 1, { a: 1, b: 2 }, { b: 2, a: 1 }, [null], [null]],
    [1, "1", { a: 1, b: 2 }, [null]],
  ],
  ["States.Base64Encode($)", "Data to encode ✓", "RGF0YSB0byBlbmNvZGUg4pyT"],
  ["States.Base64Decode($)", "RGF0YSB0byBlbmNvZGUg4pyT", "Data to encode ✓"],
  ["States.Base64Decode($)", "YQ", "a"],
  ["States.Format('Hello, my name is {}.', $.name)", { name: "Arnav" }, "Hello, my name is Arnav."],
  ["States.Format($.template, $.name)", { name: "Arnav", template: "Hello, {}!" }, "Hello, Arnav!"],
  ["States.Format('{} {} {} {}', null, true, 1.1, $)", "", "null true 1.1 "],
  ["States.Format('{}', $)", { Arg1: 1, Arg2: [], Arg3: ["a", { b: null }] }, "{Arg1=1, Arg2=[], Arg3=[a, {b=null}]}"],
  ["States.Format('\\{\\} {} it\\'s \\\\', '{}')", null, "{} {} it's \\"],
  ["States.Format('\\{\"a\": {}\\}', 1)", null, '{"a": 1}'],
  ["States.Hash($, 'MD5')", "input data", "812f45842bc6d66ee14572ce20db8e86"],
  ["States.Hash($, 'SHA-1')", "input data", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
  ["States.Hash($, 'SHA-256')", "input data", "b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3"],
  [
    "States.Hash($, 'SHA-384')",
    "input data",
    "d28a7d5cf25a74f11a50a18452b75e04bb3d70c9dd0510d6123aa008c756511b87525bdc835ebb27e1fb9e9374a15562",
  ],
  [
    "States.Hash($, 'SHA-512')",
    "input data",
    "6ce4adb348546d4f449c4d25aad9a7c9cb711d9e91982d3f0b29ca2f3f47d4ce2deba23bf2954f0f1d593fc50283731a533d30d425402d4f91316d871303aac4",
  ],
  [
    "States.JsonMerge($.a, $.b, false)",
    { a: { x: { a1: 1 }, y: 2, z: 3 }, b: { x: { a3: 1 }, w: 3, z: 4 } },
    { x: { a3: 1 }, y: 2, z: 4, w: 3 },
  ],
  ["States.JsonToString($)", { a: [1, "HelloWorld", null] }, '{"a":[1,"HelloWorld",null]}'],
  ["States.MathAdd(1.5, 1.51)", null, 4],
  ["States.MathAdd(-1.5, -1.51)", null, -3],
  ["States.MathAdd(-0.5, 0)", null, 0],
  ["States.MathRandom(10, 20)", null, 15],
  ["States.StringSplit($, '.+,=')", "This.is+a,test=string", ["This", "is", "a", "test", "string"]],
  ["States.StringSplit($, ',')", ", , ,", [" ", " "]],
  ["States.StringSplit($, ',')", ",,,,", []],
  ["States.StringSplit('Hello\nWorld', '\n')", null, ["Hello", "World"]],
  ["States.StringToJson($)", '{"Arg1": 1, "Arg2": []}', { Arg1: 1, Arg2: [] }],
  ["States.StringToJson($)", " ", null],
  ['States.StringToJson(\'{"constant": "false"}\')', null, { constant: "false" }],
  ["States.UUID()", null, "7c9e6679-7425-40de-944b-e07fc1f90ae7"],
  [
    "States.ArrayGetItem(States.StringSplit($, '-'), States.MathAdd(States.ArrayLength(States.StringSplit($, '-')), -1))",
    "a-b-c",
    "c",
  ],
])("%s of %j is %j", (text, input, value) => {
  expect(evaluate(text, input)).toEqual(value);
});

test("a call reads the context object too", () => {
  expect(evaluate("States.Format('{}-{}', $$.Execution.Name, $.a)", { a: 1 }, { Execution: { Name: "run" } })).toBe(
    "run-1",
  );
});

test("States.MathRandom gives the same number for a seed, and one that the range holds", () => {
  const numbers = [1, 1, 2, 3].map((seed) => evaluate(`States.MathRandom(0, 1000, ${seed})`));
  expect(numbers[0]).toBe(numbers[1]);
  expect(new Set(numbers).size).toBe(3);
  for (const number of numbers as number[]) expect(number >= 0 && number < 1000 && Number.isInteger(number)).toBe(true);
});

test.each<[string, Json, string]>([
  ["States.ArrayLength($)", "abc", 'the first argument must be a list, got: "abc"'],
  ["States.ArrayGetItem($, 2)", [1, 2], "the index must be one of a list of 2, got: 2"],
  ["States.ArrayGetItem($, -1)", [1, 2], "the index must be one of a list of 2, got: -1"],
  ["States.ArrayGetItem($, '1')", [1, 2], 'the second argument must be a number, got: "1"'],
  ["States.ArrayPartition($, 0)", [1], "the size of a chunk must be at least 1, got: 0"],
  ["States.ArrayRange(1, 9, 0)", null, "the step of a range must not be 0"],
  ["States.ArrayRange(0, 1000, 1)", null, "a range must not hold more than 1000 numbers, got: 1001"],
  ["States.Base64Decode($)", "a", 'the first argument must be Base64, got: "a"'],
  [
    "States.Base64Encode($)",
    "x".repeat(10_001),
    "the first argument must not be longer than 10000 characters, got: 10001",
  ],
  ["States.Format('{} {}', 1)", null, "the template has 2 {} for 1 values"],
  ["States.Format('none', 1)", null, "the template has 0 {} for 1 values"],
  ["States.Format('{\"a\": {}}', 1)", null, "Invalid template in States.Format: matching '}' not found for '{'"],
  ["States.Format($, 1)", "{0}", "Invalid template in States.Format: matching '}' not found for '{'"],
  ["States.Format('{}}', 1)", null, "Invalid template in States.Format: matching '{' not found for '}'"],
  ["States.Format($, 1)", 5, "the first argument must be a string, got: 5"],
  ["States.Hash($, 'SHA256')", "x", "the algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512, got: SHA256"],
  ["States.JsonMerge($, $, true)", {}, "the third argument must be false: AWS merges the first level only"],
  ["States.JsonMerge($, 1, false)", {}, "the second argument must be an object, got: 1"],
  ["States.MathRandom(2, 2)", null, "the start must be less than the end, got: 2 and 2"],
  [
    "States.StringToJson($)",
    { a: "x".repeat(100) },
    `the first argument must be a string, got: {"a":"${"x".repeat(74)}…`,
  ],
])("%s of %j fails with States.IntrinsicFailure", (text, input, message) => {
  expect(() => evaluate(text, input)).toThrow(
    new StatesError("States.IntrinsicFailure", `The function '${text}' had the following error: ${message}`),
  );
});

test("States.StringToJson of a text that is no JSON fails with States.IntrinsicFailure", () => {
  expect(() => evaluate("States.StringToJson($)", "[1,")).toThrow(
    /^States\.IntrinsicFailure: The function 'States\.StringToJson\(\$\)' had the following error: the first argument must be JSON: /,
  );
});

test("a path that leads nowhere fails with States.Runtime, and the cause holds the whole call", () => {
  const text = "States.Format('{}', States.Array($.nope))";
  const message = "The JsonPath argument for the field '$.nope' could not be found in the input '{\"other\":1}'";
  expect(() => evaluate(text, { other: 1 })).toThrow(
    new StatesError("States.Runtime", `The function '${text}' had the following error: ${message}`),
  );
});

describe("numbers that a JavaScript number cannot hold", () => {
  const data = parseJson(
    '{"id": 20261128093015123456, "huge": 1e400, "one": 1.0, "list": [1.0, 1, 2, 9007199254740993]}',
  );

  test.each<[string, string]>([
    ["States.JsonToString($)", stringifyJson(stringifyJson(data))],
    [
      "States.Format('{} {} {} {}', $.id, $.huge, $.one, $.list)",
      '"20261128093015123456 1e400 1.0 [1.0, 1, 2, 9007199254740993]"',
    ],
    ["States.StringToJson('[1.0, 1e400]')", "[1.0,1e400]"],
    ["States.Array(1.10, $.id)", "[1.10,20261128093015123456]"],
    ["States.JsonMerge($, $, false)", stringifyJson(data)],
    ["States.ArrayContains($.list, 9007199254740992)", "false"],
    ["States.ArrayContains($.list, 2.0)", "true"],
    ["States.ArrayUnique($.list)", "[1.0,2,9007199254740993]"],
    ["States.ArrayGetItem($.list, $.one)", "1"],
    ["States.MathAdd($.id, 1)", "20261128093015123457"],
    ["States.MathAdd($.one, 2.50)", "4"],
    ["States.MathAdd(9007199254740991, 1)", "9007199254740992"],
    ["States.ArrayRange($.one, 3.0, 1)", "[1,2,3]"],
  ])("%s", (call, result) => {
    expect(stringifyJson(evaluate(call, data))).toBe(result);
  });

  test.each([
    ["States.MathAdd($.huge, 1e1000)", "the second argument must have at most 1,000 digits, got: 1e1000"],
    [
      "States.MathRandom(0, $.id)",
      "the second argument must be from -9007199254740991 to 9007199254740991, got: 20261128093015123456",
    ],
    ["States.StringSplit($.one, ',')", "the first argument must be a string, got: 1.0"],
  ])("%s is refused", (call, why) => {
    expect(() => evaluate(call, data)).toThrow(
      new StatesError("States.IntrinsicFailure", `The function '${call}' had the following error: ${why}`),
    );
  });
});
