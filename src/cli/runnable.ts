/** The parts of a local run that differ between the project's workflow and a document from elsewhere. */
import type { StatesDocument } from "../asl/document";
import type { Json } from "../base/json";
import type { JobAdditions } from "../local/batch/job-additions";
import type { DataFolder } from "../local/data/data-folder";
import type { DataEndpoint } from "../local/data-endpoint";
import type { Engine } from "../local/engines/engine";
import type { ImageProgress } from "../local/engines/image-progress";
import type { LocalWorkflow } from "../local/find-job";
import type { Mocks } from "../local/mocks";
import type { ProgramOf } from "../local/reuse/programs";
import type { Values } from "./define-command";
import type { LOCAL } from "./local-flags";
import type { KeptRuns, Project, Terminal, Timed } from "./session";

export type LocalFlags = Values<typeof LOCAL>;
export type LocalSession = Project & KeptRuns & Terminal & Timed;

/** A checked document and its input. */
export interface Runnable {
  /** The given document; `null` for the project's. */
  readonly file: string | null;
  /** The name of the state machine. */
  readonly workflow: string;
  readonly document: StatesDocument;
  readonly input: Json;
  /** The folder that keeps the run; `null` if none does. */
  readonly runs: string | null;
  /** `null` if no task is mocked. */
  readonly mocks: Mocks | null;
  /** The region of the deployment; `null` for a document from elsewhere, whose jobs have no price. */
  readonly region: string | null;
  /** Gets ready what the jobs need: engine, definitions, images. May fail in any way if `signal` aborts. */
  readonly prepare: (preparation: Preparation) => Promise<Prepared>;
}

export interface Preparation {
  /** The name of the execution. It marks the containers. */
  readonly executionId: string;
  /** Shows a step and its progress. */
  readonly tell: (step: string, progress?: ImageProgress) => void;
  readonly notice: (message: string) => void;
  readonly signal: AbortSignal;
}

export interface Prepared {
  readonly workflow: LocalWorkflow;
  readonly engine: Engine;
  /** The objects of all buckets. */
  readonly objects: DataFolder;
  readonly additions: JobAdditions;
  /** The S3 endpoint of the jobs; `null` if there is none. */
  readonly endpoint: DataEndpoint | null;
  /** Identifies the programs of the jobs; a text says why none is known. */
  readonly programs: ProgramOf | string;
}
