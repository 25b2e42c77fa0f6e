import type { JsonObject } from "../../../../src/base/json";
import { StatesError } from "../../../../src/local/interpreter/states-error";
import { runDocument, states } from "./run-document";

const pass = (rest: JsonObject): JsonObject => ({ Type: "Pass", End: true, ...rest });

/** Assigns in the first state and reads in the last one. */
const outputOf = async (assign: JsonObject, read: JsonObject, between: JsonObject = {}, input = {}) => {
  const { outcome } = await runDocument(
    states({ set: { Type: "Pass", Assign: assign, Next: "read" }, read: pass(read), ...between }),
    { input },
  );
  return "output" in outcome ? outcome.output : outcome;
};

test("JSONPath reads a variable in paths, in calls and in the fields of paths", async () => {
  const variables = { "list.$": "$.list", one: 1, text: "T" };
  const read = {
    Parameters: { "item.$": "$list[1].x", "sum.$": "States.MathAdd($one, 1)", "name.$": "States.Format('{}', $text)" },
  };
  expect(await outputOf(variables, read, {}, { list: [{}, { x: "y" }] })).toEqual({ item: "y", sum: 2, name: "T" });
});

test("a variable keeps its value until another state assigns it, and Output sees the old one", async () => {
  const { outcome } = await runDocument(
    states(
      {
        a: { Type: "Pass", Assign: { x: 1 }, Next: "b" },
        b: { Type: "Pass", Assign: { x: "{% $x + 1 %}" }, Output: "{% $x %}", Next: "c" },
        c: pass({ Output: "{% [$states.input, $x] %}" }),
      },
      { QueryLanguage: "JSONata" },
    ),
  );
  expect(outcome).toEqual({ status: "SUCCEEDED", output: [1, 2] });
});

test("in Assign, $ is the result after ResultSelector", async () => {
  const { outcome } = await runDocument(
    states({
      a: {
        Type: "Task",
        Resource: "r",
        ResultSelector: { "id.$": "$.JobId" },
        ResultPath: null,
        Assign: { "id.$": "$.id" },
        Next: "b",
      },
      b: pass({ InputPath: "$id" }),
    }),
    { task: async () => ({ JobId: "7" }) },
  );
  expect(outcome).toEqual({ status: "SUCCEEDED", output: "7" });
});

test("in the Assign of a Catch, $ is the error", async () => {
  const { outcome } = await runDocument(
    states({
      a: {
        Type: "Task",
        Resource: "r",
        End: true,
        Catch: [{ ErrorEquals: ["States.ALL"], Assign: { "why.$": "$.Cause" }, Next: "b" }],
      },
      b: pass({ InputPath: "$why" }),
    }),
    {
      task: async () => {
        throw new StatesError("Oops", "because");
      },
    },
  );
  expect(outcome).toEqual({ status: "SUCCEEDED", output: "because" });
});

test("the states of a Map and a Parallel read what is around them, and keep what they assign to themselves", async () => {
  const inner = states({
    own: { Type: "Pass", Assign: { x: "{% $x & '-inner' %}" }, Next: "read" },
    read: pass({ Output: "{% $x %}" }),
  });
  const { outcome } = await runDocument(
    states(
      {
        set: { Type: "Pass", Assign: { x: "outer" }, Next: "map" },
        map: { Type: "Map", Items: [1, 2], ItemProcessor: inner, Output: "{% $states.result %}", Next: "both" },
        both: {
          Type: "Parallel",
          Branches: [inner],
          Output: "{% $append($states.input, $states.result) %}",
          Next: "end",
        },
        end: pass({ Output: "{% $append($states.input, $x) %}" }),
      },
      { QueryLanguage: "JSONata" },
    ),
  );
  expect(outcome).toEqual({ status: "SUCCEEDED", output: ["outer-inner", "outer-inner", "outer-inner", "outer"] });
});

test("an item of a distributed Map, which is an execution of its own, sees no variable", async () => {
  const { outcome } = await runDocument(
    states(
      {
        set: { Type: "Pass", Assign: { x: 1 }, Next: "map" },
        map: {
          Type: "Map",
          Items: [1],
          ItemSelector: "{% $x %}",
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            ...states({ read: pass({ Output: "{% [$states.input, $exists($x)] %}" }) }),
          },
          End: true,
        },
      },
      { QueryLanguage: "JSONata" },
    ),
  );
  expect(outcome).toEqual({ status: "SUCCEEDED", output: [[1, false]] });
});

test("a variable without a value fails the state that reads it", async () => {
  expect(await outputOf({ x: 1 }, { InputPath: "$y" })).toEqual({
    status: "FAILED",
    error: "States.Runtime",
    cause:
      "An error occurred while executing the state 'read' (entered at the event id #4). Invalid path '$y' : The variable $y has no value",
  });
});

test("a value of more than 256 KiB cannot be assigned", async () => {
  const large = "x".repeat(262_145);
  expect(await outputOf({ large }, {})).toEqual({
    status: "FAILED",
    error: "States.DataLimitExceeded",
    cause: "The value of the variable 'large' has a size exceeding the maximum number of bytes service limit.",
  });
});

test("all variables together have at most 10 MiB", async () => {
  const Assign = Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`v${index}`, "x".repeat(262_000)]));
  expect(await outputOf(Assign, {})).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
});
