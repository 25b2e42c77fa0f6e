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

type Variables = Readonly<Record<string, string>>;

/** The parts of a key that are variables. */
export const VARIABLE_PARTS = ["terminal", "environment", "secrets"] as const satisfies readonly JobPart[];
export type VariablePart = (typeof VARIABLE_PARTS)[number];

/** The surroundings that all jobs of a run share. */
export interface JobSurroundings {
  /** Random, and the same in all runs of a folder. */
  readonly salt: string;
  /** Jobs see the files in `data/`, as processes do. */
  readonly seesData: boolean;
  /** The kind of engine. */
  readonly engine: unknown;
  /** The variables that the jobs get from the terminal of the user. */
  readonly terminal: Variables;
  /** With the same values in each run: an address that differs from run to run has a word in its place. */
  readonly additions: JobAdditions;
}

/** Kept of a digest: enough to see a change, and too few to guess a secret from. */
export const LETTERS = 3;

export interface JobKey {
  readonly key: string;
  /** The first letters of the digest of each part. */
  readonly parts: string;
  readonly variables: Readonly<Record<VariablePart, Variables>>;
}

/**
 * Returns the function that gives the key of a job.
 *
 * `program` identifies the content of the job's image, `folders` that of the folders that the job sees beside its image.
 */
export function jobKeys(surroundings: JobSurroundings): (plan: JobPlan, program: string, folders: string) => JobKey {
  const { salt } = surroundings;
  const sharedOf = sharedParts(surroundings);
  return (plan, program, folders) => {
    const shared = sharedOf(plan, program, folders);
    const command = digestOf(salt, "command", plan.command);
    return {
      key: hash("sha256", shared.key + command, "base64url"),
      parts: shared.parts + command.slice(0, LETTERS),
      variables: shared.variables,
    };
  };
}

/** Returns the letters of a part. */
export function lettersOf(parts: string, part: JobPart): string {
  const start = NAMES.indexOf(part) * LETTERS;
  return parts.slice(start, start + LETTERS);
}

/** Returns the parts that differ; `null` if one of the texts is of another version of this program. */
export function changedParts(parts: string, before: string): JobPart[] | null {
  if (before.length !== parts.length) return null;
  return NAMES.filter((part) => lettersOf(parts, part) !== lettersOf(before, part));
}

// --- internal ---

interface Felt extends JobSurroundings {
  readonly plan: JobPlan;
  readonly program: string;
  readonly folders: string;
  readonly variables: ReturnType<typeof jobVariables>;
}

/** The parts without the command, in which the jobs of a Map differ. */
const SHARED_PARTS: Readonly<Record<Exclude<JobPart, "command">, (felt: Felt) => unknown>> = {
  engine: ({ engine }) => engine,
  terminal: ({ terminal }) => terminal,
  image: ({ program }) => program,
  localCommand: ({ plan }) => plan.definition.localCommand,
  mountedFiles: ({ folders, seesData }) => (seesData ? null : folders),
  dataFiles: ({ folders, seesData }) => (seesData ? folders : null),
  mounts: ({ plan, additions }) =>
    jobMounts(plan.definition.mounts, additions).map(({ host, container, readOnly }) => [host, container, readOnly]),
  queue: ({ plan }) => plan.queue.name,
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

const NAMES = [...Object.keys(SHARED_PARTS), "command"] as JobPart[];

/** Returns the function that gives the key of the shared parts. Most jobs have those of the job before. */
function sharedParts(surroundings: JobSurroundings): (plan: JobPlan, program: string, folders: string) => JobKey {
  const { salt, terminal, additions } = surroundings;
  let last: { readonly facts: readonly unknown[]; readonly shared: JobKey } | null = null;
  return (plan, program, folders) => {
    const { definition, queue, environment, vcpus, memoryMiB, gpus } = plan;
    const facts = [definition, queue, environment, vcpus, memoryMiB, gpus, program, folders];
    if (last?.facts.every((fact, index) => fact === facts[index])) return last.shared;
    const variables = jobVariables({ definition: definition.name, environment }, additions, {});
    const felt = { ...surroundings, plan, program, folders, variables };
    const ofParts = Object.entries(SHARED_PARTS).map(([name, partOf]) => digestOf(salt, name, partOf(felt)));
    const shared: JobKey = {
      key: hash("sha256", ofParts.join(), "base64url"),
      parts: ofParts.map((digest) => digest.slice(0, LETTERS)).join(""),
      variables: { terminal, ...variables },
    };
    last = { facts, shared };
    return shared;
  };
}

function digestOf(salt: string, name: string, value: unknown): string {
  return hash("sha256", `${salt} ${name} ${JSON.stringify(value)}`, "base64url");
}

function sorted(variables: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(variables).sort(([one], [other]) => (one < other ? -1 : 1));
}
