/** Runs the workflow on this machine. */
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { HISTORY_LIMIT, historyEvents } from "../asl/check/history-limit";
import { UsageError } from "../base/errors";
import { duration } from "../base/terminal-text";
import { chooseEngine } from "../local/engines/choose-engine";
import { ensureImage } from "../local/engines/docker-image";
import { type Engine, EngineError } from "../local/engines/engine";
import { runLocally } from "../local/run";
import { type SynthesizedWorkflow, synthesize } from "../local/synthesize";
import { loadSettings } from "../project/load-settings";
import { resourceName } from "../project/names";
import { PROJECT_FOLDER } from "../project/project-folder";
import type { Settings } from "../project/settings-types";
import { loadWorkflow } from "../project/workflow-files";
import { readMocks } from "../testing/read-mocks";
import type { Values } from "./define-command";
import { inputOf } from "./execution-input";
import type { LOCAL } from "./flags";
import type { Project, Terminal, Timed } from "./session";
import { createViews, type Views } from "./views";

/** A shorter synth is not mentioned. */
const QUICK_MILLISECONDS = 1000;

type LocalFlags = Values<typeof LOCAL>;
type LocalSession = Project & Terminal & Timed;

/** Checks the document and the input, then runs the workflow here. Returns the exit code. */
export async function runHere(options: LocalFlags, session: LocalSession): Promise<number> {
  const { clock, environment, context } = session;
  const settings = loadSettings(environment, context);
  const { document, inputSchema } = loadWorkflow(settings, { local: true });
  const input = inputOf(options, settings, inputSchema, session);
  const mocked = { document, stateMachines: [settings.name, resourceName(settings)] };
  const mocks = options.mock === undefined ? null : readMocks(options.mock, mocked);
  const execution = { name: options.name ?? randomUUID(), input };
  const [stop, force] = [new AbortController(), new AbortController()];
  const views = await createViews({ document, place: "this machine" }, options, session);
  const stopListening = session.onInterrupt(() => {
    if (stop.signal.aborted) return force.abort();
    views.notice(
      engine === null
        ? "stopping: the execution does not start"
        : "stopping: the jobs have 30 s to end, a second Ctrl-C kills them",
    );
    stop.abort();
  });
  let engine: Engine | null = null;
  // Also when the process ends because something hangs: then no job keeps running, and the terminal is usable again.
  const close = () => {
    engine?.close();
    views.close();
  };
  process.once("exit", close);
  try {
    const events = historyEvents(document, input);
    if (events > HISTORY_LIMIT) {
      views.notice(
        `AWS ends an execution at ${HISTORY_LIMIT} history events, this one needs ${events}; use a distributed Map`,
      );
    }
    const prepared = await prepare(settings, options.engine, execution.name, session, views, stop.signal);
    if (prepared === null) return 1;
    engine = prepared.engine;
    const dependencies = { engine, vcpus: availableParallelism(), mocks, clock, emit: views.sink };
    const signals = { stop: stop.signal, force: force.signal };
    const status = await runLocally(prepared.workflow, execution, dependencies, signals);
    engine.close();
    const isWritten = await views.finish();
    return status === "SUCCEEDED" && isWritten ? 0 : 1;
  } finally {
    process.off("exit", close);
    close();
    stopListening();
  }
}

/** Synthesizes, finds an engine and builds missing images. Returns `null` if `signal` aborts. */
async function prepare(
  settings: Settings,
  wanted: LocalFlags["engine"],
  executionId: string,
  { clock, environment, stderr }: LocalSession,
  { sink, notice }: Views,
  signal: AbortSignal,
): Promise<{ workflow: SynthesizedWorkflow; engine: Engine } | null> {
  const preparing = (step: string, line: string | null = null) =>
    sink({ at: clock.now(), type: "preparing", step, line });
  const synthesized = new AbortController();
  if (wanted === "process") refuseJobsWithoutCommand(settings, wanted);
  try {
    void clock.sleep(QUICK_MILLISECONDS, AbortSignal.any([signal, synthesized.signal])).then(() => {
      if (!signal.aborted && !synthesized.signal.aborted) preparing("synthesizing the stacks");
    });
    const [workflow, chosen] = await Promise.all([
      synthesize(settings, environment, signal).finally(() => synthesized.abort()),
      chooseEngine(wanted, { executionId, folder: PROJECT_FOLDER, signal }),
    ]);
    if (chosen.notice !== null) notice(chosen.notice);
    if (chosen.engine.name === "process") refuseJobsWithoutCommand(settings, wanted);
    if (chosen.engine.name === "docker") {
      for (const [uri, build] of Object.entries(workflow.images)) {
        const startedAt = clock.now();
        const tell = (line: string | null) => preparing(`building image ${uri}`, line);
        const isBuilt = await ensureImage(uri, build, { signal, tell }).catch((error) => {
          throw withoutEngine(error, settings);
        });
        if (isBuilt) notice(`built image ${uri} in ${duration(clock.now() - startedAt)}`);
      }
    }
    signal.throwIfAborted();
    return { workflow, engine: chosen.engine };
  } catch (error) {
    // Work that is stopped halfway may fail in any way.
    if (!signal.aborted) throw error;
    stderr.write("stopped before the execution started\n");
    return null;
  }
}

/** Adds to the error of an image that cannot be built how to run without an image. */
function withoutEngine(error: unknown, { jobs }: Settings): unknown {
  const canDoWithout = Object.values(jobs).every(({ localCommand }) => localCommand !== null);
  if (!(error instanceof EngineError) || !canDoWithout) return error;
  return new EngineError(`${error.message}\n\`--engine process\` runs the jobs without an image`, { cause: error });
}

/** @throws UsageError if a job can only run in a container */
function refuseJobsWithoutCommand({ jobs }: Settings, wanted: LocalFlags["engine"]): void {
  const names = Object.keys(jobs).filter((name) => jobs[name]!.localCommand === null);
  if (names.length === 0) return;
  const way = wanted === "process" ? "leave out `--engine process`" : "start Docker";
  throw new UsageError(
    `without containers, each job needs a \`localCommand\`, and it is missing for ${names.join(", ")}; ${way}, or set it in the context of cdktf.json`,
  );
}
