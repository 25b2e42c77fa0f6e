/** Hides secrets in the events of an execution, before any view sees them. */
import { ExactNumber } from "../base/exact-number";
import { type HiddenValues, hideValues } from "../base/hidden-values";
import { isObject, type Json } from "../base/json";
import { MAX_LINE_BYTES } from "../base/log-lines";
import type { EventSink, ExecutionEvent, JobDescription } from "./events";

export interface SecretFilter {
  /** Takes the events with secrets. */
  readonly sink: EventSink;
  /** Hides these values too, from now on. */
  readonly hide: (values: readonly string[]) => void;
}

type LogEvent = Extract<ExecutionEvent, { type: "job-log" }>;
type DescribedEvent = Extract<ExecutionEvent, { type: "job-described" }>;

/**
 * Returns a sink that passes each event on to `next`, with every secret in its texts replaced. Names of states and jobs stay, because
 * the views find things by them.
 */
export function hideSecrets(next: EventSink): SecretFilter {
  const values = new Set<string>();
  let hidden: HiddenValues = hideValues([]);
  /** The ends of lines that were cut inside a possible secret, by job. */
  const held = new Map<string, Buffer>();

  const tellLine = (event: LogEvent, bytes: Buffer) => {
    const shown = hidden.inBytes(bytes);
    next({ ...event, line: shown.toString("utf8").replace(/\r?\n$/, ""), bytes: shown });
  };
  const takeLine = (event: LogEvent) => {
    if (event.bytes === undefined) return next({ ...event, line: hidden.inText(event.line) });
    const before = held.get(event.jobId);
    const bytes = before === undefined ? event.bytes : Buffer.concat([before, event.bytes]);
    held.delete(event.jobId);
    const end = isCut(event.bytes) ? hidden.openEnd(bytes) : bytes.length;
    if (end < bytes.length) held.set(event.jobId, bytes.subarray(end));
    if (end > 0) tellLine(event, bytes.subarray(0, end));
  };
  const release = (at: number, jobId: string) => {
    const bytes = held.get(jobId);
    if (bytes === undefined) return;
    held.delete(jobId);
    tellLine({ at, type: "job-log", jobId, line: "" }, bytes);
  };
  return {
    hide: (more) => {
      for (const value of more) values.add(value);
      hidden = hideValues([...values]);
    },
    sink: (event) => {
      if (values.size === 0) return next(event);
      if (event.type === "job-log") return takeLine(event);
      if (event.type === "job-attempt") release(event.at, event.jobId);
      const shown = maskedEvent(event, hidden);
      next(event.type === "job-described" && shown.type === event.type ? withHidden(shown, event.job) : shown);
    },
  };
}

// --- internal ---

/** The fields of events that hold free text or any JSON. */
const FREE = new Set([
  "assigned",
  "cause",
  "command",
  "environment",
  "error",
  "input",
  "line",
  "message",
  "object",
  "output",
  "part",
  "reason",
  "result",
  "statusReason",
  "step",
]);

/** The fields of events that hold such fields. */
const NESTED = new Set(["attempt", "job", "notReused", "wait"]);

/** The fields of events that a later run may need as they were. */
const DATA = ["assigned", "input", "output", "result"];

/** Returns an event with its secrets replaced. It is marked if its data had any. */
function maskedEvent(event: ExecutionEvent, hidden: HiddenValues): ExecutionEvent {
  let isMasked = false;
  const inText = (text: string) => {
    const shown = hidden.inText(text);
    isMasked ||= shown !== text;
    return shown;
  };
  const shown = hideIn(event, { ...hidden, inText }) as ExecutionEvent;
  return isMasked && DATA.some((field) => field in event) ? { ...shown, masked: true } : shown;
}

/** A line of this size without a line break goes on in the next event. */
function isCut(bytes: Buffer): boolean {
  return bytes.length > MAX_LINE_BYTES - 4 && bytes.at(-1) !== 0x0a;
}

/** Adds the variables whose values hold a secret, such as a URL with a password. */
function withHidden(shown: DescribedEvent, { environment }: JobDescription): DescribedEvent {
  const { job } = shown;
  const changed = Object.keys(job.environment).filter((name) => job.environment[name] !== environment[name]);
  return changed.length === 0
    ? shown
    : { ...shown, job: { ...job, secrets: [...new Set([...job.secrets, ...changed])] } };
}

function hideIn(fields: object, hidden: HiddenValues): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (FREE.has(name)) return [name, hideInJson(value, hidden)];
      return [name, NESTED.has(name) && isObject(value) ? hideIn(value, hidden) : value];
    }),
  );
}

/** A number that contains a secret becomes a text. */
function hideInJson(value: Json, hidden: HiddenValues): Json {
  if (Array.isArray(value)) return value.map((item) => hideInJson(item, hidden));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [hidden.inText(key), hideInJson(item, hidden)]),
    );
  }
  if (typeof value === "string") return hidden.inText(value);
  if (typeof value !== "number" && !(value instanceof ExactNumber)) return value;
  const shown = hidden.inText(String(value));
  return shown === String(value) ? value : shown;
}
