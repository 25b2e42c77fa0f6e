/**
 * The rule for signals in every command. A signal that was ignored at the start stays ignored. The first Ctrl-C stops the command.
 * The second one kills it: two seconds later the command has ended, even if something hangs.
 */
import { fstatSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { isatty } from "node:tty";

/** The signals that ask this process to end. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One Ctrl-C may arrive twice: from the terminal, and from npm, which forwards it. A second press comes later. */
const SAME_INTERRUPT_MILLISECONDS = 500;

/** The time from the second Ctrl-C to the end. The rest of the two seconds is for the end itself. */
const LATEST_MILLISECONDS = 1800;

export interface InterruptOptions {
  /** Milliseconds on a monotonic clock. */
  readonly now?: () => number;
  /** Calls back after a time. The returned function cancels that. */
  readonly after?: (milliseconds: number, callback: () => void) => () => void;
  /** Ends the process. */
  readonly endNow?: () => void;
  readonly ignoresHangUp?: boolean;
}

/**
 * Calls back at each Ctrl-C or request to end. The returned function stops that. Unless it is called within two seconds of the
 * second Ctrl-C, the process ends.
 */
export function onInterrupt(
  interrupted: () => void,
  {
    now = () => performance.now(),
    after = later,
    endNow = endProcess,
    ignoresHangUp = hangUpIsIgnored(),
  }: InterruptOptions = {},
): () => void {
  const heard = SIGNALS.filter((signal) => signal !== "SIGHUP" || !ignoresHangUp);
  let [count, last] = [0, Number.NEGATIVE_INFINITY];
  let cancel = () => {};
  const listen = () => {
    const at = now();
    if (at - last < SAME_INTERRUPT_MILLISECONDS) return;
    last = at;
    count += 1;
    if (count === 2) cancel = after(LATEST_MILLISECONDS, endNow);
    interrupted();
  };
  for (const signal of heard) process.on(signal, listen);
  return () => {
    cancel();
    for (const signal of heard) process.off(signal, listen);
  };
}

/** Ignores the hang-up of the terminal if it was ignored when this process started. Node resets that at its start. */
export function keepIgnoring(ignoresHangUp = hangUpIsIgnored()): void {
  if (ignoresHangUp) process.on("SIGHUP", () => {});
}

/** The traces that tell whether a hang-up was ignored when this process started. */
export interface StartedUnder {
  /** The command, which the shell writes into the environment. */
  readonly command: string | undefined;
  /** `SigIgn` of the parent process: a hexadecimal mask of the signals that it ignores. `null` if unknown. */
  readonly ignoredByParent: string | null;
  /** True if a standard stream is a terminal, or a pipe takes the output. */
  readonly isWatched: boolean;
}

/**
 * Returns whether a hang-up was ignored. Node resets the signals before any of our code runs, so this looks at traces: the shell's
 * `_=/usr/bin/nohup`, a parent that ignores the signal, or output that goes only to files, as `nohup` sets it up.
 */
export function wasHangUpIgnored({ command, ignoredByParent, isWatched }: StartedUnder): boolean {
  const byParent = (Number.parseInt(ignoredByParent?.at(-1) ?? "0", 16) & 1) === 1;
  return basename(command ?? "") === "nohup" || byParent || !isWatched;
}

// --- internal ---

/** Determined once: the parent may end before the first signal arrives. */
let known: boolean | null = null;

function hangUpIsIgnored(): boolean {
  known ??= wasHangUpIgnored({
    command: process.env._,
    ignoredByParent: ignoredBy(process.ppid),
    isWatched: [0, 1, 2].some((stream) => isatty(stream)) || [1, 2].some(isPipe),
  });
  return known;
}

/** Reads the mask of a process on Linux. */
function ignoredBy(pid: number): string | null {
  try {
    return /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? null;
  } catch {
    return null;
  }
}

function isPipe(stream: number): boolean {
  try {
    const status = fstatSync(stream);
    return status.isFIFO() || status.isSocket();
  } catch {
    return false;
  }
}

function later(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}

/** Ends the process. The listeners of its end kill the child processes and restore the terminal. */
function endProcess(): void {
  process.exitCode = 1;
  process.exit();
}
