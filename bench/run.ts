/**
 * Ratios, each of two things measured in turn in this very run: machines differ and are noisy, a ratio less so.
 * `npm run bench` measures all, `npm run bench -- synth` those with that word in their name.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionResult } from "../execution/result";

interface Ratio {
  readonly name: string;
  /** What the ratio should be at most. */
  readonly goal: number;
  readonly rounds: number;
  /** Both give milliseconds. */
  readonly measured: () => Promise<number>;
  readonly against: () => Promise<number>;
}

interface Run {
  readonly stdout: string;
  readonly startedAt: number;
  readonly milliseconds: number;
  /** The most memory that the process itself held, in MiB; 0 where /proc does not tell. */
  readonly peakMiB: number;
}

const PROJECT = join(__dirname, "..");
const SCRATCH = mkdtempSync(join(tmpdir(), "workflow-bench-"));
const ENVIRONMENT = { ...process.env, CDKTF_OUTDIR: join(SCRATCH, "cdktf.out") };
const APP = (JSON.parse(readFileSync(join(PROJECT, "cdktf.json"), "utf8")) as { app: string }).app;

const ITEMS = 10_000;
/** An inline Map runs 40 items at a time; so does the loop. */
const CONCURRENCY = 40;

const RATIOS: readonly Ratio[] = [
  {
    name: "synth: the app command against npx ts-node main.ts",
    goal: 0.25,
    rounds: 3,
    measured: () => timeOf(APP),
    against: () => timeOf("npx ts-node main.ts"),
  },
  {
    name: "synth: the app command against requiring the same modules",
    goal: 3,
    rounds: 9,
    measured: () => timeOf(APP),
    against: () => timeOf(`node ${join(SCRATCH, "modules.js")}`),
  },
  {
    name: "start: from the command to the first job against synth alone",
    goal: 2,
    rounds: 9,
    measured: untilFirstJob,
    against: () => timeOf(APP),
  },
  {
    name: "containers: five jobs against a shell script of the same docker runs",
    goal: 1.15,
    rounds: 9,
    measured: () => executionTime("--engine docker"),
    against: () => timeOf(`/bin/sh ${join(SCRATCH, "containers.sh")}`),
  },
  {
    name: `processes: ${ITEMS} Map items against a bare Node loop`,
    goal: 1.5,
    rounds: 3,
    measured: () => executionTime(`--engine process --no-validate --input ${join(SCRATCH, "items.json")}`),
    against: () => timeOf(`node ${join(SCRATCH, "loop.js")}`),
  },
];

async function main(words: readonly string[]): Promise<void> {
  try {
    prepare();
    for (const ratio of RATIOS.filter(({ name }) => words.every((word) => name.includes(word)))) await measure(ratio);
  } finally {
    rmSync(SCRATCH, { recursive: true });
  }
}

/** Measures both sides in turn and prints the ratio of their medians. */
async function measure({ name, goal, rounds, measured, against }: Ratio): Promise<void> {
  await measured();
  await against();
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await measured());
    theirs.push(await against());
  }
  const ratio = median(ours) / median(theirs);
  const seconds = (times: number[]) => `${(median(times) / 1000).toFixed(2)} s`;
  const verdict = ratio <= goal ? "ok" : "MISSED";
  console.log(`${name}: ${ratio.toFixed(2)} (${seconds(ours)} / ${seconds(theirs)}, goal ${goal}) ${verdict}`);
}
