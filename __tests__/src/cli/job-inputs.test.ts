import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { givenAdditions, readSecrets, refuseUnfit } from "../../../src/cli/job-inputs";
import { exampleSettings } from "../../example";

const folder = mkdtempSync(join(tmpdir(), "job-inputs-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const NONE = { env: [], envFile: undefined, mount: [] };

test("without flags, jobs get nothing", () => {
  expect(givenAdditions(NONE, { A: "1" })).toEqual({ environment: {}, secrets: {}, mounts: [] });
});

test("--env replaces --env-file, and takes a value from the environment", () => {
  const envFile = write("a.env", "A=file\nB=file\nC=file\n");
  const env = [
    { name: "A", value: "flag" },
    { name: "B", value: null },
  ];
  expect(givenAdditions({ ...NONE, env, envFile }, { B: "environment" }).environment).toEqual({
    A: "flag",
    B: "environment",
    C: "file",
  });
});

const MOUNT = { host: "/tmp", container: "/in", readOnly: true };

test.each([
  [
    { env: [{ name: "A", value: null }] },
    "`--env A` needs the variable A in the environment; set it, or write A=value",
  ],
  [
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: null },
      ],
    },
    "`--env` gives the variable A twice; give it once",
  ],
  [{ mount: [MOUNT, { ...MOUNT, host: "/var" }] }, "`--mount` gives the path /in twice; give it once"],
])("refuses %j", (flags, message) => {
  expect(() => givenAdditions({ ...NONE, ...flags }, {})).toThrow(message);
});

test.each([
  ["a.b=1", "the name of a variable has letters, digits and _, got: a.b"],
  ["AWS_BATCH_JOB_ID=1", "AWS_BATCH_JOB_ID cannot be set: Batch sets it for each job"],
])("refuses the line %s of --env-file", (line, problem) => {
  const envFile = write("wrong.env", line);
  expect(() => givenAdditions({ ...NONE, envFile }, {})).toThrow(`\`--env-file\`: ${envFile}: ${problem}`);
});

describe("secrets", () => {
  const settings = exampleSettings({ WORKFLOW_ENVIRONMENT: "dev" });
  const [example] = Object.values(settings.jobs);
  const jobs = { echo: { ...example!, secrets: { TOKEN: "arn:aws:ssm:eu-west-1:1:parameter/token" } } };
  const from = (secrets: string | undefined, environment: NodeJS.ProcessEnv = {}) =>
    readSecrets(settings, jobs, { secrets }, { given: {}, environment });

  test("are values by job definition", () => {
    const { secrets, warnings } = from(write("good.env", "TOKEN=hunter2"));
    expect(secrets).toEqual({ echo_dev_echo: { TOKEN: "hunter2" } });
    expect(warnings).toEqual([]);
    expect(from(undefined, { TOKEN: "own" }).secrets).toEqual({ echo_dev_echo: { TOKEN: "own" } });
  });

  test("in a file that others may read give a warning", () => {
    const path = write("open.env", "TOKEN=hunter2", 0o644);
    expect(from(path).warnings).toEqual([`other users of this machine may read ${path}: run \`chmod 600 ${path}\``]);
  });

  test("of a job that does not exist give a warning", () => {
    const path = write("foreign.env", "ecko.TOKEN=other\necho.TOKEN=hunter2\nUNUSED=xxxx");
    expect(from(path)).toEqual({
      secrets: { echo_dev_echo: { TOKEN: "hunter2" } },
      warnings: ["no job has these secrets of the file: ecko.TOKEN; the jobs are echo"],
    });
  });

  test("that are too short to be hidden give a warning", () => {
    expect(from(undefined, { TOKEN: "abc" }).warnings).toEqual([
      "secrets with fewer than 4 characters are not hidden in the output: TOKEN",
    ]);
  });

  test("without a value are refused before anything starts", () => {
    expect(() => from(write("empty.env", ""))).toThrow(
      `secrets have no value here; add these lines to ${join(folder, "empty.env")}, `,
    );
    expect(() => from(join(folder, "nowhere"))).toThrow("`--secrets`: ");
  });
});

test("mounts need containers, and the Docker CLI must not read a secret", () => {
  const given = givenAdditions({ ...NONE, mount: [MOUNT] }, {});
  expect(() => refuseUnfit(given, { name: "process" })).toThrow(
    "`--mount` needs containers, and the jobs run as plain processes; start Docker, or leave it out",
  );
  const secret = { ...given, secrets: { echo: { DOCKER_HOST: "x" } } };
  expect(() => refuseUnfit(secret, { name: "docker" })).toThrow(
    "the secret DOCKER_HOST cannot be given to containers, because the Docker CLI reads DOCKER_HOST itself; rename the variable",
  );
  const ofRegistry = { ...given, secrets: { echo: { DOCKER_PASSWORD: "x", DOCKER_USERNAME: "x", DOCKER_TOKEN: "x" } } };
  expect(() => refuseUnfit(ofRegistry, { name: "docker" })).not.toThrow();
  refuseUnfit(given, { name: "docker" });
  refuseUnfit({ ...secret, mounts: [] }, { name: "process" });
});
