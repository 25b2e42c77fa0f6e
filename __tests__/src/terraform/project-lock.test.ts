import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../src/base/errors";
import { identityOf, type ProcessTable, processTable, stateOf } from "../../../src/base/process-identity";
import { exclusively } from "../../../src/terraform/project-lock";

jest.mock("node:fs", () => ({ ...jest.requireActual("node:fs") }));
const mocked = jest.requireMock<typeof fs>("node:fs");

let folder: string;
let path: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "project-lock-test-"));
  path = join(folder, "lock");
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

const OTHER_PID = 4242;

/** A machine on which process 4242 started at 100. */
const table = (changed: Partial<ProcessTable> = {}): ProcessTable => ({
  host: "here",
  boot: "first",
  startOf: (pid) => (pid === OTHER_PID ? "100" : "7"),
  exists: () => true,
  ...changed,
});

const lockOf = (changed: object = {}) =>
  `${JSON.stringify({ pid: OTHER_PID, startedAt: "100", boot: "first", host: "here", since: "2026-01-01T00:00:00.000Z", token: "t", ...changed })}\n`;

const holder = () => JSON.parse(fs.readFileSync(path, "utf8")) as { pid: number };
const take = (changed?: Partial<ProcessTable>) => exclusively(async () => holder().pid, path, table(changed));

test("one at a time: a second is told which process is the first, which file says so, and the way out", async () => {
  await exclusively(async () => {
    const { since } = JSON.parse(fs.readFileSync(path, "utf8")) as { since: string };
    await expect(exclusively(async () => {}, path)).rejects.toEqual(
      new UsageError(
        `another deploy, diff, destroy or review of this checkout is running, process ${process.pid}, since ${since}; ` +
          `wait for it, or use another checkout. If it does not run, remove ${path}`,
      ),
    );
  }, path);
});

test("nothing is left, whatever comes of it", async () => {
  expect(await exclusively(async () => 3, path)).toBe(3);
  await expect(exclusively(() => Promise.reject(new Error("failed")), path)).rejects.toThrow("failed");
  expect(fs.readdirSync(folder)).toEqual([]);
});

describe("a lock is taken over", () => {
  test.each([
    ["1", "a process id alone, which may be that of any process"],
    ["4194304999", "a process id that there is none of"],
    ["", "nothing"],
    ["no number", "no holder"],
    [lockOf().slice(0, 30), "a part of a holder"],
    ["\0\xff".repeat(10_000), "bytes"],
    [lockOf({ startedAt: "99" }), "an earlier process with the id of one that runs"],
    [lockOf({ boot: "zeroth" }), "a process from before the machine was started again"],
  ])("%j: it names %s", async (content) => {
    fs.writeFileSync(path, content);
    expect(await take()).toBe(process.pid);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test("of a process that has ended", async () => {
    fs.writeFileSync(path, lockOf());
    expect(await take({ exists: (pid) => pid !== OTHER_PID })).toBe(process.pid);
  });

  test("by one process alone: another that saw the same lock finds it replaced", async () => {
    fs.writeFileSync(path, "stale");
    let isOvertaken = false;
    const read = mocked.readSync;
    // Right after this process has read the lock, another one takes it over.
    jest.spyOn(mocked, "readSync").mockImplementation((...args) => {
      const count = (read as (...all: unknown[]) => number)(...args);
      if (!isOvertaken) fs.writeFileSync(path, lockOf());
      isOvertaken = true;
      return count;
    });
    await expect(take()).rejects.toThrow(`is running, process ${OTHER_PID}, since`);
    expect(fs.readFileSync(path, "utf8")).toBe(lockOf());
    expect(fs.readdirSync(folder)).toEqual(["lock"]);
  });

  test("not while another process takes it over; one that was killed at that is no obstacle", async () => {
    fs.writeFileSync(path, "stale");
    const link = mocked.linkSync;
    let claim = "";
    // Another process holds the second lock, and has not replaced the first one yet.
    jest.spyOn(mocked, "linkSync").mockImplementation((from, to) => {
      if (to !== path && claim === "") {
        claim = String(to);
        fs.writeFileSync(claim, lockOf());
      }
      link(from, to);
    });
    await expect(take()).rejects.toThrow(`is running, process ${OTHER_PID}, since 2026-01-01T00:00:00.000Z; wait`);
    expect(fs.readFileSync(path, "utf8")).toBe("stale");
    expect(fs.existsSync(claim)).toBe(true);
    expect(await take({ exists: (pid) => pid !== OTHER_PID })).toBe(process.pid);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test("not from a process on another machine, of which nothing is known here", async () => {
    fs.writeFileSync(path, lockOf({ host: "there" }));
    await expect(take()).rejects.toThrow(
      new UsageError(
        `another deploy, diff, destroy or review of this checkout is running, process ${OTHER_PID} on the machine there, ` +
          `since 2026-01-01T00:00:00.000Z; wait for it, or use another checkout. If it does not run, remove ${path}`,
      ),
    );
  });
});

test("a lock is let go by its holder alone", async () => {
  await exclusively(async () => fs.writeFileSync(path, lockOf()), path, table({ exists: (pid) => pid !== OTHER_PID }));
  expect(fs.readFileSync(path, "utf8")).toBe(lockOf());
});

describe("what is no lock is told, with the way out", () => {
  const wayOut = "if no other command runs in this checkout, remove it";

  test.each<[string, () => void]>([
    ["a folder", () => fs.mkdirSync(path)],
    ["a link that leads nowhere", () => fs.symlinkSync("nowhere", path)],
  ])("%s", async (_, make) => {
    make();
    await expect(take()).rejects.toEqual(new UsageError(`the lock ${path} must be a file; ${wayOut}`));
    expect(fs.readdirSync(folder)).toEqual(["lock"]);
  });

  test("a file that cannot be read", async () => {
    fs.writeFileSync(path, "1");
    jest.spyOn(mocked, "openSync").mockImplementation(() => {
      throw Object.assign(new Error(), { code: "EACCES" });
    });
    await expect(take()).rejects.toThrow(`the lock ${path} cannot be read: permission is denied (EACCES); ${wayOut}`);
  });

  test.each([
    ["EROFS", "the file system is read-only (EROFS)"],
    ["ENOSPC", "no space is left on the disk (ENOSPC)"],
  ])("a folder that takes no file: %s", async (code, why) => {
    jest.spyOn(mocked, "writeFileSync").mockImplementation(() => {
      throw Object.assign(new Error(), { code });
    });
    await expect(take()).rejects.toThrow(`the lock ${path} cannot be written: ${why}`);
  });

  test("a file system without hard links does as well", async () => {
    jest.spyOn(mocked, "linkSync").mockImplementation(() => {
      throw Object.assign(new Error(), { code: "EPERM" });
    });
    expect(await take()).toBe(process.pid);
    fs.writeFileSync(path, lockOf());
    await expect(take()).rejects.toThrow(`process ${OTHER_PID}`);
  });
});

test("this process runs, and is told from an earlier one by its start", () => {
  const own = identityOf(process.pid, processTable());
  expect(stateOf(own, processTable())).toBe("running");
  expect(own.startedAt).toEqual(expect.stringMatching(/./));
  expect(stateOf({ ...own, startedAt: "earlier" }, processTable())).toBe("ended");
});
