import { nearest } from "../../base/suggest";
import { knownIntegrations, unknownIntegrations } from "../permissions";
import { error, type Finding } from "./problem";
import type { Subject } from "./subject";

/** Finds integrations without a rule in `permissions`. The synth would fail on them. */
export function* findUnknownIntegrations({ document }: Subject): Generator<Finding, void, undefined> {
  for (const { location, field, resource } of unknownIntegrations(document)) {
    const meant = nearest(resource.replace(/^.*:states:::/, ""), knownIntegrations());
    yield error(
      "unknown-integration",
      `${location.pointer}/${field}`,
      `${field.replace("/", ".")} must be an integration that has an IAM rule, got: ${resource}`,
      meant === null
        ? `use one of ${knownIntegrations().join(", ")}, or add a rule to src/asl/permissions.ts`
        : `did you mean ${meant}? Otherwise add a rule to src/asl/permissions.ts`,
    );
  }
}
