import { createContext, Script } from "node:vm";

/** The work took too long. */
export class TooSlow extends Error {}

/**
 * Runs work that the text of a user can make endless, such as a pattern that backtracks. Returns the result. V8 interrupts even a
 * regular expression in a script that has a time limit.
 * @throws TooSlow when the work takes longer than `milliseconds`
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
