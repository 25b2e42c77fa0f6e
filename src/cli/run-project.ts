/** The project's workflow as it would be deployed, for a local run. */
import { localTasks } from "../asl/local-tasks";
import { UsageError } from "../base/errors";
import { duration } from "../base/terminal-text";
import { chooseEngine } from "../local/engines/choose-engine";
import { ensureImage } from "../local/engines/docker-image";
import { EngineError } from "../local/engines/engine";
import { isMocked } from "../local/mocks";
import { synthesize } from "../local/synthesize";
import { loadSettings } from "../project/load-settings";
import { resourceName } from "../project/names";
import { PROJECT_FOLDER } from "../project/project-folder";
import type { Settings } from "../project/settings-types";
import { loadWorkflow } from "../project/workflow-files";
import { mockReader } from "../testing/read-mocks";
import { inputOf } from "./execution-input";
import type { LocalFlags, LocalSession, Preparation, Prepared, Runnable } from "./runnable";

/** A shorter synth is not mentioned. */
const QUICK_MILLISECONDS = 1000;

/** @throws UsageError if the document, the input or the flags have errors */
export function projectRun(options: LocalFlags, session: LocalSession): Runnable {
  if (options.job.length > 0) {
    throw new UsageError(
      "`--job` belongs to a given document; the jobs of the project are in the context of cdktf.json",
    );
  }
  const settings = loadSettings(session.environment, session.context);
  const { read: readMocks, mocked } = mockReader(options.mock, [settings.name, resourceName(settings)]);
  const { document, inputSchema } = loadWorkflow(settings, { local: true, mocked });
  const { value: input } = inputOf(options, settings, inputSchema, session);
  const mocks = readMocks(document);
  const runsJobs = localTasks(document).some(({ name }) => !isMocked(name, mocks));
  return {
    document,
    input,
    mocks,
    prepare: (preparation) => prepare(settings, runsJobs ? options.engine : null, session, preparation),
  };
}

// --- internal ---

/** Synthesizes, finds an engine and builds missing images. `wanted` is `null` if no job runs: then nothing starts in the engine. */
async function prepare(
  settings: Settings,
  wanted: LocalFlags["engine"] | null,
  { clock, environment }: LocalSession,
  { executionId, tell, notice, signal }: Preparation,
): Promise<Prepared> {
  const synthesized = new AbortController();
  if (wanted === "process") refuseJobsWithoutCommand(settings, wanted);
  void clock.sleep(QUICK_MILLISECONDS, AbortSignal.any([signal, synthesized.signal])).then(() => {
    if (!signal.aborted && !synthesized.signal.aborted) tell("synthesizing the stacks", null);
  });
  const [workflow, { engine, notice: ofEngine }] = await Promise.all([
    synthesize(settings, environment, signal).finally(() => synthesized.abort()),
    chooseEngine(wanted ?? "process", { executionId, folder: PROJECT_FOLDER, signal }),
  ]);
  if (ofEngine !== null) notice(ofEngine);
  if (engine.name === "process" && wanted !== null) refuseJobsWithoutCommand(settings, wanted);
  if (engine.name === "docker") {
    for (const [uri, build] of Object.entries(workflow.images)) {
      const startedAt = clock.now();
      const options = { signal, tell: (line: string | null) => tell(`building image ${uri}`, line) };
      const isBuilt = await ensureImage(uri, build, options).catch((error) => {
        throw withoutEngine(error, settings);
      });
      if (isBuilt) notice(`built image ${uri} in ${duration(clock.now() - startedAt)}`);
    }
  }
  return { workflow, engine };
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
