/** Runs child processes to their end. Leaves none of them behind, and waits for none that hangs. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { killGroup } from "./kill";

export interface ChildOptions {
  /** @default that of this process */
  readonly cwd?: string;
  /** @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Kills the program and its process group. The run then ends at once. */
  readonly signal?: AbortSignal | undefined;
  /** Kills it after this time. */
  readonly milliseconds?: number | undefined;
  /** Reads the outputs. */
  readonly read: (output: { readonly stdout: Readable; readonly stderr: Readable }) => void;
}

/** After the program's end, an output that is quiet for this long is held open only by another process. */
const QUIET_MILLISECONDS = 1000;
/** An output that is not quiet is read for this many times as long. */
const LONGEST_LOOKS = 10;

/** The leaders of the process groups. They end with this process. */
const leaders = new Set<number>();

process.on("exit", () => {
  for (const leader of leaders) killGroup(leader, "SIGKILL");
});

/**
 * Runs a program as the leader of a process group, which a Ctrl-C at the terminal does not reach. Resolves to its exit
 * code, or to 128 plus the number of the signal that ended it.
 *
 * Rejects if the program cannot be started.
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
      // Does not wait for a process that cannot be killed, such as one that waits for a disk.
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

/** The exit code of a killed program. */
const KILLED = 128 + constants.signals.SIGKILL;
