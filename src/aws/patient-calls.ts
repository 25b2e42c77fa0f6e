/** Calls AWS, and outlasts throttling and a lost network. */
import type { Clock } from "../base/clock";
import { Aborted, orAborted } from "../base/concurrency";
import { UsageError } from "../base/errors";
import type { EventSink } from "../execution/events";
import { explain, isRefusal, passingFailure } from "./failures";

/** Makes a call until AWS answers it. Throws `Aborted` as soon as its signal aborts. */
export type PatientCall = <T>(ask: (options: { abortSignal: AbortSignal }) => Promise<T>) => Promise<T>;

/** The AWS clients have already tried for some seconds, so the first pause can be short. */
const FIRST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 30;

/** Reports a failure once, even if many calls fail, and reports once when it is over. */
export function patientCalls(clock: Clock, emit: EventSink, signal: AbortSignal): PatientCall {
  const notice = (message: string) => emit({ at: clock.now(), type: "notice", message });
  let failing = 0;
  return async (ask) => {
    let pauseSeconds = FIRST_PAUSE_SECONDS;
    let hasFailed = false;
    for (;;) {
      try {
        const answer = await orAborted(signal, () => ask({ abortSignal: signal }));
        if (hasFailed) {
          failing -= 1;
          if (failing === 0) notice("AWS answers again");
        }
        return answer;
      } catch (error) {
        if (signal.aborted) throw new Aborted();
        const failure = passingFailure(error);
        if (failure === null) throw explain(error);
        if (!hasFailed) {
          failing += 1;
          if (failing === 1) notice(`${failure}; the execution continues, and the command tries again`);
        }
        hasFailed = true;
      }
      await clock.sleep(pauseSeconds * 1000, signal);
      pauseSeconds = Math.min(pauseSeconds * 2, LONGEST_PAUSE_SECONDS);
    }
  };
}

/** Makes a call that a watch can do without. Returns `null` if AWS refuses it. `without` names what is missing then. */
export type DispensableCall = <T>(
  without: string,
  ask: (options: { abortSignal: AbortSignal }) => Promise<T>,
) => Promise<T | null>;

/** Reports each refusal once, and does not make such a call again. Throws `Aborted` as soon as `signal` aborts. */
export function dispensableCalls(
  call: PatientCall,
  clock: Clock,
  emit: EventSink,
  signal: AbortSignal,
): DispensableCall {
  const missing = new Set<string>();
  return async (without, ask) => {
    if (signal.aborted) throw new Aborted();
    if (missing.has(without)) return null;
    try {
      return await call(ask);
    } catch (error) {
      if (!(error instanceof UsageError) || !isRefusal(error.cause)) throw error;
      if (!missing.has(without)) emit({ at: clock.now(), type: "notice", message: `${without}: ${error.message}` });
      missing.add(without);
      return null;
    }
  };
}
