import { permissions } from "../permissions/document-permissions";
import type { Finding } from "./problem";
import type { Subject } from "./subject";

/** Finds integrations that are not known here, rights that cannot be derived, and rights that are wider than they need to be. */
export function* findIntegrationMistakes({ document, placeholders }: Subject): Generator<Finding, void, undefined> {
  const { doubts } = permissions(document);
  // The role of a document from elsewhere is not ours to write.
  yield* placeholders === null ? doubts.filter(({ rule }) => rule === "unknown-integration") : doubts;
}
