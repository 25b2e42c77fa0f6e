/** Tests `npm run deploy`, `diff` and `destroy` with Ctrl-C, a killed Terraform, and missing services. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { inventory } from "./account";
import { Emulator } from "./emulator";
import { REGION } from "./environment";
import { Project, type Ran } from "./project";
import { testWith } from "./requirements";
import { Terminal } from "./terminal";
import { TestBucket } from "./test-bucket";

const step = testWith("terraform", "deployments", "docker");

const bucket = new TestBucket();
let project: Project;
let emulator: Emulator;

beforeAll(async () => {
  emulator = await Emulator.start();
  project = new Project();
  project.variables.AWS_ENDPOINT_URL = emulator.url;
});
afterAll(async () => {
  await project.dispose();
  await bucket.dispose();
  await emulator.stop();
});

/** Starts an npm script in a terminal. */
function terminal(...args: string[]): Terminal {
  return new Terminal("npm", ["run", "--silent", ...args], project.folder, { ...project.variables, TERM: "xterm" });
}

function locks(): string[] {
  const folder = join(project.folder, "state/echo", project.environment);
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.includes("lock")) : [];
}

async function left(): Promise<Record<string, number>> {
  const count = async (stack: "image" | "workflow") =>
    (await project.terraform(stack, ["state", "list"])).split("\n").filter((line) => line && !line.startsWith("data."))
      .length;
  return { image: await count("image"), workflow: await count("workflow") };
}

/** Kills the Terraform of a command, as the kernel does when memory runs out. */
function killTerraform(command: { pid: number }): void {
  for (const pid of execFileSync("pgrep", ["-P", String(command.pid)], { encoding: "utf8" })
    .trim()
    .split("\n")) {
    process.kill(Number(pid), "SIGKILL");
  }
}

/** Waits for a call. @throws Error if the command ends first */
async function comes(held: Promise<void>, command: { readonly ended: Promise<unknown> }): Promise<void> {
  const over = command.ended.then((end) => {
    throw new Error(`ended before the call came: ${JSON.stringify(end)}`);
  });
  await Promise.race([held, over]);
}

/** Runs a command, kills its Terraform at the first call of `action`, and returns the outcome. */
async function killedAt(action: string, command: string): Promise<Ran> {
  const held = emulator.hold(action);
  const started = project.startWorkflow(command, "--auto-approve");
  await comes(held, started);
  killTerraform(started);
  emulator.release();
  return started.ended;
}

step("a no at Terraform's question ends a deploy with 1, and nothing further is asked", async () => {
  const deploying = terminal("deploy");
  await deploying.shows("Enter a value:");
  deploying.type("no");
  expect(await deploying.ended).toBe(1);
  expect(deploying.shown).toMatch(/Apply cancelled\.\s+not deployed: image, workflow\s*$/);
});

step("a Ctrl-C at Terraform's question ends a deploy with 1, releases the lock, and is passed on once", async () => {
  const deploying = terminal("deploy");
  await deploying.shows("Enter a value:");
  deploying.pressCtrlC();
  expect(await deploying.ended).not.toBe(0);
  expect(deploying.shown).toMatch(/error asking for approval: interrupted[\s\S]*not deployed: image, workflow\s*$/);
  expect(deploying.shown).not.toMatch(/Two interrupts received|\n\s+at /);
  expect(locks()).toEqual([]);
});

step("without credentials nothing is started, and all that is missing is said once", async () => {
  const ran = await project.startWorkflow("diff", { AWS_ENDPOINT_URL: "http://127.0.0.1:9" }).ended;
  expect(ran.status).toBe(2);
  expect(ran.output).toMatch(/^credentials: AWS cannot be reached: .*\n$/);
});

step("with no registry to have providers from, a diff ends at the first stack", async () => {
  const configuration = join(project.folder, "no-registry.tfrc");
  writeFileSync(
    configuration,
    `provider_installation {\n  filesystem_mirror {\n    path = "${project.folder}"\n  }\n}\n`,
  );
  const ran = await project.startWorkflow("diff", { TF_CLI_CONFIG_FILE: configuration }).ended;
  expect(ran.status).toBe(1);
  expect(ran.output).toMatch(/not compared: image, workflow\n$/);
  expect(ran.output).not.toContain("--- workflow");
});

step("a Ctrl-C in an apply saves what was done, leaves no lock, and the next deploy goes on", async () => {
  const held = emulator.hold("CreateStateMachine");
  const deploying = terminal("deploy", "--", "--auto-approve");
  await comes(held, deploying);
  deploying.pressCtrlC();
  await deploying.shows("Interrupt received.");
  emulator.release();
  expect(await deploying.ended).not.toBe(0);
  expect(deploying.shown).not.toContain("Two interrupts received");
  expect(locks()).toEqual([]);
  expect(await left()).toEqual({ image: 4, workflow: expect.any(Number) });

  await project.deploy();
  expect(await project.replan()).toBe("");
});

step("a reader that ends, as tee does at a Ctrl-C, does not end Terraform", async () => {
  project.edit("cdktf.json", '"memoryMiB":512', '"memoryMiB":1024');
  await promisify(execFile)("sh", ["-c", "node bin/workflow.js deploy --auto-approve | head -c 1"], {
    cwd: project.folder,
    env: project.variables,
  });
  expect(await project.replan()).toBe("");
});

step("a Ctrl-C in a destroy starts no other stack", async () => {
  const held = emulator.hold("DeleteStateMachine");
  const destroying = terminal("destroy", "--", "--auto-approve");
  await comes(held, destroying);
  destroying.pressCtrlC();
  await destroying.shows("Interrupt received.");
  emulator.release();
  expect(await destroying.ended).not.toBe(0);
  expect(destroying.shown).toMatch(/not destroyed: workflow, image\s*$/);
  expect((await left()).image).toBe(4);
  await project.deploy();
});

step("a Terraform that is killed in a deploy ends it with 1, and the next deploy makes it good", async () => {
  project.edit("cdktf.json", '"memoryMiB":1024', '"memoryMiB":2048');
  const { status, output } = await killedAt("registerjobdefinition", "deploy");
  expect(status).toBe(1);
  expect(output).toContain("terraform was killed by SIGKILL while it ran apply in workflow");
  expect(output).toMatch(/not deployed: workflow\n$/);
  await project.deploy();
  expect(await project.replan()).toBe("");
});

step("a state moves to a bucket, and its file is set aside", async () => {
  project.set({ backend: "s3", stateBucket: await bucket.create(), stateRegion: "us-east-1" });
  const refused = await project.startWorkflow("deploy", "--auto-approve").ended;
  expect([refused.status, refused.output]).toEqual([2, expect.stringContaining("--migrate-state` to move it")]);

  const { status, output } = await project.startWorkflow("deploy", "--auto-approve", "--migrate-state").ended;
  expect([status, output]).toEqual([0, expect.stringContaining("the old file is kept as state/echo/")]);
  expect(await project.replan()).toBe("");
  expect(await left()).toEqual({ image: 4, workflow: 13 });
});

step("a lock that a killed destroy has left is named by the next one, with what releases it", async () => {
  const killed = await killedAt("deletejobqueue", "destroy");
  expect(killed.status).toBe(1);
  expect(killed.output).toMatch(/not destroyed: workflow, image\n$/);

  const { status, output } = await project.startWorkflow("destroy", "--auto-approve").ended;
  expect(status).toBe(1);
  const release = /`terraform -chdir=cdktf\.out\/stacks\/workflow force-unlock (\S+)`/.exec(output);
  await project.terraform("workflow", ["force-unlock", "-force", release![1]!]);

  await project.destroy();
  expect(await inventory(project.environment, REGION)).toEqual({});
});

/** Runs every command that uses Terraform with another binary. */
async function allWith(binary: string): Promise<void> {
  const other = new Project();
  try {
    Object.assign(other.variables, { AWS_ENDPOINT_URL: emulator.url, TERRAFORM_BINARY_NAME: binary });
    for (const [command, ...flags] of [
      ["deploy", "--auto-approve"],
      ["diff"],
      ["review"],
      ["destroy", "--auto-approve"],
    ]) {
      const { status, output } = await other.startWorkflow(command!, ...flags).ended;
      expect([command, status, output]).toEqual([command, 0, expect.any(String)]);
    }
    expect((await other.startWorkflow("doctor").ended).output).toMatch(/^ok +Terraform: (Terraform|OpenTofu) \d/m);
    expect(await inventory(other.environment, REGION)).toEqual({});
  } finally {
    await other.dispose();
  }
}

step("every command runs the Terraform that TERRAFORM_BINARY_NAME names", async () => {
  const binary = join(project.folder, "other-terraform");
  writeFileSync(binary, `#!/bin/sh\necho "$1" >> ${binary}.log\nexec terraform "$@"\n`, { mode: 0o755 });
  await allWith(binary);
  const started = project.read("other-terraform.log").trim().split("\n");
  expect([...new Set(started)].sort()).toEqual(["apply", "destroy", "init", "plan", "show", "version"]);
});

testWith("tofu", "deployments", "docker")("every command runs OpenTofu", () => allWith("tofu"));
