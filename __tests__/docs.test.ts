import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { run } from "../cli";
import type { Surroundings } from "../commands/surroundings";
import { generatedFiles } from "../docs/generate";
import { PROJECT_FOLDER } from "../settings";

const read = (path: string) => readFileSync(join(PROJECT_FOLDER, path), "utf8");

test("the generated parts of the documentation are fresh; if not: npm run docs", async () => {
  for (const [path, content] of Object.entries(await generatedFiles())) expect(read(path)).toBe(content);
});

/** What tells people what to type. */
const GUIDES = [
  "README.md",
  "CONTRIBUTING.md",
  "help",
  ...readdirSync(join(PROJECT_FOLDER, "docs"))
    .filter(isGuide)
    .map((name) => `docs/${name}`),
];

function isGuide(name: string): boolean {
  return name.endsWith(".md");
}

test("every script that a guide names exists", () => {
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
  const named = GUIDES.flatMap((path) =>
    [...read(path).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, script]) => script),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(scripts).toEqual(expect.arrayContaining(named));
});

describe("every command of `workflow` that a guide names", () => {
  const help = async (command: string) => {
    let text = "";
    const stream = new Writable({
      write(chunk, _, done) {
        text += chunk;
        done();
      },
    });
    const surroundings = { environment: {}, stdout: stream, stderr: stream } as unknown as Surroundings;
    expect(await run([command, "--help"], surroundings)).toBe(0);
    return text;
  };
  const ALIASES = [
    [/npm start( -- [^`|\n]*)?/g, "local"],
    [/npm run deploy( -- [^`|\n]*)?/g, "deploy"],
    [/npm run destroy( -- [^`|\n]*)?/g, "destroy"],
  ] as const;
  const named = GUIDES.flatMap((path) => {
    const text = read(path);
    const direct = [...text.matchAll(/npm run (?:--silent )?workflow -- ([a-z]+)([^`|\n]*)/g)].map(
      ([, command, rest]) => ({ path, command: command!, rest: rest! }),
    );
    const aliased = ALIASES.flatMap(([pattern, command]) =>
      [...text.matchAll(pattern)].map(([, rest = ""]) => ({ path, command, rest })),
    );
    return [...direct, ...aliased].map(({ rest, ...where }) => ({
      ...where,
      flags: rest.match(/--[a-z][a-z-]+/g) ?? [],
    }));
  });
  const commands = [...new Set(named.map(({ command }) => command))];

  test.each(commands)("%s exists, with all flags that are named with it", async (command) => {
    const flags = named.filter((one) => one.command === command).flatMap((one) => one.flags);
    const text = await help(command);
    for (const flag of flags) expect(text).toContain(flag);
  });

  test("is more than a few", () => {
    expect(commands.length).toBeGreaterThan(10);
  });
});
