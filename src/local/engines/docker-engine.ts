import { setMaxListeners } from "node:events";
import { type ChildOptions, runChild } from "../../base/children";
import { type Clock, systemClock } from "../../base/clock";
import { UsageError } from "../../base/errors";
import { type LineSink, readLines } from "../../base/log-lines";
import type { Container, ContainerEnd, ContainerListener, ContainerSpec, Engine } from "./engine";

/** There is no Docker engine where one is needed, or it cannot build an image. */
export class EngineError extends UsageError {
  override readonly name = "EngineError";
}

export interface DockerEngineOptions {
  /** The value of the label `workflow.execution` of every container. */
  readonly executionId: string;
  /** What the machine of the engine has: Docker refuses a container that asks for more. */
  readonly vcpus: number;
  /** @default "docker", the Docker CLI */
  readonly docker?: string;
  /** @default the machine's */
  readonly clock?: Clock;
}

const PROBE_MILLISECONDS = 1500;
const START_POLL_MILLISECONDS = 500;
const KILL_RETRY_MILLISECONDS = 100;
/** An engine that takes longer for `inspect`, `kill` or `rm` does not answer any more. */
const COMMAND_MILLISECONDS = 60_000;
/** Docker takes no less; Batch takes 4. */
const MINIMUM_MEMORY_MIB = 6;
/** Of the output of a command of the CLI: the last lines. */
const KEPT_LINES = 40;
/** Docker's own message is never longer. */
const OWN_MESSAGE_LINES = 8;
/** The label of every image that is built here. */
const LOCAL_IMAGE = "workflow.image=local";
const NO_IMAGE = /no such image|image not known|unable to find image/i;
const HOST_LOST: ContainerEnd = { kind: "host-lost", statusReason: "Host EC2 (instance docker) terminated." };

/**
 * Runs containers through the Docker CLI, so that contexts, remote engines and Docker's stand-ins work as they do for the user.
 *
 * Neither `--init` nor `-t`: Batch gives a job neither, so a process that ignores SIGTERM as number 1 does so here too.
 * Not `--rm` but `docker rm` at the end, which takes no longer: a container that failed is looked at first, to tell its exit
 * code from Docker's own 125 to 127 and to see whether it ran out of memory.
 */
export class DockerEngine implements Engine {
  readonly name = "docker";
  private readonly options: DockerEngineOptions;
  private readonly docker: string;
  private readonly clock: Clock;
  private readonly closed = new AbortController();

  constructor(options: DockerEngineOptions) {
    // As many listen as containers run: no leak.
    setMaxListeners(0, this.closed.signal);
    this.options = options;
    this.docker = options.docker ?? "docker";
    this.clock = options.clock ?? systemClock;
  }

  run(spec: ContainerSpec, listener: ContainerListener): Container {
    const over = new AbortController();
    const output = new ContainerOutput(listener);
    const asides = [this.awaitStart(spec.name, output, over.signal)];
    const ended = start(this.docker, runArguments(spec, this.options), output, this.limits()).then(async (code) => {
      over.abort();
      const end = await this.end(spec.name, code, output);
      if (end.kind === "exited") output.flush();
      await this.command("rm", "--force", "--volumes", spec.name);
      await Promise.all(asides);
      return end;
    });
    return { ended, kill: (signal) => void asides.push(this.kill(spec.name, signal, over.signal)) };
  }

  close(): void {
    this.closed.abort();
  }

  /** Docker does not say when a container starts: its first output does, or a look at it now and then. */
  private async awaitStart(name: string, output: ContainerOutput, over: AbortSignal): Promise<void> {
    for (;;) {
      await this.clock.sleep(START_POLL_MILLISECONDS, over);
      if (over.aborted || output.started) return;
      const { state } = await this.inspect(name);
      if (state?.started && !over.aborted) output.start();
    }
  }

  /** A container that is still being created cannot be signalled: it is tried until it can, or has ended. */
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
    if (!answered) return HOST_LOST;
    if (!output.started && !state?.started) {
      const message = output.ownMessage;
      const step = state !== null ? "Start" : NO_IMAGE.test(message) ? "Pull" : "Create";
      return { kind: "not-started", reason: `Cannot${step}ContainerError: ${message}` };
    }
    // The CLI has lost a container that goes on, or went on: the engine was stopped or restarted in mid-run.
    if (state !== null && state.exitCode !== code) return HOST_LOST;
    return { kind: "exited", exitCode: code, outOfMemory: state?.outOfMemory ?? false };
  }

  private async inspect(name: string): Promise<{ answered: boolean; state: ContainerState | null }> {
    const { code, lines } = await this.command("inspect", "--type", "container", "--format", STATE_FORMAT, name);
    if (code === 0) return { answered: true, state: parseState(lines[0]!) };
    return { answered: lines.some((line) => /no such (container|object)/i.test(line)), state: null };
  }

  private command(...args: string[]): Promise<CommandEnd> {
    return command(this.docker, args, { ...this.limits(), milliseconds: COMMAND_MILLISECONDS });
  }

  private limits(): Limits {
    return { signal: this.closed.signal };
  }
}

/** The arguments of the Docker CLI that run a container and stay until it ends. */
export function runArguments(
  spec: ContainerSpec,
  { executionId, vcpus }: Pick<DockerEngineOptions, "executionId" | "vcpus">,
): string[] {
  const memory = `${Math.max(spec.memoryMiB, MINIMUM_MEMORY_MIB)}m`;
  return [
    "run",
    ...["--name", spec.name, "--label", `workflow.execution=${executionId}`],
    // The engine keeps no second copy of the log, which nobody would read.
    ...["--pull", "never", "--log-driver", "none"],
    // No swap: Fargate has none.
    ...["--memory", memory, "--memory-swap", memory, "--cpus", String(Math.min(spec.vcpus, vcpus))],
    ...(spec.user === null ? [] : ["--user", spec.user]),
    ...(spec.readonlyRootFilesystem ? ["--read-only"] : []),
    ...Object.entries(spec.environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    spec.image,
    ...spec.command,
  ];
}

/**
 * Tells whether a Docker engine answers, and if not, why. Takes no longer than it may: an unreachable DOCKER_HOST would take
 * minutes. Never throws.
 */
export async function findDockerEngine(
  docker = "docker",
  milliseconds = PROBE_MILLISECONDS,
  signal?: AbortSignal,
): Promise<{ readonly version: string; readonly vcpus: number } | { readonly whyNot: string }> {
  const startedAt = performance.now();
  const { code, lines } = await command(docker, ["info", "--format", "{{.ServerVersion}} {{.NCPU}}"], {
    signal,
    milliseconds,
  });
  if (code === CLI_MISSING) return { whyNot: `there is no command ${docker}` };
  if (performance.now() - startedAt >= milliseconds)
    return { whyNot: `docker info did not end within ${milliseconds / 1000} s` };
  // Where no engine answers, the CLI prints an empty version all the same, and old ones end with 0.
  for (const line of lines) {
    const [, version, vcpus] = /^(\S+) ([1-9]\d*)$/.exec(line) ?? [];
    if (version !== undefined) return { version, vcpus: Number(vcpus) };
  }
  return { whyNot: lines.find((line) => /[a-z]/i.test(line)) ?? "docker info said nothing" };
}

/** What an image is built from. */
export interface ImageBuild {
  /** The build context: an absolute folder. */
  readonly context: string;
  /** Such as `linux/amd64`. */
  readonly platform: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

interface BuildOptions {
  /** @default "docker", the Docker CLI */
  readonly docker?: string;
  readonly signal?: AbortSignal;
  /** Takes `null` when a build begins, then each line that it prints. */
  readonly tell?: (line: string | null) => void;
}

/**
 * Builds an image unless the engine has it; resolves to whether it was built, which it is not where `signal` stops that.
 * Throws `EngineError` with the last lines of a build that failed.
 */
export async function ensureImage(
  tag: string,
  { context, platform, buildArgs = {} }: ImageBuild,
  { docker = "docker", signal, tell = () => {} }: BuildOptions = {},
): Promise<boolean> {
  const { code: missing } = await command(docker, ["image", "inspect", "--format", "{{.Id}}", tag], { signal });
  if (missing === 0 || signal?.aborted) return false;
  tell(null);
  const { code, lines } = await command(
    docker,
    [
      // The older builder leaves the container of a step that fails.
      ...["build", "--force-rm", "--tag", tag, "--platform", platform],
      // So that images of earlier builds can be found and removed.
      ...["--label", LOCAL_IMAGE],
      ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
      context,
    ],
    { signal },
    tell,
  );
  if (signal?.aborted) return false;
  if (code !== 0) {
    throw new EngineError(
      `image ${tag} cannot be built from ${context}: docker build ended with ${code}\n${lines.join("\n")}`,
    );
  }
  return true;
}

// --- internal ---

/** What a container writes, kept apart from what Docker itself says when it cannot start one: both come from the CLI. */
class ContainerOutput {
  started = false;
  private readonly own: (readonly [text: string, bytes: Buffer])[] = [];
  private readonly listener: ContainerListener;

  constructor(listener: ContainerListener) {
    this.listener = listener;
  }

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

  /** The container has started: what was kept back was its own output. */
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

interface CommandEnd {
  readonly code: number;
  /** The last lines of both outputs. */
  readonly lines: readonly string[];
}

/** What ends a command of the CLI before its time. */
type Limits = Pick<ChildOptions, "signal" | "milliseconds">;

/** Runs a command of the CLI to its end, or kills it. Never rejects. */
async function command(
  docker: string,
  args: readonly string[],
  limits?: Limits,
  tell: (line: string) => void = () => {},
): Promise<CommandEnd> {
  const lines: string[] = [];
  const keep = (line: string) => {
    if (line.trim() !== "") tell(line);
    if (lines.push(line) > KEPT_LINES) lines.shift();
  };
  const code = await start(docker, args, { stdout: keep, stderr: keep }, limits);
  return { code, lines };
}

/** Runs the CLI; resolves to its exit code, that of a missing command where it cannot be started. Never rejects. */
async function start(
  docker: string,
  args: readonly string[],
  output: { readonly stdout: LineSink; readonly stderr: LineSink },
  limits: Limits = {},
): Promise<number> {
  const read: ChildOptions["read"] = ({ stdout, stderr }) => {
    readLines(stdout, output.stdout);
    readLines(stderr, output.stderr);
  };
  try {
    return await runChild(docker, args, { ...limits, read });
  } catch (error) {
    output.stderr(`docker: ${(error as Error).message}`, Buffer.alloc(0));
    return CLI_MISSING;
  }
}

/** As a shell's for a command that is not there. */
const CLI_MISSING = 127;
