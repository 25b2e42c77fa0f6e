import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { PROJECT_FOLDER } from "../../src/project/project-folder";

const PROGRAM = `import { word } from "./word";
interface Fault {
  readonly reason: string;
}
const fault: Fault = { reason: word };
console.log(word, require.main === module, "compiled:", Object.keys(require.cache).some((path) => path.endsWith("core/index.js")));
if (process.argv[2] === "fail") console.log(new Error(fault.reason).stack);
`;

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "register-"));
  mkdirSync(join(project, "node_modules"));
  for (const name of ["@swc", "picocolors"]) {
    symlinkSync(join(PROJECT_FOLDER, "node_modules", name), join(project, "node_modules", name));
  }
  cpSync(join(PROJECT_FOLDER, "bin"), join(project, "bin"), { recursive: true });
  write("main.ts", PROGRAM);
  write("word.ts", 'export const word: string = "one";\n');
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

test("a file is compiled at its first start, and not at the next", async () => {
  expect(await start()).toBe("one true compiled: true\n");
  expect(await start()).toBe("one true compiled: false\n");
});

test("a changed file is compiled again, whatever its time and size", async () => {
  utimesSync(join(project, "word.ts"), 1, 1);
  await start();
  write("word.ts", 'export const word: string = "two";\n');
  utimesSync(join(project, "word.ts"), 1, 1);
  expect(await start()).toBe("two true compiled: true\n");
  expect(await start()).toBe("two true compiled: false\n");
});

test("stack traces name the new place of a project that is moved", async () => {
  await start();
  const moved = `${project}-moved`;
  renameSync(project, moved);
  project = moved;
  expect(await start("fail")).toContain(`Error: one\n    at Object.<anonymous> (${moved}/main.ts:7:`);
});

test("a stack trace names the line of the TypeScript file", async () => {
  const expected = `Error: one\n    at Object.<anonymous> (${project}/main.ts:7:`;
  expect(await start("fail")).toContain(expected);
  expect(await start("fail")).toContain(expected);
});

test("a damaged cache is written again", async () => {
  await start();
  for (const damage of [
    () => Buffer.alloc(0),
    (content: Buffer) => content.subarray(0, content.length - 9),
    (content: Buffer) => content.subarray(0, 9),
    (content: Buffer) => content.fill("?", content.indexOf("\n") + 1),
    () => Buffer.from(`${JSON.stringify({ [join(project, "main.ts")]: null })}\n`),
  ]) {
    for (const path of cached()) writeFileSync(path, damage(readFileSync(path)));
    expect(await start()).toBe("one true compiled: true\n");
  }
  expect(await start()).toBe("one true compiled: false\n");
});

test("a cache that cannot be written is done without", async () => {
  write("node_modules/.cache", "a file, where a folder should be");
  expect(await start()).toBe("one true compiled: true\n");
  expect(await start()).toBe("one true compiled: true\n");
});

test("processes that start at the same time leave a whole cache", async () => {
  await Promise.all([start(), start(), start()]);
  expect(await start()).toBe("one true compiled: false\n");
});

test("the newest eight files are kept", async () => {
  await start();
  const [path] = cached();
  for (let number = 0; number < 9; number += 1) {
    write(`${dirname(path!).slice(project.length)}/old-${number}`, "");
    utimesSync(join(dirname(path!), `old-${number}`), number, number);
  }
  write("word.ts", 'export const word = "two";\n');
  await start();
  expect(cached().length).toBe(8);
  expect(await start()).toBe("two true compiled: false\n");
});

// --- internal ---

async function start(...args: string[]): Promise<string> {
  const argv = ["-r", "./bin/register.js", "main.ts", ...args];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: project });
  return stdout;
}

function write(name: string, content: string): void {
  writeFileSync(join(project, name), content);
}

function cached(): string[] {
  const folder = join(project, "node_modules/.cache/workflow");
  return readdirSync(folder).map((name) => join(folder, name));
}
