import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedFiles } from "../scripts/docs";
import { EXAMPLES } from "../scripts/examples";
import { check } from "../src/asl/check/check-document";
import { inTemporaryFolder } from "../src/base/temporary-folder";
import { run } from "../src/cli/program";
import { checkedJobs, checkedQueues } from "../src/project/checked-queues";
import { loadSettings } from "../src/project/load-settings";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import { scene } from "./src/cli/scene";

const read = (path: string) => readFileSync(join(PROJECT_FOLDER, path), "utf8");

test("the generated parts of the documentation are up to date; if not, run npm run docs", async () => {
  for (const [path, content] of Object.entries(await generatedFiles())) expect(read(path)).toBe(content);
});

/** The texts that tell people what to type. */
const GUIDES = [
  "README.md",
  "CONTRIBUTING.md",
  "help",
  ...readdirSync(join(PROJECT_FOLDER, "docs"))
    .filter(isGuide)
    .map((name) => `docs/${name}`),
  ...EXAMPLES.map((name) => `examples/${name}/README.md`),
];

function isGuide(name: string): boolean {
  return name.endsWith(".md");
}

/** The links of a Markdown file to other files, and to headings of its own. */
function linksIn(path: string): { target: string; heading: string | undefined }[] {
  const links = [...read(path).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
  return links.map(([, target, heading]) => ({ target: target === "" ? path : join(dirname(path), target!), heading }));
}

/** The names that GitHub gives the headings of a Markdown file. */
function headingsOf(path: string): string[] {
  const headings = [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}

test("every link of a guide leads to a file, and to a heading of it", () => {
  const links = GUIDES.flatMap(linksIn);
  const broken = links.filter(
    ({ target, heading }) =>
      !existsSync(join(PROJECT_FOLDER, target)) || (heading !== undefined && !headingsOf(target).includes(heading)),
  );
  expect(links.length).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});

test("every file that CONTRIBUTING, the architecture or a decision names exists", () => {
  const named = ["CONTRIBUTING.md", "docs/architecture.md", "docs/decisions.md"].flatMap((path) =>
    [...read(path).matchAll(/`((?:src|stacks|scripts|__tests__|docs|\.config|\.ci|bin)\/[\w./-]*)`/g)].map(
      ([, file]) => file!,
    ),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((file) => !existsSync(join(PROJECT_FOLDER, file)))).toEqual([]);
});

test("every JSON that a guide shows is JSON", () => {
  const shown = GUIDES.flatMap((path) => [...read(path).matchAll(/```json\n(.*?)```/gs)].map(([, json]) => json!));
  expect(shown.length).toBeGreaterThan(4);
  for (const json of shown) expect(() => JSON.parse(json)).not.toThrow();
});

test("the recipes add statements that fit into the deployer's policy", () => {
  const policy = JSON.parse(read("src/terraform/deployer-policy.json")) as { Statement: { Sid: string }[] };
  const names = policy.Statement.map(({ Sid }) => Sid);
  const [, recipes] = read("docs/deploying.md").split("\n## Recipes\n");
  const extended = [...recipes!.matchAll(/the statement `(\w+)`/g)].map(([, name]) => name);
  const added = [...recipes!.matchAll(/"Sid": "(\w+)"/g)].map(([, name]) => name);
  expect(extended).toEqual(["Logs"]);
  expect(names).toEqual(expect.arrayContaining(extended));
  // IAM rejects a second statement with the same name.
  expect([added, names.filter((name) => added.includes(name))]).toEqual([["Key"], []]);
});

describe("docs/jobs.md", () => {
  const [cdktfJson, document] = [...read("docs/jobs.md").matchAll(/```json\n(.*?)```/gs)].map(([, json]) =>
    JSON.parse(json!),
  );
  const required = [...read("docs/jobs.md").matchAll(/^\| `(\w+)` \| required \|/gm)].map(([, field]) => field!);

  test("has an example of jobs that the settings accept", () => {
    const { jobs } = loadSettings({}, cdktfJson.context);
    expect(Object.keys(jobs)).toEqual(["fetch", "train-model"]);
  });

  test.each(required)("calls %s required: the settings reject a job without it", (field) => {
    const { [field]: _, ...others } = cdktfJson.context.jobs.fetch;
    expect(() => loadSettings({}, { jobs: { fetch: others } })).toThrow(`\`jobs.fetch.${field}\``);
  });

  test("has a document for these jobs, without problems", () => {
    const settings = loadSettings({}, cdktfJson.context);
    const [jobDefinitions, queues] = [checkedJobs(settings), checkedQueues(settings)];
    const placeholders = {
      known: ["Partition", "JobQueueArn"],
      expected: Object.keys(jobDefinitions),
      jobOf: () => null,
      settingOf: () => null,
    };
    expect(check({ document, inputSchema: null, placeholders, jobDefinitions, queues, local: true })).toEqual([]);
  });
});

test("docs/any-document.md has a document without problems, and mocks with which it runs to its end", async () => {
  const [document, mocks] = [...read("docs/any-document.md").matchAll(/```json\n(.*?)```/gs)].map(([, json]) => json!);
  await inTemporaryFolder("any-document", async (folder) => {
    writeFileSync(join(folder, "their.asl.json"), document!);
    writeFileSync(join(folder, "their.mocks.json"), mocks!);
    const { session, output } = scene();
    expect(await run(["check", join(folder, "their.asl.json")], session)).toBe(0);
    expect(output.stderr).toMatch(/: no problems\n$/);
    const mocked = ["--mock", join(folder, "their.mocks.json"), "--json"];
    expect(await run(["local", join(folder, "their.asl.json"), ...mocked], session)).toBe(0);
    expect(JSON.parse(output.stdout)).toMatchObject({ status: "SUCCEEDED", output: { MessageId: "1" } });
  });
});

describe("docs/testing.md", () => {
  const page = read("docs/testing.md");
  const [tests] = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => json!);
  const [commands] = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, lines]) => lines!.trim().split("\n"));

  /** Runs a command of the page for the example of the tests, with these cases. */
  async function runTests(command: string, cases: string) {
    return inTemporaryFolder("testing", async (folder) => {
      for (const name of ["echo.asl.json", "echo.input.json", "echo.input.schema.json"]) {
        copyFileSync(join(PROJECT_FOLDER, "scripts/demo", name), join(folder, name));
      }
      writeFileSync(join(folder, "echo.test.json"), cases);
      const { session, output, interrupt } = scene();
      const words = command.replace("results.xml", join(folder, "results.xml")).match(/"[^"]*"|\S+/g)!;
      const flags = words.slice(3).map((word) => word.replaceAll('"', ""));
      const running = run(["test", join(folder, "echo.asl.json"), ...flags], session);
      // Ctrl-C for --watch. The other commands do not listen.
      if (flags.includes("--watch")) await session.clock.sleep(1e6);
      interrupt();
      return { code: await running, stderr: output.stderr.replaceAll(`${folder}/`, "workflow/") };
    });
  }

  test.each(commands!)("%s works with the cases of the page", async (command) => {
    const { code, stderr } = await runTests(command, tests!);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^\d passed/m)]);
  });

  test("the failed case that it shows looks like that", async () => {
    const [, shown] = /```text\n(.*?)```/s.exec(page)!;
    const wrong = tests!.replace('["step1"] }', '["step2"] }').replace('"step1", "step2", "step2_job[0]"', '"step2"');
    expect((await runTests("npx workflow test", wrong)).stderr).toContain(shown);
  });
});

test("no guide passes flags to an npm script", () => {
  for (const path of GUIDES)
    expect(read(path)).not.toMatch(/npm run (--silent )?workflow|npm (start|run (deploy|destroy|diff)) -- /);
});

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
    const { session, output } = scene();
    expect(await run([command, "--help"], session)).toBe(0);
    return output.stdout;
  };
  const ALIASES = [
    [/npm start( -- [^`|\n]*)?/g, "local"],
    [/npm run deploy( -- [^`|\n]*)?/g, "deploy"],
    [/npm run destroy( -- [^`|\n]*)?/g, "destroy"],
  ] as const;
  const named = GUIDES.flatMap((path) => {
    const text = read(path);
    const direct = [...text.matchAll(/npx workflow ([a-z]+)([^`|\n]*)/g)].map(([, command, rest]) => ({
      path,
      command: command!,
      rest: rest!,
    }));
    const aliased = ALIASES.flatMap(([pattern, command]) =>
      [...text.matchAll(pattern)].map(([, rest = ""]) => ({ path, command, rest })),
    );
    return [...direct, ...aliased].map(({ rest, ...where }) => ({
      ...where,
      flags: rest.match(/--[a-z][a-z-]+/g) ?? [],
    }));
  });
  const commands = [...new Set(named.map(({ command }) => command))];

  test.each(commands)("%s exists, and has all flags that the guides give it", async (command) => {
    const flags = named.filter((one) => one.command === command).flatMap((one) => one.flags);
    const text = await help(command);
    for (const flag of flags) expect(text).toContain(flag);
  });

  test("is one of more than ten", () => {
    expect(commands.length).toBeGreaterThan(10);
  });
});
