/** Starts and interrupts Terraform or OpenTofu, and returns its output. */
import { type ChildProcess, spawn } from "node:child_process";
import { fstatSync } from "node:fs";
import { UsageError } from "../base/errors";
import { killGroup } from "../base/kill";

export interface TerraformOptions {
  /** Folder that Terraform runs in. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** `terminal`: Terraform prints to the terminal and asks its questions there. `collected`: its output is only returned. */
  readonly output: "terminal" | "collected";
  /** Text for its standard input. @default the keyboard with the output `terminal`, otherwise nothing */
  readonly input?: string;
}

/** The end of a Terraform process. */
export interface Ended {
  /** `null` if a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it. */
  readonly signal: NodeJS.Signals | null;
  /** Empty with the output `terminal`. */
  readonly stdout: string;
  /** With the output `terminal`, the last 64 KiB. */
  readonly stderr: string;
}

/** A running Terraform process. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** Sends Terraform the signal of Ctrl-C. At the first one it saves its state and ends. At the second one it ends at once. */
  readonly interrupt: () => void;
}

export type StartTerraform = (args: readonly string[], options: TerraformOptions) => Running;

/** Time that Terraform gets to end after the second interrupt. This process ends 1.8 s after that interrupt. */
const PATIENCE_MS = 1500;
/** The end of a message that is kept. */
const KEPT_CHARACTERS = 64 * 1024;
/** Time that the pipes of a killed Terraform may stay open. Its providers may hold them. */
const PIPES_MS = 500;

/** Returns the command: `terraform`, or the one that TERRAFORM_BINARY_NAME names, such as `tofu`. */
export function terraformCommand({ TERRAFORM_BINARY_NAME }: NodeJS.ProcessEnv): string {
  return TERRAFORM_BINARY_NAME || "terraform";
}

/**
 * Starts Terraform in a session of its own. A Ctrl-C then reaches only this process, which passes it on once. In the same session,
 * the terminal and npm would both send it, and at a second signal Terraform ends without saving its state. A closed terminal
 * would kill it.
 */
export const startTerraform: StartTerraform = (args, { folder, environment, output, input }) => {
  const isShown = output === "terminal";
  const command = terraformCommand(environment);
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...environment, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
    detached: process.platform !== "win32",
    stdio: [
      input === undefined ? (isShown && process.stdin.isTTY ? "inherit" : "ignore") : "pipe",
      isShown && !isPipe(1) ? "inherit" : "pipe",
      "pipe",
    ],
  });
  if (!isShown) endWithThisProcess(child);
  // Terraform may end before it has read its input.
  child.stdin?.on("error", () => {}).end(input);
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    if (isShown) process.stdout.write(text);
    else said.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    if (isShown) process.stderr.write(text);
    said.stderr = isShown ? (said.stderr + text).slice(-KEPT_CHARACTERS) : said.stderr + text;
  });
  return { ended: endOf(child, command, said), interrupt: interrupting(child) };
};

/** Runs Terraform to its end, and interrupts it when `signal` aborts. */
export async function runTerraform(
  args: readonly string[],
  options: TerraformOptions,
  signal: AbortSignal,
  start: StartTerraform = startTerraform,
): Promise<Ended> {
  signal.throwIfAborted();
  const { ended, interrupt } = start(args, options);
  signal.addEventListener("abort", interrupt);
  try {
    return await ended;
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

// --- internal ---

/** Tells whether the output goes to another program. If that program ends first, as `tee` does at Ctrl-C, Terraform must not end. */
function isPipe(fileDescriptor: number): boolean {
  const file = fstatSync(fileDescriptor);
  return file.isFIFO() || file.isSocket();
}

/** @throws UsageError when the command cannot be started */
function endOf(child: ChildProcess, command: string, said: { stdout: string; stderr: string }): Promise<Ended> {
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => {
      reject(
        new UsageError(`\`${command}\` cannot be started: ${cause.message}; install Terraform 1.10 or newer`, {
          cause,
        }),
      );
    });
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal, ...said }));
    child.once("exit", (exitCode, signal) => {
      if (signal === null) return;
      killGroup(child.pid!, "SIGKILL");
      setTimeout(() => resolve({ exitCode, signal, ...said }), PIPES_MS).unref();
    });
  });
}

/** Kills Terraform when this process ends. A Terraform whose output is collected changes nothing, so it need not go on. */
function endWithThisProcess(child: ChildProcess): void {
  const end = () => child.pid !== undefined && killGroup(child.pid, "SIGKILL");
  process.on("exit", end);
  child.once("close", () => process.off("exit", end));
}

function interrupting(child: ChildProcess): () => void {
  let times = 0;
  return () => {
    // On Windows, Ctrl-C reaches all processes of the console. A signal from here could only kill.
    if (process.platform === "win32" || child.pid === undefined) return;
    times += 1;
    child.kill("SIGINT");
    if (times === 1) return;
    const timer = setTimeout(() => killGroup(child.pid!, "SIGKILL"), PATIENCE_MS);
    timer.unref();
    child.once("exit", () => clearTimeout(timer));
  };
}
