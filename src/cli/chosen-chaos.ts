/** The failures that a local run injects. */
import { randomInt } from "node:crypto";
import { UsageError } from "../base/errors";
import type { Chaos } from "../local/engines/chaos-engine";
import type { LocalFlags } from "./runnable";

/**
 * Returns the failures that the flags of `local` ask for; `null` if they ask for none.
 *
 * @throws UsageError for a seed without failures
 */
export function chaosOf({ chaos: probabilities, chaosSeed: seed }: LocalFlags): Chaos | null {
  if (probabilities !== undefined) return { probabilities, seed: seed ?? randomInt(1, MOST_SEEDS) };
  if (seed === undefined) return null;
  throw new UsageError("`--chaos-seed` needs `--chaos`, which names the failures, such as `--chaos lost-host=0.3`");
}

/** Tells which failures the run injects, and how to repeat them. */
export function describeChaos({ probabilities, seed }: Chaos): string {
  const failures = Object.entries(probabilities).map(([name, probability]) => `${name}=${probability}`);
  return `chaos: attempts of the jobs fail with ${failures.join(",")}; \`--chaos-seed ${seed}\` repeats these failures`;
}

// --- internal ---

/** Seeds have at most 9 digits. */
const MOST_SEEDS = 1e9;
