import { HISTORY_LIMIT } from "../../asl/check/history-limit";
import { StatesError } from "./states-error";

/** Numbers the events as the history of an execution on AWS does: causes name the event at which a state was entered. */
export class EventIds {
  /** ExecutionStarted. */
  private last = 1;

  /** Returns the number of the next event. */
  next(): number {
    this.last += 1;
    return this.last;
  }

  /** Passes over events that nothing names. */
  skip(events: number): void {
    this.last += events;
  }
}

/** Counts the events of a block's own states. AWS ends an execution that reaches the limit, such as an endless loop. */
export class BlockHistory {
  private events = 0;

  add(events: number): void {
    this.events += events;
    if (this.events >= HISTORY_LIMIT) throw historyFull();
  }
}

/** Returns the error of an execution that is too long. */
export function historyFull(): StatesError {
  const cause = `The execution reached the maximum number of history events (${HISTORY_LIMIT}).`;
  return new StatesError("States.Runtime", cause, { isLocated: true });
}
