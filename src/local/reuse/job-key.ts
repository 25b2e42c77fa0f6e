/**
 * The key of a job: a hash of everything that its program can feel. Two jobs with the same key do the same work. The hash is salted,
 * because a short secret could be guessed from a plain one.
 *
 * Not in the key, because the program cannot feel them: the job's name and tags, the name of its definition, its roles and logs, its
 * time limit and its retries.
 */
import { hash } from "node:crypto";
import { type JobAdditions, jobMounts, jobVariables } from "../batch/job-additions";
import type { JobPlan } from "../batch/job-plan";

/** The surroundings that all jobs of a run share. */
export interface JobSurroundings {
  /** Random, and the same in all runs of a folder. */
  readonly salt: string;
  /** The kind of engine, and what its jobs get from this machine. */
  readonly machine: unknown;
  /** With the same values in each run: an address that differs from run to run has a word in its place. */
  readonly additions: JobAdditions;
}

/**
 * Returns the key of a job.
 *
 * @param program identifies the content of the job's image
 * @param folders identifies the content of the folders that the job sees beside its image
 */
export function jobKey(
  plan: JobPlan,
  program: string,
  folders: string,
  { salt, machine, additions }: JobSurroundings,
): string {
  const { definition, queue } = plan;
  const { environment, secrets } = jobVariables(
    { definition: definition.name, environment: plan.environment },
    additions,
    { AWS_BATCH_JQ_NAME: queue.name },
  );
  const felt = [
    ...[
      salt,
      FORMAT,
      machine,
      program,
      folders,
      definition.localCommand,
      plan.command,
      sorted(environment),
      sorted(secrets),
    ],
    ...[plan.vcpus, plan.memoryMiB, plan.gpus, definition.sharedMemoryMiB, definition.user],
    ...[definition.readonlyRootFilesystem, definition.initProcess],
    jobMounts(definition.mounts, additions).map(({ host, container, readOnly }) => [host, container, readOnly]),
  ];
  return hash("sha256", JSON.stringify(felt), "base64url");
}

// --- internal ---

/** Another number makes all earlier keys different. */
const FORMAT = 1;

function sorted(variables: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(variables).sort(([one], [other]) => (one < other ? -1 : 1));
}
