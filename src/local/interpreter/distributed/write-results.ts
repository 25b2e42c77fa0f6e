/**
 * Writes the results of a distributed Map to a bucket while the Map runs, so that they need no memory.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { asObject, type Json, type JsonObject, stringifyJson } from "../../../base/json";
import { type ObjectStore, ObjectStoreError, type StoredObject } from "../../data/object-store";
import { StatesError } from "../states-error";
import { type ChildEnd, type ChildResult, resultsOf, TRANSFORMATIONS, type Transformation } from "./child-result";
import { s3Words } from "./read-items";

/** The evaluated ResultWriter of a Map. */
export interface ResultWriter {
  /** `null`: the results are the output of the Map. */
  readonly target: { readonly bucket: string; readonly prefix: string } | null;
  readonly transformation: Transformation;
  readonly isJsonLines: boolean;
}

/** Identifies a Map Run. */
export interface MapRun {
  readonly arn: string;
  /** The last part of the ARN. */
  readonly id: string;
  /** The Label of the Map, or its name. */
  readonly label: string;
  /** The state machine of the child executions. */
  readonly stateMachineArn: string;
}

/** Takes the child executions of a Map in the order of their inputs. */
export interface Results {
  /** Takes a child execution. Waits for the disk if necessary. */
  add(child: ChildResult): Promise<void>;
  /** Returns the result of the Map. Files are complete then. */
  finish(): Promise<Json>;
  /** Removes unfinished files. */
  discard(): Promise<void>;
}

/**
 * Reads the evaluated parts of a ResultWriter.
 *
 * @param request the evaluated Parameters or Arguments; `null` without a Resource
 * @throws StatesError States.ResultWriterFailed
 */
export function resultWriter(request: Json, config: JsonObject): ResultWriter {
  const { Bucket, Prefix = "" } = asObject(request);
  const target = typeof Bucket === "string" && typeof Prefix === "string" ? { bucket: Bucket, prefix: Prefix } : null;
  if (target === null && request !== null) throw writerFailed("ResultWriter needs a Bucket");
  const usual = target === null ? "COMPACT" : "NONE";
  return {
    target,
    transformation: TRANSFORMATIONS.find((one) => one === config.Transformation) ?? usual,
    isJsonLines: config.OutputType === "JSONL",
  };
}

/** Prepares the results of a Map Run. */
export function startResults(writer: ResultWriter, run: MapRun, store: ObjectStore): Results {
  const { target, transformation } = writer;
  if (target !== null) return new ResultFiles(writer, target, run, store);
  const list: Json[] = [];
  return {
    add: async (child) => {
      list.push(...resultsOf(child, transformation, run.stateMachineArn));
    },
    finish: async () => list,
    discard: async () => {},
  };
}

// --- internal ---

const KINDS = ["FAILED", "PENDING", "SUCCEEDED"] as const;
type Kind = (typeof KINDS)[number];

/** Executions that were stopped are among the failed ones. */
const KIND_OF: Readonly<Record<ChildEnd["status"], Kind>> = {
  SUCCEEDED: "SUCCEEDED",
  FAILED: "FAILED",
  ABORTED: "FAILED",
  PENDING: "PENDING",
};

class ResultFiles implements Results {
  private readonly files = new Map<Kind, ResultFile>();
  private readonly folder: string;

  constructor(
    private readonly writer: ResultWriter,
    private readonly target: NonNullable<ResultWriter["target"]>,
    private readonly run: MapRun,
    private readonly store: ObjectStore,
  ) {
    this.folder = [target.prefix.replace(/\/+$/, ""), run.id].filter((part) => part !== "").join("/");
  }

  async add(child: ChildResult): Promise<void> {
    const { transformation, isJsonLines } = this.writer;
    const kind = KIND_OF[child.end.status];
    let file = this.files.get(kind);
    if (file === undefined) {
      const key = `${this.folder}/${kind}_0.${isJsonLines ? "jsonl" : "json"}`;
      file = new ResultFile(key, isJsonLines, (content) => this.store.put(this.target.bucket, key, content));
      this.files.set(kind, file);
    }
    for (const result of resultsOf(child, transformation, this.run.stateMachineArn)) {
      await explaining(() => file.add(result));
    }
  }

  async finish(): Promise<Json> {
    const { bucket } = this.target;
    const ResultFiles: JsonObject = {};
    for (const kind of KINDS) {
      const file = this.files.get(kind);
      ResultFiles[kind] = file === undefined ? [] : [{ Key: file.key, Size: await explaining(() => file.close()) }];
    }
    const manifest = { DestinationBucket: bucket, MapRunArn: this.run.arn, ResultFiles };
    const key = `${this.folder}/manifest.json`;
    await explaining(() => this.store.put(bucket, key, textPieces(stringifyJson(manifest))));
    return { MapRunArn: this.run.arn, ResultWriterDetails: { Bucket: bucket, Key: key } };
  }

  async discard(): Promise<void> {
    await Promise.all([...this.files.values()].map((file) => file.discard()));
  }
}

/** A list of results that is stored while it grows. */
class ResultFile {
  private readonly content = new PassThrough({ encoding: "utf8" });
  private readonly stored: Promise<StoredObject>;
  private isEmpty = true;

  constructor(
    readonly key: string,
    private readonly isJsonLines: boolean,
    store: (content: AsyncIterable<string>) => Promise<StoredObject>,
  ) {
    this.stored = store(this.content);
    // Writing or closing the file throws the error.
    this.stored.catch(() => {});
  }

  async add(result: Json): Promise<void> {
    const before = this.isJsonLines ? "" : this.isEmpty ? "[" : ",";
    this.isEmpty = false;
    const goesOn = this.content.write(`${before}${stringifyJson(result)}${this.isJsonLines ? "\n" : ""}`);
    if (!goesOn) await Promise.race([once(this.content, "drain"), this.stored]);
  }

  async close(): Promise<number> {
    this.content.end(this.isJsonLines ? "" : this.isEmpty ? "[]" : "]");
    return (await this.stored).size;
  }

  async discard(): Promise<void> {
    this.content.destroy(new Error("the Map Run was stopped"));
    await this.stored.catch(() => {});
  }
}

async function* textPieces(text: string): AsyncGenerator<string> {
  yield text;
}

async function explaining<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof ObjectStoreError) throw writerFailed(s3Words(cause));
    throw cause;
  }
}

function writerFailed(cause: string): StatesError {
  return new StatesError("States.ResultWriterFailed", cause);
}
