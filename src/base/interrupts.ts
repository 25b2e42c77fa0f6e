/**
 * The rule for signals, of every command: a signal that was ignored at the start stays ignored; the first Ctrl-C stops, the second
 * kills; two seconds later the command has ended, whatever hangs.
 */
import { fstatSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { isatty } from "node:tty";

/** Signals that ask this process to end. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One Ctrl-C may come twice, from the terminal and from npm, which sends it on. A person's second one comes later. */
const SAME_INTERRUPT_MILLISECONDS = 500;

/** From the second Ctrl-C to the end. A little is left for the end itself. */
const LATEST_MILLISECONDS = 1800;

export interface InterruptOptions {
  /** Milliseconds on a clock that nobody sets. */
  readonly now?: () => number;
  /** Calls back after a time, unless the returned function is called before. */
  readonly after?: (milliseconds: number, callback: () => void) => () => void;
  /** Ends the process. */
  readonly endNow?: () => void;
  readonly ignoresHangUp?: boolean;
}

/**
 * Calls back at each Ctrl-C or request to end; returns a function that stops that. Ends the process where it has not stopped that
 * two seconds after the second one.
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

/** Ignores the hang-up of the terminal again, where it was ignored when this process started: Node takes that back. */
export function keepIgnoring(ignoresHangUp = hangUpIsIgnored()): void {
  if (ignoresHangUp) process.on("SIGHUP", () => {});
}

/** What tells whether a hang-up was ignored when this process started. */
export interface StartedUnder {
  /** The command as the shell has written it into the environment. */
  readonly command: string | undefined;
  /** `SigIgn` of the parent process: the signals that it ignores, as a hexadecimal mask. `null` where that is not known. */
  readonly ignoredByParent: string | null;
  /** Whether a standard stream is a terminal, or a pipe takes the output. */
  readonly isWatched: boolean;
}

/**
 * Node resets the signals before any code of ours runs, so this goes by traces: the shell's `_=/usr/bin/nohup`, a parent that
 * ignores the signal and so passes that on, and output that goes to files only, as `nohup` leaves it.
 */
export function wasHangUpIgnored({ command, ignoredByParent, isWatched }: StartedUnder): boolean {
  const byParent = (Number.parseInt(ignoredByParent?.at(-1) ?? "0", 16) & 1) === 1;
  return basename(command ?? "") === "nohup" || byParent || !isWatched;
}

// --- internal ---

/** Asked once: the parent may end before the first signal comes. */
let known: boolean | null = null;

function hangUpIsIgnored(): boolean {
  known ??= wasHangUpIgnored({
    command: process.env._,
    ignoredByParent: ignoredBy(process.ppid),
    isWatched: [0, 1, 2].some((stream) => isatty(stream)) || [1, 2].some(isPipe),
  });
  return known;
}

/** As Linux tells it. */
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

/** What is registered for the end of the process kills the child processes, and gives the terminal back. */
function endProcess(): void {
  process.exitCode = 1;
  process.exit();
}
