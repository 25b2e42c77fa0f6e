import { createContext, Script } from "node:vm";

/** The work took too long. */
export class TooSlow extends Error {}

/**
 * Runs work that user input can make endless, such as a pattern that backtracks. Throws TooSlow after `milliseconds`. V8
 * interrupts even a regular expression in a script with a time limit.
 */
export function withinTime<T>(milliseconds: number, work: () => T): T {
  let result: { readonly value: T } | null = null;
  CONTEXT.work = () => {
    result = { value: work() };
  };
  try {
    SCRIPT.runInContext(CONTEXT, { timeout: milliseconds });
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw failure;
    throw new TooSlow(`not done in ${milliseconds / 1000} s`, { cause: failure });
  } finally {
    CONTEXT.work = null;
  }
  return result!.value;
}

// --- internal ---

const SCRIPT = new Script("work()");
const CONTEXT: { work: (() => void) | null } = createContext({ work: null }) as { work: (() => void) | null };
