import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentHash } from "../../../src/project/content-hash";

jest.mock("node:fs", () => ({ ...jest.requireActual("node:fs") }));
const fs = jest.requireMock<typeof import("node:fs")>("node:fs");

const options = { platform: "linux/amd64" };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "content-hash-"));
  mkdirSync(join(folder, "app"));
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
  writeFileSync(join(folder, "app/run.sh"), "echo\n", { mode: 0o644 });
  symlinkSync("run.sh", join(folder, "app/link"));
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function change(make: () => void): boolean {
  const before = contentHash(folder, options);
  make();
  return contentHash(folder, options) !== before;
}

test("the hash of a folder is the same everywhere: 16 hexadecimal digits", () => {
  expect(contentHash(folder, options)).toBe("9d094283d58743cf");
});

test.each<[string, () => void]>([
  ["a file's bytes", () => writeFileSync(join(folder, "app/run.sh"), "echo 2\n")],
  ["a file's name", () => renameSync(join(folder, "app/run.sh"), join(folder, "app/start.sh"))],
  ["the executable bit", () => chmodSync(join(folder, "app/run.sh"), 0o755)],
  ["a new file", () => writeFileSync(join(folder, "app/.hidden"), "")],
  [
    "a link's target, dangling or not",
    () => {
      rmSync(join(folder, "app/link"));
      symlinkSync("/nowhere", join(folder, "app/link"));
    },
  ],
  [
    "a link that becomes a file with the same text",
    () => {
      rmSync(join(folder, "app/link"));
      writeFileSync(join(folder, "app/link"), "run.sh");
    },
  ],
])("changes with %s", (_, make) => {
  expect(change(make)).toBe(true);
});

test.each<[string, () => void]>([
  ["times", () => utimesSync(join(folder, "app/run.sh"), 0, 0)],
  ["what the checkout's umask leaves", () => chmodSync(join(folder, "app/run.sh"), 0o600)],
  ["an empty folder, which git does not keep", () => mkdirSync(join(folder, "empty"))],
])("does not change with %s", (_, make) => {
  expect(change(make)).toBe(false);
});

test("changes with the platform", () => {
  expect(contentHash(folder, { platform: "linux/arm64" })).not.toBe(contentHash(folder, options));
});

test("honours .dockerignore as Docker does", () => {
  writeFileSync(join(folder, ".dockerignore"), "**/*.pyc\nDockerfile\nlogs\n!logs/keep\n");
  mkdirSync(join(folder, "logs"));
  expect(change(() => writeFileSync(join(folder, "app/run.pyc"), "x"))).toBe(false);
  expect(change(() => writeFileSync(join(folder, "logs/today"), "x"))).toBe(false);
  expect(change(() => writeFileSync(join(folder, "logs/keep"), "x"))).toBe(true);
  expect(change(() => writeFileSync(join(folder, "Dockerfile"), "FROM busybox\n"))).toBe(true);
  expect(change(() => writeFileSync(join(folder, ".dockerignore"), "logs\n"))).toBe(true);
});

test("tells letter case apart in .dockerignore, as Docker does", () => {
  writeFileSync(join(folder, ".dockerignore"), "notes\n");
  expect(change(() => writeFileSync(join(folder, "notes"), "x"))).toBe(false);
  expect(change(() => writeFileSync(join(folder, "Notes"), "x"))).toBe(true);
});

test("a pattern that Docker refuses is told with its file", () => {
  writeFileSync(join(folder, ".dockerignore"), "[\n");
  expect(() => contentHash(folder, options)).toThrow(
    `${join(folder, ".dockerignore")} holds a pattern that Docker refuses: Invalid regular expression: `,
  );
});

test("does not change with what has no bytes, nor wait for it; a loop of links is no loop", () => {
  symlinkSync("..", join(folder, "app/up"));
  expect(change(() => execFileSync("mkfifo", [join(folder, "app/pipe")]))).toBe(false);
});

test("does not change with the order in which the file system lists files", () => {
  writeFileSync(join(folder, "zz"), "");
  const list = fs.readdirSync as (...all: unknown[]) => unknown[];
  expect(
    change(() =>
      jest.spyOn(fs, "readdirSync").mockImplementation(((...all: unknown[]) => list(...all).reverse()) as never),
    ),
  ).toBe(false);
});

test("a file larger than a piece is read in pieces, to the same hash", () => {
  const read = jest.spyOn(fs, "readSync");
  writeFileSync(join(folder, "model.bin"), Buffer.alloc(3_000_000, "model"));
  // As it was when files were read whole.
  expect(contentHash(folder, options)).toBe("563bb2d2c7f53a54");
  expect(read.mock.calls.every(([, piece]) => piece.byteLength <= 1024 * 1024)).toBe(true);
});

describe("a file that cannot be read is named", () => {
  test.each<[string, "openSync" | "lstatSync", string]>([
    ["that is not readable", "openSync", "permission is denied (EACCES)"],
    ["that has vanished", "lstatSync", "there is no such file"],
  ])("one %s", (_, step, why) => {
    const code = step === "openSync" ? "EACCES" : "ENOENT";
    jest.spyOn(fs, step).mockImplementation(() => {
      throw Object.assign(new Error(), { code });
    });
    expect(() => contentHash(folder, options)).toThrow(
      `${folder}/Dockerfile belongs to an image and cannot be read: ${why}; make it readable, or exclude it in .dockerignore`,
    );
  });

  test("one that grows meanwhile", () => {
    const read = fs.readSync as (...all: unknown[]) => number;
    jest.spyOn(fs, "readSync").mockImplementation(((...all: unknown[]) => {
      writeFileSync(join(folder, "Dockerfile"), "FROM busybox\n");
      return read(...all);
    }) as never);
    expect(() => contentHash(folder, options)).toThrow(
      `${folder}/Dockerfile belongs to an image and cannot be read: it changes while it is read`,
    );
  });

  test("a folder that is not readable", () => {
    jest.spyOn(fs, "readdirSync").mockImplementation(() => {
      throw Object.assign(new Error(), { code: "EACCES", path: join(folder, "app") });
    });
    expect(() => contentHash(folder, options)).toThrow(
      `${folder}/app belongs to an image and cannot be read: permission is denied (EACCES)`,
    );
  });
});
