import example from "../../../scripts/demo/echo.input.json";
import schema from "../../../scripts/demo/echo.input.schema.json";
import { checkInput, inputText, parseInput } from "../../../src/asl/input";

const parameters = example.parameters;

test("accepts the example input, and empty lists", () => {
  expect(checkInput(schema, example)).toEqual([]);
  expect(checkInput(schema, { parameters: { ...parameters, step2_parameters: [], step3_parameters: [] } })).toEqual([]);
});

test.each([
  ["not an object", 1, ["the input itself: expected an object, got 1"]],
  ["an empty object", {}, ["/parameters: is missing, and the schema requires it"]],
  [
    "several mistakes",
    { parameters: { step1_parameter: 1, step2_parameters: "x", step3_parameters: ["a", null] } },
    [
      "/parameters/step1_parameter: expected a string, got 1",
      '/parameters/step2_parameters: expected a list, got "x"',
      "/parameters/step3_parameters/1: expected a string, got null",
    ],
  ],
  [
    "an unknown field with a slash in its name",
    { parameters, "a/b": "c".repeat(100) },
    ["/a~1b: is not a field that the schema allows; known fields are parameters"],
  ],
  [
    "an empty string, which Batch rejects in a command",
    { parameters: { ...parameters, step1_parameter: "" } },
    ['/parameters/step1_parameter: expected at least 1 character, got ""'],
  ],
  [
    "too many items",
    { parameters: { ...parameters, step2_parameters: Array(1001).fill("x") } },
    ["/parameters/step2_parameters: expected at most 1000 items, got a list of 1001"],
  ],
])("%s: reports the pointer, the expected value and the found value", (_, input, problems) => {
  expect(checkInput(schema, input)).toEqual(problems);
});

test("shows a pattern as written in the schema", () => {
  expect(checkInput({ type: "string", pattern: "^a" }, "b")).toEqual([
    'the input itself: expected text that matches "^a", got "b"',
  ]);
});

test("ignores a byte order mark before the input", () => {
  expect(parseInput('\uFEFF{"a": 1}')).toEqual({ a: 1 });
  expect(() => parseInput("{")).toThrow(
    "line 1, column 2: expected a comma or a closing bracket, got: the end of the text",
  );
});

test("refuses an input of more than 256 KiB, not counting white space", () => {
  const text = (length: number) => JSON.stringify({ a: "x".repeat(length) }, null, 10);
  expect(parseInput(text(262_136))).toEqual({ a: "x".repeat(262_136) });
  expect(() => parseInput(text(262_137))).toThrow(
    "Step Functions accepts at most 262,144 bytes of JSON (256 KiB), got: 262,145; put the data into a file in S3 and pass its URI",
  );
});

test("the schema sees numbers as numbers, whatever their digits", () => {
  const schema = {
    type: "object",
    properties: { n: { type: "integer", minimum: 1, maximum: 5 }, x: { type: "number" } },
  };
  expect(checkInput(schema, parseInput('{"n": 3.0, "x": 1e400}'))).toEqual([]);
  expect(checkInput(schema, parseInput('{"n": 20261128093015123456, "x": 1.10}'))).toHaveLength(1);
});

test("StartExecution gets the text as it was written, or without blanks if it would be too long with them", () => {
  const [short, long] = ['{ "b": 1.0,\n  "1": 2 }', `{ "b": 1.0,${" ".repeat(262_144)}"1": 2 }`];
  expect(inputText(short, parseInput(short))).toBe(short);
  expect(inputText(long, parseInput(long))).toBe('{"1":2,"b":1.0}');
});
