import { briefly, dollars, jobCostInWords, roughly } from "../../../../src/execution/cost/money";

test.each([
  [0, "$0"],
  [0.0000123, "less than $0.01"],
  [0.00999, "less than $0.01"],
  [0.01, "$0.0100"],
  [0.0123456, "$0.0123"],
  [0.123456, "$0.123"],
  [1.2345, "$1.23"],
  [12.345, "$12.35"],
  [1234.5, "$1,235"],
])("%d is %s", (amount, text) => {
  expect(dollars(amount)).toBe(text);
});

test("an amount is rough, and never exact", () => {
  expect(roughly({ amount: 0.0123, isMost: false })).toBe("about $0.0123");
  expect(roughly({ amount: 0.0123, isMost: true })).toBe("up to $0.0123");
  expect(roughly({ amount: 0.001, isMost: true })).toBe("less than $0.01");
  expect(roughly({ amount: null, isMost: false })).toBe("");
});

test("a narrow column", () => {
  expect([0, 0.001, 0.5, null].map((amount) => briefly({ amount }))).toEqual(["", "<$0.01", "$0.500", ""]);
});

test("a small job is told for a thousand of them", () => {
  const words = (amount: number | null) => jobCostInWords({ amount, isMost: false });
  expect(words(0.0000622)).toBe("less than $0.01, 1,000 such jobs about $0.0622");
  expect(words(1.5)).toBe("about $1.50");
  expect(words(0)).toBe("$0");
  expect(words(null)).toBe("not known");
});
