/** Distinguishes a process from a later one with the same id. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** One process on one machine, between two starts of that machine. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The start of the process, as the system reports it; `null` if the system does not report it. */
  readonly startedAt: string | null;
  /** The id of the machine's current start; `null` if the system has none. */
  readonly boot: string | null;
  readonly host: string;
}

/** The process information of the system. Tests use their own. */
export interface ProcessTable {
  readonly host: string;
  readonly boot: string | null;
  /** Returns the start of a process; `null` if there is none, or if the system does not report it. */
  readonly startOf: (pid: number) => string | null;
  /** Returns true if a process with this id exists. */
  readonly exists: (pid: number) => boolean;
}

/** Returns the identity of this process. */
export function identityOf(pid: number, table: ProcessTable): ProcessIdentity {
  return { pid, startedAt: table.startOf(pid), boot: table.boot, host: table.host };
}

/** Returns whether a process still runs; `unknown` for one of another machine. */
export function stateOf(process: ProcessIdentity, table: ProcessTable): "running" | "ended" | "unknown" {
  if (process.host !== table.host) return "unknown";
  if (process.boot !== table.boot || !table.exists(process.pid)) return "ended";
  const startedAt = table.startOf(process.pid);
  // A system may hide the processes of other users. Then only the id counts.
  return startedAt === null || process.startedAt === null || startedAt === process.startedAt ? "running" : "ended";
}

/** The process table of this machine. */
export function processTable(): ProcessTable {
  return process.platform === "linux"
    ? { ...COMMON, boot: readBoot(), startOf: startOnLinux, exists: existsOnLinux }
    : { ...COMMON, boot: null, startOf: process.platform === "win32" ? () => null : startByPs, exists };
}

// --- internal ---

const COMMON = { host: hostname() };
const STATE = 0;
const START_TIME = 19;
/** The process has ended, but its parent has not collected it yet. */
const ZOMBIE = /[ZX]/;

/** @see https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html */
function readBoot(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}

/** The fields behind the name of the program, which may hold anything. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function statOnLinux(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

function startOnLinux(pid: number): string | null {
  return statOnLinux(pid)?.[START_TIME] ?? null;
}

function existsOnLinux(pid: number): boolean {
  const stat = statOnLinux(pid);
  return stat === null ? exists(pid) : !ZOMBIE.test(stat[STATE]!);
}

function startByPs(pid: number): string | null {
  try {
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    return (
      execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env, stdio: "pipe" }).trim() || null
    );
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
