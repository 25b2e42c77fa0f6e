import { checkInput } from "../../../src/asl/input";

test("reports only the first 50 of 100,000 mistakes, and the first 20 allowed values", () => {
  const problems = checkInput({ items: { type: "string" } }, Array(100_000).fill(1), 60_000);
  expect(problems).toHaveLength(51);
  expect(problems.at(-1)).toBe("… and 99,950 more");
  const values = Array.from({ length: 100_000 }, (_, index) => `v${index}`);
  expect(checkInput({ enum: values }, 3, 60_000)[0]).toMatch(/"v19" and 99,980 more, got 3$/);
});
