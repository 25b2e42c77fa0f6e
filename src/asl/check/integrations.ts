import { permissions } from "../permissions/document-permissions";
import type { Finding } from "./problem";
import type { Subject } from "./subject";

/** Finds integrations that are not known here, rights that cannot be derived, and rights that are wider than they need to be. */
export function* findIntegrationMistakes({ document }: Subject): Generator<Finding, void, undefined> {
  yield* permissions(document).doubts;
}
