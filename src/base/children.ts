/** Runs child processes to their end. No child is left behind, and none keeps this process waiting. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { killGroup } from "./kill";

export interface ChildOptions {
  /** @default this process's */
  readonly cwd?: string;
  /** @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** Kills the program and its process group. The run then ends at once. */
  readonly signal?: AbortSignal | undefined;
  /** Kills the program after this time. */
  readonly milliseconds?: number | undefined;
  /** Reads the outputs. */
  readonly read: (output: { readonly stdout: Readable; readonly stderr: Readable }) => void;
}

/** After the program has ended, an output that is quiet this long is only held open by another process. */
const QUIET_MILLISECONDS = 1000;
/** An output that is not quiet is read for this many such periods. */
const LONGEST_LOOKS = 10;

/** The leaders of the process groups that end with this process. */
const leaders = new Set<number>();

process.on("exit", () => {
  for (const leader of leaders) killGroup(leader, "SIGKILL");
});

/**
 * Runs a program as the leader of a process group, which a Ctrl-C at the terminal does not reach. Resolves to its exit code.
 * If a signal ended it, the code is 128 plus the number of the signal. Rejects if the program cannot be started.
 */
export function runChild(
  program: string,
  args: readonly string[],
  { cwd, env, signal, milliseconds, read }: ChildOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return resolve(KILLED);
    const child: ChildProcess = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const { pid } = child;
    child.once("error", reject);
    if (pid === undefined) return;
    const streams = { stdout: child.stdout!, stderr: child.stderr! };
    const closeOutput = () => {
      streams.stdout.destroy();
      streams.stderr.destroy();
    };
    const timers: { late?: NodeJS.Timeout; quiet?: NodeJS.Timeout } = {};
    const end = (code: number) => {
      leaders.delete(pid);
      clearTimeout(timers.late);
      clearInterval(timers.quiet);
      signal?.removeEventListener("abort", abort);
      resolve(code);
    };
    const abort = () => {
      killGroup(pid, "SIGKILL");
      closeOutput();
      // This process does not wait, not even for a child that cannot be killed, such as one that waits for a disk.
      child.unref();
      end(KILLED);
    };
    leaders.add(pid);
    signal?.addEventListener("abort", abort, { once: true });
    if (milliseconds !== undefined) timers.late = setTimeout(abort, milliseconds);
    let isQuiet = true;
    for (const stream of Object.values(streams)) stream.on("data", () => (isQuiet = false));
    read(streams);
    child.once("exit", () => {
      let looks = 0;
      timers.quiet = setInterval(() => {
        looks += 1;
        if (isQuiet || looks === LONGEST_LOOKS) closeOutput();
        isQuiet = true;
      }, QUIET_MILLISECONDS);
    });
    child.once("close", (code, by) => end(code ?? 128 + constants.signals[by!]));
  });
}

/** The exit code of a program that was killed. */
const KILLED = 128 + constants.signals.SIGKILL;
