import { isObject, type JsonObject } from "../../base/json";
import { asJson, walkStrings } from "../document";
import { integrationOf } from "../integration";
import { isDistributed } from "../map-mode";
import { permissions } from "../permissions/document-permissions";
import { BATCH_ONLY_FIELDS } from "../submit-job";
import { batchTasks, resourceRequirements } from "./batch-request";
import { pathsOf, tryParse } from "./expression-shape";
import { DISTRIBUTED_FIELDS } from "./map-modes";
import { error, type Finding } from "./problem";
import type { Subject } from "./subject";

/** Finds what the local run cannot do, or does differently from AWS. */
export function* findNotLocal(subject: Subject): Generator<Finding, void, undefined> {
  if (!subject.local) return;
  const { document, states } = subject;
  // Another rule reports these. AWS may refuse them too.
  const unknown = new Set(
    permissions(document).doubts.flatMap(({ rule, pointer }) => (rule === "unknown-integration" ? [pointer] : [])),
  );
  if (document.QueryLanguage === "JSONata") yield notLocal("/QueryLanguage", "JSONata");
  for (const { state, pointer } of states) {
    if (state.QueryLanguage === "JSONata") yield notLocal(`${pointer}/QueryLanguage`, "JSONata");
    for (const field of isDistributed(state) ? [...STATE_FIELDS, ...MAP_FIELDS] : STATE_FIELDS) {
      if (state[field] !== undefined) yield notLocal(`${pointer}/${field}`, field);
    }
    for (const field of ["Choices", "Catch"]) {
      for (const index of assigning(state[field])) yield notLocal(`${pointer}/${field}/${index}/Assign`, "Assign");
    }
    const { Type, Resource } = state;
    if (
      Type === "Task" &&
      typeof Resource === "string" &&
      integrationOf(Resource)?.name !== RUN_HERE &&
      !unknown.has(`${pointer}/Resource`)
    ) {
      yield notLocal(`${pointer}/Resource`, Resource);
    }
  }
  for (const { text, pointer } of walkStrings(asJson(document))) {
    if (text.includes("[?(") && hasUnknownFilter(text)) yield notLocal(pointer, text);
  }
  for (const { request, requestPointer } of batchTasks(subject)) {
    for (const field of BATCH_ONLY_FIELDS.flatMap((name) => [name, `${name}.$`])) {
      if (request[field] !== undefined) yield notLocal(`${requestPointer}/${field}`, field);
    }
    for (const { value, place } of resourceRequirements(request)) {
      if (value.Type === "GPU") yield notLocal(`${requestPointer}/${place}/Type`, "GPU");
    }
  }
}

// --- internal ---

/** Without `.sync`, a job continues after its state, and even after the execution. */
const RUN_HERE = "batch:submitJob.sync";

const STATE_FIELDS = ["Assign", "Credentials", "HeartbeatSeconds", "HeartbeatSecondsPath"];

/** A label is only a part of names on AWS. */
const MAP_FIELDS = DISTRIBUTED_FIELDS.filter((field) => field !== "Label");

/** Returns whether a path has a filter that only AWS's library knows, such as the operators `=~` and `in`, or functions. */
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

function assigning(rules: JsonObject[string] | undefined): number[] {
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule, index) => (isObject(rule) && rule.Assign !== undefined ? [index] : []));
}
