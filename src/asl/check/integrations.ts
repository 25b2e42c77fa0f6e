import { isObject } from "../../base/json";
import { permissions } from "../permissions/document-permissions";
import { error, type Finding } from "./problem";
import type { Subject } from "./subject";

/** Finds integrations that are not known here, rights that cannot be derived, and rights that are wider than they need to be. */
export function* findIntegrationMistakes({
  document,
  states,
  placeholders,
}: Subject): Generator<Finding, void, undefined> {
  const { doubts } = permissions(document);
  // The role of a document from elsewhere is not ours to write.
  yield* placeholders === null ? doubts.filter(({ rule }) => rule === "unknown-integration") : doubts;
  for (const { state, pointer, jsonata } of states) {
    // In JSONPath, the table of fields has this rule.
    if (!jsonata || state.Type !== "Task" || !isObject(state.Credentials)) continue;
    if (state.Credentials.RoleArn === undefined) {
      yield error(
        "missing-field",
        `${pointer}/Credentials`,
        "The field 'RoleArn' is required but was missing",
        "add the ARN of the role, or remove Credentials",
      );
    }
  }
}
