import { TooSlow, withinTime } from "../../../src/base/time-limit";

test("work that is done in time gives its result, and its errors", () => {
  expect(withinTime(10_000, () => "done")).toBe("done");
  expect(() =>
    withinTime(10_000, () => {
      throw new TypeError("wrong");
    }),
  ).toThrow(new TypeError("wrong"));
});

test("a pattern that backtracks and a loop without an end are interrupted", () => {
  expect(() => withinTime(20, () => /^(a+)+$/.test(`${"a".repeat(60)}!`))).toThrow(TooSlow);
  expect(() =>
    withinTime(20, () => {
      for (;;);
    }),
  ).toThrow("not done in 0.02 s");
});
