/** Opens a shell in a job of a local run. */
import { UsageError } from "../../base/errors";
import { findExecutable } from "../../base/executables";
import { say } from "../../base/message";
import { printable } from "../../base/terminal-text";
import { isRunning, jobContainers, shellIn } from "../../local/engines/job-containers";
import { keptRuns } from "../../local/runs/find-run";
import type { Foreground, KeptRuns, Project, Terminal } from "../session";
import { chooseJob } from "./choose-job";

/** A job to enter, and the command to run instead of a shell. */
export interface ShellRequest {
  readonly job: string | undefined;
  /** The name of an execution. @default any that runs */
  readonly execution: string | undefined;
  readonly command: readonly string[];
}

/** Docker would detach from the shell at Ctrl-P Ctrl-Q, and would hold back each Ctrl-P. No shell needs these keys twice. */
const DETACH_KEYS = "ctrl-@,ctrl-@";

/** The exit code of a program that was killed, such as a shell with its container. */
const KILLED = 137;

/** Runs a shell or a command in the container of a job. Returns its exit code. */
export async function shellHere(
  { job: reference, execution, command }: ShellRequest,
  { environment, ask, stdout, stderr, inForeground, runsFolders }: Project & Terminal & Foreground & KeptRuns,
): Promise<number> {
  const docker = findExecutable(["docker"], environment.PATH);
  if (docker === undefined) throw new UsageError(NO_DOCKER);
  const containers = (await jobContainers(docker))
    .filter((one) => execution === undefined || one.execution === execution)
    .map((one) => ({ ...one, status: "RUNNING" as const }));
  const { container, place } = chooseJob(containers, reference, noneRuns(execution, runsFolders), command.length > 0);
  const program = command.length > 0 ? command : [await shellOf(docker, container, place)];
  const isTerminal = ask !== null && stdout.isTTY === true;
  const terminal = isTerminal ? ["--tty", "--detach-keys", DETACH_KEYS] : [];
  const code = await inForeground(docker, ["exec", "--interactive", ...terminal, container, ...program]);
  if (code === KILLED && !(await isRunning(container, docker))) {
    say(stderr, `the job ${printable(place)} has ended, and its container with it`);
  }
  return code;
}

// --- internal ---

const NO_DOCKER = "there is no command docker here, and a shell in a job of a local run needs it; install Docker";

async function shellOf(docker: string, container: string, place: string): Promise<string> {
  const shell = await shellIn(container, docker);
  if (shell !== null) return shell;
  const name = printable(place);
  if (!(await isRunning(container, docker))) throw new UsageError(`the job ${name} has ended; its container is gone`);
  throw new UsageError(
    `the image of the job ${name} has no shell; run one of its programs with \`npx workflow shell ${name} --local -- PROGRAM\``,
  );
}

function noneRuns(execution: string | undefined, folders: readonly string[]): string {
  const running = keptRuns(folders).filter(({ head }) => head.status === "RUNNING");
  const asProcess = running.find(({ head }) => head.engine === "process" && (execution ?? head.name) === head.name);
  if (asProcess !== undefined) {
    const name = printable(asProcess.head.name);
    return `the jobs of ${name} are plain processes of this machine, without a container to enter; \`ps\` lists them`;
  }
  const where = execution === undefined ? "" : ` of ${printable(execution)}`;
  return `no job${where} runs in a container of this machine; a job that waits has none yet. Leave out \`--local\` for AWS`;
}
