import type { Clock } from "../../base/clock";

/** A job that starts earlier is told nothing. This is also the time between two tellings. */
export const TELL_MILLISECONDS = 1000;

/** Decides when the jobs of a queue are told why they wait: when something changes, and at most once a second. */
export class WaitTelling {
  /** Ends the pause before the next telling; `null` if there is none. */
  private pause: AbortController | null = null;
  /** Something has changed during the pause. */
  private isStale = false;
  private hasTold = false;

  constructor(
    private readonly clock: Clock,
    private readonly tellAll: () => void,
  ) {}

  /** Notes that the queue has changed. The first telling comes after a pause, because jobs may start at once. */
  changed(isEmpty: boolean): void {
    if (isEmpty) {
      this.pause?.abort();
      this.pause = null;
      this.hasTold = false;
    } else if (this.hasTold && this.pause === null) {
      this.tell();
    } else {
      this.isStale = true;
      if (this.pause === null) this.startPause();
    }
  }

  // --- internal ---

  private tell(): void {
    this.hasTold = true;
    this.isStale = false;
    this.startPause();
    this.tellAll();
  }

  private startPause(): void {
    const pause = new AbortController();
    this.pause = pause;
    void this.clock.sleep(TELL_MILLISECONDS, pause.signal).then(() => {
      if (pause.signal.aborted) return;
      this.pause = null;
      if (this.isStale) this.tell();
    });
  }
}
