/** A thread that runs cases. It reports each case before it starts, so that a hanging case is known. */
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { TARGETS } from "./targets";
import { caseAt, tryCase } from "./trial";

/** An order to a thread: run `runs` cases of a seed, or the case at a path. */
export interface Order {
  readonly target: string;
  readonly seed: number;
  readonly path?: string;
  readonly runs: number;
}

/** A report of a thread: a case begins, a case broke a promise, all cases are done. */
export type Report =
  | { readonly type: "begins"; readonly index: number }
  | { readonly type: "broken"; readonly index: number; readonly faults: readonly string[] }
  | { readonly type: "done" };

const { scratch } = workerData as { scratch: string };
const port = parentPort!;

port.on("message", async ({ target: name, seed, path, runs }: Order) => {
  const target = TARGETS.find((one) => one.name === name)!;
  const attempt = async (index: number, one: unknown) => {
    port.postMessage({ type: "begins", index } satisfies Report);
    const faults = await tryCase(target, one, join(scratch, "case"));
    if (faults.length > 0) port.postMessage({ type: "broken", index, faults } satisfies Report);
  };
  if (path !== undefined) {
    const one = caseAt(target, seed, path);
    if (one !== null) await attempt(0, one.value);
  } else {
    let index = 0;
    const property = fc.asyncProperty(target.cases, (one) => attempt(index++, one));
    const { errorInstance } = await fc.check(property, { seed, numRuns: runs, endOnFailure: true });
    // A fault of the generator, not of the tested code.
    if (errorInstance) throw errorInstance;
  }
  port.postMessage({ type: "done" } satisfies Report);
});
