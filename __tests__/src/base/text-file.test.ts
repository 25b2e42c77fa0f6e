import * as fs from "node:fs";
import { decodeText, readTextFile } from "../../../src/base/text-file";
import { folderPerTest } from "../../folder-per-test";

const MIB = 1024 * 1024;
const at = folderPerTest("text-file-test");

test("reads the whole file, and characters that lie across pieces", () => {
  const text = `x${"€".repeat(MIB)}`;
  fs.writeFileSync(at("file"), text);
  fs.symlinkSync("file", at("link"));
  expect(readTextFile(at("file")) === text).toBe(true);
  expect(readTextFile(at("link")) === text).toBe(true);
});

test("a byte order mark is not part of the text", () => {
  expect(decodeText(Buffer.from("\uFEFF{é}"))).toBe("{é}");
});

test.each([
  ["UTF-16, little end first", Buffer.from("\uFEFF{}", "utf16le")],
  ["UTF-16 without a mark", Buffer.from("{}", "utf16le")],
  ["a program", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1])],
])("%s is refused in plain words", (_, bytes) => {
  expect(() => decodeText(bytes)).toThrow("it is not a text in UTF-8 (UTF-16, or no text at all); save it as UTF-8");
});

test("bytes that are no UTF-8 are told by their place", () => {
  const bytes = Buffer.concat([Buffer.from('{"é": "'), Buffer.from([0xff]), Buffer.from('"}')]);
  expect(() => decodeText(bytes)).toThrow("it is not UTF-8, see byte 9; save it as UTF-8");
});
