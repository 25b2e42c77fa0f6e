import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../../src/base/errors";
import { deploy } from "../../../../src/cli/commands/deploy";
import { destroy } from "../../../../src/cli/commands/destroy";
import { diff } from "../../../../src/cli/commands/diff";
import { synth } from "../../../../src/cli/commands/synth";
import type { Answers, Probes } from "../../../../src/cli/doctor/probes";
import type { Session } from "../../../../src/cli/session";
import type { Ended } from "../../../../src/terraform/run-terraform";
import { act } from "../../../terminal";
import { scene as account, execution } from "../scene";

interface SceneOptions {
  /** The ends of Terraform, by stack and subcommand, such as "image apply". @default exit code 0 */
  readonly ends?: Readonly<Record<string, Partial<Ended>>>;
  readonly answer?: string | null;
  readonly environment?: NodeJS.ProcessEnv;
  readonly answers?: Partial<Answers>;
  /** Probes that cannot answer, and what they say. */
  readonly problems?: Partial<Record<keyof Answers, string>>;
  readonly synthProblem?: string;
  /** @default false */
  readonly isTerminal?: boolean;
  /** The names of the executions that run. */
  readonly running?: readonly string[];
  /** True if AWS shows the state machine. @default false */
  readonly isDeployed?: boolean;
  /** Happens while Terraform runs. */
  readonly during?: (call: string, interrupt: () => void) => void;
}

let projectFolder: string;
beforeEach(() => {
  projectFolder = mkdtempSync(join(tmpdir(), "lifecycle-test-"));
  for (const stack of ["image", "workflow"]) {
    mkdirSync(join(projectFolder, "cdktf.out/stacks", stack, ".terraform/providers"), { recursive: true });
  }
  mkdirSync(join(projectFolder, "state/echo/dev"), { recursive: true });
  const stacks = {
    image: { name: "image", dependencies: [] },
    workflow: { name: "workflow", dependencies: ["image"] },
  };
  writeFileSync(join(projectFolder, "cdktf.out/manifest.json"), JSON.stringify({ stacks }));
});
afterEach(() => rmSync(projectFolder, { recursive: true }));

const ANSWERS: Answers = {
  node: "20.19.0",
  terraform: { command: "terraform", found: { product: "Terraform", version: "1.11.4" }, other: null },
  docker: { version: "28.0", os: "linux", architecture: "x86_64", vcpus: 2, memoryMiB: 4096 },
  caller: { account: "123456789012", arn: "arn:aws:iam::123456789012:user/me" },
  defaultVpc: "vpc-1",
  bucket: { region: "eu-west-1", versioned: true },
  dataBucket: { name: "echo--dev-123456789012-euw1", found: "none" },
  workspaces: { found: "organization", defaultMode: "local", modes: {} },
  profile: { name: "default", region: null },
  stateMachine: null,
  state: { isDeployed: false, local: null, inBackend: null },
  jobQueue: "not-deployed",
  computeEnvironments: [],
  images: [],
};

/** A project whose Terraform writes down what it is told, in order with what is printed. */
function scene({
  ends = {},
  answer = null,
  environment = {},
  answers = {},
  problems = {},
  synthProblem,
  isTerminal = false,
  running = [],
  isDeployed = false,
  during = () => {},
}: SceneOptions = {}) {
  const probes = Object.fromEntries(
    Object.entries({ ...ANSWERS, ...answers }).map(([name, value]) => [
      name,
      async () => {
        const problem = problems[name as keyof Answers];
        if (problem !== undefined) throw new UsageError(problem);
        return value;
      },
    ]),
  ) as unknown as Probes;
  const executions = running.map((name) => execution(name, "RUNNING"));
  const { session, happened, interrupt } = account({
    executions,
    aws: {
      stateMachineStatus: async () => (isDeployed ? "ACTIVE" : null),
      stopExecutions: async (_, __, ___, { stopped }) => {
        happened.push("stop");
        for (const one of executions) stopped(one);
      },
    },
    session: {
      environment,
      projectFolder,
      ...(answer !== null && {
        ask: async (question) => {
          happened.push(`asked: ${question}`);
          return answer;
        },
      }),
      synthesize: async () => {
        happened.push("synth");
        during("synth", interrupt);
        if (synthProblem !== undefined) throw new Error(synthProblem);
      },
      startTerraform: (args, { folder, output, input }) => {
        const stack = folder.split("/").at(-1)!;
        const how = output === "terminal" ? "" : " (collected)";
        happened.push(`${stack}: terraform ${args.join(" ")}${input === undefined ? how : ` < ${input.trim()}`}`);
        const call = `${stack} ${args[0]}`;
        const end = { exitCode: 0, signal: null, stdout: "", stderr: "", ...ends[call] };
        const ended = Promise.resolve().then(() => {
          during(call, interrupt);
          return end;
        });
        return { ended, interrupt: () => happened.push("interrupt") };
      },
      loadProbes: async () => probes,
    },
  });
  Object.assign(session.stdout, { isTTY: isTerminal });
  return { happened, session };
}

/** Returns what happened, without the line before each step. */
const stepsOf = (happened: readonly string[]) =>
  happened.filter((line) => !/^stderr: (Synthesizing|(Initializing|Deploying|Destroying|Comparing) \w+)\n$/.test(line));

const INIT = "terraform init -input=false -no-color (collected)";
const APPLY = "terraform apply -input=false -auto-approve -no-color";
const DESTROY = "terraform destroy -input=false -auto-approve -no-color";
const PLAN = "terraform plan -input=false -no-color";
const DEPLOYED = ["synth", `image: ${INIT}`, `image: ${APPLY}`, `workflow: ${INIT}`, `workflow: ${APPLY}`];
const DESTROYED = ["synth", `workflow: ${INIT}`, `workflow: ${DESTROY}`, `image: ${INIT}`, `image: ${DESTROY}`];

type Flags = Partial<Parameters<typeof deploy.action>[0]>;

const request = (flags: Flags = {}, ...stacks: string[]) => ({ stacks, ...flags });
const NOTHING = request();
const APPROVED = request({ autoApprove: true });
const S3 = { WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" };
const CLOUD = { WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "team" };
const KILLED = { exitCode: null, signal: "SIGKILL" } as const;

type Run = (given: ReturnType<typeof request>, session: Session) => Promise<number>;
const COMMANDS: Readonly<Record<"deploy" | "destroy" | "diff", Run>> = {
  deploy: (given, session) => act(deploy, given, session),
  destroy: (given, session) => act(destroy, given, session),
  diff: (given, session) => act(diff, given, session),
};
const CHANGING = ["deploy", "destroy"] as const;
const ALL = ["deploy", "destroy", "diff"] as const;

describe("deploy", () => {
  test("says what it does, and takes the stacks in the order of their dependencies", async () => {
    const { happened, session } = scene();
    expect(await act(deploy, APPROVED, session)).toBe(0);
    expect(happened).toEqual([
      "stderr: Synthesizing\n",
      "synth",
      "stderr: Initializing image\n",
      `image: ${INIT}`,
      "stderr: Deploying image\n",
      `image: ${APPLY}`,
      "stderr: Initializing workflow\n",
      `workflow: ${INIT}`,
      "stderr: Deploying workflow\n",
      `workflow: ${APPLY}`,
    ]);
  });

  test("lets Terraform ask, in its colours, where there is a terminal", async () => {
    const { happened, session } = scene({ answer: "", isTerminal: true });
    await act(deploy, request({ skipSynth: true }, "image"), session);
    expect(stepsOf(happened)).toEqual(["image: terraform init -input=false (collected)", "image: terraform apply"]);
  });

  test.each<[string, NodeJS.ProcessEnv, Flags]>([
    ["NO_COLOR", { NO_COLOR: "1" }, {}],
    ["--no-color", {}, { color: false }],
  ])("prints no colours with %s", async (_, environment, options) => {
    const { happened, session } = scene({ answer: "", isTerminal: true, environment });
    await act(deploy, request({ skipSynth: true, ...options }, "image"), session);
    expect(stepsOf(happened)).toEqual([`image: ${INIT}`, "image: terraform apply -no-color"]);
  });

  test("shows the first initialization of a stack, which downloads the providers", async () => {
    rmSync(join(projectFolder, "cdktf.out/stacks/image/.terraform"), { recursive: true });
    const { happened, session } = scene();
    await act(deploy, request({ autoApprove: true }, "image"), session);
    expect(stepsOf(happened)[1]).toBe("image: terraform init -input=false -no-color");
  });

  test("takes the stacks that match a pattern", async () => {
    const { happened, session } = scene();
    await act(deploy, request({ autoApprove: true }, "im*"), session);
    expect(stepsOf(happened)).toEqual(DEPLOYED.slice(0, 3));
  });

  test("refuses a stack without the one that it needs, unless told otherwise", async () => {
    const { happened, session } = scene();
    await expect(act(deploy, request({ autoApprove: true }, "workflow"), session)).rejects.toEqual(
      new UsageError("`workflow` needs `image`; name both, or give `--ignore-missing-stack-dependencies`"),
    );
    expect(stepsOf(happened)).toEqual(["synth"]);
    const options = { autoApprove: true, ignoreMissingStackDependencies: true };
    expect(await act(deploy, request(options, "workflow"), session)).toBe(0);
  });

  test("says once what is wrong with the document, before the synth", async () => {
    const { happened, session } = scene({ environment: { WORKFLOW_DOCUMENT: "nowhere.asl.json" } });
    await expect(act(deploy, APPROVED, session)).rejects.toThrow("nowhere.asl.json");
    expect(happened).toEqual([]);
  });

  test("deploys nothing when the synth fails", async () => {
    const { happened, session } = scene({ synthProblem: "main.ts is wrong" });
    expect(await act(deploy, APPROVED, session)).toBe(1);
    expect(stepsOf(happened)).toEqual(["synth", "stderr: main.ts is wrong\n"]);
  });

  test("starts nothing further after a stack that fails, such as by a no", async () => {
    const { happened, session } = scene({ ends: { "image apply": { exitCode: 1 } } });
    expect(await act(deploy, APPROVED, session)).toBe(1);
    expect(stepsOf(happened)).toEqual([...DEPLOYED.slice(0, 3), "stderr: not deployed: image, workflow\n"]);
  });

  test("shows what a collected init says when it fails", async () => {
    const { happened, session } = scene({
      ends: { "workflow init": { exitCode: 1, stderr: "Error: no network\n" } },
    });
    expect(await act(deploy, APPROVED, session)).toBe(1);
    expect(stepsOf(happened)).toEqual([
      ...DEPLOYED.slice(0, 4),
      "stderr: Error: no network\n",
      "stderr: not deployed: workflow\n",
    ]);
  });

  test("says of a Terraform that was killed what it was, and that its state may be locked", async () => {
    const { happened, session } = scene({ ends: { "image apply": KILLED } });
    expect(await act(deploy, APPROVED, session)).toBe(1);
    expect(stepsOf(happened).slice(3)).toEqual([
      expect.stringMatching(
        /^stderr: terraform was killed by SIGKILL while it ran apply in image; .*`terraform -chdir=cdktf\.out\/stacks\/image force-unlock ID` releases it\n$/,
      ),
      "stderr: not deployed: image, workflow\n",
    ]);
  });

  test("writes the outputs to a file, without those that are sensitive", async () => {
    const output = (value: unknown, sensitive = false) => ({ sensitive, type: "string", value });
    const { happened, session } = scene({
      ends: {
        "image output": { stdout: JSON.stringify({ uri: output("echo:1"), password: output("secret", true) }) },
        "workflow output": { stdout: JSON.stringify({ list: output([1]) }) },
      },
    });
    const outputsFile = join(projectFolder, "outputs.json");
    expect(await act(deploy, request({ autoApprove: true, outputsFile }), session)).toBe(0);
    expect(JSON.parse(readFileSync(outputsFile, "utf8"))).toEqual({
      image: { uri: "echo:1" },
      workflow: { list: [1] },
    });
    expect(happened.at(-1)).toBe(`stderr: outputs written to ${outputsFile}\n`);

    const all = { autoApprove: true, outputsFile, outputsFileIncludeSensitiveOutputs: true };
    await act(deploy, request(all), session);
    expect(JSON.parse(readFileSync(outputsFile, "utf8")).image).toEqual({ uri: "echo:1", password: "secret" });
  });

  test("refuses to begin anew beside a deployment whose state is not here", async () => {
    const { happened, session } = scene({
      answers: { state: { isDeployed: true, local: null, inBackend: null } },
    });
    await expect(act(deploy, APPROVED, session)).rejects.toThrow(
      /^state: echo_dev is deployed, and the backend local holds no state of it: a deploy would try to create it again; set WORKFLOW_BACKEND/,
    );
    expect(happened).toEqual([]);
    expect(await act(deploy, request({ autoApprove: true, migrateState: true }), session)).toBe(0);
  });
});

describe("a Ctrl-C", () => {
  test("interrupts the Terraform that runs, and starts nothing further even where it succeeds", async () => {
    const { happened, session } = scene({ during: (call, interrupt) => call === "image apply" && interrupt() });
    expect(await act(deploy, APPROVED, session)).toBe(1);
    expect(stepsOf(happened)).toEqual([
      ...DEPLOYED.slice(0, 3),
      "stderr: \nstopping: Terraform saves its state; a second Ctrl-C ends it without saving\n",
      "interrupt",
      "stderr: not deployed: workflow\n",
    ]);
  });

  test("in an init starts no apply", async () => {
    const { happened, session } = scene({ during: (call, interrupt) => call === "workflow init" && interrupt() });
    expect(await act(destroy, APPROVED, session)).toBe(1);
    expect(stepsOf(happened).slice(2)).toEqual([
      expect.stringContaining("stopping: "),
      "interrupt",
      "stderr: not destroyed: workflow, image\n",
    ]);
  });

  test("is passed on each time, and told once", async () => {
    const { happened, session } = scene({
      ends: { "image apply": { exitCode: 1 } },
      during: (call, interrupt) => {
        if (call !== "image apply") return;
        interrupt();
        interrupt();
      },
    });
    expect(await act(deploy, APPROVED, session)).toBe(1);
    expect(stepsOf(happened).slice(3)).toEqual([
      expect.stringContaining("stopping: "),
      "interrupt",
      "interrupt",
      "stderr: not deployed: image, workflow\n",
    ]);
  });

  test.each(ALL)("in the synth of a %s starts no Terraform", async (command) => {
    const { happened, session } = scene({ during: (call, interrupt) => call === "synth" && interrupt() });
    expect(await COMMANDS[command](command === "diff" ? NOTHING : APPROVED, session)).toBe(1);
    expect(stepsOf(happened)).toEqual(["synth", "stderr: interrupted: nothing further was started\n"]);
  });

  test("in a plan of a diff starts no other", async () => {
    const { happened, session } = scene({ during: (call, interrupt) => call === "image plan" && interrupt() });
    expect(await act(diff, NOTHING, session)).toBe(1);
    expect(happened.filter((line) => line.startsWith("workflow"))).toEqual([]);
  });

  test("at the question whether to stop executions is a no", async () => {
    const { happened, session } = scene({ running: ["a"], answer: "", environment: S3 });
    expect(await act(destroy, NOTHING, session)).toBe(1);
    expect(happened.at(-1)).toBe("stderr: nothing was stopped or destroyed\n");
  });
});

describe.each(CHANGING)("%s", (command) => {
  test("refuses before anything starts if there is no terminal to approve in", async () => {
    const { happened, session } = scene();
    await expect(COMMANDS[command](NOTHING, session)).rejects.toEqual(
      new UsageError(
        `${command} asks for approval, and there is no terminal to ask in; write \`npx workflow ${command} --auto-approve\``,
      ),
    );
    expect(happened).toEqual([]);
  });

  test("refuses a stack that is none, before any is touched", async () => {
    const { happened, session } = scene();
    await expect(COMMANDS[command](request({ autoApprove: true }, "workflow", "wrkflow"), session)).rejects.toEqual(
      new UsageError("there is no stack `wrkflow`; the stacks are image, workflow"),
    );
    expect(stepsOf(happened)).toEqual(["synth"]);
  });

  test("takes the state along to another backend, which asks where nothing is approved yet", async () => {
    const { happened, session } = scene({ environment: S3, answer: "" });
    await COMMANDS[command](request({ migrateState: true }), session);
    expect(happened).toContain("image: terraform init -migrate-state -no-color");
    await COMMANDS[command](request({ migrateState: true, autoApprove: true }), session);
    expect(happened).toContain("image: terraform init -migrate-state -force-copy -no-color");
  });

  test("takes the state along to HCP Terraform, whose init knows no flag for that and asks", async () => {
    const { happened, session } = scene({ environment: CLOUD, answer: "" });
    await COMMANDS[command](request({ migrateState: true }), session);
    expect(happened).toContain("image: terraform init -no-color");
    await COMMANDS[command](request({ migrateState: true, autoApprove: true }), session);
    expect(happened).toContain("image: terraform init -no-color < yes");
  });
});

describe.each(ALL)("%s is refused before anything starts", (command) => {
  const wanted = command === "diff" ? NOTHING : APPROVED;

  test.each<[string, SceneOptions, string]>([
    [
      "without Terraform",
      { answers: { terraform: { command: "terraform", found: null, other: null } } },
      "Terraform: there is no command terraform; install Terraform 1.10.0 or OpenTofu 1.11.0, or newer",
    ],
    [
      "with a Terraform that is too old",
      {
        answers: {
          terraform: { command: "terraform", found: { product: "Terraform", version: "1.9.8" }, other: null },
        },
      },
      "Terraform: Terraform 1.9.8 is older than 1.10.0; install a newer one",
    ],
    [
      "with credentials that have expired",
      { problems: { caller: "the AWS credentials have expired; log in" } },
      "credentials: the AWS credentials have expired; log in",
    ],
    [
      "with a bucket that is not there",
      { environment: S3, answers: { bucket: "none" } },
      "backend: s3, bucket states: it does not exist; create it, or set WORKFLOW_STATE_BUCKET",
    ],
    [
      "with an organization whose workspaces would run remotely",
      {
        environment: CLOUD,
        answers: { workspaces: { found: "organization", defaultMode: "remote", modes: { echo_dev_image: null } } },
      },
      "backend: cloud, team at app.terraform.io: the first deploy would create echo_dev_image in mode remote; set the organization's default execution mode to Local, or create the workspaces in that mode",
    ],
    [
      "in another workspace",
      { environment: { TF_WORKSPACE: "other" } },
      "`TF_WORKSPACE` must not be set: a workspace has another state; WORKFLOW_ENVIRONMENT names a deployment; unset it",
    ],
    [
      "with a data folder that the stacks would share",
      { environment: { TF_DATA_DIR: "/data" } },
      "`TF_DATA_DIR` must not be set: each stack has its own data folder; unset it",
    ],
  ])("%s", async (_, options, message) => {
    const { happened, session } = scene(options);
    await expect(COMMANDS[command](wanted, session)).rejects.toEqual(new UsageError(message));
    expect(happened).toEqual([]);
  });

  test("with all that is missing at once", async () => {
    const { session } = scene({
      environment: CLOUD,
      problems: { caller: "there are no AWS credentials; log in" },
      answers: { workspaces: { found: "refused" } },
    });
    await expect(COMMANDS[command](wanted, session)).rejects.toEqual(
      new UsageError(
        "credentials: there are no AWS credentials; log in\nbackend: cloud, team at app.terraform.io: the token is refused; run `terraform login app.terraform.io`, set TF_TOKEN_app_terraform_io or add a `credentials` block to ~/.terraformrc",
      ),
    );
  });

  test.each([
    [
      { s3: { key: "echo/dev/image.tfstate" } },
      "`tofu -chdir=cdktf.out/stacks/image state push errored.tfstate` and remove that file",
    ],
    [
      { local: { path: "../../../state/echo/other/image.tfstate" } },
      "`mv cdktf.out/stacks/image/errored.tfstate state/echo/other/image.tfstate`",
    ],
  ])("after a state that could not be saved to %j", async (backend, remedy) => {
    writeFileSync(join(projectFolder, "cdktf.out/stacks/image/errored.tfstate"), "{}");
    writeFileSync(
      join(projectFolder, "cdktf.out/stacks/image/cdk.tf.json"),
      JSON.stringify({ terraform: { backend } }),
    );
    const { happened, session } = scene({ environment: { TERRAFORM_BINARY_NAME: "tofu" } });
    await expect(COMMANDS[command](wanted, session)).rejects.toEqual(
      new UsageError(
        `cdktf.out/stacks/image/errored.tfstate holds the state of image, which Terraform could not save; make room, then run ${remedy}`,
      ),
    );
    expect(happened).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["cut off", '{"version": 4, "res', "cannot be read: "],
    ["empty", "", "is empty; copy state/echo/dev/workflow.tfstate.backup over it"],
  ])("with a state that is %s", async (_, state, problem) => {
    writeFileSync(join(projectFolder, "state/echo/dev/workflow.tfstate"), state);
    writeFileSync(join(projectFolder, "state/echo/dev/workflow.tfstate.backup"), "{}");
    const { happened, session } = scene();
    await expect(COMMANDS[command](wanted, session)).rejects.toThrow(
      `the state of workflow, state/echo/dev/workflow.tfstate, ${problem}`,
    );
    expect(happened).toEqual([]);
    expect(readFileSync(join(projectFolder, "state/echo/dev/workflow.tfstate"), "utf8")).toBe(state);
  });
});

test("an empty state with no backup is what a first plan that was killed has left", async () => {
  writeFileSync(join(projectFolder, "state/echo/dev/image.tfstate"), "");
  const { session } = scene();
  expect(await act(diff, NOTHING, session)).toBe(0);
});

test("behind a proxy, which AWS's clients do not take, the credentials are left to Terraform", async () => {
  const { session } = scene({
    environment: { HTTPS_PROXY: "http://proxy:3128" },
    problems: { caller: "AWS cannot be reached" },
  });
  expect(await act(diff, NOTHING, session)).toBe(0);
});

test.each<["deploy" | "destroy", string[], boolean]>([
  ["deploy", [], true],
  ["destroy", ["image"], true],
  ["destroy", ["im*"], true],
  ["deploy", ["workflow"], false],
])("%s of %j without a Docker engine is refused before anything happens: %s", async (command, names, isRefused) => {
  const { happened, session } = scene({ problems: { docker: "no engine answers: it is off; start one" } });
  const options = { autoApprove: true, ignoreMissingStackDependencies: true };
  const done = COMMANDS[command](request(options, ...names), session);
  if (isRefused) await expect(done).rejects.toEqual(new UsageError("Docker: no engine answers: it is off; start one"));
  else expect(await done).toBe(0);
  expect(happened.length > 0).toBe(!isRefused);
});

describe("a state that moves from its files to another backend", () => {
  const states = () => readdirSync(join(projectFolder, "state/echo/dev"));
  const remember = (type: string) => {
    const config = { path: "../../../state/echo/dev/image.tfstate" };
    const memory = join(projectFolder, "cdktf.out/stacks/image/.terraform/terraform.tfstate");
    writeFileSync(memory, JSON.stringify({ backend: { type, config } }));
  };

  beforeEach(() => {
    writeFileSync(join(projectFolder, "state/echo/dev/image.tfstate"), "{}");
    remember("local");
  });

  test.each([
    ["s3", S3],
    ["cloud", CLOUD],
  ] as const)("leaves files with another name, which is told: %s", async (backend, environment) => {
    const { happened, session } = scene({ environment, during: () => remember(backend) });
    await act(deploy, APPROVED, session);
    expect(states()).toEqual(["image.tfstate.migrated"]);
    expect(happened.at(-1)).toBe(
      `stderr: the state was moved to the backend ${backend}; the old file is kept as state/echo/dev/image.tfstate.migrated\n`,
    );
  });

  test("leaves them as they are where it did not move", async () => {
    const { session } = scene({ environment: S3, ends: { "image init": { exitCode: 1 } } });
    expect(await act(deploy, APPROVED, session)).toBe(1);
    expect(states()).toEqual(["image.tfstate"]);
  });

  test("leaves those of another environment as they are", async () => {
    const environment = { ...S3, WORKFLOW_ENVIRONMENT: "other" };
    const { session } = scene({ environment, during: () => remember("s3") });
    await act(deploy, APPROVED, session);
    expect(states()).toEqual(["image.tfstate"]);
  });

  describe("afterwards", () => {
    beforeEach(() => {
      const state = join(projectFolder, "state/echo/dev/image.tfstate");
      renameSync(state, `${state}.migrated`);
    });

    test.each(ALL)("is not begun anew by a %s that lacks the backend", async (command) => {
      const { happened, session } = scene();
      await expect(COMMANDS[command](APPROVED, session)).rejects.toEqual(
        new UsageError(
          '`backend` must be the one that this state was moved to, as state/echo/dev/image.tfstate.migrated shows, got: "local"; set WORKFLOW_BACKEND, or remove that file to begin anew',
        ),
      );
      expect(happened).toEqual([]);
    });

    test("may move back", async () => {
      const { happened, session } = scene();
      await act(deploy, request({ autoApprove: true, migrateState: true }), session);
      expect(stepsOf(happened)[1]).toBe("image: terraform init -migrate-state -force-copy -no-color");
    });
  });
});

describe("state that would be lost with a CI machine", () => {
  test.each(CHANGING)("is refused by %s before anything starts", async (command) => {
    const { happened, session } = scene({ environment: { CI: "true" } });
    await expect(COMMANDS[command](NOTHING, session)).rejects.toEqual(
      new UsageError(
        `\`backend\` must be s3 or cloud for a ${command} in CI, where the state would be lost with the machine, got: "local"; set WORKFLOW_BACKEND`,
      ),
    );
    expect(happened).toEqual([]);
  });

  test.each<NodeJS.ProcessEnv>([{ CI: "" }, { CI: "0" }, { CI: "false" }, { CI: "1", ...S3 }])(
    "is none with %p",
    async (environment) => {
      const { happened, session } = scene({ environment });
      await act(deploy, APPROVED, session);
      expect(stepsOf(happened)).toEqual(DEPLOYED);
    },
  );
});

describe("destroy", () => {
  test("takes the stacks in the reverse order", async () => {
    const { happened, session } = scene();
    expect(await act(destroy, APPROVED, session)).toBe(0);
    expect(stepsOf(happened)).toEqual(DESTROYED);
  });

  test("of a Terraform that was killed goes on to no other stack", async () => {
    const { happened, session } = scene({ ends: { "workflow destroy": KILLED } });
    expect(await act(destroy, APPROVED, session)).toBe(1);
    expect(stepsOf(happened).slice(3)).toEqual([
      expect.stringContaining("stderr: terraform was killed by SIGKILL while it ran destroy in workflow"),
      "stderr: not destroyed: workflow, image\n",
    ]);
  });

  test("refuses a stack that another one still needs", async () => {
    const { session } = scene();
    await expect(act(destroy, request({ autoApprove: true }, "image"), session)).rejects.toEqual(
      new UsageError("`image` is needed by `workflow`; name both, or give `--ignore-missing-stack-dependencies`"),
    );
  });

  describe("of a state that does not hold the deployment", () => {
    test.each<[NodeJS.ProcessEnv, string]>([
      [{}, "`local` (state/echo/dev)"],
      [S3, "`s3` (states/echo/dev)"],
      [CLOUD, "`cloud` (team/echo_dev_workflow)"],
    ])("tells what it was, %j, and ends with 1", async (environment, backend) => {
      const { happened, session } = scene({ isDeployed: true, environment });
      expect(await act(destroy, APPROVED, session)).toBe(1);
      expect(stepsOf(happened)).toEqual([
        ...DESTROYED,
        `stderr: state machine \`echo_dev\` is still there: its state is not in backend ${backend}; set WORKFLOW_BACKEND and WORKFLOW_STATE_BUCKET as they were for its deploy\n`,
      ]);
    });

    test("says nothing where Terraform has failed, or the state machine was to stay", async () => {
      const failing = scene({ isDeployed: true, ends: { "workflow destroy": { exitCode: 1 } } });
      expect(await act(destroy, APPROVED, failing.session)).toBe(1);
      expect(failing.happened.at(-1)).toBe("stderr: not destroyed: workflow, image\n");
      const { session } = scene({ isDeployed: true });
      const options = { autoApprove: true, ignoreMissingStackDependencies: true };
      expect(await act(destroy, request(options, "image"), session)).toBe(0);
    });
  });

  test("leaves executions alone where the state machine stays", async () => {
    const { happened, session } = scene({ running: ["a"] });
    const options = { autoApprove: true, ignoreMissingStackDependencies: true };
    await act(destroy, request(options, "image"), session);
    expect(stepsOf(happened)).toEqual(["synth", `image: ${INIT}`, `image: ${DESTROY}`]);
  });

  test.each(["*", "work*", "workflow"])("takes executions for hold-ups where %s is destroyed", async (stack) => {
    const { happened, session } = scene({ running: ["a"], environment: S3 });
    const options = { autoApprove: true, skipSynth: true };
    await act(destroy, request(options, stack), session);
    expect(stepsOf(happened).slice(0, 4)).toEqual([
      "stop",
      "stderr: stopped the execution a\n",
      `workflow: ${INIT}`,
      `workflow: ${DESTROY}`,
    ]);
  });

  test("stops nothing for a document that cannot be synthesized", async () => {
    const { happened, session } = scene({ running: ["a"], environment: { WORKFLOW_DOCUMENT: "nowhere.asl.json" } });
    await expect(act(destroy, APPROVED, session)).rejects.toThrow("nowhere.asl.json");
    expect(happened).toEqual([]);
  });

  test("with --auto-approve stops what runs first, without a question", async () => {
    const { happened, session } = scene({ running: ["a", "b"], answer: "n", environment: S3 });
    await act(destroy, APPROVED, session);
    expect(stepsOf(happened).slice(0, 4)).toEqual([
      "synth",
      "stop",
      "stderr: stopped the execution a\n",
      "stderr: stopped the execution b\n",
    ]);
  });

  test("stops nothing where the state in its file holds nothing: it is that of another backend", async () => {
    const { happened, session } = scene({ running: ["a"] });
    const destroyed = () => act(destroy, APPROVED, session);
    expect(await destroyed()).toBe(1);
    const state = join(projectFolder, "state/echo/dev/workflow.tfstate");
    writeFileSync(state, JSON.stringify({ resources: [] }));
    expect(await destroyed()).toBe(1);
    const refused =
      "stderr: nothing was stopped or destroyed: state machine `echo_dev` is still there: its state is not in backend `local` " +
      "(state/echo/dev); set WORKFLOW_BACKEND and WORKFLOW_STATE_BUCKET as they were for its deploy\n";
    expect(stepsOf(happened.splice(0))).toEqual(["synth", refused, "synth", refused]);

    writeFileSync(state, JSON.stringify({ resources: [{}] }));
    expect(await destroyed()).toBe(0);
    expect(stepsOf(happened).slice(0, 3)).toEqual(["synth", "stop", "stderr: stopped the execution a\n"]);
  });

  test.each(["y", "Yes "])("stops what runs when told %p", async (answer) => {
    const { happened, session } = scene({ running: ["a"], answer, environment: S3 });
    expect(await act(destroy, NOTHING, session)).toBe(0);
    expect(stepsOf(happened).slice(1, 5)).toEqual([
      "asked: 1 execution is running (a); stop them, before Terraform asks? [y/N] ",
      "stop",
      "stderr: stopped the execution a\n",
      `workflow: ${INIT}`,
    ]);
  });

  test.each(["", "n", "yesterday"])("leaves all as it is when told %p", async (answer) => {
    const { happened, session } = scene({ running: ["a", "b", "c", "d", "e", "f"], answer, environment: S3 });

    expect(await act(destroy, NOTHING, session)).toBe(1);
    expect(stepsOf(happened).slice(1)).toEqual([
      "asked: 6 executions are running (a, b, c, d, e, …); stop them, before Terraform asks? [y/N] ",
      "stderr: nothing was stopped or destroyed\n",
    ]);
  });
});

describe("diff", () => {
  test("synthesizes once and shows every stack, one that cannot be planned too", async () => {
    const { happened, session } = scene({ ends: { "image plan": { exitCode: 1 } } });
    expect(await act(diff, NOTHING, session)).toBe(1);
    expect(stepsOf(happened)).toEqual([
      "synth",
      "stdout: \n--- image\n",
      `image: ${INIT}`,
      `image: ${PLAN}`,
      "stdout: \n--- workflow\n",
      `workflow: ${INIT}`,
      `workflow: ${PLAN}`,
      "stderr: not compared: image\n",
    ]);
  });

  test("ends at an init that fails, as that of every other stack would", async () => {
    const { happened, session } = scene({ ends: { "image init": { exitCode: 1, stderr: "no registry\n" } } });
    expect(await act(diff, NOTHING, session)).toBe(1);
    expect(stepsOf(happened).slice(2)).toEqual([
      `image: ${INIT}`,
      "stderr: no registry\n",
      "stderr: not compared: image, workflow\n",
    ]);
  });

  test("ends with 0 when all could be compared, in CI too", async () => {
    const { happened, session } = scene({ environment: { CI: "1" } });
    expect(await act(diff, request({ skipSynth: true }, "workflow"), session)).toBe(0);
    expect(stepsOf(happened)).toEqual(["stdout: \n--- workflow\n", `workflow: ${INIT}`, `workflow: ${PLAN}`]);
  });

  test("refuses a stack that is none", async () => {
    const { session } = scene();
    await expect(act(diff, request({}, "imgae"), session)).rejects.toEqual(
      new UsageError("there is no stack `imgae`; the stacks are image, workflow"),
    );
  });
});

describe("synth", () => {
  test("says where the stacks are", async () => {
    const { happened, session } = scene();
    expect(await act(synth, {}, session)).toBe(0);
    expect(happened).toEqual([
      "stderr: Synthesizing\n",
      "synth",
      "stderr: wrote cdktf.out/stacks/image/cdk.tf.json\n",
      "stderr: wrote cdktf.out/stacks/workflow/cdk.tf.json\n",
    ]);
  });

  test("that fails says why, and ends with 1", async () => {
    const { happened, session } = scene({ synthProblem: "main.ts is wrong" });
    expect(await act(synth, {}, session)).toBe(1);
    expect(happened.slice(1)).toEqual(["synth", "stderr: main.ts is wrong\n"]);
  });
});
