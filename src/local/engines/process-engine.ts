import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism, devNull } from "node:os";
import { join } from "node:path";
import { whyItFailed } from "../../base/file-errors";
import { killGroup } from "../../base/kill";
import { LineCutter } from "../../base/log-lines";
import {
  type Container,
  type ContainerEnd,
  type ContainerListener,
  type ContainerSpec,
  type Engine,
  hostLost,
} from "./engine";
import { endLeftovers, jobMark } from "./process-leftovers";

/** None of them can be a secret. */
const PASSED_ON = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

/** A container does not see the user's profiles of AWS either. Their files are below `HOME`. */
const NO_CREDENTIALS = { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull };

/** Starting another host takes as long as starting a few jobs. */
const JOBS_PER_HOST = 4;

/** A host that does not report the end of a killed process within this time has stopped answering. */
const HOST_ANSWER_MILLISECONDS = 5000;

/** Returns the variables of the user's own environment that a job gets. */
export function passedOn(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}

/**
 * Runs the local command of a job as a plain process, without Docker. It does not enforce memory, CPU, user or a read-only file
 * system.
 */
export class ProcessEngine implements Engine {
  readonly name = "process";
  private readonly folder: string;
  private readonly environment: Readonly<Record<string, string>>;
  private hosts: readonly Host[] = [];

  constructor({ folder, environment = process.env }: { folder: string; environment?: NodeJS.ProcessEnv }) {
    this.folder = folder;
    this.environment = { ...passedOn(environment), ...NO_CREDENTIALS };
  }

  run(spec: ContainerSpec, listener: ContainerListener): Container {
    const [program, ...words] = [...(spec.localCommand ?? []), ...spec.command];
    if (spec.localCommand === null || program === undefined) {
      const what = spec.localCommand === null ? `image ${spec.image} has no local command` : "the job has no command";
      const fix = spec.localCommand === null ? "localCommand" : "ContainerOverrides.Command";
      const message = `${what}; set ${fix}, or use --engine docker`;
      return { ended: Promise.resolve(cannotStart({ message })), kill: () => {} };
    }
    const start: ProcessStart = {
      program,
      arguments: words,
      folder: this.folder,
      environment: { ...this.environment, ...spec.environment, ...spec.secrets },
    };
    return this.findHost().run(start, listener);
  }

  close(): void {
    for (const host of this.hosts) host.close();
    this.hosts = [];
  }

  /** Returns the host with the fewest processes, or a new one if that host is busy and the machine has a core for another. */
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

/** The request to start a process, for `process-host.js`. */
interface ProcessStart {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

type StartError = Pick<NodeJS.ErrnoException, "message" | "code">;

/** The answers of `process-host.js`. */
type HostMessage = { readonly id: number } & (
  | { readonly pid: number }
  | { readonly source: "stdout" | "stderr"; readonly data: string }
  | { readonly exitCode: number }
  | { readonly error: StartError }
);

/** A small process that starts others. It keeps this process running while they run, and ends with this process. */
class Host {
  lost = false;
  private child: ChildProcess | null = null;
  private readonly processes = new Map<number, RunningProcess>();
  private lastId = 0;

  constructor() {
    try {
      this.child = fork(join(__dirname, "process-host.js"), {
        // A process group of its own, which a Ctrl-C at the terminal does not reach.
        detached: true,
        env: {},
        execArgv: [],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
    } catch (error) {
      process.nextTick(() => this.lose(cannotStart(error as Error)));
      return;
    }
    this.child.unref();
    this.child.on("message", (message: HostMessage) => this.take(message));
    this.child.on("error", (error) => this.lose(this.child?.pid === undefined ? cannotStart(error) : HOST_LOST));
    this.child.on("exit", () => this.lose(HOST_LOST));
  }

  get running(): number {
    return this.processes.size;
  }

  run(start: ProcessStart, listener: ContainerListener): Container {
    const id = ++this.lastId;
    // An ended host receives no message. Its exit event reports this, not each lost message.
    const tell = (message: object) => void this.child?.send({ id, ...message }, () => {});
    const running = new RunningProcess(jobMark(start.environment), listener);
    this.processes.set(id, running);
    this.child?.channel?.ref();
    tell({ start });
    const kill = (signal: NodeJS.Signals) => {
      tell({ signal });
      if (signal === "SIGKILL" && this.processes.has(id)) this.expectEnd(id, running);
    };
    return { ended: running.ended, kill };
  }

  /** Kills the host and all of its processes. */
  close(): void {
    this.lose(HOST_LOST);
  }

  /** Kills a process directly, too, and its host after a while, because the host may hang. */
  private expectEnd(id: number, running: RunningProcess): void {
    running.killGroup();
    setTimeout(() => {
      if (this.processes.has(id)) this.lose(HOST_LOST);
    }, HOST_ANSWER_MILLISECONDS).unref();
  }

  private take(message: HostMessage): void {
    if (this.processes.get(message.id)?.take(message)) this.processes.delete(message.id);
    if (this.running === 0) this.child?.channel?.unref();
  }

  /** Ends all processes of an ended host. Their jobs have lost their machine. */
  private lose(end: ContainerEnd): void {
    if (this.lost) return;
    this.lost = true;
    this.child?.kill("SIGKILL");
    const processes = [...this.processes.values()];
    this.processes.clear();
    for (const process of processes) process.killGroup();
    endLeftovers(processes.flatMap(({ mark }) => mark ?? []));
    for (const process of processes) process.end(end);
  }
}

class RunningProcess {
  readonly ended: Promise<ContainerEnd>;
  private readonly output: { readonly stdout: LineCutter; readonly stderr: LineCutter };
  private resolve!: (end: ContainerEnd) => void;
  private pid: number | null = null;

  constructor(
    /** A variable in the environment of all its processes. */
    readonly mark: string | null,
    private readonly listener: ContainerListener,
  ) {
    this.output = { stdout: new LineCutter(listener.line), stderr: new LineCutter(listener.line) };
    this.ended = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  /** Handles an answer of the host. Returns true if the process has ended. */
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
    this.end(
      "error" in message
        ? cannotStart(message.error)
        : { kind: "exited", exitCode: message.exitCode, outOfMemory: false },
    );
    return true;
  }

  /** Sends the last lines and then the end. */
  end(end: ContainerEnd): void {
    this.output.stdout.end();
    this.output.stderr.end();
    this.resolve(end);
  }

  killGroup(): void {
    if (this.pid !== null) killGroup(this.pid, "SIGKILL");
  }
}

const HOST_LOST = hostLost("process");

/** Describes a process that does not start. Node's own message is `spawn <program> <code>`. */
function cannotStart(error: StartError): ContainerEnd {
  const what = /^spawn (.*) E[A-Z0-9]+$/s.exec(error.message)?.[1];
  const why = whyItFailed(error);
  return { kind: "not-started", reason: `CannotStartContainerError: ${what === undefined ? why : `${what}: ${why}`}` };
}
