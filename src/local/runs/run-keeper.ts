import { UsageError } from "../../base/errors";
import { whyItFailed } from "../../base/file-errors";
import type { EventSink } from "../../execution/events";
import type { OpenRun } from "./open-run";
import type { RunSource } from "./run-head";

/** Keeps the run that this process does. */
export interface RunKeeper {
  /** Takes the events, with their secrets hidden. */
  readonly sink: EventSink;
  /** Tells what the folder needs beside the events. Comes before the execution starts. */
  readonly prepared: (run: PreparedRun) => Promise<void> | void;
  readonly close: () => void;
}

export interface PreparedRun {
  readonly engine: string;
  readonly region: string | null;
  readonly source: RunSource;
  readonly stateMachine: { readonly name: string; readonly definition: object };
  /** The lines of `results.jsonl` that a new run begins with. @default none */
  readonly results?: string;
}

/** Keeps nothing. */
export const NO_KEEPER: RunKeeper = { sink: () => {}, prepared: () => {}, close: () => {} };

/**
 * Hands the events to a run, which `start` opens. If that or a write fails, as on a full disk, `failed` is called once with a
 * message, and no more is kept but how the run ends.
 * @throws UsageError if `start` refuses the run
 */
export function guardedSink(
  runs: string,
  start: EventSink,
  opened: () => OpenRun | null,
  failed: (message: string) => void,
): { readonly sink: EventSink; readonly giveUp: (error: unknown) => void; readonly close: () => void } {
  let isBroken = false;
  const giveUp = (error: unknown) => {
    if (isBroken) return;
    isBroken = true;
    const what = opened() === null ? "this run" : "the rest of this run";
    failed(`${what} is not kept in ${runs}: ${whyItFailed(error)}`);
  };
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      if (error instanceof UsageError) throw error;
      giveUp(error);
    }
  };
  return {
    giveUp,
    sink: (event) => {
      if (!isBroken) attempt(() => start(event));
      else if (event.type === "execution-ended") attempt(() => opened()?.end(event));
    },
    close: () => attempt(() => opened()?.close()),
  };
}
