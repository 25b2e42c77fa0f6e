import { asJson, walkStrings } from "../document";
import { integrationOf } from "../integration";
import { unknownIntegrations } from "../permissions";
import { BATCH_ONLY_FIELDS } from "../submit-job";
import { batchTasks, resourceRequirements } from "./batch-request";
import { pathsOf, tryParse } from "./expression-shape";
import { error, type Finding, warning } from "./problem";
import type { Subject } from "./subject";

/** Finds what the local run cannot do, or does differently from AWS. */
export function* findNotLocal(subject: Subject): Generator<Finding, void, undefined> {
  if (!subject.local) return;
  const { document, states } = subject;
  // Another rule reports these. AWS may refuse them too.
  const unknown = new Set(unknownIntegrations(document).map(({ location }) => location.pointer));
  for (const { state, pointer } of states) {
    if (state.Credentials !== undefined) {
      const message = "the local run does not assume the role of Credentials";
      yield warning("not-local", `${pointer}/Credentials`, message, "test the role on AWS");
    }
    const { Type, Resource } = state;
    if (
      Type === "Task" &&
      typeof Resource === "string" &&
      integrationOf(Resource)?.action !== "batch:submitJob" &&
      !unknown.has(pointer)
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
