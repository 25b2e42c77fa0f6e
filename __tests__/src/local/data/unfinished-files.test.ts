import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ProcessTable } from "../../../../src/base/process-identity";
import { UNFINISHED_FOLDER, UnfinishedFiles, writeNewFile } from "../../../../src/local/data/unfinished-files";

const scratch = mkdtempSync(join(tmpdir(), "workflow-unfinished-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A machine on which a process started at `startedAt`, or does not run. */
const machine = (startedAt: string | null, boot = "boot-1"): ProcessTable => ({
  ...{ host: "here", boot, startOf: () => startedAt, exists: () => startedAt !== null },
});

/** Leaves the file of a process that started at "10", as a killed run would. */
function leave(): string {
  const folder = mkdtempSync(join(scratch, "data-"));
  writeFileSync(new UnfinishedFiles(folder, () => machine("10")).newPath(), "half");
  return folder;
}

const owners = (folder: string) => readdirSync(join(folder, UNFINISHED_FOLDER)).length;

test.each([
  ["has ended", machine(null), 1],
  ["has ended, and another one has its number", machine("11"), 1],
  ["ran before the machine started again", machine("10", "boot-2"), 1],
  ["still runs", machine("10"), 2],
  ["runs on another machine", { ...machine(null), host: "there" }, 2],
])("files of a process that %s", (_, table, expected) => {
  const folder = leave();
  new UnfinishedFiles(folder, () => table).newPath();
  expect(owners(folder)).toBe(expected);
});

test("what nobody can read as an owner stays", () => {
  const folder = leave();
  mkdirSync(join(folder, UNFINISHED_FOLDER, "mine"));
  new UnfinishedFiles(folder, () => machine(null)).newPath();
  expect(readdirSync(join(folder, UNFINISHED_FOLDER))).toContain("mine");
});

test("removes its own files, and the folder if it was the last", () => {
  const folder = mkdtempSync(join(scratch, "data-"));
  const [one, other] = [
    new UnfinishedFiles(folder, () => machine("10")),
    new UnfinishedFiles(folder, () => machine("10")),
  ];
  writeFileSync(one.newPath(), "x");
  writeFileSync(other.newPath(), "x");
  one.remove();
  expect(owners(folder)).toBe(1);
  other.remove();
  expect(existsSync(join(folder, UNFINISHED_FOLDER))).toBe(false);
});

test("nothing is left of content that fails at once", async () => {
  const folder = mkdtempSync(join(scratch, "data-"));
  const files = new UnfinishedFiles(folder, () => machine("10"));
  const failing = async () => {
    // biome-ignore lint/correctness/useYield: the content fails before its first piece
    const content = async function* (): AsyncGenerator<Uint8Array> {
      throw new Error("no content");
    };
    await files.withFile((path) => writeNewFile(path, content()));
  };
  const ends = await Promise.allSettled(Array.from({ length: 50 }, failing));
  expect(ends.map(({ status }) => status)).toEqual(Array(50).fill("rejected"));
  // What the disk was asked to do before has been done when it answers.
  for (let turn = 0; turn < 8; turn += 1) await stat(folder);
  expect(readdirSync(dirname(files.newPath()))).toEqual([]);
});

test("does not follow a link in the place of its folder", () => {
  const folder = mkdtempSync(join(scratch, "data-"));
  const elsewhere = mkdtempSync(join(scratch, "elsewhere-"));
  symlinkSync(elsewhere, join(folder, UNFINISHED_FOLDER));
  expect(() => new UnfinishedFiles(folder, () => machine("10")).newPath()).toThrow("is no folder");
  expect(readdirSync(elsewhere)).toEqual([]);
});
