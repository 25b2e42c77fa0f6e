/** Reads the events of an execution: all of them, or those until now. */
import type { LogChoice } from "../aws/jobs";
import type { Clock } from "../base/clock";
import { say } from "../base/message";
import type { EventSink } from "../execution/events";
import type { FoundExecution } from "./found-execution";
import type { Terminal, Timed } from "./session";

interface Reading {
  readonly sink: EventSink;
  readonly logs: LogChoice;
  /** Reads on until the execution ends. */
  readonly follow?: boolean;
}

/** The limit for jobs that write without a pause. */
const LONGEST_SECONDS = 30;

/** Reads an execution that has ended, or as much as there is of one that runs. */
export async function readExecution(
  execution: FoundExecution,
  { sink, logs, follow = false }: Reading,
  { clock, stdout, stderr, onInterrupt }: Terminal & Timed,
): Promise<void> {
  const enough = new AbortController();
  const stop = () => enough.abort();
  const stopListening = onInterrupt(stop);
  // A reader that has gone, such as `head`, wants no more lines.
  stdout.once("error", stop);
  const startedAt = clock.now();
  let newsAt = startedAt;
  const emit: EventSink = (event) => {
    newsAt = clock.now();
    if (event.type !== "notice") sink(event);
    // A kept run has the notices of its own time, such as that an image is built.
    else if (event.at >= startedAt) say(stderr, event.message);
  };
  const until = startedAt + LONGEST_SECONDS * 1000;
  const impatient: Clock = {
    now: () => clock.now(),
    every: (milliseconds, callback) => clock.every(milliseconds, callback),
    sleep: async (milliseconds, signal) => {
      await clock.sleep(milliseconds, signal);
      if (clock.now() >= Math.min(newsAt + execution.quietSeconds * 1000, until)) enough.abort();
    },
  };
  const isOver = execution.status !== "RUNNING";
  const patience = isOver || follow ? clock : impatient;
  try {
    await execution.watch({ emit, clock: patience, signal: enough.signal, logs });
  } finally {
    stopListening();
    stdout.off("error", stop);
  }
}
