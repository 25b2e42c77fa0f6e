import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runsFolders } from "../src/local/runs/runs-folders";
import type { Ratio } from "./ratio";

/** The seconds of the full run on the machine of the figures in README.md. */
const FULL_SECONDS = 20;

/**
 * Compares resumed runs of many items with a full run, which is done once. The start-up, which is the time of a run without items, does
 * not count on either side. The goals are seconds beside those of the full run.
 *
 * @param timeOf returns the milliseconds of a command
 */
export function resumeRatios(
  scratch: string,
  items: number,
  timeOf: (command: string) => Promise<number>,
): readonly Ratio[] {
  const write = (file: string, step2: readonly string[]): string => {
    const path = join(scratch, file);
    const parameters = { step1_parameter: "one", step2_parameters: step2, step3_parameters: [] };
    writeFileSync(path, JSON.stringify({ parameters }));
    return path;
  };
  const all = Array.from({ length: items }, (_, item) => `item ${item}`);
  const inputs = {
    none: write("no-items.json", []),
    all: write("all-items.json", all),
    edited: write("edited-items.json", ["another item", ...all.slice(1)]),
  };
  let runs = 0;
  const local = async (input: keyof typeof inputs, options: string, name = nameOf(`run-${++runs}`)) => {
    const flags = `--engine process --no-validate --json --quiet --input ${inputs[input]} --name ${name} ${options}`;
    return timeOf(`node bin/workflow.js local ${flags}`);
  };
  const removed = (run: Promise<number>) => run.finally(() => removeRun(nameOf(`run-${runs}`)));
  const beyondStart = async (run: () => Promise<number>) => {
    const start = await removed(local("none", ""));
    return (await run()) - start;
  };
  let full: Promise<number> | null = null;
  const fullRun = () => {
    if (full === null) process.once("exit", () => removeRun(nameOf("full")));
    full ??= beyondStart(() => local("all", "", nameOf("full")));
    return full;
  };
  const resumed = async (input: keyof typeof inputs) => {
    await fullRun();
    return beyondStart(() => removed(local(input, `--resume ${nameOf("full")}`)));
  };
  const ratio = (what: string, seconds: number, input: keyof typeof inputs): Ratio => ({
    name: `resume: ${items} items, ${what}, against a full run, both without the start-up`,
    goal: Math.round((seconds / FULL_SECONDS) * 1000) / 1000,
    rounds: 3,
    measured: () => resumed(input),
    against: fullRun,
  });
  return [ratio("nothing changed", 1, "all"), ratio("one to run", 2, "edited")];
}

// --- internal ---

function nameOf(what: string): string {
  return `bench-${what}-${process.pid}`;
}

function removeRun(name: string): void {
  rmSync(join(runsFolders(process.cwd()).at(-1)!, name), { recursive: true, force: true });
}
