/** A document from elsewhere, for a local run. */
import { resolve } from "node:path";
import { batchJobs } from "../asl/job-definitions";
import { UsageError } from "../base/errors";
import { suggest } from "../base/suggest";
import { listed } from "../base/text";
import { dataFolder } from "../local/data/data-folder";
import { chooseEngine } from "../local/engines/choose-engine";
import { imageIds } from "../local/engines/docker-image";
import type { Engine } from "../local/engines/engine";
import { ProcessEngine } from "../local/engines/process-engine";
import { stateMachineOf } from "../local/find-job";
import { isMocked } from "../local/mocks";
import { programsInImages } from "../local/reuse/programs";
import { fileOf, loadAnyDocument, stateMachineNameOf } from "../project/any-document";
import { mockReader } from "../testing/read-mocks";
import { inputOfDocument } from "./execution-input";
import { givenAdditions, refuseUnfit } from "./job-inputs";
import { prepareImages } from "./prepare-images";
import { profileDefaults } from "./profile-defaults";
import type { LocalFlags, LocalSession, Preparation, Prepared, Runnable } from "./runnable";

/**
 * `name` is the name of the state machine.
 * @throws UsageError if the document, the input or the flags have errors
 */
export function documentRun(
  typed: string,
  options: LocalFlags,
  session: LocalSession,
  name: string = stateMachineNameOf(fileOf(typed)),
): Runnable {
  const file = fileOf(typed);
  const { read: readMocks, mocked } = mockReader(options.mock, [name]);
  const { document, inputSchema } = loadAnyDocument(file, { local: true, mocked });
  const mocks = readMocks(document);
  const images: Images = new Map(options.job.map((job) => [nameIn(job), job.slice(nameIn(job).length + 1)]));
  const jobs = batchJobs(document);
  refuseUnknownJobs(
    [...images.keys()],
    jobs.map(({ definition }) => definition),
  );
  if (options.secrets !== undefined) {
    throw new UsageError(
      "`--secrets` belongs to the jobs of the project; give a document's jobs `--env` or `--env-file`",
    );
  }
  const given = givenAdditions(options, session.environment);
  const { value: input } = inputOfDocument(options, file, inputSchema, session);
  // A process needs no image.
  const imageOf = (job: string) => images.get(job) ?? (options.engine === "process" ? "" : null);
  const stateMachine = stateMachineOf(name, document);
  const workflow = { stateMachine, imageOf };
  const objects = dataFolder(resolve("data"));
  return {
    file: file.path,
    workflow: stateMachine.name,
    document,
    input,
    runs: session.runsFolders[0] ?? null,
    mocks,
    region: null,
    prepare: async (preparation) => {
      const unknown = jobs.flatMap(({ task, definition }) =>
        definition === null || isMocked(task, mocks) || imageOf(definition) !== null ? [] : [definition],
      );
      if (unknown.length > 0) {
        const names = listed([...new Set(unknown)], MOST_NAMES);
        preparation.notice(`\`--job\` gives no image for ${names}: the run fails if it gets there`);
      }
      const engine = await prepareEngine(options.engine, images, session, preparation);
      refuseUnfit(given, engine);
      const { AWS_REGION, AWS_DEFAULT_REGION } = session.environment;
      const region = AWS_REGION ?? AWS_DEFAULT_REGION ?? "us-east-1";
      const defaults = await profileDefaults(options.awsProfile, region, session, preparation);
      const programs = await programsOf(engine, images, options, preparation.signal);
      return { workflow, engine, objects, additions: { ...given, defaults, hosts: {} }, endpoint: null, programs };
    },
  };
}

// --- internal ---

/** The most names in a message. */
const MOST_NAMES = 5;

/** The images by job definition. */
type Images = ReadonlyMap<string, string>;

async function programsOf(
  engine: Engine,
  images: Images,
  { awsProfile }: LocalFlags,
  signal: AbortSignal,
): Promise<Prepared["programs"]> {
  if (awsProfile !== undefined) return "with `--aws-profile`, what they find on AWS may have changed";
  if (engine.name === "process") return "as processes of a given document, they run any program of this machine";
  return programsInImages(await imageIds([...new Set(images.values())], { signal }));
}

function nameIn(job: string): string {
  return job.slice(0, job.indexOf("="));
}

/** @throws UsageError for a job definition that no task can name */
function refuseUnknownJobs(given: readonly string[], definitions: readonly (string | null)[]): void {
  // A task may compute any name.
  if (definitions.includes(null)) return;
  const named = new Set(definitions.filter((name) => name !== null));
  for (const name of given.filter((one) => !named.has(one))) {
    throw new UsageError(
      `\`--job\` must name a job definition of the document, got: ${name}; ${suggest(name, named, "job definitions")}`,
    );
  }
}

/**
 * Finds an engine and pulls missing images. A command of an unknown document runs as a process of this machine only if the user
 * asked for that.
 */
async function prepareEngine(
  wanted: LocalFlags["engine"],
  images: Images,
  session: LocalSession,
  preparation: Preparation,
): Promise<Engine> {
  const { executionId, signal } = preparation;
  const folder = process.cwd();
  // No job can run, so no engine is needed.
  if (wanted === "auto" && images.size === 0) return new ProcessEngine({ folder });
  const { engine } = await chooseEngine(wanted === "auto" ? "docker" : wanted, { executionId, folder, signal });
  if (engine.name === "process") return engine;
  await prepareImages({ built: {}, pulled: new Set(images.values()) }, session, preparation);
  return engine;
}
