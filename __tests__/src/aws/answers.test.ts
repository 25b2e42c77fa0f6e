import { countOf, listOf, required, textOf, timeOf } from "../../../src/aws/answers";
import { UsageError } from "../../../src/base/errors";

/** Values that a field can have, whatever its documented type. */
const ANYTHING: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  1e18,
  Number.NaN,
  "",
  "text",
  [],
  {},
  new Date(7),
];

test.each<[string, (value: unknown) => unknown, readonly unknown[]]>([
  ["a text", textOf, ["", "text"]],
  ["a count", countOf, [0]],
  ["a time", timeOf, [0, -1, 1.5, 7]],
  ["a list", (value) => listOf(value as object[]), ANYTHING.map(() => [])],
])("%s is taken for nothing else", (_, read, expected) => {
  const found = ANYTHING.map(read).filter((value) => value !== undefined);
  expect(found).toEqual(expected);
});

test("of a list only objects are taken", () => {
  expect(listOf([{ a: 1 }, null, "x", undefined] as object[])).toEqual([{ a: 1 }]);
});

test("a time that no date can hold is none", () => {
  expect(timeOf(new Date(Number.NaN))).toBeUndefined();
});

test("a field that is missing is named", () => {
  expect(() => required(undefined, "executionArn")).toThrow(
    new UsageError(
      "AWS gave an answer that the command does not understand: it has no `executionArn`; check AWS_ENDPOINT_URL and the proxy",
    ),
  );
});
