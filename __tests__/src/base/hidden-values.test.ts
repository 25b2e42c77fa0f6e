import { hideValues } from "../../../src/base/hidden-values";

const PASSWORD = 'p"ä/ss wörd';

test.each([
  ["the value", PASSWORD],
  ["the value in JSON", JSON.stringify(PASSWORD).slice(1, -1)],
  ["JSON inside JSON", JSON.stringify(JSON.stringify(PASSWORD)).slice(3, -3)],
  ["JSON in ASCII", 'p\\"\\u00e4/ss w\\u00f6rd'],
  ["the value in a URL", encodeURIComponent(PASSWORD)],
])("hides %s", (_, form) => {
  expect(hideValues([PASSWORD]).inText(`before ${form} after ${form}`)).toBe("before *** after ***");
});

test.each(["", "u", "us", "user:"])("hides the value in the Base64 of '%s' and itself", (before) => {
  const hidden = hideValues(["hunter22", "hunter2"]);
  for (const encoding of ["base64", "base64url"] as const) {
    const shown = hidden.inText(Buffer.from(`${before}hunter22!`).toString(encoding));
    expect(shown).toContain("***");
    expect(Buffer.from(shown.replace("***", "AAAAAAAA"), encoding).toString()).not.toMatch(/unter/);
  }
});

test("hides each line of a value with several lines, but no short one", () => {
  expect(hideValues(["first\r\n  second\nend"]).inText("a second, a first and an end")).toBe("a ***, a *** and an end");
});

test("hides the texts and numbers inside a value that is JSON", () => {
  const { inText } = hideValues(['{"user":"ann","password":"hunter2","pins":[12345]}']);
  expect(inText("ann uses hunter2 and 12345")).toBe("ann uses *** and ***");
});

test("leaves a short value, and any text without values, as it is", () => {
  expect(hideValues(["abc", ""]).inText("abc")).toBe("abc");
  expect(hideValues([]).inText("abc")).toBe("abc");
});

test("hides the longer of two values that begin alike", () => {
  expect(hideValues(["pass", "password"]).inText("password")).toBe("***");
});

test("hides a value among bytes that are not UTF-8", () => {
  const bytes = Buffer.concat([Buffer.from([0xff]), Buffer.from("wörd"), Buffer.from([0xfe])]);
  expect(hideValues(["wörd"]).inBytes(bytes)).toEqual(Buffer.from("\u00ff***\u00fe", "latin1"));
  const others = Buffer.from([0xff]);
  expect(hideValues(["wörd"]).inBytes(others)).toBe(others);
});

test.each([
  ["x abab", 6],
  ["x aba", 2],
  ["x a", 2],
  ["x ababab", 6],
  ["xyz", 3],
])("the end of '%s' is open from %d", (text, index) => {
  expect(hideValues(["abab"]).openEnd(Buffer.from(text))).toBe(index);
});
