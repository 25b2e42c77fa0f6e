import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { readTextFile } from "../../../src/base/text-file";
import { folderPerTest } from "../../folder-per-test";

const MIB = 1024 * 1024;
const at = folderPerTest("text-file-test");

function why(path: string): string {
  try {
    readTextFile(path);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it can be read");
}

test("says what else is there, and does not wait for it", async () => {
  execFileSync("mkfifo", [at("pipe")]);
  fs.symlinkSync("loop", at("loop"));
  fs.writeFileSync(at("large"), "");
  fs.truncateSync(at("large"), 16 * MIB + 1);
  const server = createServer();
  await new Promise<void>((listening) => server.listen(at("socket"), listening));
  const found = [at(), at("pipe"), at("socket"), "/dev/zero", at("loop"), at("none"), join(at("large"), "x")].map(
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
