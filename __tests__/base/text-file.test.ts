import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeText, readTextFile } from "../../base/text-file";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "text-file-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a mark of the encoding is no part of the text", () => {
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

test("a file is read whole, over the size of one read", () => {
  const path = join(folder, "long");
  const text = "é".repeat(100_000);
  writeFileSync(path, text);
  expect(readTextFile(path)).toBe(text);
});

test.each([
  ["no file", () => join(folder, "nowhere"), "there is no such file"],
  ["a folder", () => folder, "it is a folder"],
  ["a file without an end", () => "/dev/zero", "it is a device, not a file"],
])("%s cannot be read", (_, path, why) => {
  expect(() => readTextFile(path())).toThrow(why);
});

test("a file of more than 16 MiB is not read into memory", () => {
  const path = join(folder, "large");
  writeFileSync(path, "");
  truncateSync(path, 16 * 1024 * 1024 + 1);
  expect(() => readTextFile(path)).toThrow("it is larger than 16 MiB");
});
