/** Distinguishes a process from a later one with the same number. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A process on one machine, during one boot of that machine. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The start time that the system reports. `null` if the system reports none. */
  readonly startedAt: string | null;
  /** The id of the machine's boot. `null` if the system has none. */
  readonly boot: string | null;
  readonly host: string;
}

/** The processes that the system reports. Tests pass their own table. */
export interface ProcessTable {
  readonly host: string;
  readonly boot: string | null;
  /** Returns the start time of a process. `null` if there is no such process, or the system reports none. */
  readonly startOf: (pid: number) => string | null;
  /** Returns whether there is a process with this number. */
  readonly exists: (pid: number) => boolean;
}

/** Returns the identity of a process. */
export function identityOf(pid: number, table: ProcessTable): ProcessIdentity {
  return { pid, startedAt: table.startOf(pid), boot: table.boot, host: table.host };
}

/** Returns whether a process still runs. It is `unknown` for a process of another machine. */
export function stateOf(process: ProcessIdentity, table: ProcessTable): "running" | "ended" | "unknown" {
  if (process.host !== table.host) return "unknown";
  if (process.boot !== table.boot || !table.exists(process.pid)) return "ended";
  const startedAt = table.startOf(process.pid);
  // A system that hides the processes of other users reports no start time. Then only the number counts.
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
/** The states of a process that has ended, but that its parent has not collected yet. */
const ZOMBIE = /[ZX]/;

/** @see https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html */
function readBoot(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}

/** Returns the fields after the name of the program. The name may contain any character. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
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
