import { checkInput, parseInput } from "../../workflow/input";
import example from "../example/echo.input.json";
import schema from "../example/echo.input.schema.json";

const parameters = example.parameters;

test("the example is good, and so are empty lists", () => {
  expect(checkInput(schema, example)).toEqual([]);
  expect(checkInput(schema, { parameters: { ...parameters, step2_parameters: [], step3_parameters: [] } })).toEqual([]);
});

test.each([
  ["no object", 1, ["the input itself: expected an object, got 1"]],
  ["nothing in it", {}, ["/parameters: expected a value, it is required, got nothing"]],
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
    "a misspelt member with a slash",
    { parameters, "a/b": "c".repeat(100) },
    [`/a~1b: expected no such member, only parameters, got "${"c".repeat(59)}…`],
  ],
  [
    "an empty text, which Batch refuses in a command",
    { parameters: { ...parameters, step1_parameter: "" } },
    ['/parameters/step1_parameter: expected at least 1 character, got ""'],
  ],
  [
    "too many items",
    { parameters: { ...parameters, step2_parameters: Array(1001).fill("x") } },
    ["/parameters/step2_parameters: expected 1000 items at most, got a list of 1001"],
  ],
])("%s: each problem has its pointer, what was expected and what was got", (_, input, problems) => {
  expect(checkInput(schema, input)).toEqual(problems);
});

test("a keyword without words of its own is told in the validator's", () => {
  expect(checkInput({ type: "string", pattern: "^a" }, "b")).toEqual([
    'the input itself: expected what must match pattern "^a", got "b"',
  ]);
});

test("the mark that some editors begin a file with is no part of an input", () => {
  expect(parseInput('\uFEFF{"a": 1}')).toEqual({ a: 1 });
  expect(() => parseInput("{")).toThrow(SyntaxError);
});
