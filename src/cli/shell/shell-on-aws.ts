/** Opens a shell in a job on AWS, with ECS Exec. */
import { readTaskArn } from "../../aws/job-description";
import { UsageError } from "../../base/errors";
import { findExecutable } from "../../base/executables";
import { printable } from "../../base/terminal-text";
import { shellWord } from "../../execution/docker-run";
import { type EventSink, placeName } from "../../execution/events";
import type { Values } from "../define-command";
import { type Deployed, findDeployed, findOne } from "../deployed";
import { deployedExecution } from "../deployed-execution";
import type { ON_AWS } from "../flags";
import { readExecution } from "../read-execution";
import type { AwsAccess, Foreground, Project, Terminal, Timed } from "../session";
import { chooseJob, type NamedJob, notRunning } from "./choose-job";
import { howToInstall } from "./install-advice";
import type { ShellRequest } from "./shell-here";

type ShellSession = Project & Terminal & Timed & AwsAccess & Foreground;

/** The id of a job, or of a child of an array job. */
const JOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:\d+)?$/;

/** Batch gives the only container of a job this name. It is part of the name of the log stream, too. */
const CONTAINER = "default";

/** The best shell of the image. The agent of ECS Exec splits a command into words as a shell does. */
const BEST_SHELL = "sh -c 'command -v bash >/dev/null && exec bash; exec sh'";

/**
 * Runs a shell or a command in the container of a job. Returns the exit code of the AWS CLI, which does not tell that of the command.
 *
 * @throws UsageError if the job cannot be entered, or a program is missing
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export async function shellOnAws(
  { job: reference, execution, command, ...onAws }: ShellRequest & Values<typeof ON_AWS>,
  session: ShellSession,
): Promise<number> {
  const { ask, stdout, environment, inForeground } = session;
  if (ask === null || stdout.isTTY !== true) {
    throw new UsageError("on AWS, `shell` needs a terminal, because ECS Exec does; run it in one");
  }
  const [cli] = ["aws", "session-manager-plugin"].map((program) => programOf(program, environment));
  const { deployed, id } =
    reference !== undefined && JOB_ID.test(reference)
      ? { deployed: await findDeployed(onAws, session), id: reference }
      : await findJob({ reference, hasCommand: command.length > 0 }, execution ?? "latest", onAws, session);
  const { aws, clients, region } = deployed;
  const { status, name, taskArn, isExecEnabled, arraySize } = await aws.describeTask(clients, id);
  if (arraySize !== null) {
    throw new UsageError(
      `the job ${printable(name)} is an array of ${arraySize} jobs; name one of them, such as ${id}:0`,
    );
  }
  if (status !== "RUNNING") throw notRunning({ place: name, status });
  if (!isExecEnabled) {
    throw new UsageError(
      `the job ${printable(name)} does not allow a shell; set \`exec\` of the job to true in cdktf.json and deploy. Jobs that start then allow it`,
    );
  }
  if (taskArn === null)
    throw new UsageError(`AWS names no task of the job ${printable(name)} yet; try again in a moment`);
  const cluster = readTaskArn(taskArn)?.cluster;
  return inForeground(cli!, [
    ...["ecs", "execute-command", "--region", region],
    ...(cluster === undefined ? [] : ["--cluster", cluster]),
    ...["--task", taskArn, "--container", CONTAINER, "--interactive"],
    ...["--command", command.length === 0 ? BEST_SHELL : command.map(shellWord).join(" ")],
  ]);
}

// --- internal ---

/** @throws UsageError if the program is not installed */
function programOf(program: string, { PATH }: NodeJS.ProcessEnv): string {
  const path = findExecutable([program], PATH);
  if (path !== undefined) return path;
  throw new UsageError(howToInstall(program, findExecutable(["dpkg"], PATH) !== undefined));
}

/** Finds a job by its name or state in an execution that runs. */
async function findJob(
  { reference, hasCommand }: { readonly reference: string | undefined; readonly hasCommand: boolean },
  executionReference: string,
  onAws: Values<typeof ON_AWS>,
  session: ShellSession,
): Promise<{ readonly deployed: Deployed; readonly id: string }> {
  const { deployed, execution } = await findOne(executionReference, onAws, session);
  const name = printable(execution.name);
  if (execution.status !== "RUNNING") {
    throw new UsageError(`the execution ${name} has ended: ${execution.status}; only a running job can be entered`);
  }
  const jobs = new Map<string, NamedJob>();
  const sink: EventSink = (event) => {
    if (event.type === "job-submitted") {
      const { jobId: id, jobName } = event;
      jobs.set(id, { id, name: jobName, place: placeName(event), status: "SUBMITTED" });
    } else if (event.type === "job-status") {
      const job = jobs.get(event.jobId);
      if (job !== undefined) jobs.set(job.id, { ...job, status: event.status });
    }
  };
  await readExecution(deployedExecution(deployed, execution), { sink, logs: "none" }, session);
  const { id } = chooseJob(
    [...jobs.values()].reverse(),
    reference,
    `no job of the execution ${name} is running`,
    hasCommand,
  );
  return { deployed, id };
}
