/** The cdktf CLI: its flags, how it is started, and how it is interrupted. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { UsageError } from "../errors";
import { PROJECT_FOLDER } from "../settings";

export type LifecycleCommand = "deploy" | "destroy" | "diff";

/** A flag of the cdktf CLI. */
export interface CdktfFlag {
  /** As Commander writes it. */
  readonly flags: string;
  readonly commands: readonly LifecycleCommand[];
  readonly help: string;
  /** What its value must be: a number of at least 1, a file that can be written; or that there may be several. */
  readonly takes?: "count" | "outputFile" | "several";
}

/** A started program. */
export interface Running {
  /** Its exit code; of one that a signal has ended, 128 and the signal's number. */
  readonly ended: Promise<number>;
  /** Makes it end, as Ctrl-C would. */
  readonly interrupt: () => void;
}

const ALL: readonly LifecycleCommand[] = ["deploy", "destroy", "diff"];
const CHANGING: readonly LifecycleCommand[] = ["deploy", "destroy"];

/**
 * The flags that are passed on. The cdktf CLI ignores what it does not know, so any other is refused here. Left out: what it
 * takes from the environment only, and `--app` and `--output`, which cdktf.json and the path of the state decide.
 */
export const CDKTF_FLAGS: readonly CdktfFlag[] = [
  { flags: "--auto-approve", commands: CHANGING, help: "do not ask" },
  {
    flags: "--outputs-file <file>",
    commands: ["deploy"],
    help: "write the outputs to a file, as JSON",
    takes: "outputFile",
  },
  {
    flags: "--outputs-file-include-sensitive-outputs",
    commands: ["deploy"],
    help: "write those marked as sensitive too",
  },
  {
    flags: "--ignore-missing-stack-dependencies",
    commands: CHANGING,
    help: "take the named stacks without those that they need",
  },
  { flags: "--parallelism <number>", commands: CHANGING, help: "stacks at a time", takes: "count" },
  {
    flags: "--refresh-only",
    commands: ["deploy", "diff"],
    help: "only take into the state what was changed outside of Terraform",
  },
  { flags: "--terraform-parallelism <number>", commands: ALL, help: "resources at a time", takes: "count" },
  { flags: "--no-color", commands: ALL, help: "print no colours" },
  { flags: "--migrate-state", commands: ALL, help: "move the state to a backend that has changed" },
  { flags: "--var <name=value>", commands: ALL, help: "a variable of the stacks", takes: "several" },
  { flags: "--var-file <file>", commands: ALL, help: "a file of variables of the stacks", takes: "several" },
  { flags: "--skip-synth", commands: ALL, help: "take the stacks as they are in cdktf.out" },
  { flags: "--skip-provider-lock", commands: ALL, help: "do not look up the providers' checksums" },
];

/** Starts the project's own cdktf CLI in this terminal. */
export function startCdktf(args: readonly string[], environment: NodeJS.ProcessEnv): Running {
  // Without a terminal, the CLI would draw its spinner into a log.
  const plain = process.stdout.isTTY ? {} : { CI: environment.CI || "true" };
  return startNode([cdktfCli(), ...args], { ...environment, ...plain });
}

function cdktfCli(): string {
  try {
    return require.resolve("cdktf-cli/bundle/bin/cdktf");
  } catch (cause) {
    throw new UsageError("the cdktf CLI is not installed; run npm ci, without leaving out development dependencies", {
      cause,
    });
  }
}

/**
 * Starts a Node program in this terminal, and in a session of its own: a Ctrl-C reaches this process alone. The cdktf CLI
 * would end at once at any signal, and its Terraform with it, by the hang-up of the terminal that the CLI gave it: a state
 * half-way written, a lock kept. So what the CLI has started is interrupted first, and the CLI when that has ended.
 */
export function startNode(args: readonly string[], environment: NodeJS.ProcessEnv): Running {
  const isWindows = process.platform === "win32";
  const child = spawn(process.execPath, args, {
    cwd: PROJECT_FOLDER,
    env: environment,
    stdio: "inherit",
    detached: !isWindows,
  });
  const watch: { timer?: NodeJS.Timeout } = {};
  const ended = exitCodeOf(child).finally(() => clearInterval(watch.timer));
  const interrupt = () => {
    // There, a Ctrl-C reaches all processes of the console, and a signal from here could only kill.
    if (isWindows || child.pid === undefined) return;
    const { pid } = child;
    const started = childrenOf(pid);
    for (const startedPid of started) signal(startedPid, "SIGINT");
    clearInterval(watch.timer);
    watch.timer = setInterval(() => {
      if (started.some((startedPid) => signal(startedPid, 0))) return;
      clearInterval(watch.timer);
      signal(pid, "SIGINT");
    }, 100);
  };
  return { ended, interrupt };
}

/** The exit code of a program; of one that a signal has ended, 128 and the signal's number. */
export function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signalName) => resolve(code ?? 128 + constants.signals[signalName!]));
  });
}

/** From Linux itself, where it tells: slim images have no `ps`. */
function childrenOf(parent: number): number[] {
  try {
    return numbers(readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8"));
  } catch {
    const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    const processes = (stdout ?? "").split("\n").map(numbers);
    return processes.flatMap(([pid, ppid]) => (ppid === parent ? [pid!] : []));
  }
}

function numbers(text: string): number[] {
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}

/** Whether the process was there to get it. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
