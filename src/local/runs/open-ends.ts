import { type EventSink, type ExecutionEvent, type Place, placeKey, STOPPED_WITH_STATE } from "../../execution/events";

/** The states and jobs of a run that have begun and not ended. */
export class OpenEnds {
  /** In the order of their beginnings: outer states come before inner ones. */
  private readonly states = new Map<string, Place>();
  private readonly jobs = new Set<string>();
  /** The time of the last event. */
  private at = 0;

  record(event: ExecutionEvent): void {
    this.at = Math.max(this.at, event.at);
    switch (event.type) {
      case "state-entered":
        this.states.set(placeKey(event), { state: event.state, indices: event.indices });
        break;
      case "state-succeeded":
      case "state-failed":
      case "state-caught":
      case "state-aborted":
        this.states.delete(placeKey(event));
        break;
      case "job-submitted":
        this.jobs.add(event.jobId);
        break;
      case "job-status":
        if (event.status === "SUCCEEDED" || event.status === "FAILED") this.jobs.delete(event.jobId);
        break;
      default:
    }
  }

  /** Emits the ends of all, not before the last event. Returns their time. */
  endAll(notBefore: number, emit: EventSink): number {
    const at = Math.max(this.at, notBefore);
    for (const jobId of this.jobs)
      emit({ at, type: "job-status", jobId, status: "FAILED", reason: STOPPED_WITH_STATE });
    for (const place of [...this.states.values()].toReversed()) emit({ ...place, at, type: "state-aborted" });
    this.jobs.clear();
    this.states.clear();
    return at;
  }
}
