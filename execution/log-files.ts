/** Keeps all that the jobs of an execution write, in a file for each. */
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { EventSink } from "./events";

/**
 * Writes each job's lines to `<folder>/<job's name>.<job's id>.log`; a folder that is there. Where that fails, `failed` is told once,
 * and nothing more is kept.
 */
export function keepLogs(folder: string, failed: (message: string) => void): EventSink {
  const names = new Map<string, string>();
  const files = new Map<string, number>();
  let isBroken = false;

  const write = (jobId: string, line: string) => {
    const file = files.get(jobId) ?? openSync(join(folder, `${names.get(jobId)}.${jobId}.log`), "a");
    files.set(jobId, file);
    writeSync(file, `${line}\n`);
  };
  const close = (jobId: string) => {
    const file = files.get(jobId);
    if (file !== undefined) closeSync(file);
    files.delete(jobId);
  };
  return (event) => {
    if (isBroken) return;
    try {
      if (event.type === "job-submitted") names.set(event.jobId, event.jobName);
      else if (event.type === "job-log") write(event.jobId, event.line);
      else if (event.type === "job-status" && ["SUCCEEDED", "FAILED"].includes(event.status)) close(event.jobId);
    } catch (error) {
      isBroken = true;
      for (const jobId of files.keys()) close(jobId);
      failed(`the logs are not kept: ${(error as Error).message}`);
    }
  };
}
