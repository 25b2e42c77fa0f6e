import { asObject, type JsonObject } from "../../base/json";
import { asJson, walkStrings } from "../document";
import { exampleMock, foreignTasks, serviceOf } from "../local-tasks";
import { permissions } from "../permissions/document-permissions";
import { S3_KEPT_FIELDS, S3_ONLY_FIELDS, s3ActionOf } from "../s3-calls";
import { BATCH_ONLY_FIELDS } from "../submit-job";
import { pathsOf, tryParse } from "./data/expression-shape";
import { batchTasks, resourceRequirements } from "./jobs/batch-request";
import { error, type Finding, hint, warning } from "./problem";
import { requestTask } from "./request-fields";
import type { Subject } from "./subject";

/** Finds what the local run cannot do, or does differently from AWS. */
export function* findNotLocal(subject: Subject): Generator<Finding, void, undefined> {
  if (!subject.local) return;
  const { document, states, mocked = NONE } = subject;
  // Another rule reports these. AWS may refuse them too.
  const unknown = new Set(
    permissions(document).doubts.flatMap(({ rule, pointer }) => (rule === "unknown-integration" ? [pointer] : [])),
  );
  for (const { state, pointer } of states) {
    if (state.Credentials !== undefined) {
      const message = "the local run does not assume the role of Credentials";
      yield warning("not-local", `${pointer}/Credentials`, message, "test the role on AWS");
    }
    yield* findUnreadable(asObject(asObject(state.ItemReader).ReaderConfig), `${pointer}/ItemReader/ReaderConfig`);
  }
  for (const { name, state, pointer } of foreignTasks(document)) {
    if (mocked.has(name)) continue;
    if (typeof state.Resource === "string" && !unknown.has(`${pointer}/Resource`)) {
      yield notMocked(`${pointer}/Resource`, name, state.Resource);
    }
  }
  for (const { text, pointer } of walkStrings(asJson(document))) {
    if (text.includes("[?(") && hasUnknownFilter(text)) yield notLocal(pointer, text);
  }
  for (const { request, requestPointer } of batchTasks(subject).filter(({ name }) => !mocked.has(name))) {
    for (const field of BATCH_ONLY_FIELDS.flatMap((name) => [name, `${name}.$`])) {
      if (request[field] !== undefined) yield notLocal(`${requestPointer}/${field}`, field);
    }
    for (const { value, place } of resourceRequirements(request)) {
      if (value.Type === "GPU") yield notLocal(`${requestPointer}/${place}/Type`, "GPU");
    }
  }
  for (const location of states.filter(({ name, state }) => s3ActionOf(state.Resource) !== null && !mocked.has(name))) {
    for (const { request, requestPointer } of requestTask(location)) {
      const given = (field: string) => request[field] !== undefined || request[`${field}.$`] !== undefined;
      for (const field of S3_ONLY_FIELDS.filter(given)) yield notLocal(`${requestPointer}/${field}`, field);
      const lost = S3_KEPT_FIELDS.filter(given);
      if (lost.length > 0) yield notKept(requestPointer, lost);
    }
  }
}

// --- internal ---

const NONE: ReadonlySet<string> = new Set();

/** The formats that only AWS reads, by the field of a ReaderConfig. */
const UNREADABLE: Readonly<Record<string, readonly string[]>> = {
  InputType: ["MANIFEST", "PARQUET"],
  ManifestType: ["ATHENA_DATA", "S3_INVENTORY"],
};

function* findUnreadable(config: JsonObject, pointer: string): Generator<Finding, void, undefined> {
  for (const [field, values] of Object.entries(UNREADABLE)) {
    const value = config[field];
    if (values.includes(value as string)) yield notLocal(`${pointer}/${field}`, `${field} ${value}`);
  }
}

/** Returns whether a path has a filter that only AWS's library knows, such as the operator `in`, or functions. */
function hasUnknownFilter(text: string): boolean {
  const expression = tryParse(text);
  const selectors = expression === null ? [] : pathsOf(expression).flatMap((path) => path.selectors ?? []);
  return selectors.some((selector) => selector.kind === "filter" && selector.condition === null);
}

function notLocal(pointer: string, what: string): Finding {
  return error(
    "not-local",
    pointer,
    `the local run does not support ${what}; AWS does`,
    "remove it, or run the workflow only on AWS and check it with --no-local",
  );
}

function notKept(pointer: string, fields: readonly string[]): Finding {
  const message = `the local run does not keep ${fields.join(", ")}: an object is a file, which has only content`;
  return hint("not-local", pointer, message, "do not let a later state read it, or test that on AWS");
}

function notMocked(pointer: string, state: string, resource: string): Finding {
  const message = `the local run has no ${serviceOf(resource)}: it fails at this state, unless a mock answers`;
  const fix = `write { "mocks": { ${exampleMock(state, resource)} } } to a file, and run \`workflow local --mock FILE\``;
  return warning("not-mocked", pointer, message, fix);
}
