import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runsFolders } from "../src/local/runs/runs-folders";
import type { Ratio } from "./ratio";

/**
 * Compares resumed runs of many items with a full run. The full run keeps its results; each resumed run goes on from it.
 *
 * @param executionTime runs `local` with options, and returns the milliseconds of its execution
 */
export function resumeRatios(
  scratch: string,
  items: number,
  executionTime: (options: string) => Promise<number>,
): readonly Ratio[] {
  const input = join(scratch, "resumed-items.json");
  const write = (edited: string) => {
    const step2 = Array.from({ length: items }, (_, item) => (item === 0 ? edited : `item ${item}`));
    const parameters = { step1_parameter: "one", step2_parameters: step2, step3_parameters: [] };
    writeFileSync(input, JSON.stringify({ parameters }));
  };
  const local = (options: string) => executionTime(`--engine process --no-validate --input ${input} ${options}`);
  const name = (what: string) => `bench-${what}-${process.pid}`;
  let runs = 0;
  /** Does a full run once, and removes the runs that go on from it. */
  const full = async () => {
    write("item 0");
    const full = name("full");
    removeRun(full);
    return local(`--name ${full}`);
  };
  const resume = async (edited: string) => {
    if (runs === 0) await full();
    write(edited);
    const resumed = name(`resumed-${++runs}`);
    return local(`--name ${resumed} --resume ${name("full")}`).finally(() => removeRun(resumed));
  };
  return [
    {
      ...{ name: `resume: ${items} items, nothing changed, against a full run`, goal: 0.1, rounds: 1 },
      measured: () => resume("item 0"),
      against: full,
    },
    {
      ...{ name: `resume: ${items} items, one to run, against a full run`, goal: 0.1, rounds: 1 },
      measured: () => resume("another item"),
      against: full,
    },
  ];
}

function removeRun(name: string): void {
  rmSync(join(runsFolders(process.cwd()).at(-1)!, name), { recursive: true, force: true });
}
