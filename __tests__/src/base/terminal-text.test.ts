import fc from "fast-check";
import { cutLine, cutText, duration, printable, stopwatch, textWidth } from "../../../src/base/terminal-text";

test.each([
  ["step1", 5],
  ["é", 1],
  ["e\u0301", 1],
  ["日本語", 6],
  ["ﾊﾟ", 2],
  ["\u1112\u1161\u11ab", 2],
  ["क्ष", 2],
  ["🎉", 2],
  ["🇩🇪", 2],
  ["👩‍👩‍👧", 2],
  ["❤️", 2],
  ["✓ ▸ │", 5],
  ["\u200b", 0],
  ["", 0],
])("counts the columns of %j as %d", (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

test.each([
  ["step2_job", 9, "step2_job"],
  ["step2_job", 8, "step2_j…"],
  ["日本語", 5, "日本…"],
  ["日本語", 4, "日…"],
  ["👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"],
  ["ab", 1, "…"],
  ["ab", 0, ""],
])("cuts %j to %d columns", (text, columns, cut) => {
  expect(cutText(text, columns)).toBe(cut);
});

test("cuts a line at the piece that no longer fits", () => {
  const line = [{ text: "日本", style: "red" as const }, { text: "abc" }, { text: "def" }];
  expect(cutLine(line, 6)).toEqual([{ text: "日本", style: "red" }, { text: "a…" }]);
  expect(cutLine(line, 4)).toEqual([{ text: "日本", style: "red" }]);
});

test.each([
  ["\x1b[31mred\x1b[0m", "red"],
  ["\x1b]0;title\x07text", "text"],
  ["\x1b]8;;http://example.com\x1b\\link\x1b]8;;\x1b\\", "link"],
  ["\x1b[2J\x1b[Hgone", "gone"],
  ["\x1bPsixel\x1b\\after", "after"],
  ["\x1b]52;c;never ended", ""],
  ["\x9b31mred", "red"],
  ["\x1bcreset", "reset"],
  ["lone \x1b", "lone ␛"],
  ["a\tb", "a    b"],
  ["10%\r20%", "10%␍20%"],
  ["two\nlines", "two␊lines"],
  ["bell\x07 delete\x7f c1\x85", "bell␇ delete␡ c1\uFFFD"],
  ["safe\u202Eesrever", "safeesrever"],
])("makes %j harmless", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("lets no control character through", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("\x1b", "[", "]", "P", "\\", "\x9b", "\x07", "0", ";", "m", "\n", "x")),
      (signs) => {
        expect(printable(signs.join(""))).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      },
    ),
  );
});

test("shortens a long line", () => {
  expect(printable("x".repeat(501))).toBe(`${"x".repeat(499)}…`);
  expect(printable("x".repeat(500))).toBe("x".repeat(500));
  expect(printable("abc🎉", 4)).toBe("abc…");
});

test.each([
  [0, "0 ms"],
  [99, "99 ms"],
  [100, "0.1 s"],
  [440, "0.4 s"],
  [59_949, "59.9 s"],
  [59_960, "1:00"],
  [65_000, "1:05"],
  [7_390_000, "2:03:10"],
  [-5, "0 ms"],
])("writes %d ms as a duration", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

test.each([
  [42_900, "0:42"],
  [65_000, "1:05"],
  [7_390_000, "2:03:10"],
  [-1, "0:00"],
])("writes %d ms as a stopwatch does", (milliseconds, text) => {
  expect(stopwatch(milliseconds)).toBe(text);
});
