/** The order of the folders, which CONTRIBUTING.md explains. Biome enforces the same order while you edit. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { preProcessFile } from "typescript";
import { PROJECT_FOLDER } from "../src/project/project-folder";

/** The folders from top to bottom. Folders of one row do not import each other. */
const ORDER: readonly (readonly string[])[] = [
  ["__tests__"],
  ["scripts", "bin"],
  ["src/cli"],
  ["main.ts"],
  ["stacks"],
  ["src/testing"],
  ["src/local", "src/aws", "src/review"],
  ["src/terraform"],
  ["src/execution"],
  ["src/project"],
  ["src/asl"],
  ["src/base"],
];

/** The user's own folders, such as `image/`, are not looked at. */
const FILES = ["main.ts", ...["__tests__", "scripts", "bin", "src", "stacks"].flatMap(codeIn)];
const OWN = FILES.filter((file) => !file.startsWith("__tests__/"));

/** The project files that each file imports, types included. */
const IMPORTS = new Map(FILES.map((file) => [file, importsOf(file)]));

/** Returns the paths of the TypeScript and JavaScript files in a folder and below. */
function codeIn(folder: string): string[] {
  return readdirSync(join(PROJECT_FOLDER, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.[jt]s$/.test(path))
    .map((path) => join(folder, path));
}

function importsOf(file: string): string[] {
  const { importedFiles } = preProcessFile(readFileSync(join(PROJECT_FOLDER, file), "utf8"), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => normalize(join(dirname(file), fileName)))
    .flatMap((path) => [path, `${path}.ts`, `${path}.js`].filter((candidate) => FILES.includes(candidate)))
    .filter((path, index, paths) => paths.indexOf(path) === index);
}

/** Returns the row of a file in `ORDER`; -1 if it has none. */
function rowOf(file: string): number {
  return ORDER.findIndex((row) => row.some((folder) => file === folder || file.startsWith(`${folder}/`)));
}

/** Returns the first circle of imports that is found; `null` if there is none. */
function findCircle(imports: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const other of imports.get(file) ?? []) {
      const circle = visit(other, [...path, file]);
      if (circle !== null) return circle;
    }
    done.add(file);
    return null;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle !== null) return circle;
  }
  return null;
}

test("every file is in a folder of the layout", () => {
  expect(FILES.filter((file) => rowOf(file) === -1)).toEqual([]);
});

test("imports go downwards", () => {
  const upwards = [...IMPORTS].flatMap(([file, imported]) => {
    const isUpwards = (other: string): boolean => {
      const [from, to] = [rowOf(file), rowOf(other)];
      if (from !== to) return from > to;
      return folderIn(file) !== folderIn(other);
    };
    return imported.filter(isUpwards).map((other) => `${file} -> ${other}`);
  });
  expect(upwards).toEqual([]);
});

function folderIn(file: string): string | undefined {
  return ORDER[rowOf(file)]?.find((folder) => file === folder || file.startsWith(`${folder}/`));
}

test("no files import each other in a circle, types included", () => {
  expect(
    findCircle(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
  ).toEqual(["b", "c", "b"]);
  expect(findCircle(IMPORTS)).toBeNull();
});

test("no two files have the same base name", () => {
  const nameOf = (file: string) => basename(file).replace(/(\.d)?\.[jt]s$/, "");
  // A declaration file has the name of its JavaScript file.
  const names = OWN.filter((file) => !file.endsWith(".d.ts")).map(nameOf);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test("main.ts is the only code in the root", () => {
  const entries = readdirSync(PROJECT_FOLDER).filter((entry) => /\.[jt]s$/.test(entry));
  expect(entries).toEqual(["main.ts"]);
});
