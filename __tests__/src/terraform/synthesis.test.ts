import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesizedStacks } from "../../../src/terraform/synthesis";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "synthesis-test-"));
  mkdirSync(join(project, "cdktf.out"));
});
afterEach(() => rmSync(project, { recursive: true }));

function manifest(dependencies: Readonly<Record<string, readonly string[]>>): void {
  const stacks = Object.fromEntries(
    Object.entries(dependencies).map(([name, needed]) => [name, { name, dependencies: needed }]),
  );
  writeFileSync(join(project, "cdktf.out", "manifest.json"), JSON.stringify({ stacks }));
}

test.each<[Readonly<Record<string, readonly string[]>>, string[]]>([
  [{ image: [], workflow: ["image"] }, ["image", "workflow"]],
  [{ a: ["c"], b: ["a"], c: [] }, ["c", "a", "b"]],
  [{ a: [], b: [], c: ["a", "b"] }, ["a", "b", "c"]],
])("the stacks of %j are in the order of a deployment", (dependencies, order) => {
  manifest(dependencies);
  expect(synthesizedStacks(project).map(({ name }) => name)).toEqual(order);
});

test.each([
  ["is not there", null, "ENOENT"],
  ["was cut off", '{"stacks', "JSON"],
])("a manifest that %s is told, with what to do", (_, text, problem) => {
  if (text !== null) writeFileSync(join(project, "cdktf.out", "manifest.json"), text);
  expect(() => synthesizedStacks(project)).toThrow(
    new RegExp(`^the stacks are not synthesized: .*${problem}.*; run \`npm run synth\`$`),
  );
});
