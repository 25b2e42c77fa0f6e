import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { copyProject } from "../../scripts/demo/copy-project";
import { describeSettings, loadSettings } from "../../src/project/load-settings";
import type { Settings } from "../../src/project/settings-types";
import { CONTEXT, IMAGE } from "../example";
import { testEnvironment } from "./environment";

/** The stacks of every deployment, in the order of a deployment. */
export const STACKS = ["image", "workflow"] as const;
/** A stack of the deployment. The setting `data` decides whether there is one for data. */
export type Stack = (typeof STACKS)[number] | "data";

/** The outcome of a command. */
export interface Ran {
  readonly status: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

/** A copy of this project in its own folder and environment. A test can change, deploy and remove it. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "e2e-project-"));
  /** The setting `environment`. It is part of every resource name. */
  readonly environment = `e2e-${randomBytes(4).toString("hex")}`;
  /** The environment variables of the commands. */
  readonly variables: NodeJS.ProcessEnv = { ...testEnvironment(), WORKFLOW_ENVIRONMENT: this.environment };
  /** The output of all commands. */
  printed = "";

  constructor() {
    copyProject(this.folder);
    this.takeExample();
  }

  /** Uses the example workflow, because the user may have changed the project's own. */
  private takeExample(): void {
    const job = { ...CONTEXT.jobs.echo, image: "image", localCommand: ["/bin/sh", "image/echo.sh"] };
    this.configure({ jobs: { echo: job } });
    rmSync(join(this.folder, "image"), { recursive: true, force: true });
    this.copy(IMAGE, "image");
    for (const file of ["echo.asl.json", "echo.input.json", "echo.input.schema.json"]) {
      this.copy(`scripts/demo/${file}`, `workflow/${file}`);
    }
  }

  /** Replaces the context of cdktf.json. */
  configure(context: object): void {
    const { context: _, ...framework } = JSON.parse(this.read("cdktf.json"));
    this.write("cdktf.json", JSON.stringify({ ...framework, context }));
  }

  /** Sets settings to the values of their environment variables. */
  set(settings: Partial<Record<keyof Settings, string>>): void {
    const variables = new Map(describeSettings({}).map(({ name, variable }) => [name, variable]));
    for (const [name, value] of Object.entries(settings)) {
      this.variables[variables.get(name as keyof Settings)!] = value;
    }
  }

  settings(): Settings {
    return loadSettings(this.variables, (JSON.parse(this.read("cdktf.json")) as { context: unknown }).context);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  write(path: string, content: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  copy(from: string, to: string): void {
    cpSync(join(this.folder, from), join(this.folder, to), { recursive: true });
  }

  /** Replaces a text that occurs once in a file. */
  edit(path: string, old: string, replacement: string): void {
    const parts = this.read(path).split(old);
    if (parts.length !== 2) throw new Error(`${path} must hold this once, not ${parts.length - 1} times: ${old}`);
    this.write(path, parts.join(replacement));
  }

  stackFolder(stack: Stack): string {
    return join(this.folder, "cdktf.out/stacks", stack);
  }

  /** Returns the synthesized Terraform JSON of a stack. */
  json(stack: Stack): string {
    return this.read(`cdktf.out/stacks/${stack}/cdk.tf.json`);
  }

  async synth(): Promise<void> {
    await this.run("npx", ["cdktf", "synth"]);
  }

  /** Runs a line of a guide as a person does. */
  async shell(line: string): Promise<string> {
    return this.run("sh", ["-c", line]);
  }

  /** Runs npm as a person does. */
  async npm(...args: string[]): Promise<string> {
    return this.run("npm", args);
  }

  /** Runs `npm run deploy`. */
  async deploy(): Promise<string> {
    return this.run("node", ["bin/workflow.js", "deploy", "--auto-approve", "--outputs-file", "outputs.json"]);
  }

  /** Starts the command of `npm run deploy`. `interrupt` sends a Ctrl-C to that process only. */
  startDeploy(): { ended: Promise<Ran>; interrupt: () => void } {
    const child = this.start("node", ["bin/workflow.js", "deploy", "--auto-approve"], this.folder);
    return { ended: this.end(child), interrupt: () => child.kill("SIGINT") };
  }

  /** Starts the `workflow` command without a terminal. The last argument may be environment variables. */
  startWorkflow(...args: (string | NodeJS.ProcessEnv)[]): { ended: Promise<Ran>; pid: number } {
    const words = args.filter((arg) => typeof arg === "string");
    const variables = args.find((arg) => typeof arg !== "string");
    const child = this.start("node", ["bin/workflow.js", ...words], this.folder, variables);
    return { ended: this.end(child), pid: child.pid! };
  }

  /** Deploys with the cdktf CLI instead of the project's own command. */
  async deployWithCdktf(): Promise<string> {
    return checked("cdktf deploy", await this.cdktf("deploy", "*", "--auto-approve"));
  }

  /** Runs the cdktf CLI. It may fail. */
  async cdktf(...args: string[]): Promise<Ran> {
    return this.end(this.start("npx", ["cdktf", ...args], this.folder));
  }

  /** Runs `npm run destroy`. */
  async destroy(): Promise<string> {
    return this.run("node", ["bin/workflow.js", "destroy", "--auto-approve"]);
  }

  /**
   * Runs Terraform in the folder of a stack.
   * @throws Error if it fails
   */
  async terraform(stack: Stack, args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<string> {
    return checked(`terraform ${args.join(" ")}`, await this.tryTerraform(stack, args, variables));
  }

  /** Runs Terraform in the folder of a stack. It may fail. */
  async tryTerraform(stack: Stack, args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return this.end(this.start("terraform", args, this.stackFolder(stack), { TF_CLI_ARGS: "-no-color", ...variables }));
  }

  /** Starts Terraform in its own process group, so that a test can kill all of it at once. */
  startTerraform(stack: Stack, args: readonly string[]): { ended: Promise<Ran>; kill: () => void } {
    const child = this.start("terraform", args, this.stackFolder(stack), { TF_CLI_ARGS: "-no-color" }, true);
    return { ended: this.end(child), kill: () => process.kill(-child.pid!, "SIGKILL") };
  }

  async apply(stack: Stack): Promise<string> {
    return this.terraform(stack, ["apply", "-auto-approve", "-input=false"]);
  }

  /**
   * Returns the planned changes of a stack; "" if there are none.
   * @throws Error if the plan fails
   */
  async plan(stack: Stack, variables: NodeJS.ProcessEnv = {}): Promise<string> {
    const ran = await this.tryTerraform(stack, ["plan", "-detailed-exitcode", "-input=false"], variables);
    if (ran.status === 2) return ran.output;
    checked("terraform plan", ran);
    return "";
  }

  /** Returns the planned changes of both stacks; "" if there are none. */
  async replan(): Promise<string> {
    return (await this.plan("image")) + (await this.plan("workflow"));
  }

  /** Returns the outputs of a deployed stack, by name. */
  async outputs(stack: Stack): Promise<Record<string, string>> {
    const outputs = JSON.parse(await this.terraform(stack, ["output", "-json"])) as Record<string, { value: string }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Returns the addresses in the states of both stacks, without data sources. */
  async managed(): Promise<string[]> {
    const lists = [];
    for (const stack of STACKS) lists.push(await this.terraform(stack, ["state", "list"]));
    return lists
      .flatMap((list) => list.split("\n"))
      .filter((address) => address !== "" && !address.startsWith("data."));
  }

  /** Removes the images of the deployment from the Docker engine. */
  forgetImages(): void {
    const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8" });
    const format = "{{.Repository}}:{{.Tag}} {{.Repository}}@{{.Digest}}";
    const images = docker("images", "--digests", "--format", format)
      .split("\n")
      .filter((line) => line.includes(this.environment))
      .map((line) => line.split(" ").find((name) => !name.includes("<none>")))
      .filter((name) => name !== undefined);
    if (images.length > 0) docker("rmi", "--force", ...new Set(images));
  }

  /** Removes the project. If a test failed half-way, destroys what it deployed. */
  async dispose(): Promise<void> {
    if (existsSync(join(this.stackFolder("data"), ".terraform"))) {
      await this.startWorkflow("destroy", "--data", "--delete-objects", "--auto-approve").ended;
    }
    for (const stack of [...STACKS].reverse()) {
      if (!existsSync(join(this.stackFolder(stack), ".terraform"))) continue;
      const { status, output } = await this.tryTerraform(stack, ["state", "list"]);
      if (status !== 0 || output === "") continue;
      await this.tryTerraform(stack, ["destroy", "-auto-approve", "-input=false", "-lock=false"]);
    }
    this.forgetImages();
    rmSync(this.folder, { recursive: true });
  }

  private async run(command: string, args: readonly string[]): Promise<string> {
    const ran = await this.end(this.start(command, args, this.folder));
    return checked(`${command} ${args.join(" ")}`, ran);
  }

  private start(
    command: string,
    args: readonly string[],
    cwd: string,
    variables: NodeJS.ProcessEnv = {},
    detached = false,
  ): ChildProcess {
    const env = { ...this.variables, ...variables };
    return spawn(command, args, { cwd, env, detached, stdio: ["ignore", "pipe", "pipe"] });
  }

  private end(child: ChildProcess): Promise<Ran> {
    let output = "";
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    return new Promise((resolve, reject) => {
      child.on("error", reject).on("close", (status) => {
        this.printed += output;
        resolve({ status, output });
      });
    });
  }
}

function checked(what: string, { status, output }: Ran): string {
  if (status !== 0) throw new Error(`${what} ended with ${status}:\n${output}`);
  return output;
}
