import type { Clock } from "../../base/clock";
import type { EventSink } from "../../execution/events";
import type { Engine } from "../engines/engine";
import type { JobReuse } from "../reuse/job-reuse";
import type { JobAdditions } from "./job-additions";
import type { JobDefinition } from "./job-definition";
import type { JobQueue } from "./job-plan";
import type { Slots } from "./slots";
import type { SubmittedJobs } from "./submitted-jobs";

/** Everything that the jobs of an execution share. */
export interface BatchDeps {
  readonly definitions: readonly JobDefinition[];
  readonly queues: readonly JobQueue[];
  readonly engine: Engine;
  readonly additions: JobAdditions;
  readonly slots: Slots;
  readonly jobs: SubmittedJobs;
  /** `null` if no result is kept. */
  readonly reuse: JobReuse | null;
  readonly emit: EventSink;
  readonly clock: Clock;
  /** Returns a new UUID. */
  readonly newId: () => string;
  /** Kills at once every container that Batch has asked to end. */
  readonly forceSignal: AbortSignal;
}
