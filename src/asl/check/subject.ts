import type { JsonObject } from "../../base/json";
import type { ComputeLimits, JobSize } from "../compute-sizes";
import { type StateLocation, type StatesDocument, walkStates } from "../document";
import { usesJsonata } from "../query-language";
import { ANYTHING, shapeOfSchema } from "./data/data-shape";
import { type DataFlow, followData } from "./data/state-data";

/** The document to check, and the facts that the check uses. */
export interface CheckInput {
  /** The document, with its placeholders not filled in. */
  readonly document: StatesDocument;
  /** JSON Schema of the input of an execution; `null` if there is none. */
  readonly inputSchema: JsonObject | null;
  /** `null`: the document belongs to no project, so every placeholder is text. */
  readonly placeholders: {
    /** Placeholders that always have a value and may stay unused. */
    readonly known: readonly string[];
    /** One placeholder for each job. An unused one is a problem. */
    readonly expected: readonly string[];
    /** Returns the job that a placeholder would name; `null` if no job can have that name. */
    readonly jobOf: (placeholder: string) => string | null;
    /** Returns how the settings would give a value to a placeholder, as a command; `null` if only `substitutions` can. */
    readonly settingOf: (placeholder: string) => string | null;
  } | null;
  /** The job definitions by placeholder. */
  readonly jobDefinitions: Readonly<Record<string, CheckedJob>>;
  /** The job queues by placeholder. `null`: the document belongs to no project. */
  readonly queues: Readonly<Record<string, CheckedQueue>> | null;
  /** True if the check also refuses what the local run cannot do. */
  readonly local: boolean;
  /** The new objects that start the workflow: those in the bucket, under all its names, whose keys start with `prefix`. @default none */
  readonly startedBy?: { readonly buckets: readonly string[]; readonly prefix: string };
  /** The names of the states with a mock: the local run calls no service for them. @default none */
  readonly mocked?: ReadonlySet<string>;
}

/** The placeholder of the workflow's queue, for the jobs without compute of their own. */
export const WORKFLOW_QUEUE = "JobQueueArn";

/** A job queue, as far as the check knows it. */
export interface CheckedQueue extends ComputeLimits {
  readonly architecture: string;
}

/** A job definition, as far as the check knows it. */
export interface CheckedJob extends JobSize {
  readonly command: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Secrets by variable. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly gpus: number | null;
  /** The placeholder of the queue with the compute that the job asks for. */
  readonly queue: string;
}

/** A state, and whether its language is JSONata. */
export interface CheckedState extends StateLocation {
  readonly jsonata: boolean;
}

/** The input of the check, and facts that several rules need. */
export interface Subject extends CheckInput {
  readonly states: readonly CheckedState[];
  readonly flow: DataFlow;
}

/** Returns the subject of a check. `input.document` must have a sound structure. */
export function subjectOf(input: CheckInput): Subject {
  const { document, inputSchema } = input;
  return {
    ...input,
    states: [...walkStates(document)].map((location) => ({
      ...location,
      jsonata: usesJsonata(document, location.state),
    })),
    flow: followData(document, inputSchema === null ? ANYTHING : shapeOfSchema(inputSchema)),
  };
}
