import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Container, ContainerEnd, ContainerListener, ContainerSpec, Engine } from "./engine";
import { LineCutter } from "./log-lines";

/** What a job sees of the user's own environment: nothing that could be a secret. */
const PASSED_ON = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

/**
 * Runs the local command of a job as a plain process, where there is no Docker engine. Memory, CPU, user and a read-only file
 * system are not enforced.
 */
export class ProcessEngine implements Engine {
  readonly name = "process";
  private readonly folder: string;
  private readonly environment: Readonly<Record<string, string>>;
  private readonly running = new Map<number, RunningProcess>();
  private host: ChildProcess | null = null;
  private lastId = 0;

  constructor({ folder, environment = process.env }: { folder: string; environment?: NodeJS.ProcessEnv }) {
    this.folder = folder;
    this.environment = Object.fromEntries(
      PASSED_ON.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
    );
  }

  run(spec: ContainerSpec, listener: ContainerListener): Container {
    const [program, ...leading] = spec.localCommand ?? [];
    if (program === undefined) {
      const message = `image ${spec.image} has no local command; set localCommand, or use --engine docker`;
      return { ended: Promise.resolve(cannotStart(message)), kill: () => {} };
    }
    const host = this.startHost();
    const id = ++this.lastId;
    const ended = new Promise<ContainerEnd>((resolve) => {
      this.running.set(id, new RunningProcess(listener, resolve));
    });
    // A host that has gone takes no message: its exit says so, not each message that was lost.
    const tell = (message: object) => void host.send({ id, ...message }, () => {});
    tell({
      start: {
        program,
        arguments: [...leading, ...spec.command],
        folder: this.folder,
        environment: { ...this.environment, ...spec.environment },
      },
    });
    return { ended, kill: (signal) => tell({ signal }) };
  }

  /** The process that starts all others; it keeps this one from ending while a job runs, and ends with it. */
  private startHost(): ChildProcess {
    if (this.host === null) {
      const host = fork(HOST, { execArgv: [], env: {}, detached: true, stdio: STDIO });
      host.unref();
      host.on("message", (message: HostMessage) => this.take(message));
      host.on("error", () => this.loseHost(host));
      host.on("exit", () => this.loseHost(host));
      this.host = host;
    }
    this.host.channel?.ref();
    return this.host;
  }

  private take(message: HostMessage): void {
    const { id } = message;
    if (this.running.get(id)?.take(message)) this.running.delete(id);
    if (this.running.size === 0) this.host?.channel?.unref();
  }

  private loseHost(host: ChildProcess): void {
    if (this.host !== host) return;
    this.host = null;
    for (const process of this.running.values()) process.lose();
    this.running.clear();
  }
}

// --- internal ---

const HOST = join(__dirname, "process-host.js");
const STDIO = ["ignore", "ignore", "inherit", "ipc"] as const satisfies string[];

/** What `process-host.js` says. */
type HostMessage = { readonly id: number } & (
  | { readonly pid: number }
  | { readonly source: "stdout" | "stderr"; readonly data: string }
  | { readonly exitCode: number }
  | { readonly error: string }
);

class RunningProcess {
  private readonly listener: ContainerListener;
  private readonly resolve: (end: ContainerEnd) => void;
  private readonly output: { readonly stdout: LineCutter; readonly stderr: LineCutter };
  private pid: number | null = null;

  constructor(listener: ContainerListener, resolve: (end: ContainerEnd) => void) {
    this.listener = listener;
    this.resolve = resolve;
    this.output = { stdout: new LineCutter(listener.line), stderr: new LineCutter(listener.line) };
  }

  /** Returns whether the process has ended. */
  take(message: HostMessage): boolean {
    if ("pid" in message) {
      this.pid = message.pid;
      this.listener.started();
      return false;
    }
    if ("data" in message) {
      this.output[message.source].push(Buffer.from(message.data, "latin1"));
      return false;
    }
    this.output.stdout.end();
    this.output.stderr.end();
    this.resolve(
      "error" in message
        ? cannotStart(message.error)
        : { kind: "exited", exitCode: message.exitCode, outOfMemory: false },
    );
    return true;
  }

  /** The host has gone: the machine has, as far as the job is concerned. */
  lose(): void {
    if (this.pid !== null) killGroup(this.pid, "SIGKILL");
    this.resolve({ kind: "host-lost", statusReason: "Host EC2 (instance process) terminated." });
  }
}

/** Signals a process and what it has started; does nothing where they have gone. */
export function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // ESRCH: there is no such group any more.
  }
}

function cannotStart(message: string): ContainerEnd {
  return { kind: "not-started", reason: `CannotStartContainerError: ${message}` };
}
