import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Writable } from "node:stream";
import { run } from "../cli";
import type { Aws } from "../commands/deployed";
import type { Probes } from "../commands/doctor-checks";
import type { Surroundings } from "../commands/surroundings";
import * as clients from "../execution/aws/clients";
import { systemClock } from "../execution/clock";
import type { ExecutionResult } from "../execution/result";
import { PROJECT_FOLDER } from "../settings";
import exampleInput from "./example/echo.input.json";
import { CONTEXT, DOCUMENT } from "./example/example";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Session {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const unneeded = () => {
  throw new Error("nothing of this should be needed");
};

async function workflow(
  argv: string[],
  {
    stdin = "",
    environment = {},
    context = CONTEXT,
    onInterrupt = () => () => {},
    startCdktf = unneeded,
    loadAws = unneeded,
    loadProbes = unneeded,
  }: { stdin?: string; environment?: NodeJS.ProcessEnv; context?: unknown } & Partial<
    Pick<Surroundings, "onInterrupt" | "startCdktf" | "loadAws" | "loadProbes">
  > = {},
): Promise<Session> {
  const output = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") =>
    new Writable({
      write(chunk, _, done) {
        output[name] += chunk;
        done();
      },
    });
  const code = await run(argv, {
    environment,
    context,
    readStandardInput: () => stdin,
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    onInterrupt,
    startCdktf,
    exclusively: (act) => act(),
    ask: null,
    clock: systemClock,
    loadAws,
    loadProbes,
  });
  return { code, ...output };
}

/** The example's document, changed; the settings that make the command use it. */
function changedDocument(change: (text: string) => string): NodeJS.ProcessEnv {
  const name = `.cli-test-${process.pid}.asl.json`;
  const text = readFileSync(join(PROJECT_FOLDER, DOCUMENT), "utf8");
  writeFileSync(join(folder, name), change(text));
  return { WORKFLOW_DOCUMENT: join(folder, name) };
}

describe("wrong usage ends with 2, one message and nothing started", () => {
  test.each<[string, string[], string]>([
    ["an unknown flag", ["local", "--inptu", "x"], "error: unknown option '--inptu'\n(Did you mean --input?)\n"],
    ["an unknown command", ["locla"], "error: unknown command 'locla'\n(Did you mean local?)\n"],
    [
      "an unknown engine",
      ["local", "--engine", "podman"],
      "error: option '--engine <engine>' argument 'podman' is invalid. Allowed choices are auto, docker, process.\n",
    ],
    [
      "a flag that the cdktf CLI would ignore",
      ["deploy", "--auto-aprove"],
      "error: unknown option '--auto-aprove'\n(Did you mean --auto-approve?)\n",
    ],
    [
      "a report of what is not followed",
      ["start", "--detach", "--report", "x.html"],
      "error: option '--detach' cannot be used with option '--report <file>'\n",
    ],
    [
      "a flag of another command",
      ["diff", "--auto-approve"],
      "error: unknown option '--auto-approve'\nsee `npx workflow diff --help`\n",
    ],
    [
      "an unknown command that is like no other",
      ["xyzzy"],
      "error: unknown command 'xyzzy'\nsee `npx workflow --help`\n",
    ],
    ["help for an unknown command", ["help", "locla"], "error: unknown command 'locla'\n(Did you mean local?)\n"],
    ["an empty value", ["local", "--input", ""], '`--input` needs a value, got: ""\n'],
    ["a blank value", ["stop", "--cause", "  "], '`--cause` needs a value, got: "  "\n'],
    [
      "a flag in the place of a value",
      ["local", "--input", "--json"],
      "`--input` needs a value, got the flag: --json\n",
    ],
    ["a value that is given twice", ["local", "--name=a", "--name=b"], "`--name` was given twice; give it once\n"],
    [
      "a file that is not there",
      ["local", "--input", "nowhere.json"],
      `\`--input\` must be a file that can be read: there is no such file, got: ${resolve("nowhere.json")}\n`,
    ],
    [
      "a name that AWS would refuse",
      ["local", "--name", "a/b"],
      '`--name` must be 1 to 80 letters, digits or any of _-.+!@()=\',~, got: "a/b"\n',
    ],
    [
      "a report in a form that there is not",
      ["start", "--report", "report.pdf"],
      "`--report` must be a file that ends in .html or .json, got: report.pdf\n",
    ],
    [
      "a report in a folder that there is not",
      ["local", "--report", "no/such/folder.html"],
      "`--report` must be a file in a folder that exists, got: no/such/folder.html\n",
    ],
    [
      "a report in the place of a folder",
      ["local", "--report", "report.html/"],
      "`--report` must be a file that can be written, got: report.html/\n",
    ],
    [
      "logs in the place of a file",
      ["local", "--logs", "package.json"],
      "`--logs` must be a folder, not a file, got: package.json\n",
    ],
    [
      "stacks at a time that are no number",
      ["deploy", "--parallelism", "x"],
      '`--parallelism` must be a whole number of at least 1, got: "x"\n',
    ],
    [
      "outputs in a folder that there is not",
      ["deploy", "--outputs-file", "no/such/outputs.json"],
      "`--outputs-file` must be a file in a folder that exists, got: no/such/outputs.json\n",
    ],
    [
      "a trace that is no table",
      ["watch", "--trace", "a.json"],
      "`--trace` must be a file that ends in .csv, got: a.json\n",
    ],
    [
      "a report afterwards, in a form that there is not",
      ["report", "latest", "report"],
      "`file` must be a file that ends in .html or .json, got: report\n",
    ],
    [
      "a time-out that is no number",
      ["start", "--timeout", "1m"],
      '`--timeout` must be a whole number of at least 1, got: "1m"\n',
    ],
    [
      "a state machine by its name",
      ["list", "--state-machine", "echo_dev"],
      "`--state-machine` must be an ARN such as arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev, got: echo_dev\n",
    ],
    [
      "an ARN of something else",
      ["watch", "arn:aws:batch:eu-west-1:123456789012:job/a"],
      "an execution's ARN has :execution: in it, got: arn:aws:batch:eu-west-1:123456789012:job/a\n",
    ],
    [
      "another state machine without an input for it",
      ["start", "--state-machine", "arn:aws:states:eu-west-1:123456789012:stateMachine:other"],
      "`--input` must be given with `--state-machine`, which the example of this project may not fit\n",
    ],
    [
      "to stop all and one",
      ["stop", "mine", "--all"],
      "`--all` stops every execution, so none can be named, got: mine\n",
    ],
    [
      "a redrive of nothing",
      ["redrive"],
      "error: missing required argument 'execution'\nsee `npx workflow redrive --help`\n",
    ],
    [
      "a deploy that nobody is there to approve",
      ["deploy"],
      "deploy asks for approval, and there is no terminal to ask in; write `npx workflow deploy --auto-approve`\n",
    ],
  ])("%s", async (_, argv, message) => {
    expect(await workflow(argv)).toEqual({ code: 2, stdout: "", stderr: message });
  });

  test("input that is not JSON", async () => {
    const { code, stderr } = await workflow(["local", "--input", "-"], { stdin: "{a" });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^`--input` must be JSON: .+, got: standard input\n$/);
  });

  test.each(["local", "start"])("input of the wrong shape, of %s: every problem with its pointer", async (command) => {
    const stdin = JSON.stringify({ parameters: { step1_parameter: 1, step2_parameters: "x", step3_parameters: [] } });
    expect(await workflow([command, "--input", "-"], { stdin })).toEqual({
      code: 2,
      stdout: "",
      stderr: `the input does not fit the workflow
  /parameters/step1_parameter: expected a string, got 1
  /parameters/step2_parameters: expected a list, got "x"
`,
    });
  });

  test.each([
    [{}, "see `npx workflow local --help`\n"],
    [{ npm_lifecycle_event: "npx" }, "see `npx workflow local --help`\n"],
    [{ npm_lifecycle_event: "start" }, "npm keeps most flags for itself; with `npx workflow local` they all arrive\n"],
  ])("a word that npm may have left of a flag, with %j", async (environment, hint) => {
    expect(await workflow(["local", "report.html"], { environment })).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: too many arguments for 'local'. Expected 0 arguments but got 1.\n${hint}`,
    });
  });

  test.each<[string[], NodeJS.ProcessEnv, string]>([
    [
      ["local"],
      { npm_config_json: "true" },
      "npm kept `--json` for itself, so nothing was started; write `npx workflow local --json`\n",
    ],
    [
      ["local", "r.html"],
      { npm_config_report: "true" },
      "npm kept `--report <file>` for itself, so nothing was started; write `npx workflow local --report <file>`\n",
    ],
    [
      ["deploy", "image"],
      { npm_config_auto_approve: "true" },
      "npm kept `--auto-approve` for itself, so nothing was started; write `npx workflow deploy image --auto-approve`\n",
    ],
  ])("flags that npm has kept of %j, with %j", async (argv, kept, stderr) => {
    const environment = { npm_lifecycle_event: "start", ...kept };
    expect(await workflow(argv, { environment })).toEqual({ code: 2, stdout: "", stderr });
  });

  test("an unknown setting", async () => {
    const { code, stderr } = await workflow(["check"], { environment: { WORKFLOW_COMPUT: "EC2" } });
    expect(code).toBe(2);
    expect(stderr).toBe("`WORKFLOW_COMPUT` is no setting; did you mean WORKFLOW_COMPUTE?\n");
  });
});

test("deploy passes stacks and flags on to the cdktf CLI", async () => {
  const started: (readonly string[])[] = [];
  const startCdktf: Surroundings["startCdktf"] = (args) => {
    started.push(args);
    return { ended: Promise.resolve(7), interrupt: () => {} };
  };
  const argv = ["deploy", "--var", "a=1", "im*", "--auto-approve", "--var=b=2", "--no-color", "--parallelism", "2"];
  const found = { product: "Terraform", version: "1.11.4" } as const;
  const terraform = async () => ({ command: "terraform", found, other: null });
  const docker = async () => ({ version: "28.0", os: "linux", architecture: "x86_64", vcpus: 2, memoryMiB: 4096 });
  const loadProbes = () => ({ terraform, docker }) as Partial<Probes> as Probes;
  expect(await workflow(argv, { startCdktf, loadProbes })).toEqual({ code: 7, stdout: "", stderr: "" });
  expect(started).toEqual([
    ["deploy", "im*", "--auto-approve", "--parallelism=2", "--no-color", "--var=a=1", "--var=b=2"],
  ]);
});

test.each([
  ["AWS's own fault", { name: "ServiceUnavailable", $metadata: { httpStatusCode: 503 } }, 1],
  ["a network that is gone", { code: "ECONNREFUSED", $metadata: { attempts: 3 } }, 1],
  ["a request that AWS refuses", { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } }, 2],
])("a redrive that fails by %s ends with the code for that", async (_, properties, expected) => {
  const loadAws = () =>
    ({
      ...clients,
      findExecution: async () => {
        throw clients.explain(Object.assign(new Error("refused"), properties));
      },
    }) as Partial<Aws> as Aws;
  const arn = "arn:aws:states:eu-west-1:123456789012:execution:echo_dev:mine";
  const { code, stderr } = await workflow(["redrive", arn], { loadAws });
  expect(code).toBe(expected);
  expect(stderr).toMatch(/^AWS .*: refused; /);
});

test("the example input is not blamed on a flag that nobody gave", async () => {
  const document = changedDocument((text) => text);
  const { code, stderr } = await workflow(["local", "--engine", "process"], { environment: document });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^there is no example input .*\.input\.json; write it, or give another one with `--input`\n$/);
});

test("jobs that need a container are named before any other starts", async () => {
  const [first] = Object.values(CONTEXT.jobs);
  const context = { ...CONTEXT, jobs: { echo: { ...first, localCommand: null } } };
  const argv = ["local", "--engine", "process", "--input", "-"];
  const { code, stderr } = await workflow(argv, { stdin: JSON.stringify(exampleInput), context });
  expect(code).toBe(2);
  expect(stderr).toBe(
    "`localCommand` must be set for each job where none runs in a container, and is missing for echo; leave out `--engine process`, or set it in the context of cdktf.json\n",
  );
});

describe("a document with an error", () => {
  const misspelt = (text: string) => text.replace('"JobName": "step1"', '"JobNam": "step1"');

  test("is named by check, with its place and its fix, and ends it with 1", async () => {
    const { code, stderr } = await workflow(["check"], { environment: changedDocument(misspelt) });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*\.asl\.json: step1: .*JobNam.*\n/);
  });

  test("is named by local, which starts nothing", async () => {
    const { code, stderr, stdout } = await workflow(["local", "--engine", "process"], {
      environment: changedDocument(misspelt),
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/JobNam/);
    expect(stderr).not.toMatch(/execution .* started/);
  });

  test("is a list with check --json", async () => {
    const { stdout } = await workflow(["check", "--json"], { environment: changedDocument(() => "{") });
    expect(JSON.parse(stdout).problems).toEqual([expect.objectContaining({ severity: "error", state: null })]);
  });
});

describe("local", () => {
  const stdin = JSON.stringify(exampleInput);

  test("--json prints the outcome as one document, and people's text goes to standard error", async () => {
    const { code, stdout, stderr } = await workflow(
      ["local", "--engine", "process", "--json", "--name", "mine", "--input", "-"],
      { stdin },
    );
    const result = JSON.parse(stdout) as ExecutionResult;
    expect(code).toBe(0);
    expect(result).toMatchObject({ name: "mine", status: "SUCCEEDED", error: null, cause: null });
    expect(result.output).toEqual(exampleInput);
    expect(
      result.jobs
        .map(({ state, indices, name, status, exitCode, log }) => [state, indices, name, status, exitCode, log])
        .sort(),
    ).toEqual([
      ["step1", [], "step1", "SUCCEEDED", 0, "step1\n"],
      ["step2_job", [0], "step2-0", "SUCCEEDED", 0, "step2a\n"],
      ["step2_job", [1], "step2-1", "SUCCEEDED", 0, "step2b\n"],
      ["step3_job", [0], "step3-0", "SUCCEEDED", 0, "step3a\n"],
      ["step3_job", [1], "step3-1", "SUCCEEDED", 0, "step3b\n"],
    ]);
    expect(stderr).toMatch(/^SUCCEEDED in .* 5 jobs$/m);
  });

  test("what bypasses the schema is caught by the document's own guard", async () => {
    const { code, stdout, stderr } = await workflow(
      ["local", "--engine", "process", "--json", "--quiet", "--no-validate", "--input", "-"],
      { stdin: '{"parameters": {"step1_parameter": "a", "step2_parameters": {}, "step3_parameters": []}}' },
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: "FAILED", error: "Workflow.InvalidInput", jobs: [] });
    expect(stderr).toMatch(/InvalidInput/);
  });
});

test("what is interrupted before it runs starts nothing, leaves nothing and ends with 1", async () => {
  const { code, stdout, stderr } = await workflow(["local", "--engine", "process"], {
    onInterrupt: (interrupted) => {
      process.nextTick(interrupted);
      return () => {};
    },
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toBe("stopping: the execution does not start\nstopped before the execution started\n");
});

test("a run that AWS would end for its length is told so", async () => {
  const items = Array.from({ length: 4000 }, (_, index) => `item ${index}`);
  const parameters = { step1_parameter: "one", step2_parameters: items, step3_parameters: [] };
  const { stderr } = await workflow(["local", "--engine", "process", "--no-validate", "--input", "-"], {
    stdin: JSON.stringify({ parameters }),
    onInterrupt: (interrupted) => {
      process.nextTick(interrupted);
      return () => {};
    },
  });
  expect(stderr).toMatch(
    /^AWS ends an execution at 25000 history events, this one comes to 320\d\d: use a distributed Map$/m,
  );
});

describe("diagram", () => {
  test.each([
    [["--output", "x.png"], ".svg, .mmd, .mermaid, .dot, .gv, got: x.png"],
    [["--format", "dot", "--output", "x.svg"], ".dot, .gv for `--format dot`, got: x.svg"],
  ])("%j is refused: the ending is of another kind", async (argv, end) => {
    expect(await workflow(["diagram", ...argv])).toEqual({
      code: 2,
      stdout: "",
      stderr: `\`--output\` must be a file that ends in ${end}\n`,
    });
  });

  test("a file of its own is written again; any other only with --force", async () => {
    const own = join(folder, "own.svg");
    const foreign = join(folder, "foreign.svg");
    writeFileSync(foreign, "<svg></svg>");
    for (const _ of [1, 2]) expect(await workflow(["diagram", "--output", own])).toMatchObject({ code: 0 });
    expect(await workflow(["diagram", "--output", foreign])).toEqual({
      code: 2,
      stdout: "",
      stderr: `\`--output\` would overwrite ${foreign}, which no \`workflow\` command has made; name another file, or give \`--force\`\n`,
    });
    expect(readFileSync(foreign, "utf8")).toBe("<svg></svg>");
    expect(await workflow(["diagram", "--output", foreign, "--force"])).toMatchObject({ code: 0 });
    expect(readFileSync(foreign, "utf8")).toBe(readFileSync(own, "utf8"));
  });

  test.each([
    ["svg", /^<\?xml|^<svg/],
    ["mermaid", /^(---|flowchart)/],
    ["dot", /^digraph/],
  ])("--format %s", async (format, start) => {
    const { code, stdout } = await workflow(["diagram", "--format", format]);
    expect(code).toBe(0);
    expect(stdout).toMatch(start);
  });

  test("--output writes a file, and says when it cannot", async () => {
    const path = join(folder, "workflow.mmd");
    const { stdout } = await workflow(["diagram", "--format", "mermaid"]);
    expect(await workflow(["diagram", "--format", "mermaid", "--output", path])).toEqual({
      code: 0,
      stdout: "",
      stderr: `diagram written to ${path}\n`,
    });
    expect(readFileSync(path, "utf8")).toBe(stdout);
    expect(await workflow(["diagram", "--output", join(folder, "no/such/folder.svg")])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^`--output` must be a file in a folder that exists, got: /),
    });
  });
});

test("settings shows name, value, origin, variable and help of each", async () => {
  const { code, stdout } = await workflow(["settings"], { environment: { WORKFLOW_ENVIRONMENT: "feature/X" } });
  expect(code).toBe(0);
  expect(stdout).toContain(`environment = "feature-x-13578b02"
    from environment; WORKFLOW_ENVIRONMENT
    One deployment for each; any text.`);
});

test("no command but those that call AWS pays for its clients, nor for a report's libraries", () => {
  const script = `
    const context = ${JSON.stringify(CONTEXT)};
    const surroundings = { environment: {}, context, stdout: process.stdout, stderr: process.stdout };
    require("./cli").run(["check"], surroundings).then(() => {
      const packages = Object.keys(require.cache).filter((path) => /@aws-sdk|tabulator|echarts/.test(path));
      console.log(packages.length);
    });
  `;
  const argv = ["-r", "ts-node/register/transpile-only", "-e", script];
  const printed = execFileSync(process.execPath, argv, { cwd: PROJECT_FOLDER, encoding: "utf8" });
  expect(printed).toBe(`${DOCUMENT}: no problems\n0\n`);
});

test("--version prints the version of package.json", async () => {
  const { version } = JSON.parse(readFileSync(join(PROJECT_FOLDER, "package.json"), "utf8")) as { version: string };
  expect(await workflow(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("help for a command is its --help", async () => {
  expect(await workflow(["help", "local"])).toEqual(await workflow(["local", "--help"]));
});

test("--help prints the exit codes", async () => {
  const { code, stdout } = await workflow(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/0 {2}succeeded\n {2}1 {2}failed, stopped or detached from/);
});
