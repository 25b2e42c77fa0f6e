/**
 * The key of a job: a hash of everything that its program can feel. Two jobs with the same key do the same work. The hash is salted,
 * because a short secret could be guessed from a plain one.
 *
 * Not in the key, because the program cannot feel them: the job's name and tags, the name of its definition, its roles and logs, its
 * time limit and its retries.
 */
import { hash } from "node:crypto";
import type { JobPart } from "../../execution/not-reused";
import { type JobAdditions, jobMounts, jobVariables } from "../batch/job-additions";
import type { JobPlan } from "../batch/job-plan";

/** The surroundings that all jobs of a run share. */
export interface JobSurroundings {
  /** Random, and the same in all runs of a folder. */
  readonly salt: string;
  /** Jobs see the files in `data/`, as processes do. */
  readonly seesData: boolean;
  /** The kind of engine. */
  readonly engine: unknown;
  /** The variables that the jobs get from the terminal of the user. */
  readonly terminal: unknown;
  /** With the same values in each run: an address that differs from run to run has a word in its place. */
  readonly additions: JobAdditions;
}

export interface JobKey {
  readonly key: string;
  /** A few letters for each part of the key, which change with it. They are too short to guess a secret from. */
  readonly parts: string;
}

/**
 * Returns the function that gives the key of a job.
 *
 * `program` identifies the content of the job's image, `folders` that of the folders that the job sees beside its image.
 */
export function jobKeys(surroundings: JobSurroundings): (plan: JobPlan, program: string, folders: string) => JobKey {
  const { salt, additions } = surroundings;
  const digests = Object.entries(PARTS).map(([name, partOf]) => ({ partOf, digest: digester(`${salt} ${name} `) }));
  return (plan, program, folders) => {
    const variables = jobVariables({ definition: plan.definition.name, environment: plan.environment }, additions, {});
    const felt = { ...surroundings, plan, program, folders, variables };
    const ofParts = digests.map(({ partOf, digest }) => digest(partOf(felt)));
    return {
      key: hash("sha256", [salt, FORMAT, ...ofParts].join(), "base64url"),
      parts: ofParts.map((digest) => digest.slice(0, LETTERS)).join(""),
    };
  };
}

/** Returns the parts that differ; `null` if one of the texts is of another version of this program. */
export function changedParts(parts: string, before: string): JobPart[] | null {
  const names = Object.keys(PARTS) as JobPart[];
  if (before.length !== names.length * LETTERS) return null;
  const letters = (text: string, index: number) => text.slice(index * LETTERS, (index + 1) * LETTERS);
  return names.filter((_, index) => letters(parts, index) !== letters(before, index));
}

// --- internal ---

/** Another number makes all earlier keys different. */
const FORMAT = 2;
const LETTERS = 4;

interface Felt extends JobSurroundings {
  readonly plan: JobPlan;
  readonly program: string;
  readonly folders: string;
  readonly variables: ReturnType<typeof jobVariables>;
}

const PARTS: Readonly<Record<JobPart, (felt: Felt) => unknown>> = {
  engine: ({ engine }) => engine,
  terminal: ({ terminal }) => terminal,
  image: ({ program }) => program,
  localCommand: ({ plan }) => plan.definition.localCommand,
  mountedFiles: ({ folders, seesData }) => (seesData ? null : folders),
  dataFiles: ({ folders, seesData }) => (seesData ? folders : null),
  mounts: ({ plan, additions }) =>
    jobMounts(plan.definition.mounts, additions).map(({ host, container, readOnly }) => [host, container, readOnly]),
  queue: ({ plan }) => plan.queue.name,
  command: ({ plan }) => plan.command,
  environment: ({ variables }) => sorted(variables.environment),
  secrets: ({ variables }) => sorted(variables.secrets),
  vcpus: ({ plan }) => plan.vcpus,
  memoryMiB: ({ plan }) => plan.memoryMiB,
  gpus: ({ plan }) => plan.gpus,
  sharedMemoryMiB: ({ plan }) => plan.definition.sharedMemoryMiB,
  user: ({ plan }) => plan.definition.user,
  readonlyRootFilesystem: ({ plan }) => plan.definition.readonlyRootFilesystem,
  initProcess: ({ plan }) => plan.definition.initProcess,
};

/** Returns the function that gives the digest of a value. Most parts of a job are those of the job before. */
function digester(start: string): (value: unknown) => string {
  let last: { value: unknown; readonly text: string; readonly digest: string } | null = null;
  return (value) => {
    if (last !== null && value === last.value) return last.digest;
    const text = start + JSON.stringify(value);
    if (text === last?.text) last.value = value;
    else last = { value, text, digest: hash("sha256", text, "base64url") };
    return last.digest;
  };
}

function sorted(variables: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(variables).sort(([one], [other]) => (one < other ? -1 : 1));
}
