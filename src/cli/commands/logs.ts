import type { StatesDocument } from "../../asl/document";
import { UsageError } from "../../base/errors";
import { suggest } from "../../base/suggest";
import { printable } from "../../base/terminal-text";
import { type EventSink, type JobStatus, placeName } from "../../execution/events";
import { defineCommand, toggle, valued } from "../define-command";
import { findExecution } from "../find-execution";
import { ANYWHERE, LATEST_EXECUTION } from "../flags";
import { printJson } from "../printing";
import { readExecution } from "../read-execution";

export const logs = defineCommand({
  name: "logs",
  description: "print the output of the jobs of an execution",
  arguments: { execution: LATEST_EXECUTION },
  flags: {
    ...ANYWHERE,
    state: valued("state", "only the jobs of this state, such as step2_job or step2_job[0]"),
    failed: toggle("only the jobs that failed"),
    follow: toggle("follow until the execution ends"),
    json: toggle("print them as one JSON document"),
  },
  action: async ({ execution: reference, state, failed, follow, json, ...where }, session) => {
    const execution = await findExecution(reference, where, session);
    if (state !== undefined) await refuseUnknownState(state, await execution.definition());
    const { stdout, stderr } = session;
    const jobs = new Map<string, JobLog>();
    let lines = 0;
    const print = ({ name }: JobLog, line: string) => {
      lines += 1;
      stdout.write(`${printable(name)} │ ${printable(line, Infinity)}\n`);
    };
    const sink = jobLogs(state, jobs, json ? ({ log }, line) => log.push(line) : print);
    await readExecution(execution, { sink, logs: failed ? "failed" : "all", follow }, session);
    const shown = [...jobs.values()].filter(({ status }) => !failed || status === "FAILED");
    if (json) printJson(session, shown);
    else if (shown.length === 0) stderr.write(`no job${failed ? " has failed" : " was started"}\n`);
    else if (lines === 0) stderr.write("the jobs wrote nothing\n");
  },
});

/** A job and its output. */
interface JobLog {
  readonly state: string;
  readonly indices: readonly number[];
  readonly name: string;
  readonly id: string;
  status: JobStatus;
  readonly log: string[];
}

/** Collects the jobs of a state, or all jobs, and hands their lines to `write`. */
function jobLogs(
  state: string | undefined,
  jobs: Map<string, JobLog>,
  write: (job: JobLog, line: string) => void,
): EventSink {
  return (event) => {
    if (event.type === "job-submitted") {
      const { indices, jobId, jobName } = event;
      const place = placeName(event);
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

/** @throws UsageError if the document has no such state */
async function refuseUnknownState(text: string, document: StatesDocument): Promise<void> {
  const { walkStates } = await import("../../asl/document");
  const names = [...walkStates(document)].map(({ name }) => name);
  const name = text.replace(/(\[\d+\])+$/, "");
  if (names.includes(text) || names.includes(name)) return;
  throw new UsageError(`\`--state\` must be a state of the workflow, got: ${text}; ${suggest(name, names, "states")}`);
}
