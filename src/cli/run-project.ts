/** The project's workflow as it would be deployed, for a local run. */
import { localTasks } from "../asl/local-tasks";
import { UsageError } from "../base/errors";
import { makeMountedFolders } from "../local/batch/container-parts";
import type { JobDefinition } from "../local/batch/job-definition";
import { dataFolder } from "../local/data/data-folder";
import { startDataEndpoint } from "../local/data-endpoint";
import { chooseEngine } from "../local/engines/choose-engine";
import { imageIds } from "../local/engines/docker-image";
import { type Engine, EngineError } from "../local/engines/engine";
import { hostAddresses } from "../local/engines/host-address";
import { type Jobs, jobsToRun } from "../local/jobs-to-run";
import { isMocked } from "../local/mocks";
import { programsInFolders, programsInImages } from "../local/reuse/programs";
import { type SynthesizedWorkflow, synthesize } from "../local/synthesize";
import { unmetSettings } from "../local/unmet-settings";
import { loadSettings } from "../project/load-settings";
import { dataBucketOf, LOCAL_ACCOUNT, resourceName } from "../project/names";
import { DATA_FOLDER, PROJECT_FOLDER } from "../project/project-folder";
import type { Settings } from "../project/settings-types";
import { loadWorkflow } from "../project/workflow-files";
import { mockReader } from "../testing/read-mocks";
import { inputOf } from "./execution-input";
import { type GivenAdditions, givenAdditions, readSecrets, refuseUnfit } from "./job-inputs";
import { prepareImages } from "./prepare-images";
import { profileDefaults } from "./profile-defaults";
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
  const { environment } = session;
  const runsJobs = localTasks(document).some(({ name }) => !isMocked(name, mocks));
  const jobs = jobsToRun(settings, document, mocks);
  const given = givenAdditions(options, environment);
  const { secrets, warnings } = readSecrets(settings, jobs, options, { given: given.environment, environment });
  return {
    file: null,
    workflow: resourceName(settings),
    document,
    input,
    runs: session.runsFolders.at(-1) ?? null,
    mocks,
    region: settings.region,
    prepare: async (preparation) => {
      for (const warning of warnings) preparation.notice(warning);
      const run = { settings, jobs, wanted: runsJobs ? options.engine : null, profile: options.awsProfile };
      return prepare(run, { ...given, secrets }, session, preparation);
    },
  };
}

// --- internal ---

interface Run {
  readonly settings: Settings;
  /** The jobs that may run. */
  readonly jobs: Jobs;
  /** `null` if no job runs: then nothing starts in the engine. */
  readonly wanted: LocalFlags["engine"] | null;
  /** The profile of AWS that the jobs use. */
  readonly profile: string | undefined;
}

/** Synthesizes, finds an engine, and builds and pulls missing images. */
async function prepare(
  { settings, jobs, wanted, profile }: Run,
  given: GivenAdditions,
  session: LocalSession,
  preparation: Preparation,
): Promise<Prepared> {
  const { executionId, notice, signal } = preparation;
  const bucket = wanted === null ? null : dataBucketOf(settings, LOCAL_ACCOUNT);
  if (wanted === "process") refuseJobsWithoutCommand(jobs, wanted);
  const [workflow, chosen, defaults] = await Promise.all([
    synthesizeVisibly(settings, session, preparation),
    chooseEngine(wanted ?? "process", { executionId, folder: PROJECT_FOLDER, signal }),
    profileDefaults(profile, settings.region, session, preparation),
  ]);
  const { engine, hasGpus } = chosen;
  if (chosen.notice !== null) notice(chosen.notice);
  if (wanted !== null) {
    if (engine.name === "process") refuseJobsWithoutCommand(jobs, wanted);
    refuseUnfit(given, engine);
    const unmet = unmetSettings(jobs, { engine: engine.name, hasGpus, actsOnAws: profile !== undefined });
    if (unmet !== null) notice(unmet);
  }
  if (engine.name === "docker") {
    const definitions = definitionsOf(workflow, settings, jobs);
    const folders = makeMountedFolders(definitions);
    if (folders !== null) notice(folders);
    const needed = new Set(definitions.map(({ image }) => image));
    const built = Object.fromEntries(Object.entries(workflow.images).filter(([uri]) => needed.has(uri)));
    const pulled = [...needed].filter((image) => !Object.hasOwn(built, image));
    await prepareImages({ built, pulled }, session, preparation).catch((error) => {
      throw withoutEngine(error, jobs);
    });
  }
  const objects = dataFolder(DATA_FOLDER);
  const prepared = { workflow, engine, objects, programs: await programsOf(workflow, engine, profile, signal) };
  if (bucket === null) return { ...prepared, additions: { ...given, defaults, hosts: {} }, endpoint: null };
  const data = { bucket, region: settings.region, store: objects };
  const addresses = await hostAddresses(engine.name, signal);
  const endpoint = await startDataEndpoint(data, { ...given, defaults }, addresses, session.clock);
  if (profile !== undefined) notice("their S3 is the folder data/ here, not the buckets of the profile");
  return { ...prepared, additions: { ...given, ...endpoint.additions }, endpoint };
}

/** The local run does not see the effects of a job on the real AWS. */
async function programsOf(
  { images, jobDefinitions }: SynthesizedWorkflow,
  engine: Engine,
  profile: string | undefined,
  signal: AbortSignal,
): Promise<Prepared["programs"]> {
  if (profile !== undefined) return "with `--aws-profile`, what they find on AWS may have changed";
  if (engine.name === "process") return programsInFolders(images, PROJECT_FOLDER);
  return programsInImages(await imageIds([...new Set(jobDefinitions.map(({ image }) => image))], { signal }));
}

function synthesizeVisibly(
  settings: Settings,
  { clock, environment }: LocalSession,
  { tell, signal }: Preparation,
): Promise<SynthesizedWorkflow> {
  const synthesized = new AbortController();
  void clock.sleep(QUICK_MILLISECONDS, AbortSignal.any([signal, synthesized.signal])).then(() => {
    if (!signal.aborted && !synthesized.signal.aborted) tell("synthesizing the stacks");
  });
  return synthesize(settings, environment, signal).finally(() => synthesized.abort());
}

function definitionsOf({ jobDefinitions }: SynthesizedWorkflow, settings: Settings, jobs: Jobs): JobDefinition[] {
  const names = Object.keys(jobs).map((job) => resourceName(settings, job));
  return jobDefinitions.filter(({ name }) => names.includes(name));
}

/** Adds to the error of an image that cannot be built how to run without an image. */
function withoutEngine(error: unknown, jobs: Jobs): unknown {
  const canDoWithout = Object.values(jobs).every(({ localCommand }) => localCommand !== null);
  if (!(error instanceof EngineError) || !canDoWithout) return error;
  return new EngineError(`${error.message}\n\`--engine process\` runs the jobs without an image`, { cause: error });
}

/** @throws UsageError if one of the jobs can only run in a container */
function refuseJobsWithoutCommand(jobs: Jobs, wanted: LocalFlags["engine"]): void {
  const names = Object.keys(jobs).filter((name) => jobs[name]!.localCommand === null);
  if (names.length === 0) return;
  const way = wanted === "process" ? "leave out `--engine process`" : "start Docker";
  throw new UsageError(
    `without containers, each job needs a \`localCommand\`, and it is missing for ${names.join(", ")}; ${way}, or set it in the context of cdktf.json`,
  );
}
