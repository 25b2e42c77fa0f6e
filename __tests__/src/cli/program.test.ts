import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import exampleInput from "../../../scripts/demo/echo.input.json";
import { connect } from "../../../src/aws/clients";
import { explain } from "../../../src/aws/failures";
import { systemClock } from "../../../src/base/clock";
import type { Aws } from "../../../src/cli/aws";
import type { Probes } from "../../../src/cli/doctor/probes";
import { run } from "../../../src/cli/program";
import type { Session } from "../../../src/cli/session";
import type { ExecutionResult } from "../../../src/execution/result";
import { PROJECT_FOLDER } from "../../../src/project/project-folder";
import { CONTEXT, DOCUMENT } from "../../example";
import { recordSession } from "../../terminal";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command line. Whatever a case does not give must not be needed. */
async function workflow(argv: string[], { stdin = "", ...changes }: { stdin?: string } & Partial<Session> = {}) {
  const { session, output } = recordSession({
    readStandardInput: () => stdin,
    clock: systemClock,
    projectFolder: PROJECT_FOLDER,
    ...changes,
  });
  return { code: await run(argv, session), ...output };
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
      "a flag that there is none of",
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
      "resources at a time that are no number",
      ["deploy", "--terraform-parallelism", "x"],
      '`--terraform-parallelism` must be a whole number from 1 to 999999999, got: "x"\n',
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
      '`--timeout` must be a whole number from 1 to 999999999, got: "1m"\n',
    ],
    [
      "a state machine by its name",
      ["list", "--state-machine", "echo_dev"],
      "`--state-machine` must be an ARN such as arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev, got: echo_dev\n",
    ],
    [
      "an ARN of something else",
      ["watch", "arn:aws:batch:eu-west-1:123456789012:job/a"],
      "the ARN of an execution contains :execution:, got: arn:aws:batch:eu-west-1:123456789012:job/a\n",
    ],
    [
      "another state machine without an input for it",
      ["start", "--state-machine", "arn:aws:states:eu-west-1:123456789012:stateMachine:other"],
      "`--state-machine` needs `--input`, because the example of this project may not fit\n",
    ],
    [
      "a job without an image",
      ["local", "their.asl.json", "--job", "train"],
      '`--job` must be the name of a job definition, = and an image, such as train=python:3.12, got: "train"\n',
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
      "a deploy without a terminal to approve in",
      ["deploy"],
      "deploy asks for approval, and there is no terminal to ask in; write `npx workflow deploy --auto-approve`\n",
    ],
  ])("%s", async (_, argv, message) => {
    expect(await workflow(argv)).toEqual({ code: 2, stdout: "", stderr: message });
  });

  test("input that is not JSON", async () => {
    const { code, stderr } = await workflow(["local", "--input", "-"], { stdin: "{a" });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^`--input` must be JSON, got: standard input, line 1, column 2: a is not JSON; .+\n$/);
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
    [{}, "see `npx workflow doctor --help`\n"],
    [{ npm_lifecycle_event: "npx" }, "see `npx workflow doctor --help`\n"],
    [{ npm_lifecycle_event: "start" }, "npm keeps most flags for itself; with `npx workflow doctor` they all arrive\n"],
  ])("a word that npm may have left of a flag, with %j", async (environment, hint) => {
    expect(await workflow(["doctor", "report.html"], { environment })).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: too many arguments for 'doctor'. Expected 0 arguments but got 1.\n${hint}`,
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
    expect(stderr).toBe("`WORKFLOW_COMPUT` is not a setting; did you mean WORKFLOW_COMPUTE?\n");
  });
});

test("diff gives Terraform the flags that were given", async () => {
  const started: string[] = [];
  const startTerraform: Session["startTerraform"] = (args) => {
    started.push(args.join(" "));
    const exitCode = args[0] === "plan" ? 1 : 0;
    return { ended: Promise.resolve({ exitCode, signal: null, stdout: "", stderr: "" }), interrupt: () => {} };
  };
  const variables = join(folder, "variables.json");
  writeFileSync(variables, "{}");
  const argv = ["diff", "--var", "a=1", "--skip-synth", "--var=b=2", "--no-color", "--terraform-parallelism", "2"];
  const found = { product: "Terraform", version: "1.11.4" } as const;
  const probes: Partial<Probes> = {
    node: async () => "20.19.0",
    terraform: async () => ({ command: "terraform", found, other: null }),
    caller: async () => ({ account: "123456789012", arn: "arn:aws:iam::123456789012:user/me" }),
    profile: async () => ({ name: "default", region: null }),
  };
  mkdirSync(join(folder, "cdktf.out"));
  const stacks = { workflow: { name: "workflow", dependencies: [] } };
  writeFileSync(join(folder, "cdktf.out", "manifest.json"), JSON.stringify({ stacks }));
  const session = { startTerraform, loadProbes: async () => probes as Probes, projectFolder: folder };
  expect((await workflow([...argv, "--var-file", variables, "workflow"], session)).code).toBe(1);
  expect(started).toEqual([
    "init -input=false -no-color",
    `plan -input=false -parallelism=2 -var=a=1 -var=b=2 -var-file=${variables} -no-color`,
  ]);
});

test.each([
  ["AWS's own fault", { name: "ServiceUnavailable", $metadata: { httpStatusCode: 503 } }, 1],
  ["a network that is gone", { code: "ECONNREFUSED", $metadata: { attempts: 3 } }, 1],
  ["a request that AWS refuses", { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } }, 2],
])("a redrive that fails by %s ends with the code for that", async (_, properties, expected) => {
  const loadAws = async () =>
    ({
      connect,
      findExecution: async () => {
        throw explain(Object.assign(new Error("refused"), properties));
      },
    }) as Partial<Aws> as Aws;
  const arn = "arn:aws:states:eu-west-1:123456789012:execution:echo_dev:mine";
  const { code, stderr } = await workflow(["redrive", arn], { loadAws });
  expect(code).toBe(expected);
  expect(stderr).toMatch(/^AWS .*: refused; /);
});

test("a missing example input is not blamed on a flag that was not given", async () => {
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
    "without containers, each job needs a `localCommand`, and it is missing for echo; leave out `--engine process`, or set it in the context of cdktf.json\n",
  );
});

describe("a document with an error", () => {
  const misspelt = (text: string) => text.replace('"JobName": "step1"', '"JobNam": "step1"');

  test("is named by check, with its place and its fix, and ends it with 1", async () => {
    const { code, stderr } = await workflow(["check"], { environment: changedDocument(misspelt) });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.*\.asl\.json:25:9: error: step1: JobNam is not.*\n/);
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
    expect(stderr).toMatch(
      /^SUCCEEDED in .* 5 jobs · would cost less than \$0\.01 on AWS, at these times and list prices of \d{4}-\d\d$/m,
    );
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
    /^AWS ends an execution at 25000 history events, this one needs 320\d\d; use a distributed Map$/m,
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
      stderr: `\`--output\` would overwrite ${foreign}, which no \`workflow\` command created; choose another file, or add \`--force\`\n`,
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
    Name of the deployment, such as a branch.`);
});

test.each<[string[], string[], string]>([
  [["--help"], [], "every command"],
  [["list", "--help"], [], "list"],
  [["check"], ["ajv", "jsonata"], "check"],
])("%j loads few packages, and the code of no other command", (argv, packages, command) => {
  const script = `
    const context = ${JSON.stringify(CONTEXT)};
    const session = { environment: {}, context, stdout: { write() {} }, stderr: { write() {} } };
    require("./src/cli/program").run(${JSON.stringify(argv)}, session).then(() => console.log(Object.keys(require.cache).join()));
  `;
  const node = ["-r", "./bin/register.js", "-e", script];
  const loaded = execFileSync(process.execPath, node, { cwd: PROJECT_FOLDER, encoding: "utf8" });
  const known = ["@aws-sdk", "ajv", "cdktf", "esbuild", "jsonata", "tabulator-tables", "zod"];
  expect(known.filter((name) => loaded.includes(`/node_modules/${name}/`))).toEqual(packages);
  const commands = [...new Set(loaded.match(/(?<=src\/cli\/commands\/)\w+/g))];
  expect(commands.length === 1 ? commands[0] : "every command").toBe(command);
});

test("--version prints the version of package.json", async () => {
  const { version } = JSON.parse(readFileSync(join(PROJECT_FOLDER, "package.json"), "utf8")) as { version: string };
  expect(await workflow(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("help for a command is its --help", async () => {
  expect(await workflow(["help", "local"])).toEqual(await workflow(["local", "--help"]));
});

test("the help of every command fits into 80 columns", async () => {
  // A terminal that the tests run in may be wider.
  if (process.stdout.isTTY) process.stdout.columns = 80;
  const { stdout } = await workflow(["--help"]);
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) [[<]/gm)].map(([, command]) => command!);
  expect(commands.length).toBeGreaterThan(15);
  for (const command of commands) {
    const { stdout: help } = await workflow([command, "--help"]);
    expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
  }
});

test("--help prints the exit codes", async () => {
  const { code, stdout } = await workflow(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/0 {4}succeeded\n {2}1 {4}failed, stopped or detached;/);
});

test("no name, key or value of a document reaches the terminal with a control character", async () => {
  const bad = "\\u001b]0;owned\\u0007\\u001b[2J\\u202e\\u009b\\ud800\\n";
  const job = '"Type": "Task", "End": true, "Resource": "arn:${Partition}:states:::batch:submitJob.sync"';
  for (const text of [
    `{"StartAt": "${bad}", "States": {"a": {"Type": "Pass", "End": true, "${bad}": 1}}}`,
    `{"StartAt": "${bad}", "States": {"${bad}": {"Type": "${bad}", "Next": "x${bad}"}}}`,
    `{"StartAt": "a", "States": {"a": {${job}, "Parameters": {"${bad}.$": "$.${bad}[", "JobName": "${bad}"}}}}`,
  ]) {
    const { code, stderr } = await workflow(["check"], { environment: changedDocument(() => text) });
    expect(code).toBe(1);
    expect(stderr.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/u);
  }
});
