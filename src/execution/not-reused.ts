/** The reasons why a job of a resumed run runs, although an earlier run had one at its place. */
import { listed } from "../base/text";

/** The parts of a job that its program can feel, in the words of a message. */
const PARTS = {
  engine: "the engine",
  terminal: "a variable of this terminal",
  image: "the image",
  localCommand: "the `localCommand`",
  mountedFiles: "a file in a mounted folder",
  dataFiles: "a file in `data/`",
  mounts: "a mount",
  queue: "the queue",
  command: "the command",
  environment: "the environment",
  secrets: "the value of a secret",
  vcpus: "the field `vcpus`",
  memoryMiB: "the field `memoryMiB`",
  gpus: "the field `gpus`",
  sharedMemoryMiB: "the field `sharedMemoryMiB`",
  user: "the field `user`",
  readonlyRootFilesystem: "the field `readonlyRootFilesystem`",
  initProcess: "the field `initProcess`",
};

const DATA = {
  read: "an object that it read",
  listed: "a listing that it read",
  written: "an object that it wrote",
};

const UNFIT = {
  none: "no earlier result of it is kept",
  taken: "another job has got the earlier result, and each is used once",
  limits: "its time limit or its retries no longer allow the earlier attempts",
  unknownImage: "the content of its image is not known",
  unknownMountedFiles: "a mounted folder holds a symbolic link, or too many files to compare",
  unknownDataFiles: "`data/` holds a symbolic link, or too many files to compare",
  always: "array jobs, jobs with `DependsOn` and jobs without `.sync` always run",
};

export type JobPart = keyof typeof PARTS;
type DataPart = keyof typeof DATA;

/** The reasons why the result of a job is not kept. */
const UNKEPT = {
  wroteMountedFiles: "the earlier job has written in a mounted folder",
  wroteDataFiles: "the earlier job has written in `data/` other than through S3",
  ownCredentials: "the earlier job had AWS credentials of your own, which others may use",
  unclearData: "S3 has refused a request of the earlier job, or an object changed while the job read it",
};

const OTHERS = { ...UNFIT, ...UNKEPT };

export type Unkept = keyof typeof UNKEPT;

export type NotReused =
  /** `names` are those of the variables. */
  | { readonly changed: readonly JobPart[]; readonly names: readonly string[] }
  /** `object` is the key of the object, or the prefix of the listing. */
  | { readonly changed: DataPart; readonly object: string }
  | { readonly because: keyof typeof OTHERS };

/** Returns the reason in words: "the image has changed". */
export function notReusedText(why: NotReused): string {
  const what = "object" in why ? why.object : "names" in why ? listed(why.names, MOST_NAMES) : "";
  return what === "" ? kindOf(why) : `${kindOf(why)} (${what})`;
}

/** Says that a job runs, and why: "runs again: the image has changed". */
export function runsText(why: NotReused): string {
  return `${"changed" in why ? "runs again" : "runs"}: ${notReusedText(why)}`;
}

/** Says the same of jobs that have run for the same kind of reason. */
export function ranText(why: NotReused): string {
  return `${"changed" in why ? "ran again" : "ran"}: ${kindOf(why)}`;
}

// --- internal ---

const MOST_PARTS = 3;
const MOST_NAMES = 5;

function kindOf(why: NotReused): string {
  if ("because" in why) return OTHERS[why.because];
  if ("object" in why) return `${DATA[why.changed]} has changed`;
  const parts = why.changed.map((part) => PARTS[part]);
  if (parts.length === 1) return `${parts[0]} has changed`;
  const words =
    parts.length > MOST_PARTS ? listed(parts, MOST_PARTS) : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
  return `${words} have changed`;
}
