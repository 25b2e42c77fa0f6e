import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Project } from "./project";

/** The end of a command. */
export interface RunEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** @default the command itself: `node bin/workflow.js local …` */
  readonly wrap?: (command: string) => string;
  readonly variables?: NodeJS.ProcessEnv;
  /** A shell script that replaces the Docker CLI. */
  readonly docker?: string;
}

/** A process of this machine. */
export interface ProcessInfo {
  readonly pid: number;
  readonly command: string;
}

/** A project whose one job runs a shell script, and local runs of it. */
export class LocalProject {
  private readonly project = new Project();
  private readonly runs: LocalRun[] = [];

  constructor() {
    this.configure(["/bin/sh"]);
    this.project.write("workflow/echo.input.json", "{}");
    this.project.write("workflow/echo.input.schema.json", "{}");
  }

  get folder(): string {
    return this.project.folder;
  }

  /** Sets the job's local command and its attempts, and settings beside the jobs. */
  configure(localCommand: readonly string[], attempts = 1, settings: object = {}): void {
    const job = { image: "image", vcpus: 0.25, memoryMiB: 512, timeoutSeconds: 3600, attempts, localCommand };
    this.project.configure({ ...settings, jobs: { echo: job } });
  }

  /** Creates a state machine with one state. Its job runs `script`. */
  job(script: string, state: object = {}): void {
    const parameters = {
      JobName: "one",
      JobDefinition: "${EchoJobDefinitionArn}",
      JobQueue: "${JobQueueArn}",
      ContainerOverrides: { Command: ["-c", script] },
    };
    const one = {
      Type: "Task",
      Resource: "arn:${Partition}:states:::batch:submitJob.sync",
      Parameters: parameters,
      End: true,
    };
    this.document({ StartAt: "one", States: { one: { ...one, ...state } } });
  }

  document(document: object): void {
    this.project.write("workflow/echo.asl.json", JSON.stringify(document));
  }

  start(args: readonly string[], { wrap = (command) => command, variables = {}, docker }: RunOptions = {}): LocalRun {
    const env: NodeJS.ProcessEnv = { ...this.project.variables, _: "", ...variables };
    if (docker !== undefined) {
      const folder = join(this.folder, "fake");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "docker"), `#!/bin/sh\n${docker}\n`, { mode: 0o755 });
      env.PATH = `${folder}${delimiter}${env.PATH}`;
    }
    const command = [process.execPath, "bin/workflow.js", "local", ...args].map((word) => `'${word}'`).join(" ");
    const child = spawn("bash", ["-c", wrap(`exec ${command}`)], {
      cwd: this.folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const run = new LocalRun(child);
    this.runs.push(run);
    return run;
  }

  /** Runs another command to its end, and returns its output. */
  command(...args: string[]): string {
    const env = { ...this.project.variables, _: "" };
    return execFileSync(process.execPath, ["bin/workflow.js", ...args], {
      ...{ cwd: this.folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    });
  }

  read(path: string): string {
    return this.project.read(path);
  }

  dispose(): void {
    for (const run of this.runs) run.kill();
    this.project.dispose();
  }
}

/** A run of the command. */
export class LocalRun {
  readonly ended: Promise<RunEnd>;
  private readonly output = { stdout: "", stderr: "" };
  private isOver = false;

  constructor(private readonly child: ChildProcess) {
    for (const name of ["stdout", "stderr"] as const) {
      child[name]!.setEncoding("utf8").on("data", (text: string) => {
        this.output[name] += text;
      });
    }
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject).on("close", (code) => {
        this.isOver = true;
        resolve({ code, ...this.output });
      });
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  get stderr(): string {
    return this.output.stderr;
  }

  /** Waits until the command has written `text` to standard error. */
  async says(text: string): Promise<void> {
    await until(`${text} in ${this.output.stderr}`, () => {
      if (!this.output.stderr.includes(text) && this.isOver)
        throw new Error(`over without ${text}: ${this.output.stderr}`);
      return this.output.stderr.includes(text) || null;
    });
  }

  /** Waits for a process that the command started. */
  async startedProcess(part: string): Promise<ProcessInfo> {
    return until(`a process ${part}`, () => {
      if (this.isOver) throw new Error(`over without a process ${part}: ${this.output.stderr}`);
      return descendantsOf(this.pid).find(({ command }) => command.includes(part)) ?? null;
    });
  }

  /** Sends a signal. Like a person, it never sends two within half a second. */
  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Signals the command itself, not the process that started it. */
  signalCommand(name: NodeJS.Signals): void {
    const own = processes().filter(({ pid }) => pid === this.pid);
    const [command] = [...own, ...descendantsOf(this.pid)].filter((one) => one.command.startsWith(process.execPath));
    process.kill(command!.pid, name);
  }

  /** Returns the milliseconds from now to the end. */
  async untilEnd(): Promise<number> {
    const since = performance.now();
    await this.ended;
    return performance.now() - since;
  }

  kill(): void {
    if (!this.isOver) this.child.kill("SIGKILL");
  }
}

/** Returns a number of seconds that no other process of this machine sleeps. */
export function uniqueSleep(): string {
  return `sleep 9${randomInt(100_000, 999_999)}`;
}

/** Waits until no process contains `part` in its command. */
export async function gone(part: string): Promise<void> {
  await until(`the end of ${part}`, () => processes().every(({ command }) => !command.includes(part)) || null);
}

/** Waits for a process with this command. */
export async function there(command: string): Promise<ProcessInfo> {
  return until(command, () => processes().find((one) => one.command === command) ?? null);
}

/** The command counts two Ctrl-C as two if they are half a second apart. */
export const BETWEEN_INTERRUPTS = 700;

export const pause = (milliseconds: number) => setTimeout(milliseconds);

async function until<T>(what: string, look: () => T | null): Promise<T> {
  for (let count = 0; count < 400; count += 1) {
    const found = look();
    if (found !== null) return found;
    await setTimeout(50);
  }
  throw new Error(`not seen within 20 s: ${what}`);
}

function processes(): ProcessInfo[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" ").trim();
      return command === "" ? [] : [{ pid: Number(name), command }];
    } catch {
      return [];
    }
  });
}

function descendantsOf(parent: number): ProcessInfo[] {
  const children = (pid: number): number[] => {
    try {
      const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
      return pids.map(Number).flatMap((child) => [child, ...children(child)]);
    } catch {
      return [];
    }
  };
  const pids = children(parent);
  return processes().filter(({ pid }) => pids.includes(pid));
}
