import { asDocument, innerBlocks, type StatesDocument, walkStates } from "../../../src/asl/document";
import { ExactNumber } from "../../../src/base/exact-number";
import { parseJson } from "../../../src/base/read-json";
import echo from "../../fixtures/echo-jsonpath.asl.json";

const document = echo as unknown as StatesDocument;

test("walks the states in the order of the document, each before its inner states", () => {
  expect(
    [...walkStates(document)].map(({ parents, name, pointer }) => [[...parents, name].join("/"), pointer]),
  ).toEqual([
    ["ValidateInput", "/States/ValidateInput"],
    ["ValidateInput/HasParameters", "/States/ValidateInput/Branches/0/States/HasParameters"],
    ["ValidateInput/RenderLists", "/States/ValidateInput/Branches/0/States/RenderLists"],
    ["ValidateInput/AreLists", "/States/ValidateInput/Branches/0/States/AreLists"],
    ["ValidateInput/ValidInput", "/States/ValidateInput/Branches/0/States/ValidInput"],
    ["ValidateInput/InvalidInput", "/States/ValidateInput/Branches/0/States/InvalidInput"],
    ["step1", "/States/step1"],
    ["step2", "/States/step2"],
    ["step2/step2_job", "/States/step2/ItemProcessor/States/step2_job"],
    ["step3", "/States/step3"],
    ["step3/step3_job", "/States/step3/ItemProcessor/States/step3_job"],
  ]);
});

test("only the data of a document has exact numbers", () => {
  const text = `{"TimeoutSeconds": 60.0, "States": {"Result": {"Type": "Map", "Retry": [{"BackoffRate": 2.0}],
    "ItemSelector": {"States": 1.0}, "ItemProcessor": {"States": {"a": {"Choices": [{"NumericEquals": 1.0}]}}}}}}`;
  expect(asDocument(parseJson(text))).toEqual({
    TimeoutSeconds: 60,
    States: {
      Result: {
        Type: "Map",
        Retry: [{ BackoffRate: 2 }],
        ItemSelector: { States: new ExactNumber("1.0") },
        ItemProcessor: { States: { a: { Choices: [{ NumericEquals: new ExactNumber("1.0") }] } } },
      },
    },
  });
});

test("escapes names in JSON pointers", () => {
  const odd = { StartAt: "a/b~c", States: { "a/b~c": { Type: "Succeed" } } } as unknown as StatesDocument;
  expect([...walkStates(odd)][0]!.pointer).toBe("/States/a~1b~0c");
});

test("walks the states of the older field Iterator", () => {
  const block = { StartAt: "a", States: {} };
  expect(innerBlocks({ Type: "Map", Iterator: block })).toEqual([{ block, pointer: "/Iterator" }]);
});
