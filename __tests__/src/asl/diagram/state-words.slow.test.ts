import fc from "fast-check";
import { conditionWords } from "../../../../src/asl/diagram/condition-words";
import { stateWords } from "../../../../src/asl/diagram/state-words";
import { STATE_TYPES, type State } from "../../../../src/asl/document";
import type { JsonObject } from "../../../../src/base/json";

const FIELDS = [
  ...["Resource", "Parameters", "Arguments", "Assign", "Retry", "Seconds", "Timestamp", "Error", "ItemsPath", "Items"],
  ...["ItemReader", "ItemBatcher", "ResultWriter", "MaxConcurrency", "ToleratedFailureCount", "ItemProcessor"],
  ...["Condition", "Variable", "And", "Or", "Not", "StringEquals", "IsPresent"],
];
const TEXTS = ["{% $x = (1 %}", "{%%}", "$.a", "${A}", "arn:aws:states:::s3:getObject", "constructor", "__proto__"];

test("describes any state, valid or not, in lines of text", () => {
  const leaf = fc.oneof(fc.constantFrom(...TEXTS), fc.constant(null), fc.integer(), fc.string());
  const request = ["Bucket", "Key.$", "Entries", "FunctionName", "ReaderConfig", "InputType", "Method", "Resource"];
  const inner = fc.oneof(
    leaf,
    fc.array(leaf),
    fc.dictionary(fc.constantFrom(...request), fc.oneof(leaf, fc.array(leaf))),
  );
  const state = fc.dictionary(
    fc.constantFrom(...FIELDS),
    fc.oneof(inner, fc.dictionary(fc.constantFrom(...request), inner)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...STATE_TYPES), state, (Type, fields) => {
      const lines = [
        ...stateWords(Type, { ...fields, Type } as unknown as State),
        conditionWords(fields as JsonObject),
      ];
      for (const line of lines) expect(typeof line).toBe("string");
      expect(lines.join()).not.toContain("[object Object]");
    }),
    { numRuns: 500 },
  );
});
