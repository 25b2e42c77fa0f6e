import * as fc from "fast-check";
import { check } from "../../../../src/asl/check/check-document";
import type { StatesDocument } from "../../../../src/asl/document";
import type { Json } from "../../../../src/base/json";
import { checkInput } from "./check-input";
import { mutationOf } from "./mutation";
import { problemsOf } from "./problems-of";

const ITEM = {
  StartAt: "item",
  States: {
    item: { Type: "Pass", Output: "{% $states.input & $total %}", Assign: { inner: "{% $total %}" }, End: true },
  },
};

/** A document with every field that takes an expression. */
const DOCUMENT = {
  QueryLanguage: "JSONata",
  StartAt: "start",
  States: {
    start: { Type: "Pass", Output: { names: "{% $states.input.names %}" }, Assign: { total: 0 }, Next: "choose" },
    choose: {
      Type: "Choice",
      Choices: [{ Condition: "{% $count($states.input.names) > 1 %}", Assign: { total: 1 }, Output: 1, Next: "wait" }],
      Default: "list",
    },
    wait: { Type: "Wait", Seconds: "{% $total %}", Output: "{% $states.input %}", Next: "job" },
    job: {
      Type: "Task",
      Resource: "arn:${Partition}:states:::batch:submitJob.sync",
      Arguments: {
        JobName: "{% 'job-' & $total %}",
        JobDefinition: "${EchoJobDefinitionArn}",
        JobQueue: "${JobQueueArn}",
        ContainerOverrides: { Command: ["echo", "{% $string($states.input) %}"] },
      },
      TimeoutSeconds: "{% 60 + $total %}",
      Output: "{% $states.result.JobId %}",
      Assign: { id: "{% $states.result.JobId %}" },
      Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput.Error %}", Next: "failed" }],
      Next: "list",
    },
    list: {
      Type: "Map",
      Items: "{% [1..3] %}",
      ItemSelector: { value: "{% $states.context.Map.Item.Value %}" },
      MaxConcurrency: "{% $total + 1 %}",
      ItemProcessor: ITEM,
      Next: "read",
    },
    read: {
      Type: "Map",
      ItemReader: {
        Resource: "arn:${Partition}:states:::s3:getObject",
        Arguments: { Bucket: "b", Key: "{% $string($total) %}" },
        ReaderConfig: { InputType: "JSON", MaxItems: "{% $total %}" },
      },
      ItemBatcher: { BatchInput: { total: "{% $total %}" }, MaxItemsPerBatch: "{% 10 %}" },
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "row",
        States: { row: { Type: "Pass", End: true } },
      },
      End: true,
    },
    failed: { Type: "Fail", Error: "{% $states.input %}", Cause: "{% 'after ' & $total %}" },
  },
};

test("the document that is changed here has no problems", () => {
  expect(problemsOf(DOCUMENT).filter((problem) => !problem.includes("wide-right"))).toEqual([]);
});

test.each(["JSONata", "JSONPath"])("any change of it is checked without an exception, in %s", (QueryLanguage) => {
  fc.assert(
    fc.property(
      fc.array(mutationOf(DOCUMENT as unknown as StatesDocument), { minLength: 1, maxLength: 5 }),
      (mutations) => {
        const document = mutations.reduce<Json>((before, mutate) => mutate(before), {
          ...structuredClone(DOCUMENT),
          QueryLanguage,
        } as unknown as Json);
        const problems = check(checkInput(document as unknown as StatesDocument, false));
        expect(problems.every(({ message, fix }) => message !== "" && fix !== "")).toBe(true);
      },
    ),
    { numRuns: 10 },
  );
});

test("any text between {% and %} is checked without an exception", () => {
  const token = fc.constantFrom(
    ...["$states", ".input", ".result", ".names", "$x", "$", "$$", "%", "[", "]", "(", ")", "{", "}", ":=", ":", "?"],
    ...["??", "?:", ",", ";", "..", "~>", "|", "^(", "<", "=", "&", "+", "-", "*", "**", "@$i", "#$i", "1", "'a'", "a"],
    ...[
      "function($v)",
      "$map(",
      "$merge(",
      "$exists(",
      "$eval(",
      "$nope(",
      "/a/",
      "and",
      "in",
      "${Name}",
      "`",
      "'",
      " ",
    ],
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
      const problems = problemsOf({
        QueryLanguage: "JSONata",
        StartAt: "pass",
        States: { pass: { Type: "Pass", Output: `{% ${tokens.join("")} %}`, Assign: { x: 1 }, End: true } },
      });
      expect(problems.length).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 60 },
  );
});
