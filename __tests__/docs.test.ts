import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "../docs/generate";
import { PROJECT_FOLDER } from "../settings";

const read = (path: string) => readFileSync(join(PROJECT_FOLDER, path), "utf8");

test("the generated parts of the documentation are fresh; if not: npm run docs", async () => {
  for (const [path, content] of Object.entries(await generatedFiles())) expect(read(path)).toBe(content);
});

test("every script that README, CONTRIBUTING and help name exists", () => {
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
  const named = ["README.md", "CONTRIBUTING.md", "help"].flatMap((path) =>
    [...read(path).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script]) => script),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(scripts).toEqual(expect.arrayContaining(named));
});
