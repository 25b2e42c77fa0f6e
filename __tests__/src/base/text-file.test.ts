import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeText, readTextFile } from "../../../src/base/text-file";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "text-file-test-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const MIB = 1024 * 1024;
const at = (name: string) => join(folder, name);

function why(path: string): string {
  try {
    readTextFile(path);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it can be read");
}

test("reads the whole file, and characters that lie across pieces", () => {
  const text = `x${"€".repeat(MIB)}`;
  fs.writeFileSync(at("file"), text);
  fs.symlinkSync("file", at("link"));
  expect(readTextFile(at("file")) === text).toBe(true);
  expect(readTextFile(at("link")) === text).toBe(true);
});

test("says what else is there, and does not wait for it", async () => {
  execFileSync("mkfifo", [at("pipe")]);
  fs.symlinkSync("loop", at("loop"));
  fs.writeFileSync(at("large"), "");
  fs.truncateSync(at("large"), 16 * MIB + 1);
  const server = createServer();
  await new Promise<void>((listening) => server.listen(at("socket"), listening));
  const found = [folder, at("pipe"), at("socket"), "/dev/zero", at("loop"), at("none"), join(at("large"), "x")].map(
    (path) => why(path),
  );
  await new Promise((closed) => server.close(closed));
  expect(found).toEqual([
    "it is a folder",
    "it is a named pipe, not a file",
    "it is a socket, not a file",
    "it is a device, not a file",
    "its symbolic links form a loop (ELOOP)",
    "there is no such file",
    "part of its path is not a folder",
  ]);
  expect(why(at("large"))).toBe("it is larger than 16 MiB");
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
