/** Generates execution inputs as texts: JSON of all kinds, and other text. */
import fc from "fast-check";
import type { Json } from "../../src/base/json";
import { expand, giant, rawNumber } from "./giants";
import { editText, mutate, mutations, textEdits } from "./mutations";
import { json, text } from "./texts";

/** Inputs with the fields that the generated documents read, and any others. */
const value: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        a: json,
        items: fc.array(json, { maxLength: 4 }) as fc.Arbitrary<Json>,
        name: text as fc.Arbitrary<Json>,
        x: fc.oneof(json, rawNumber as fc.Arbitrary<Json>),
      },
      { requiredKeys: ["a", "items", "name"] },
    ) as fc.Arbitrary<Json>,
  },
  { weight: 2, arbitrary: json },
  {
    weight: 1,
    arbitrary: giant(
      "deep-list",
      "deep-object",
      "long-list",
      "many-keys",
      "long-text",
      "many-lines",
      "long-number",
    ).map((marker): Json => ({ a: marker, items: [1, 2] })),
  },
);

/** Returns the text of a JSON input. */
export const inputText: fc.Arbitrary<string> = value.map((one) => expand(one));

const EXAMPLE: Json = {
  parameters: { step1_parameter: "step1", step2_parameters: ["step2a"], step3_parameters: ["step3a", "step3b"] },
};

/** The bytes of an input: close to the example's schema, or anything else. */
export const inputBytes: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.constant(EXAMPLE) }, { weight: 1, arbitrary: value }),
    mutations(["parameters", "step1_parameter", "step2_parameters", "x"], [null, 1, "", [], {}, ["x"]]),
    textEdits,
  )
  .map(([one, changes, edits]) => editText(expand(mutate(one, changes)), edits));
