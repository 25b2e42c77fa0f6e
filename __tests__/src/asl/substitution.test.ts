import * as fc from "fast-check";
import type { StatesDocument } from "../../../src/asl/document";
import { fillIn, fillInJson, jsonPart, placeholders, substitute } from "../../../src/asl/substitution";
import { escapeTemplate, resolveTemplate } from "../../../src/terraform/templates";

const QUEUE = "${aws_batch_job_queue.q.arn}";

test("a placeholder gets its value, and one without a value stays", () => {
  expect(fillIn("x-${One}-${Two}-${}-${1}-$One", { One: "1" })).toBe("x-1-${Two}-${}-${1}-$One");
});

test("${! stands for ${, as in CloudFormation", () => {
  expect(fillIn("${!HOME} ${!One} ${!HOME:-/root} ${!!array[@]} $!{}", { One: "1" })).toBe(
    "${HOME} ${One} ${HOME:-/root} ${!array[@]} $!{}",
  );
});

test("replaces placeholders in the strings of a copy", () => {
  const value = { a: ["x-${One}-${Two}", 1, null] };
  expect(substitute(value, { One: "1" })).toEqual({ a: ["x-1-${Two}", 1, null] });
  expect(value.a[0]).toBe("x-${One}-${Two}");
});

test("a JSON text keeps numbers, blanks and the order of its names", () => {
  const text = '{\n\t"b" : [20261128093015123456,1e400 , 1.0],\r\n  "2":"${Queue}", "1": "${!HOME}"}\n';
  expect(fillInJson(text, { Queue: QUEUE }, escapeTemplate)).toBe(
    `{\n\t"b" : [20261128093015123456,1e400 , 1.0],\r\n  "2":"${QUEUE}", "1": "$\${HOME}"}\n`,
  );
});

test.each([
  ['"${Queue}"', `"${QUEUE}"`],
  [String.raw`"\u0024{Queue}\u0021"`, `"${QUEUE}!"`],
  [String.raw`"\u00e9"`, String.raw`"\u00e9"`],
  ['"%{ if } ${ ${x.y}"', '"%%{ if } $${ $${x.y}"'],
  ['"$${Queue}"', String.raw`"\u0024${QUEUE}"`],
  ['"%${Queue}"', String.raw`"\u0025${QUEUE}"`],
  [String.raw`"a\\${"${Queue}"}\"${"${Queue}"}"`, String.raw`"a\\${QUEUE}\"${QUEUE}"`],
])("for Terraform, %s is %s", (text, expected) => {
  expect(fillInJson(text, { Queue: QUEUE }, escapeTemplate)).toBe(expected);
});

test("a value becomes a part of a JSON string, whatever is in it and around it", () => {
  const text = fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "!", "\\", '"', "\n", "é", "a", "${Queue}") });
  fc.assert(
    fc.property(text, text, text, (before, value, after) => {
      const part = jsonPart(value, { Queue: QUEUE }, escapeTemplate);
      const json = fillInJson(JSON.stringify(`${before}\${Own}${after}`), { Own: part, Queue: QUEUE }, escapeTemplate);
      const resolved = resolveTemplate(json, () => "arn");
      const expected = [before, value, after].map((one) => fillIn(one, { Queue: "arn" })).join("");
      expect(JSON.parse(resolved)).toBe(expected);
    }),
  );
});

test("placeholders are found in names and strings, with their places", () => {
  const document = { "a/${A}": ["${B}${A}", "${!C}"] } as unknown as StatesDocument;
  expect([...placeholders(document)]).toEqual([
    ["A", ["/a~1${A}", "/a~1${A}/0"]],
    ["B", ["/a~1${A}/0"]],
  ]);
});
