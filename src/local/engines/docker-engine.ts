import { setMaxListeners } from "node:events";
import { type Clock, systemClock } from "../../base/clock";
import type { LineSink } from "../../base/log-lines";
import type { JobUsage } from "../../execution/events";
import { ContainerUsage } from "./container-usage";
import { type CommandEnd, type Limits, runCommand, runDocker } from "./docker-cli";
import {
  type Container,
  type ContainerEnd,
  type ContainerListener,
  type ContainerSpec,
  type Engine,
  hostLost,
  type Mount,
} from "./engine";
import { LABELS } from "./job-containers";

export interface DockerEngineOptions {
  /** The value of the label `workflow.execution` of all containers. */
  readonly executionId: string;
  /** The vCPUs of the engine's machine. Docker refuses a container that asks for more. */
  readonly vcpus: number;
  /** True if the engine has GPUs. Without them, a container that asks for GPUs runs all the same. @default false */
  readonly hasGpus?: boolean;
  /** @default "docker", the Docker CLI */
  readonly docker?: string;
  /** @default the machine's */
  readonly clock?: Clock;
}

const START_POLL_MILLISECONDS = 500;
const KILL_RETRY_MILLISECONDS = 100;
/** An engine that takes longer for `inspect`, `kill` or `rm` has stopped answering. */
const COMMAND_MILLISECONDS = 60_000;
/** The minimum of Docker. Batch accepts 4. */
const MINIMUM_MEMORY_MIB = 6;
/** A message of Docker is never longer. */
const OWN_MESSAGE_LINES = 8;
const NO_IMAGE = /no such image|image not known|unable to find image/i;

/**
 * Runs containers through the Docker CLI, so that contexts, remote engines and replacements of Docker work as they do for
 * the user.
 *
 * There is no `-t`, because Batch does not use it, and `--init` only if the job asks for it. So a process 1 that ignores SIGTERM does
 * so here, too. The value of a secret reaches the CLI in its environment, because every user of the machine can read a command line.
 * `docker rm` at the end replaces `--rm` and is as fast. A failed container is inspected first: this separates its exit
 * code from Docker's own codes 125 to 127, and shows if it ran out of memory.
 */
export class DockerEngine implements Engine {
  readonly name = "docker";
  private readonly docker: string;
  private readonly clock: Clock;
  private readonly closed = new AbortController();
  private readonly usage = new ContainerUsage();

  constructor(private readonly options: DockerEngineOptions) {
    // Each concurrent container listens to the signal. This is not a leak.
    setMaxListeners(0, this.closed.signal);
    this.docker = options.docker ?? "docker";
    this.clock = options.clock ?? systemClock;
  }

  run(spec: ContainerSpec, listener: ContainerListener): Container {
    const over = new AbortController();
    const output = new ContainerOutput(listener);
    const asides = [this.awaitStart(spec.name, output, over.signal)];
    const measured = this.usage.begin(spec.name);
    const ended = runDocker(this.docker, runArguments(spec, { ...this.options, idFile: measured.idFile }), output, {
      ...this.limits(),
      env: { ...process.env, ...spec.secrets },
    }).then(async (code) => {
      over.abort();
      const measurement = this.honest(spec, measured.end());
      const end = await this.end(spec.name, code, output);
      const usage = end.kind === "exited" && end.outOfMemory ? usedUp(spec, measurement) : measurement;
      if (end.kind === "exited") output.flush();
      await this.command("rm", "--force", "--volumes", spec.name);
      await Promise.all(asides);
      return usage === null ? end : { ...end, usage };
    });
    return { ended, kill: (signal) => void asides.push(this.kill(spec.name, signal, over.signal)) };
  }

  close(): void {
    this.closed.abort();
    this.usage.close();
  }

  /** A job that asks for more vCPUs than the machine has gets fewer. Its CPU time tells nothing about its size. */
  private honest({ vcpus }: ContainerSpec, usage: JobUsage | null): JobUsage | null {
    return usage === null || vcpus <= this.options.vcpus ? usage : { ...usage, cpuSeconds: null };
  }

  /** Docker does not report the start of a container. Its first output shows the start, or a regular check does. */
  private async awaitStart(name: string, output: ContainerOutput, over: AbortSignal): Promise<void> {
    for (;;) {
      await this.clock.sleep(START_POLL_MILLISECONDS, over);
      if (over.aborted || output.started) return;
      const { state } = await this.inspect(name);
      if (state?.started && !over.aborted) output.start();
    }
  }

  /**
   * Docker cannot signal a container during its creation. So this repeats until it can, or until the container has ended.
   */
  private async kill(name: string, signal: "SIGTERM" | "SIGKILL", over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const { code } = await this.command("kill", "--signal", signal, name);
      if (code === 0) return;
      await this.clock.sleep(KILL_RETRY_MILLISECONDS, over);
    }
  }

  private async end(name: string, code: number, output: ContainerOutput): Promise<ContainerEnd> {
    if (code === 0) return { kind: "exited", exitCode: 0, outOfMemory: false };
    const { answered, state } = await this.inspect(name);
    if (!answered) return hostLost(this.name);
    if (!output.started && !state?.started) {
      const message = output.ownMessage;
      const step = state !== null ? "Start" : NO_IMAGE.test(message) ? "Pull" : "Create";
      return { kind: "not-started", reason: `Cannot${step}ContainerError: ${message}` };
    }
    // The CLI has lost a container that still runs. The engine was stopped or restarted during the run.
    if (state !== null && state.exitCode !== code) return hostLost(this.name);
    return { kind: "exited", exitCode: code, outOfMemory: state?.outOfMemory ?? false };
  }

  private async inspect(name: string): Promise<{ answered: boolean; state: ContainerState | null }> {
    const { code, lines } = await this.command("inspect", "--type", "container", "--format", STATE_FORMAT, name);
    if (code === 0) return { answered: true, state: parseState(lines[0]!) };
    return { answered: lines.some((line) => /no such (container|object)/i.test(line)), state: null };
  }

  private command(...args: string[]): Promise<CommandEnd> {
    return runCommand(this.docker, args, { ...this.limits(), milliseconds: COMMAND_MILLISECONDS });
  }

  private limits(): Limits {
    return { signal: this.closed.signal };
  }
}

/** The arguments of the Docker CLI that run a container and stay until it ends. */
export function runArguments(
  spec: ContainerSpec,
  {
    executionId,
    vcpus,
    hasGpus,
    idFile = null,
  }: Pick<DockerEngineOptions, "executionId" | "vcpus" | "hasGpus"> & { readonly idFile?: string | null },
): string[] {
  const memory = `${Math.max(spec.memoryMiB, MINIMUM_MEMORY_MIB)}m`;
  return [
    "run",
    ...["--name", spec.name],
    ...["--label", `${LABELS.execution}=${executionId}`],
    ...["--label", `${LABELS.place}=${spec.place}`],
    ...["--label", `${LABELS.job}=${spec.environment.AWS_BATCH_JOB_ID ?? ""}`],
    ...(idFile === null ? [] : ["--cidfile", idFile]),
    // The engine keeps no second copy of the log.
    ...["--pull", "never", "--log-driver", "none"],
    // No swap: Fargate has none.
    ...["--memory", memory, "--memory-swap", memory, "--cpus", String(Math.min(spec.vcpus, vcpus))],
    ...(spec.user === null ? [] : ["--user", spec.user]),
    ...(spec.gpus === 0 || hasGpus !== true ? [] : ["--gpus", String(spec.gpus)]),
    ...(spec.sharedMemoryMiB === null ? [] : ["--shm-size", `${spec.sharedMemoryMiB}m`]),
    ...(spec.readonlyRootFilesystem ? ["--read-only"] : []),
    ...(spec.initProcess ? ["--init"] : []),
    ...spec.mounts.flatMap((mount) => ["--mount", mountOption(mount)]),
    ...Object.entries(spec.hosts).flatMap(([name, address]) => ["--add-host", `${name}:${address}`]),
    ...Object.entries(spec.environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...Object.keys(spec.secrets).flatMap((name) => ["--env", name]),
    spec.image,
    ...spec.command,
  ];
}

// --- internal ---

/** Returns the use of a container that ran out of memory: the last reading was some time before that. */
function usedUp({ memoryMiB }: ContainerSpec, usage: JobUsage | null): JobUsage {
  return { cpuSeconds: usage?.cpuSeconds ?? null, peakMemoryMiB: Math.max(usage?.peakMemoryMiB ?? 0, memoryMiB) };
}

/** Formats a mount as one line of CSV, which is how the CLI reads it. */
function mountOption({ host, container, readOnly }: Mount): string {
  const fields = ["type=bind", `source=${host}`, `target=${container}`, ...(readOnly ? ["readonly"] : [])];
  return fields.map((field) => (/[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");
}

/** Separates the output of a container from Docker's own message if it cannot start one. Both come from the CLI. */
class ContainerOutput {
  started = false;
  private readonly own: (readonly [text: string, bytes: Buffer])[] = [];

  constructor(private readonly listener: ContainerListener) {}

  get ownMessage(): string {
    return (
      this.own.find(([line]) => line.startsWith("docker: "))?.[0] ?? this.own.map(([line]) => line).join(" ")
    ).replace(/^docker: /, "");
  }

  start(): void {
    if (!this.started) {
      this.started = true;
      this.listener.started();
    }
  }

  readonly stdout: LineSink = (text, bytes) => {
    this.flush();
    this.listener.line(text, bytes);
  };

  readonly stderr: LineSink = (text, bytes) => {
    const mayBeOwn = this.own.length > 0 ? this.own.length < OWN_MESSAGE_LINES : /^(docker|WARNING): /.test(text);
    if (!this.started && mayBeOwn) this.own.push([text, bytes]);
    else this.stdout(text, bytes);
  };

  /** Releases the lines that were held back. The container has started, so the lines are its own. */
  flush(): void {
    this.start();
    if (this.own.length > 0) for (const line of this.own.splice(0)) this.listener.line(...line);
  }
}

interface ContainerState {
  readonly started: boolean;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
}

const STATE_FORMAT = "{{.State.StartedAt}} {{.State.ExitCode}} {{.State.OOMKilled}}";

function parseState(line: string): ContainerState {
  const [startedAt, code, outOfMemory] = line.split(" ");
  return { started: !startedAt!.startsWith("0001-"), exitCode: Number(code), outOfMemory: outOfMemory === "true" };
}
