import * as fc from "fast-check";
import { canonicalNumber, compareNumbers, ExactNumber, numberOf, rounded } from "../../../src/base/exact-number";

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

test.each([
  ["1", "1.0", 0],
  ["100", "1e2", 0],
  ["0", "-0.0e5", 0],
  ["9007199254740992", "9007199254740993", -1],
  ["-9007199254740992", "-9007199254740993", 1],
  ["1e400", "9.99e399", 1],
  ["-1e400", "1e-400", -1],
  ["0", "1e-400", -1],
  ["0.1", "0.10000000000000000001", -1],
  ["1e99999999999999999999", "1e99999999999999999998", 1],
])("%s against %s", (one, other, order) => {
  expect(Math.sign(compareNumbers(numberOf(one), numberOf(other)))).toBe(order);
  expect(Math.sign(compareNumbers(numberOf(other), numberOf(one)))).toBe(order === 0 ? 0 : -order);
  expect(canonicalNumber(numberOf(one)) === canonicalNumber(numberOf(other))).toBe(order === 0);
});

test("ordinary numbers have the same order in any notation", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), (one, other) => {
      const exact = new ExactNumber(one.toExponential());
      expect(Math.sign(compareNumbers(exact, other))).toBe(Math.sign(one - other) + 0);
    }),
  );
});

test.each([
  ["2.50", 3n],
  ["-2.50", -2n],
  ["0.49999999999999999999", 0n],
  ["-0.5000000000000000001", -1n],
  ["20261128093015123456.4", 20261128093015123456n],
  ["1e3", 1000n],
  ["1e-400", 0n],
  ["0.0", 0n],
  ["1e1000", null],
])("%s rounded", (text, whole) => {
  expect(rounded(numberOf(text))).toBe(whole);
});
