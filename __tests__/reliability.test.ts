import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { PROJECT_FOLDER } from "../src/project/project-folder";

/** A row of docs/reliability.md: an injected fault, a promise, and links to the tests that prove it. */
interface Row {
  readonly injected: string;
  readonly tests: readonly { readonly title: string; readonly file: string }[];
}

const ROWS = readFileSync(join(PROJECT_FOLDER, "docs", "reliability.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| (?!---|injected)/.test(line))
  .map((line): Row => {
    const [, injected, , shown] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const links = [...(shown ?? "").matchAll(/\[((?:[^\]\\]|\\.)+)\]\(([^)]+)\)/g)];
    return {
      injected: injected!,
      tests: links.map(([, title, file]) => ({
        title: title!.replaceAll(/\\(.)/g, "$1"),
        file: posix.join("docs", file!),
      })),
    };
  });

test("the fault matrix has at least 40 rows, each with a test", () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(40);
  expect(ROWS.filter(({ tests }) => tests.length === 0).map(({ injected }) => injected)).toEqual([]);
});

test("every test that the fault matrix names exists", () => {
  const named = ROWS.flatMap(({ tests }) => tests);
  const missing = named.filter(({ title, file }) => {
    const path = join(PROJECT_FOLDER, file);
    return !existsSync(path) || !readFileSync(path, "utf8").includes(title);
  });
  expect(missing).toEqual([]);
});
