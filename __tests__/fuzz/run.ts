/**
 * Runs the commands with many generated inputs and looks for faults. See `npm run fuzz -- --help`.
 * A thread does the work. If it hangs or runs out of memory, it is ended, and its case counts as a fault.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
// A thread loads the compiler when the cache lacks a file. If only threads load it, a second one crashes the process after the first has ended.
import "@swc/core";
import { Command, InvalidArgumentError } from "commander";
import type { Target } from "./target";
import { TARGETS } from "./targets";
import { caseAt } from "./trial";
import type { Order, Report } from "./worker";

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly only?: readonly string[];
  readonly path?: string;
  readonly found: string;
}

/** A case that broke a promise. */
interface Finding {
  readonly target: Target;
  readonly seed: number;
  /** The case of the seed, and the way to shrink it. */
  readonly path: string;
  readonly fault: string;
}

/** The same fault in many cases is reported once. */
function signature({ target, fault }: Pick<Finding, "target" | "fault">): string {
  return `${target.name}: ${fault.split(": ")[0]}`;
}

/** The cases of one seed that a thread runs before it checks the time. */
const RUNS_AT_A_TIME = 250;
/** The time to shrink one finding. */
const SHRINK_SECONDS = 8;
const SHRINK_STEPS = 400;
/** The time for a thread to load everything on a busy machine. */
const START_SECONDS = 120;
/** A run that gets little processor time may take this many times as long. */
const PATIENCE = 10;
/** The stack size of a command's main thread. A larger stack would hide a recursion that is too deep. */
const LIMITS = { stackSizeMb: 0.9, maxOldGenerationSizeMb: 1024 };

/** Runs orders in a thread, and replaces the thread when it dies. */
class Threads {
  private worker: Worker | null = null;

  constructor(private readonly scratch: string) {}

  /** Runs an order to its end, or to the case that ends the thread. Returns the number of cases that ran. */
  async run(order: Order, target: Target, broken: (index: number, fault: string) => void): Promise<number> {
    this.worker ??= this.start();
    const { worker } = this;
    let current = -1;
    let timer: NodeJS.Timeout | undefined;
    return new Promise((resolve) => {
      const finish = (fault: string | null) => {
        clearTimeout(timer);
        worker.off("message", take).off("error", die).off("exit", exit);
        if (fault !== null) {
          broken(Math.max(0, current), fault);
          this.worker = null;
          // The same end of a thread may be reported more than once.
          worker.on("error", () => {});
          void worker.terminate();
        }
        resolve(current + 1);
      };
      const watch = (seconds: number) => {
        clearTimeout(timer);
        const [startedAt, before] = [Date.now(), process.cpuUsage()];
        const look = () => {
          const { user, system } = process.cpuUsage(before);
          const waited = (Date.now() - startedAt) / 1000;
          // On a busy machine, the run gets only a part of the time that passes.
          if ((user + system) / 1_000_000 < seconds && waited < seconds * PATIENCE) timer = setTimeout(look, 250);
          else finish(`the run took more than ${seconds} s`);
        };
        timer = setTimeout(look, seconds * 1000);
      };
      const take = (report: Report) => {
        if (report.type === "done") return finish(null);
        if (report.type === "broken") for (const fault of report.faults) broken(report.index, fault);
        if (report.type === "begins") {
          current = report.index;
          watch(target.seconds);
        }
      };
      const die = (error: NodeJS.ErrnoException) =>
        finish(
          error.code === "ERR_WORKER_OUT_OF_MEMORY"
            ? `the run took more than ${LIMITS.maxOldGenerationSizeMb} MiB`
            : `the thread died: ${error.stack ?? error.message}`,
        );
      const exit = () => finish("the run never ended: nothing was left to wait for");
      worker.on("message", take).on("error", die).on("exit", exit);
      watch(START_SECONDS);
      worker.postMessage(order);
    });
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    return new Worker(join(__dirname, "worker.ts"), {
      workerData: { scratch: this.scratch },
      resourceLimits: LIMITS,
      execArgv: ["-r", "./bin/register.js"],
      stdout: true,
      stderr: true,
    });
  }
}

async function main(options: Options): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), "workflow-fuzz-"));
  const threads = new Threads(scratch);
  const startedAt = Date.now();
  const found = new Map<string, { finding: Finding; count: number }>();
  const done = new Map<string, number>();
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const note = (finding: Finding) => {
    const known = found.get(signature(finding));
    if (known === undefined) found.set(signature(finding), { finding, count: 1 });
    else known.count += 1;
  };
  try {
    const wanted = TARGETS.filter(({ name }) => options.only === undefined || options.only.includes(name));
    const shares = wanted.reduce((sum, { share }) => sum + share, 0);
    console.log(`seed ${options.seed}`);
    for (const target of wanted) {
      const runs = options.path === undefined ? Math.ceil((options.runs * target.share) / shares) : 1;
      const targetStartedAt = Date.now();
      let ran = 0;
      for (let chunk = 0; ran < runs && !stop.signal.aborted; chunk += 1) {
        const seed = options.seed + chunk;
        const order = {
          target: target.name,
          seed,
          runs: Math.min(RUNS_AT_A_TIME, runs - ran),
          ...(options.path === undefined ? {} : { path: options.path }),
        };
        const broken = (index: number, fault: string) =>
          note({ target, seed, path: options.path ?? String(index), fault });
        const count = await threads.run(order, target, broken);
        if (count === 0) break;
        ran += count;
      }
      done.set(target.name, ran);
      console.log(`${target.name}: ${ran} runs in ${((Date.now() - targetStartedAt) / 1000).toFixed(1)} s`);
    }
    for (const { finding, count } of found.values()) {
      const smallest = options.path === undefined && !stop.signal.aborted ? await shrink(finding, threads) : finding;
      tell(smallest, count, options.found);
    }
  } finally {
    await threads.close();
    rmSync(scratch, { recursive: true, force: true });
  }
  const runs = [...done.values()].reduce((sum, count) => sum + count, 0);
  const faults = found.size === 0 ? "nothing found" : `${found.size} faults found`;
  console.log(
    `${stop.signal.aborted ? "interrupted: " : ""}${faults} in ${runs} runs, seed ${options.seed}, ${((Date.now() - startedAt) / 1000).toFixed(0)} s`,
  );
  return found.size === 0 ? 0 : 1;
}

/** Shrinks a case while it has the same fault. Takes the first smaller case each time. */
async function shrink(finding: Finding, threads: Threads): Promise<Finding> {
  const until = Date.now() + SHRINK_SECONDS * 1000;
  let { path } = finding;
  let way = 0;
  for (let step = 0; step < SHRINK_STEPS && Date.now() < until; step += 1) {
    const smaller = `${path}:${way}`;
    const { target, seed } = finding;
    let isSame = false;
    const ran = await threads.run({ target: target.name, seed, path: smaller, runs: 1 }, target, (_, fault) => {
      isSame ||= signature({ target, fault }) === signature(finding);
    });
    if (ran === 0) break;
    if (isSame) [path, way] = [smaller, 0];
    else way += 1;
  }
  return { ...finding, path };
}

/** Prints a finding and writes its case to files. */
function tell({ target, seed, path, fault }: Finding, count: number, found: string): void {
  const one = caseAt(target, seed, path)!.value;
  const folder = join(found, `${target.name}-${fault.replaceAll(/[^\w]+/g, "-").slice(0, 60)}`);
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(target.files(one))) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, "case.json"), `${JSON.stringify({ fault, one }, null, 2)}\n`);
  const shown = fault.replaceAll(/[^ -~]/g, "?");
  console.log(`\n${target.name}: ${shown} (${count} times)
  in ${folder}
  again: npm run fuzz -- --only ${target.name} --seed ${seed} --path ${path}`);
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("it must be a whole number");
}

const command = new Command("fuzz")
  .description("Tries generated inputs of every kind, and looks for what must not happen.")
  .option("--runs <number>", "how many cases in all", wholeNumber, 2000)
  .option("--seed <number>", "makes the same cases again", wholeNumber, Date.now() % 1_000_000)
  .option("--only <kind...>", `only these kinds: ${TARGETS.map(({ name }) => name).join(", ")}`)
  .option("--path <path>", "one case of a seed, as it was printed; with --only and --seed")
  .option("--found <folder>", "where counter-examples are written", join(tmpdir(), "workflow-fuzz-found"))
  .action(async (options: Options) => {
    process.exitCode = await main(options);
  });

void command.parseAsync();
