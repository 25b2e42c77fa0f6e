import { firstLines, listed, printableMessage, quote, visible } from "../../../src/base/text";

const CONTROLS = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u;

test.each([
  ["\x1b]0;owned\x07\x1b[2J", "␛]0;owned␇␛[2J"],
  ["safe\u202eesrever", "safe�esrever"],
  ["two\nlines\u2028\x9b", "two␊lines��"],
  ["half \ud800", "half �"],
  ["日本語 é", "日本語 é"],
])("a name keeps all its characters, and none that a terminal acts on: %j", (name, shown) => {
  expect(visible(name)).toBe(shown);
});

test.each([
  [undefined, "nothing"],
  ["\x1b[31m\u202e\x9b\ud800", '"\\u001b[31m\\u202e\\u009b\\ud800"'],
  ["x".repeat(101), `"${"x".repeat(99)}…"`],
  [{ a: "b".repeat(200) }, `{"a":"${"b".repeat(94)}…`],
  [Number.POSITIVE_INFINITY, "Infinity"],
  [-0, "0"],
])("a value in a message is quoted and bounded: %j", (value, shown) => {
  expect(quote(value)).toBe(shown);
});

test("a message keeps its line breaks, and nothing else that a terminal acts on", () => {
  const message = printableMessage("the stacks cannot be synthesized:\n\x1b[31mError:\x1b[0m \x07no\u202e");
  expect(message).toBe("the stacks cannot be synthesized:\nError: ␇no");
});

test("a message has at most a hundred lines and one that says how many more there are", () => {
  const lines = printableMessage(Array.from({ length: 1000 }, (_, index) => `line ${index}`).join("\n")).split("\n");
  expect(lines).toHaveLength(102);
  expect(lines.at(-1)).toBe("… and 899 more lines");
});

test("a message of one line is bounded, too", () => {
  const message = printableMessage(`${"x".repeat(10_000_000)}\x1b`);
  expect(message.length).toBeLessThan(3000);
  expect(message).not.toMatch(CONTROLS);
});

test("shows the first items of a long list, and counts the rest", () => {
  expect(listed(["a", "b"], 2)).toBe("a, b");
  expect(listed(["a", "b", "c"], 2)).toBe("a, b and 1 more");
});

test("describes only the first of many things", () => {
  let described = 0;
  const lines = firstLines(Array(500_000).fill(0), () => `line ${described++}`, 2);
  expect(lines).toEqual(["line 0", "line 1", "… and 499,998 more"]);
  expect(described).toBe(2);
});
