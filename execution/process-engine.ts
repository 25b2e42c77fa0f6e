import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Container, ContainerEnd, ContainerListener, ContainerSpec, Engine } from "./engine";
import { LineCutter } from "./log-lines";

/** What a job sees of the user's own environment: nothing that could be a secret. */
const PASSED_ON = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

/** To start one more host takes as long as to start some jobs. */
const JOBS_PER_HOST = 4;

/**
 * Runs the local command of a job as a plain process, where there is no Docker engine. Memory, CPU, user and a read-only file
 * system are not enforced.
 */
export class ProcessEngine implements Engine {
  readonly name = "process";
  private readonly folder: string;
  private readonly environment: Readonly<Record<string, string>>;
  private hosts: readonly Host[] = [];

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
    const start: ProcessStart = {
      program,
      arguments: [...leading, ...spec.command],
      folder: this.folder,
      environment: { ...this.environment, ...spec.environment },
    };
    return this.findHost().run(start, listener);
  }

  /** The host that has least to do, or a new one if that is busy and the machine has a core for it. */
  private findHost(): Host {
    this.hosts = this.hosts.filter(({ lost }) => !lost);
    const [idlest] = this.hosts.toSorted((one, other) => one.running - other.running);
    if (idlest && (idlest.running < JOBS_PER_HOST || this.hosts.length >= availableParallelism())) return idlest;
    const host = new Host();
    this.hosts = [...this.hosts, host];
    return host;
  }
}

// --- internal ---

/** What `process-host.js` takes. */
interface ProcessStart {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What it gives. */
type HostMessage = { readonly id: number } & (
  | { readonly pid: number }
  | { readonly source: "stdout" | "stderr"; readonly data: string }
  | { readonly exitCode: number }
  | { readonly error: string }
);

/** A small process that starts others: it keeps this one from ending while they run, and ends with it. */
class Host {
  lost = false;
  private readonly child: ChildProcess;
  private readonly processes = new Map<number, RunningProcess>();
  private lastId = 0;

  constructor() {
    this.child = fork(join(__dirname, "process-host.js"), {
      // In a group of its own, out of reach of a Ctrl-C at the terminal.
      detached: true,
      env: {},
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.child.unref();
    this.child.on("message", (message: HostMessage) => this.take(message));
    this.child.on("error", () => this.lose());
    this.child.on("exit", () => this.lose());
  }

  get running(): number {
    return this.processes.size;
  }

  run(start: ProcessStart, listener: ContainerListener): Container {
    const id = ++this.lastId;
    // A host that has gone takes no message: its exit says so, not each message that was lost.
    const tell = (message: object) => void this.child.send({ id, ...message }, () => {});
    const ended = new Promise<ContainerEnd>((resolve) => {
      this.processes.set(id, new RunningProcess(listener, resolve));
    });
    this.child.channel?.ref();
    tell({ start });
    return { ended, kill: (signal) => tell({ signal }) };
  }

  private take(message: HostMessage): void {
    if (this.processes.get(message.id)?.take(message)) this.processes.delete(message.id);
    if (this.running === 0) this.child.channel?.unref();
  }

  private lose(): void {
    this.lost = true;
    for (const process of this.processes.values()) process.lose();
    this.processes.clear();
  }
}

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
