/** The Docker CLI as a child process. */
import { type ChildOptions, runChild } from "../../base/children";
import { type LineSink, readLines } from "../../base/log-lines";

const PROBE_MILLISECONDS = 1500;
/** The last lines of a command's output are kept. */
const KEPT_LINES = 40;
const INFO_FORMAT = "{{.ServerVersion}} {{.NCPU}} {{range $name, $_ := .Runtimes}}{{$name}},{{end}}";
/** The exit code of a shell for a missing command. */
const CLI_MISSING = 127;

/** The end of a command of the CLI. */
export interface CommandEnd {
  readonly code: number;
  /** The last lines of both outputs. */
  readonly lines: readonly string[];
}

/** Limits that kill a command of the CLI. */
export type Limits = Pick<ChildOptions, "signal" | "milliseconds">;

/** Limits, and the environment of the CLI. */
type RunOptions = Limits & Pick<ChildOptions, "env">;

/** Runs a command of the CLI to its end, or kills it. `tell` receives each line. Never rejects. */
export async function runCommand(
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
  const code = await runDocker(docker, args, { stdout: keep, stderr: keep }, limits);
  return { code, lines };
}

/** Runs the CLI and resolves to its exit code: `CLI_MISSING` if it cannot be started. Never rejects. */
export async function runDocker(
  docker: string,
  args: readonly string[],
  output: { readonly stdout: LineSink; readonly stderr: LineSink },
  options: RunOptions = {},
): Promise<number> {
  const read: ChildOptions["read"] = ({ stdout, stderr }) => {
    readLines(stdout, output.stdout);
    readLines(stderr, output.stderr);
  };
  try {
    return await runChild(docker, args, { ...options, read });
  } catch (error) {
    output.stderr(`docker: ${(error as Error).message}`, Buffer.alloc(0));
    return CLI_MISSING;
  }
}

/**
 * Returns whether a variable changes what the CLI, or any program in Go, does. The usual names for the login of a registry do not.
 *
 * @see https://docs.docker.com/reference/cli/docker/#environment-variables
 */
export function isReadByDocker(variable: string): boolean {
  return /^(PATH|HOME|DOCKER_(?!(USER|USERNAME|PASSWORD|TOKEN)$).*|LD_.*|GO[A-Z]*|SSL_CERT_.*)$/.test(variable);
}

/** A Docker engine that answers. */
export interface FoundEngine {
  readonly version: string;
  readonly vcpus: number;
  /** True if it has the runtime for NVIDIA's GPUs. */
  readonly hasGpus: boolean;
}

/** Looks for a Docker engine. The time limit matters for an unreachable DOCKER_HOST, which takes minutes. Never throws. */
export async function findDockerEngine(
  docker = "docker",
  milliseconds = PROBE_MILLISECONDS,
  signal?: AbortSignal,
): Promise<FoundEngine | { readonly whyNot: string }> {
  const startedAt = performance.now();
  const { code, lines } = await runCommand(docker, ["info", "--format", INFO_FORMAT], {
    signal,
    milliseconds,
  });
  if (code === CLI_MISSING) return { whyNot: `there is no command ${docker}` };
  if (performance.now() - startedAt >= milliseconds)
    return { whyNot: `docker info did not end within ${milliseconds / 1000} s` };
  // Without an engine, the CLI prints an empty version, and old CLIs end with 0.
  for (const line of lines) {
    const [, version, vcpus, runtimes] = /^(\S+) ([1-9]\d*) ?(\S*)$/.exec(line) ?? [];
    if (version !== undefined) {
      return { version, vcpus: Number(vcpus), hasGpus: runtimes!.split(",").includes("nvidia") };
    }
  }
  return { whyNot: lines.find((line) => /[a-z]/i.test(line)) ?? "docker info said nothing" };
}
