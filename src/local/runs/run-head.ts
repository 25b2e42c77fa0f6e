/** The head of a kept run, `run.json`: what `list` shows, and the process that runs it. */
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import type { ProcessIdentity } from "../../base/process-identity";
import type { RunCost } from "../../execution/cost/costs";
import type { ExecutionStatus } from "../../execution/events";

/** The entry of a run in `list`. Times are milliseconds since 1970. */
export interface RunHead {
  /** The name of the execution. */
  readonly name: string;
  /** The name of the state machine. */
  readonly workflow: string;
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly status: ExecutionStatus | "RUNNING";
  readonly redriveCount: number;
  /** `docker` or `process`. */
  readonly engine: string;
  /** The region in which it would run on AWS; `null` if that is not known. */
  readonly region: string | null;
  /** The cost that it would have on AWS; `null` until it has ended. */
  readonly cost: RunCost | null;
  readonly source: RunSource;
  readonly process: ProcessIdentity;
}

/** The document, the engine and the files of a run. A redrive starts with them again. */
export interface RunSource {
  /** The given document; `null` for the project's. */
  readonly document: string | null;
  /** The folder of the user. */
  readonly folder: string;
  readonly engine: "auto" | "docker" | "process";
  /** The images that the user gave, as `name=image`. */
  readonly images: readonly string[];
  /** The file of the mocks; `null` if there is none. */
  readonly mock: string | null;
}

/** Returns the head in the text of a file; `null` if it holds none. @throws SyntaxError if the text is no JSON, as in a damaged file */
export function headIn(text: string): RunHead | null {
  // Compiled with the first head: a first run reads none.
  isHead ??= new Ajv2020({ meta: false, validateSchema: false }).compile<RunHead>(SCHEMA);
  const head: unknown = JSON.parse(text);
  return isHead(head) ? head : null;
}

// --- internal ---

let isHead: ValidateFunction<RunHead> | null = null;

/** Returns the schema of an object that has all of these members. */
function objectOf(properties: object) {
  return { type: "object", properties, required: Object.keys(properties) };
}

const TEXT = { type: "string" };
const NUMBER = { type: "number" };
const TRUTH = { type: "boolean" };
const TEXT_OR_NULL = { type: ["string", "null"] };
const NUMBER_OR_NULL = { type: ["number", "null"] };

const COST = objectOf({
  amount: NUMBER_OR_NULL,
  currency: { const: "USD" },
  pricesOf: TEXT,
  isMost: TRUTH,
  unpricedJobs: NUMBER,
  region: TEXT_OR_NULL,
  measuredHere: TRUTH,
  jobs: NUMBER_OR_NULL,
  transitions: NUMBER_OR_NULL,
  itemsLeftOut: NUMBER,
  reusedJobs: NUMBER,
} satisfies Record<keyof RunCost, object>);

const SCHEMA = objectOf({
  name: TEXT,
  workflow: TEXT,
  startedAt: NUMBER,
  stoppedAt: NUMBER_OR_NULL,
  status: { enum: ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] },
  redriveCount: NUMBER,
  engine: TEXT,
  region: TEXT_OR_NULL,
  cost: { ...COST, type: ["object", "null"] },
  source: objectOf({
    document: TEXT_OR_NULL,
    folder: TEXT,
    engine: { enum: ["auto", "docker", "process"] },
    images: { type: "array", items: TEXT },
    mock: TEXT_OR_NULL,
  } satisfies Record<keyof RunSource, object>),
  process: objectOf({
    pid: { type: "integer", minimum: 1 },
    startedAt: TEXT_OR_NULL,
    boot: TEXT_OR_NULL,
    host: TEXT,
  } satisfies Record<keyof ProcessIdentity, object>),
} satisfies Record<keyof RunHead, object>);
