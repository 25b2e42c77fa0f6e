/** Shows afterwards what happened in an execution on AWS: the logs of its jobs, or a report. */

import { type StatesDocument, walkStates } from "../../asl/document";
import type { AwsExecution } from "../../aws/executions";
import type { Clock } from "../../base/clock";
import { UsageError } from "../../base/errors";
import { say } from "../../base/message";
import { suggest } from "../../base/suggest";
import { printable } from "../../base/terminal-text";
import type { EventSink, ExecutionEvent, JobStatus } from "../../execution/events";
import { type Deployed, type DeployedOptions, definitionOf, executionConsole } from "../deployed";
import { findOne } from "../follow";
import { printJson, type Surroundings, sayWritten } from "../surroundings";
import { reports, writeReport } from "../views";

export interface LogsOptions extends DeployedOptions {
  /** A state's name, with or without the items that it runs for: `step2_job[0]`. */
  readonly state?: string;
  readonly failed?: true;
  readonly follow?: true;
  readonly json?: true;
}

export interface ReportOptions extends DeployedOptions {
  readonly json?: true;
  readonly force?: true;
}

/** Prints what the jobs wrote: so far, or until the execution ends; gives the exit code. */
export async function logs(reference: string, options: LogsOptions, surroundings: Surroundings): Promise<number> {
  const { deployed, execution } = await findOne(reference, options, surroundings);
  if (options.state !== undefined) refuseUnknownState(options.state, await definitionOf(deployed, execution));
  const { stdout, stderr } = surroundings;
  const jobs = new Map<string, JobLog>();
  let lines = 0;
  const print = ({ name }: JobLog, line: string) => {
    lines += 1;
    stdout.write(`${printable(name)} │ ${printable(line, Infinity)}\n`);
  };
  const sink = jobLogs(options, jobs, options.json ? ({ log }, line) => log.push(line) : print);
  await read(
    deployed,
    execution,
    { sink, logs: options.failed ? "failed" : "all", follow: options.follow },
    surroundings,
  );
  const shown = [...jobs.values()].filter(({ status }) => !options.failed || status === "FAILED");
  if (options.json) printJson(surroundings, shown);
  else if (shown.length === 0) stderr.write(`no job${options.failed ? " has failed" : " was started"}\n`);
  else if (lines === 0) stderr.write("nothing was written\n");
  return 0;
}

/** Writes a report of what has happened; gives the exit code. */
export async function report(
  reference: string,
  file: string,
  options: ReportOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { deployed, execution } = await findOne(reference, options, surroundings);
  const document = await definitionOf(deployed, execution);
  const collected = reports().collectReport(document, { place: executionConsole(deployed.region, execution) });
  await read(deployed, execution, { sink: collected.sink, logs: "all" }, surroundings);
  await writeReport(collected.report(), { option: "file", path: file, force: options.force ?? false });
  if (options.json) printJson(surroundings, { file, arn: execution.arn, name: execution.name });
  else sayWritten("report", file, surroundings);
  return 0;
}

// --- internal ---

/** A job, and what it wrote. */
interface JobLog {
  readonly state: string;
  readonly indices: readonly number[];
  readonly name: string;
  readonly id: string;
  status: JobStatus;
  readonly log: string[];
}

function jobLogs(
  { state }: LogsOptions,
  jobs: Map<string, JobLog>,
  write: (job: JobLog, line: string) => void,
): EventSink {
  return (event: ExecutionEvent) => {
    if (event.type === "job-submitted") {
      const { indices, jobId, jobName } = event;
      const place = event.state + indices.map((index) => `[${index}]`).join("");
      if (state !== undefined && state !== event.state && state !== place) return;
      jobs.set(jobId, { state: event.state, indices, name: jobName, id: jobId, status: "SUBMITTED", log: [] });
      return;
    }
    const job = "jobId" in event ? jobs.get(event.jobId) : undefined;
    if (job === undefined) return;
    if (event.type === "job-status") job.status = event.status;
    if (event.type === "job-log") write(job, event.line);
  };
}

interface Reading {
  readonly sink: EventSink;
  readonly logs: "all" | "failed";
  /** Whether to go on until the execution ends. */
  readonly follow?: true | undefined;
}

/** Of one that runs, what there is so far is there when nothing new has come for so long. */
const QUIET_SECONDS = 3;
/** In all, where jobs write on and on. */
const LONGEST_SECONDS = 30;

/** Reads an execution that has ended, or one that runs as far as it is. */
async function read(
  { aws, clients }: Deployed,
  execution: AwsExecution,
  { sink, logs, follow }: Reading,
  { clock, stdout, stderr, onInterrupt }: Surroundings,
): Promise<void> {
  const enough = new AbortController();
  const stop = () => enough.abort();
  const stopListening = onInterrupt(stop);
  // A reader that has gone, such as `head`, wants no more lines.
  stdout.once("error", stop);
  let newsAt = clock.now();
  const emit: EventSink = (event) => {
    newsAt = clock.now();
    if (event.type === "notice") say(stderr, event.message);
    else sink(event);
  };
  const until = newsAt + LONGEST_SECONDS * 1000;
  const impatient: Clock = {
    now: () => clock.now(),
    every: (milliseconds, callback) => clock.every(milliseconds, callback),
    sleep: async (milliseconds, signal) => {
      await clock.sleep(milliseconds, signal);
      if (clock.now() >= Math.min(newsAt + QUIET_SECONDS * 1000, until)) enough.abort();
    },
  };
  const isOver = execution.status !== "RUNNING";
  const patience = isOver || follow ? clock : impatient;
  try {
    await aws.watchExecution(clients, execution.arn, { emit, clock: patience, signal: enough.signal, logs });
  } finally {
    stopListening();
    stdout.off("error", stop);
  }
}

/** @throws UsageError when the document has no such state */
function refuseUnknownState(text: string, document: StatesDocument): void {
  const names = [...walkStates(document)].map(({ name }) => name);
  const name = text.replace(/(\[\d+\])+$/, "");
  if (names.includes(text) || names.includes(name)) return;
  throw new UsageError(`\`--state\` must be a state of the workflow, got: ${text}; ${suggest(name, names, "states")}`);
}
