import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../errors";
import { exclusively } from "../../processes/project-lock";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "project-lock-test-"));
  path = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("one at a time: a second is told which process is the first", async () => {
  await exclusively(async () => {
    await expect(exclusively(async () => {}, path)).rejects.toEqual(
      new UsageError(
        `another deploy, diff, destroy or review of this checkout is running, process ${process.pid}; wait for it, or use another checkout`,
      ),
    );
    expect(readFileSync(path, "utf8")).toBe(String(process.pid));
  }, path);
});

test("nothing is left, whatever comes of it", async () => {
  expect(await exclusively(async () => 3, path)).toBe(3);
  await expect(exclusively(() => Promise.reject(new Error("failed")), path)).rejects.toThrow("failed");
  expect(existsSync(path)).toBe(false);
});

test.each(["4194304999", "", "no number"])(
  "a lock that a killed process has left (%j) is taken over",
  async (holder) => {
    writeFileSync(path, holder);
    expect(await exclusively(async () => readFileSync(path, "utf8"), path)).toBe(String(process.pid));
  },
);
