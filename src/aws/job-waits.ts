/** Finds out why jobs wait, and their places in their queues. */
import { type BatchClient, GetJobQueueSnapshotCommand, type JobDetail } from "@aws-sdk/client-batch";
import type { Clock } from "../base/clock";
import type { JobWait } from "../execution/events";
import { listOf, textOf } from "./answers";
import { waitReasonOf } from "./batch-answers";
import { passingFailure } from "./failures";

/** A job that starts earlier than this needs no place. */
const PATIENCE_SECONDS = 5;
/** The time between two questions about a queue. All watches of an account share the rate of Batch's calls. */
const PAUSE_SECONDS = 5;

/** The known places of a queue. */
interface Queue {
  /** The places by the id of the job, from 1. */
  places: ReadonlyMap<string, number>;
  /** The next question comes at this time at the earliest. */
  nextAt: number;
}

export class JobWaits {
  private readonly queues = new Map<string, Queue>();

  constructor(
    private readonly batch: BatchClient,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  /** Returns why a job waits since `since`; `null` if it does not wait, or if nothing is known. */
  of(detail: JobDetail, since: number): JobWait | null {
    const reason = waitReasonOf(detail);
    if (detail.status === "PENDING") return known({ reason: reason ?? dependencies(detail), place: null });
    if (detail.status !== "RUNNABLE") return null;
    return known({ reason, place: this.placeOf(detail, since) });
  }

  // --- internal ---

  private placeOf({ jobId, jobQueue }: JobDetail, since: number): number | null {
    const arn = textOf(jobQueue);
    const now = this.clock.now();
    if (arn === undefined || now - since < PATIENCE_SECONDS * 1000) return null;
    const queue = this.queues.get(arn) ?? { places: new Map(), nextAt: now };
    this.queues.set(arn, queue);
    if (queue.nextAt <= now) void this.ask(arn, queue);
    return queue.places.get(jobId ?? "") ?? null;
  }

  /** Asks in the background: a watch must not wait for a place. A failure costs only the place. */
  private async ask(jobQueue: string, queue: Queue): Promise<void> {
    queue.nextAt = Number.POSITIVE_INFINITY;
    try {
      const command = new GetJobQueueSnapshotCommand({ jobQueue });
      const { frontOfQueue } = await this.batch.send(command, { abortSignal: this.signal });
      const ids = listOf(frontOfQueue?.jobs).map(({ jobArn }) => textOf(jobArn)?.replace(/^.*\//, ""));
      queue.places = new Map(ids.flatMap((id, index) => (id === undefined ? [] : [[id, index + 1]])));
    } catch (error) {
      queue.places = new Map();
      // A right that is missing stays missing.
      if (passingFailure(error) === null) return;
    }
    queue.nextAt = this.clock.now() + PAUSE_SECONDS * 1000;
  }
}

function known(wait: JobWait): JobWait | null {
  return wait.reason === null && wait.place === null ? null : wait;
}

/** A job that depends on others is PENDING until they have succeeded. So is an array job while its children run. */
function dependencies({ dependsOn, arrayProperties }: JobDetail): string | null {
  const count = listOf(dependsOn).length;
  if (count === 0 || arrayProperties !== undefined) return null;
  return count === 1 ? "waiting for a job that it depends on" : `waiting for ${count} jobs that it depends on`;
}
