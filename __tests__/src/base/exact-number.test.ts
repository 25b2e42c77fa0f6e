import { ExactNumber, numberOf } from "../../../src/base/exact-number";

test.each(["20261128093015123456", "9007199254740993", "1e400", "1.0", "1.10", "1E2", "1e2", "-0", "1e-400"])(
  "%s is kept as it is written",
  (text) => {
    expect(numberOf(text)).toEqual(new ExactNumber(text));
    expect(String(numberOf(text))).toBe(text);
  },
);

test.each([
  ["0", 0],
  ["-1.5", -1.5],
  ["9007199254740991", 9_007_199_254_740_991],
  ["1e+21", 1e21],
])("%s is an ordinary number", (text, number) => {
  expect(numberOf(text)).toBe(number);
});

test("the nearest number is finite", () => {
  expect(["1e400", "-1e400", "1e-400", "1.0"].map((text) => new ExactNumber(text).toNumber())).toEqual([
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    0,
    1,
  ]);
});
