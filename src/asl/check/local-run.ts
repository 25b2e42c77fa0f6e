import { isObject, type JsonObject } from "../../base/json";
import { asJson, walkStrings } from "../document";
import { exampleMock, foreignTasks, serviceOf } from "../local-tasks";
import { isDistributed } from "../map-mode";
import { unknownIntegrations } from "../permissions";
import { BATCH_ONLY_FIELDS } from "../submit-job";
import { batchTasks, resourceRequirements } from "./batch-request";
import { pathsOf, tryParse } from "./expression-shape";
import { DISTRIBUTED_FIELDS } from "./map-modes";
import { error, type Finding, warning } from "./problem";
import type { Subject } from "./subject";

/** Finds what the local run cannot do, or does differently from AWS. */
export function* findNotLocal(subject: Subject): Generator<Finding, void, undefined> {
  if (!subject.local) return;
  const { document, states } = subject;
  // Another rule reports these. AWS may refuse them too.
  const unknown = new Set(unknownIntegrations(document).map(({ location }) => location.pointer));
  if (document.QueryLanguage === "JSONata") yield notLocal("/QueryLanguage", "JSONata");
  for (const { state, pointer } of states) {
    if (state.QueryLanguage === "JSONata") yield notLocal(`${pointer}/QueryLanguage`, "JSONata");
    for (const field of isDistributed(state) ? [...STATE_FIELDS, ...MAP_FIELDS] : STATE_FIELDS) {
      if (state[field] !== undefined) yield notLocal(`${pointer}/${field}`, field);
    }
    for (const field of ["Choices", "Catch"]) {
      for (const index of assigning(state[field])) yield notLocal(`${pointer}/${field}/${index}/Assign`, "Assign");
    }
  }
  for (const { name, state, pointer } of foreignTasks(document)) {
    if (typeof state.Resource === "string" && !unknown.has(pointer)) {
      yield notMocked(`${pointer}/Resource`, name, state.Resource);
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

const STATE_FIELDS = ["Assign", "Credentials"];

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

function notMocked(pointer: string, state: string, resource: string): Finding {
  const message = `the local run has no ${serviceOf(resource)}: it fails at this state, unless a mock answers`;
  const fix = `write { "mocks": { ${exampleMock(state, resource)} } } to a file, and run \`workflow local --mock FILE\``;
  return warning("not-mocked", pointer, message, fix);
}

function assigning(rules: JsonObject[string] | undefined): number[] {
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule, index) => (isObject(rule) && rule.Assign !== undefined ? [index] : []));
}
