import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Container, ContainerEnd, ContainerListener, ContainerSpec, Engine } from "./engine";
import { readLines } from "./log-lines";

/** What a job sees of the user's own environment: nothing that could be a secret. */
const PASSED_ON = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

/**
 * Runs a job's local command as a plain process where there is no Docker engine. Memory, CPU, user and a read-only file system
 * are not enforced.
 */
export class ProcessEngine implements Engine {
  readonly name = "process";
  private readonly folder: string;
  private readonly environment: Readonly<Record<string, string>>;

  constructor({ folder, environment = process.env }: { folder: string; environment?: NodeJS.ProcessEnv }) {
    this.folder = folder;
    this.environment = Object.fromEntries(
      PASSED_ON.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
    );
  }

  run(spec: ContainerSpec, listener: ContainerListener): Container {
    const [program, ...leading] = spec.localCommand ?? [];
    if (program === undefined) {
      return neverStarted(`image ${spec.image} has no local command; set localCommand, or use --engine docker`);
    }
    let child: ChildProcess;
    try {
      child = spawn(program, [...leading, ...spec.command], {
        cwd: this.folder,
        env: { ...this.environment, ...spec.environment },
        // A process group of its own: a Ctrl-C at the terminal reaches it through us alone, and it can be killed as a whole.
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
    } catch (error) {
      // Such as E2BIG; Node reports other failures through the event.
      return neverStarted((error as Error).message);
    }
    const { pid } = child;
    const ended = new Promise<ContainerEnd>((resolve) => {
      child.on("error", (error) => resolve(cannotStart(error.message)));
      // As in a container, what the process leaves running ends with it; else it would hold the log open.
      child.on("exit", () => killGroup(pid, "SIGKILL"));
      child.on("close", (code, signal) =>
        resolve({ kind: "exited", exitCode: exitCode(code, signal), outOfMemory: false }),
      );
    });
    if (pid !== undefined) {
      listener.started();
      readLines(child.stdout!, listener.line);
      readLines(child.stderr!, listener.line);
    }
    return { ended, kill: (signal) => killGroup(pid, signal) };
  }
}

/** As a shell and as Docker give it: 128 and the signal's number for a process that a signal ended. */
export function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + constants.signals[signal!];
}

/** Signals a process and all that it started; does nothing where they have gone. */
export function killGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // ESRCH: there is no such group any more.
  }
}

function neverStarted(message: string): Container {
  return { ended: Promise.resolve(cannotStart(message)), kill: () => {} };
}

function cannotStart(message: string): ContainerEnd {
  return { kind: "not-started", reason: `CannotStartContainerError: ${message}` };
}
