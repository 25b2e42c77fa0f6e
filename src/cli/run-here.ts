/** Runs a workflow on this machine, and shows it. */
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { HISTORY_LIMIT, historyEvents } from "../asl/check/history-limit";
import { foreignTasks, serviceOf } from "../asl/local-tasks";
import { counted } from "../base/terminal-text";
import { listed } from "../base/text";
import { secretsIn } from "../local/batch/job-additions";
import { chaosEngine } from "../local/engines/chaos-engine";
import type { Engine } from "../local/engines/engine";
import { removeContainersOf } from "../local/engines/job-containers";
import { isMocked } from "../local/mocks";
import { type RedrivenExecution, runLocally } from "../local/run";
import { keepRun } from "../local/runs/keep-run";
import { keepRedrive, type UnfinishedRun } from "../local/runs/redrive-run";
import type { RunSource } from "../local/runs/run-head";
import { watchRun } from "../local/runs/watch-run";
import { chaosOf, describeChaos } from "./chosen-chaos";
import { earlierRun, earlierText, type KeptResults, keepResults } from "./resume";
import type { LocalFlags, LocalSession, Preparation, Prepared, Runnable } from "./runnable";
import { createViews, type Views } from "./views";

/** The most states that a notice names. */
const MOST_NAMES = 5;

/** Prepares and runs an execution, or goes on with the one that `unfinished` gives. Returns the exit code. */
export async function runHere(
  runnable: Runnable,
  options: LocalFlags,
  session: LocalSession,
  unfinished: UnfinishedRun | null = null,
): Promise<number> {
  const { clock } = session;
  const { document, mocks } = runnable;
  const chaos = chaosOf(options);
  const earlier = await earlierRun(options, runnable);
  const { input, start } = earlier;
  const execution = { name: options.name ?? randomUUID(), input, start };
  const [stop, force] = [new AbortController(), new AbortController()];
  const notKept = (message: string) => {
    // Without a folder of the run, there is none for its results.
    results?.close();
    views.notice(message);
  };
  const keeper =
    unfinished === null ? keepRun(runnable.runs, execution.name, notKept) : keepRedrive(unfinished, notKept);
  const pricing = { region: runnable.region, isHere: true };
  const viewed = { document, place: "this machine", pricing, keep: keeper.sink };
  const views = await createViews(viewed, options, session);
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
  let endpoint: Prepared["endpoint"] = null;
  let results: KeptResults | null = null;
  // Also when the process ends because something hangs: then no job keeps running, and the terminal is usable again.
  const close = () => {
    engine?.close();
    endpoint?.close();
    results?.close();
    keeper.close();
    views.close();
  };
  process.once("exit", close);
  try {
    if (chaos !== null) views.notice(describeChaos(chaos));
    const events = historyEvents(document, input);
    if (events > HISTORY_LIMIT) {
      views.notice(
        `AWS ends an execution at ${HISTORY_LIMIT} history events, this one needs ${events}; use a distributed Map`,
      );
    }
    const unanswered = foreignTasks(document).filter(({ name }) => !isMocked(name, mocks));
    if (unanswered.length > 0) {
      const names = unanswered.map(({ name, state }) => `${name} (${serviceOf(state.Resource)})`);
      views.notice(`no mock answers ${listed(names, MOST_NAMES)}: the run fails if it gets there`);
    }
    const prepared = await prepare(runnable, execution.name, session, views, stop.signal);
    if (prepared === null) return 1;
    ({ endpoint } = prepared);
    engine = chaos === null ? prepared.engine : chaosEngine(prepared.engine, chaos, clock);
    const { additions, objects } = prepared;
    views.hide(secretsIn(additions));
    if (unfinished !== null) {
      const left = prepared.engine.name === "docker" ? await removeContainersOf(execution.name) : 0;
      await watchRun(unfinished.run.folder, { emit: views.sink, logs: "all" });
      if (left > 0) views.notice(`removed ${counted(left, "container")} that the killed run had left`);
    }
    await keeper.prepared({
      engine: engine.name,
      region: runnable.region,
      source: sourceOf(runnable, options),
      stateMachine: prepared.workflow.stateMachine,
      results: earlier.stored.text,
    });
    if (runnable.runs !== null) {
      const { runs } = runnable;
      results = keepResults({ runs, name: execution.name, earlier }, prepared, session.environment, views.notice);
    }
    const goesOn = earlierText(earlier, prepared);
    if (goesOn !== null) views.notice(goesOn);
    const limits = { vcpus: availableParallelism(), maxJobs: options.maxJobs };
    const reuse = results?.reuse ?? null;
    const dependencies = { engine, objects, additions, reuse, ...limits, mocks, clock, emit: views.sink };
    const signals = { stop: stop.signal, force: force.signal };
    const status = await runLocally(
      prepared.workflow,
      { ...execution, redriven: redrivenOf(unfinished) },
      dependencies,
      signals,
    );
    engine.close();
    endpoint?.close();
    const isWritten = await views.finish();
    return status === "SUCCEEDED" && isWritten ? 0 : 1;
  } finally {
    process.off("exit", close);
    close();
    stopListening();
  }
}

// --- internal ---

function sourceOf({ file }: Runnable, { engine, job, mock }: LocalFlags): RunSource {
  const folder = process.cwd();
  return { document: file, folder, engine, images: job, mock: mock === undefined ? null : resolve(mock) };
}

function redrivenOf(unfinished: UnfinishedRun | null): RedrivenExecution | null {
  if (unfinished === null) return null;
  const { run, progress } = unfinished;
  const { startedAt, redriveCount } = run.head;
  return { startedAt, redriveCount: redriveCount + 1, known: progress };
}

/** Returns `null` if `signal` aborts. */
async function prepare(
  runnable: Runnable,
  executionId: string,
  { clock, stderr }: LocalSession,
  { sink, notice }: Views,
  signal: AbortSignal,
): Promise<Prepared | null> {
  const tell: Preparation["tell"] = (step, { part, line } = { part: null, line: null }) =>
    sink({ at: clock.now(), type: "preparing", step, part, line });
  try {
    const prepared = await runnable.prepare({ executionId, tell, notice, signal });
    signal.throwIfAborted();
    return prepared;
  } catch (error) {
    // Work that is stopped halfway may fail in any way.
    if (!signal.aborted) throw error;
    stderr.write("stopped before the execution started\n");
    return null;
  }
}
