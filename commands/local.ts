/** Runs the workflow on this machine. */
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { UsageError } from "../errors";
import { ensureImage } from "../execution/docker-engine";
import { chooseEngine, type Engine } from "../execution/engine";
import { runLocally } from "../execution/local";
import { synthesize } from "../execution/synthesize";
import type { SynthesizedWorkflow } from "../execution/synthesized";
import { loadWorkflow } from "../project";
import { loadSettings, PROJECT_FOLDER, type Settings } from "../settings";
import { HISTORY_LIMIT, historyEvents } from "../workflow/check/history";
import { readExampleInput, readInput, validateInput } from "./input";
import type { Surroundings } from "./surroundings";
import { createViews, type ViewOptions } from "./views";

export interface LocalOptions extends ViewOptions {
  readonly input?: string;
  readonly engine: "auto" | "docker" | "process";
  readonly name?: string;
  readonly validate: boolean;
}

/** Runs the workflow here, after everything that can be wrong was looked at; gives the exit code. */
export async function local(options: LocalOptions, surroundings: Surroundings): Promise<number> {
  const { clock, environment, context } = surroundings;
  const settings = loadSettings(environment, context);
  const { document, inputSchema } = loadWorkflow(settings, { local: true });
  const input = options.input === undefined ? readExampleInput(settings) : readInput(options.input, surroundings);
  if (options.validate && inputSchema !== null) validateInput(inputSchema, input);

  const execution = { name: options.name ?? randomUUID(), input };
  const [stop, force] = [new AbortController(), new AbortController()];
  const views = createViews({ document, place: "this machine" }, options, surroundings);
  const stopListening = surroundings.onInterrupt(() => {
    if (stop.signal.aborted) return force.abort();
    views.notice("stopping: the jobs have 30 s to end, a second Ctrl-C kills them");
    stop.abort();
  });
  try {
    const events = historyEvents(document, input);
    if (events > HISTORY_LIMIT) {
      views.notice(
        `AWS ends an execution at ${HISTORY_LIMIT} history events, this one comes to ${events}: use a distributed Map`,
      );
    }
    const prepared = await prepare(settings, options.engine, execution.name, surroundings, views.notice, stop.signal);
    if (prepared === null) return 1;
    const { workflow, engine } = prepared;
    const dependencies = { engine, vcpus: availableParallelism(), clock, emit: views.sink };
    const status = await runLocally(workflow, execution, dependencies, { stop: stop.signal, force: force.signal });
    const isWritten = await views.finish();
    return status === "SUCCEEDED" && isWritten ? 0 : 1;
  } finally {
    views.close();
    stopListening();
  }
}

/** Synthesizes, finds an engine and builds the images that it lacks; `null` where `signal` has stopped that. */
async function prepare(
  settings: Settings,
  wanted: LocalOptions["engine"],
  executionId: string,
  { environment, stderr }: Surroundings,
  notice: (message: string) => void,
  signal: AbortSignal,
): Promise<{ workflow: SynthesizedWorkflow; engine: Engine } | null> {
  try {
    const [workflow, chosen] = await Promise.all([
      synthesize(settings, environment, signal),
      chooseEngine(wanted, { executionId, folder: PROJECT_FOLDER }),
    ]);
    if (chosen.notice !== null) notice(chosen.notice);
    if (chosen.engine.name === "process") refuseJobsWithoutCommand(settings, wanted);
    if (chosen.engine.name === "docker") {
      for (const [uri, build] of Object.entries(workflow.images)) {
        if (await ensureImage(uri, build, { signal })) notice(`built ${uri}`);
      }
    }
    return { workflow, engine: chosen.engine };
  } catch (error) {
    // What is stopped half-way may fail in any way.
    if (!signal.aborted) throw error;
    stderr.write("stopped before the execution started\n");
    return null;
  }
}

/** @throws UsageError for jobs that could only run in a container */
function refuseJobsWithoutCommand({ jobs }: Settings, wanted: LocalOptions["engine"]): void {
  const names = Object.keys(jobs).filter((name) => jobs[name]!.localCommand === null);
  if (names.length === 0) return;
  const way = wanted === "process" ? "leave out `--engine process`" : "start Docker";
  throw new UsageError(
    `\`localCommand\` must be set for each job where none runs in a container, and is missing for ${names.join(", ")}; ${way}, or set it in the context of cdktf.json`,
  );
}
