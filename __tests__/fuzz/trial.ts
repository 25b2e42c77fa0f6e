/** Runs one case and returns what it broke. */
import { mkdirSync, rmSync } from "node:fs";
import fc from "fast-check";
import { Thrown } from "./command";
import type { Target } from "./target";

/** A run is a fault if the peak memory of the process grows by more than this. */
const MOST_MEMORY_KIB = 700 * 1024;

/** Runs a case in an empty folder. A thrown error is a fault, too. */
export async function tryCase<Case>({ run }: Target<Case>, one: Case, folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const rejections: string[] = [];
  const onRejection = (reason: unknown) => rejections.push(`an unhandled rejection: ${String(reason).slice(0, 120)}`);
  process.on("unhandledRejection", onRejection);
  const before = process.resourceUsage().maxRSS;
  try {
    const faults = await run(one, folder);
    // Node.js reports a rejection one turn of the event loop later.
    await new Promise((resolve) => setImmediate(resolve));
    const grown = process.resourceUsage().maxRSS - before;
    return [...faults, ...rejections, ...(grown > MOST_MEMORY_KIB ? ["the run took more than 700 MiB"] : [])];
  } catch (error) {
    if (error instanceof Thrown) return [`a stack trace of ${error.message}`];
    throw error;
  } finally {
    process.off("unhandledRejection", onRejection);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the case at a path of a seed; `null` if there is none. */
export function caseAt<Case>({ cases }: Target<Case>, seed: number, path: string): { readonly value: Case } | null {
  try {
    const [value] = fc.sample(cases, { seed, path, numRuns: 1 });
    return { value: value! };
  } catch (error) {
    if (/wrong path/.test((error as Error).message)) return null;
    throw error;
  }
}
