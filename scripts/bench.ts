/**
 * Prints ratios. Both sides of a ratio are measured in turn, because machines differ and are noisy, and a ratio less so.
 * `npm run bench` measures all of them, `npm run bench -- synth` those with that word in their name.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionResult } from "../src/execution/result";
import type { JobDefinition } from "../src/local/batch/job-definition";
import { runArguments } from "../src/local/engines/docker-engine";
import type { ContainerSpec } from "../src/local/engines/engine";
import { synthesize } from "../src/local/synthesize";
import { loadSettings } from "../src/project/load-settings";
import { languageRatios } from "./bench-languages";
import { lifecycleRatios, removeImages } from "./bench-lifecycle";
import { reportRatios } from "./bench-report";
import { resumeRatios } from "./bench-resume";
import { testRatios } from "./bench-tests";
import type { Ratio } from "./ratio";

interface Run {
  readonly stdout: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly milliseconds: number;
}

const PROJECT = join(__dirname, "..");
const SCRATCH = mkdtempSync(join(tmpdir(), "workflow-bench-"));
const ENVIRONMENT = { ...process.env, CDKTF_OUTDIR: join(SCRATCH, "cdktf.out") };
const APP = (JSON.parse(readFileSync(join(PROJECT, "cdktf.json"), "utf8")) as { app: string }).app;

const ITEMS = 10_000;
/** An inline Map runs 40 items at a time. The local run places as many jobs of 0.25 vCPUs as the processors hold. */
const CONCURRENCY = Math.min(40, availableParallelism() * 4);

/** The largest memory of the `local` commands of the ratio that is being measured. */
let peakMiB = 0;

const RATIOS: readonly Ratio[] = [
  {
    // CDKTF's template runs the app so: with TypeScript's own compiler, which checks the types.
    name: "synth: the app command against npx ts-node main.ts",
    goal: 0.25,
    rounds: 3,
    measured: () => timeOf(APP),
    against: () => timeOf(`npx ts-node --project ${join(SCRATCH, "tsconfig.json")} main.ts`),
  },
  {
    name: "synth: processor time of the app command against requiring the same packages",
    goal: 1.5,
    rounds: 15,
    measured: () => processorTimeOf(APP),
    against: () => processorTimeOf(`node ${join(SCRATCH, "packages.js")}`),
  },
  {
    name: "help: processor time of `workflow --help` against `node -e 0`",
    goal: 3,
    rounds: 15,
    measured: () => processorTimeOf("node bin/workflow.js --help"),
    against: () => processorTimeOf("node -e 0"),
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
  ...resumeRatios(SCRATCH, ITEMS, timeOf),
  ...languageRatios(SCRATCH, processorTimeOf),
  ...reportRatios(SCRATCH),
  ...testRatios(SCRATCH, processorTimeOf),
  ...lifecycleRatios(SCRATCH, APP),
];

async function main(words: readonly string[]): Promise<void> {
  try {
    await prepare();
    for (const ratio of RATIOS.filter(({ name }) => words.every((word) => name.includes(word)))) await measure(ratio);
  } finally {
    removeImages();
    rmSync(SCRATCH, { recursive: true, force: true });
  }
}

/** Measures both sides in turn and prints the ratio of their medians. */
async function measure({ name, goal, rounds, missing, measured, against }: Ratio): Promise<void> {
  if (missing) {
    console.log(`${name}: skipped, ${missing}`);
    return;
  }
  peakMiB = 0;
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
  const memory = peakMiB > 0 ? `, peak memory ${peakMiB.toFixed(0)} MiB` : "";
  console.log(`${name}: ${ratio.toFixed(2)} (${seconds(ours)} / ${seconds(theirs)}, goal ${goal}) ${verdict}${memory}`);
}

/** Runs a command to its end; a failure ends the whole benchmark. */
function execute(command: string): Promise<Run> {
  const startedAt = Date.now();
  const start = performance.now();
  const child = spawn(command, { shell: true, cwd: PROJECT, env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (output.stdout += chunk));
  child.stderr.on("data", (chunk) => (output.stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on("close", (code) => {
      if (code === 0) resolve({ stdout: output.stdout, startedAt, milliseconds: performance.now() - start });
      else reject(new Error(`${command} ended with ${code}\n${output.stderr}`));
    });
  });
}

async function timeOf(command: string): Promise<number> {
  return (await execute(command)).milliseconds;
}

/** Returns the processor time of a command and its children: other programs on the machine change it less than the wall clock. */
async function processorTimeOf(command: string): Promise<number> {
  const { stdout } = await execute(`${command} > /dev/null && times`);
  const [user, system] = stdout.trim().split("\n").at(-1)!.split(" ").map(milliseconds);
  return user! + system!;
}

/** Reads a time such as 0m0.310s. */
function milliseconds(text: string): number {
  const [minutes, seconds] = text.split("m").map(Number.parseFloat);
  return (minutes! * 60 + seconds!) * 1000;
}

async function untilFirstJob(): Promise<number> {
  const { startedAt, stdout } = await execute("node bin/workflow.js local --engine process --json --quiet");
  return Date.parse((JSON.parse(stdout) as ExecutionResult).jobs[0]!.startedAt!) - startedAt;
}

/** Returns the time from the first state to the execution's end, and notes the memory that the command took. */
async function executionTime(options: string): Promise<number> {
  const { stdout } = await execute(
    `node -r ${join(SCRATCH, "peak.js")} bin/workflow.js local --json --quiet ${options}`,
  );
  peakMiB = Math.max(peakMiB, Number(readFileSync(join(SCRATCH, "peak"), "utf8")));
  const { startedAt, stoppedAt } = JSON.parse(stdout) as ExecutionResult;
  return Date.parse(stoppedAt!) - Date.parse(startedAt);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Writes the files that the commands need: scripts, and a long input. */
async function prepare(): Promise<void> {
  const write = (name: string, content: string) => writeFileSync(join(SCRATCH, name), content);
  const items = Array.from({ length: ITEMS }, (_, item) => `item ${item}`);
  const parameters = { step1_parameter: "one", step2_parameters: items, step3_parameters: [] };
  const peakFile = JSON.stringify(join(SCRATCH, "peak"));
  const peak = "String(process.resourceUsage().maxRSS / 1024)";
  write("peak.js", `process.on("exit", () => require("node:fs").writeFileSync(${peakFile}, ${peak}));\n`);
  write("tsconfig.json", JSON.stringify(templateConfig()));
  write("items.json", JSON.stringify({ parameters }));
  const packages = JSON.parse(
    (await execute(`node -r ./bin/register.js -e '(${printPackages})(${JSON.stringify(join(PROJECT, "main.ts"))})'`))
      .stdout,
  ) as string[];
  write("packages.js", packages.map((path) => `require(${JSON.stringify(path)});\n`).join(""));
  write("loop.js", `(${bareLoop})(${JSON.stringify(items)}, ${CONCURRENCY}, ${JSON.stringify(PROJECT)});\n`);
  write(
    "containers.sh",
    containerScript((await synthesize(loadSettings(process.env), process.env)).jobDefinitions[0]!),
  );
}

/** Runs the example's five jobs with the options that the local run gives to Docker. */
function containerScript(definition: JobDefinition): string {
  const dockerRun = (parameter: string) => {
    const spec: ContainerSpec = {
      ...definition,
      name: `bench-$$-${parameter}`,
      place: parameter,
      localCommand: null,
      command: [parameter],
      environment: { AWS_BATCH_JOB_ATTEMPT: "1" },
      hosts: {},
    };
    const [run, ...options] = runArguments(spec, { executionId: "bench", vcpus: availableParallelism() });
    return `docker ${run} --rm ${options.join(" ")}`;
  };
  // A plain `wait` succeeds whatever the jobs do.
  const inParallel = (one: string, other: string) => `${dockerRun(one)} & ${dockerRun(other)}\nwait $!`;
  return ["set -e", dockerRun("step1"), inParallel("step2a", "step2b"), inParallel("step3a", "step3b")].join("\n");
}

/** Returns the project's compiler options without those for ts-node. */
function templateConfig(): object {
  const { compilerOptions } = JSON.parse(readFileSync(join(PROJECT, "tsconfig.json"), "utf8"));
  return {
    compilerOptions: {
      ...compilerOptions,
      module: "commonjs",
      moduleResolution: "node10",
      typeRoots: [join(PROJECT, "node_modules/@types")],
    },
  };
}

/**
 * Prints the packages that the app's own files require, by path; a package that another one requires is not among them.
 * It runs in a process of its own: here, the benchmark's own packages would be among them.
 */
function printPackages(app: string): void {
  require(app);
  const isPackage = (path: string) => path.includes("node_modules");
  const own = Object.values(require.cache).filter((module) => module !== undefined && !isPackage(module.filename));
  const required = own.flatMap((module) => module!.children.map(({ filename }) => filename)).filter(isPackage);
  // @swc/core is required by bin/register.js.
  console.log(JSON.stringify([...new Set(required)].filter((path) => !path.includes("@swc"))));
}

/** Starts the commands of the workflow's jobs with plain Node.js. */
function bareLoop(items: readonly string[], concurrency: number, folder: string): void {
  const { spawn: start } = require("node:child_process") as typeof import("node:child_process");
  let next = 0;
  const startNext = () => {
    const item = items[next];
    if (item === undefined) return;
    next += 1;
    const child = start("/bin/sh", ["image/echo.sh", item], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", () => {});
    child.stderr.on("data", () => {});
    child.on("close", startNext);
  };
  for (let running = 0; running < concurrency; running += 1) startNext();
}

void main(process.argv.slice(2));
