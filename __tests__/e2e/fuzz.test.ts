import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { TARGETS } from "../fuzz/targets";
import { tryCase } from "../fuzz/trial";

/** Runs a few of the cases of `npm run fuzz`, the same ones each time. */
const SEED = 15;
const RUNS = 6;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fuzz-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(TARGETS)("nothing that is generated breaks what is promised: $name", async (target) => {
  const broken: string[] = [];
  let index = 0;
  const property = fc.asyncProperty(target.cases, async (one) => {
    const faults = await tryCase(target, one, join(folder, "case"));
    for (const fault of faults)
      broken.push(`${fault}\n  again: npm run fuzz -- --only ${target.name} --seed ${SEED} --path ${index}`);
    index += 1;
  });
  await fc.assert(property, { seed: SEED, numRuns: target.testRuns ?? RUNS, endOnFailure: true });
  expect(broken).toEqual([]);
});
