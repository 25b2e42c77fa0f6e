/** The permissions that a document leaves open, in words. */
import type { Needs, OpenParameter } from "./right";
import type { UnknownResource } from "./task-needs";

/** An open point, with its place and its fix. */
export interface Doubt {
  readonly severity: "error" | "warning" | "hint";
  readonly rule: "unknown-integration" | "unknown-right" | "wide-right";
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}

/** Returns the open points of a call: rights on more than the document may mean, and rights that are missing. */
export function doubtsOf({ rights, missing }: Needs, pointer: string): Doubt[] {
  const reasons = [...new Set(rights.map(({ open }) => reasonOf(open)))].filter((reason) => reason !== "");
  const wide = reasons.map((reason): Doubt => {
    const here = rights.filter(({ open }) => reasonOf(open) === reason);
    const statements = here.map(({ statement }) => statement);
    const parameters = here[0]!.open.map(({ name }) => name).join(" and ");
    const actions = [...new Set(statements.flatMap((statement) => statement.actions))];
    const resources = [...new Set(statements.flatMap((statement) => statement.resources))].filter((arn) =>
      arn.includes("*"),
    );
    return {
      // A kind of resources is some limit, for instance where each execution has a job name of its own.
      severity: resources.some(isEverything) ? "warning" : "hint",
      rule: "wide-right",
      pointer,
      message: `the role may use ${shortList(actions)} on ${shortList(resources)}, because ${reason}`,
      fix: `write ${parameters} as a text, or as a placeholder for an ARN, to narrow the role`,
    };
  });
  const unknown = rights.filter(({ isUnknown }) => isUnknown).flatMap(({ statement }) => statement.actions);
  return [
    ...wide,
    ...(unknown.length === 0 ? [] : [onEverything(unknown, pointer)]),
    ...missing.map(
      ({ action, why }): Doubt => ({
        severity: "warning",
        rule: "unknown-right",
        pointer,
        message: `the role of the state machine lacks ${action}: ${why}`,
        fix: "add the right to the setting `statements`",
      }),
    ),
  ];
}

/** Describes a Resource that is not known here. AWS refuses a misspelt one. */
export function unknownResource({ meant, isMisspelt, resource }: UnknownResource, pointer: string): Doubt {
  return {
    severity: isMisspelt ? "error" : "warning",
    rule: "unknown-integration",
    pointer,
    message: `the Resource is no integration that is known here, got: ${resource}`,
    fix: isMisspelt
      ? `did you mean ${meant}?`
      : `${meant === null ? "" : `did you mean ${meant}? Otherwise `}look it up in the Step Functions documentation, and add its rights to the setting \`statements\``,
  };
}

// --- internal ---

function onEverything(actions: readonly string[], pointer: string): Doubt {
  return {
    severity: "warning",
    rule: "wide-right",
    pointer,
    message: `the role may use ${shortList(actions)} on every resource, because the resources of the action are not known here`,
    fix: "limit the role with the setting `permissionsBoundary` if that is too much",
  };
}

function reasonOf(open: readonly OpenParameter[]): string {
  return open.map(({ why }) => why).join(" and ");
}

/** Returns whether a resource is every one of its service. */
function isEverything(arn: string): boolean {
  return arn === "*" || /^arn:[^:]+:[^:]+:[^:]*:[^:]*:\*/.test(arn);
}

/** Returns the first items, and how many more there are. */
function shortList(items: readonly string[]): string {
  const [most, rest] = [items.slice(0, 3), items.slice(3)];
  return most.join(", ") + (rest.length > 0 ? ` and ${rest.length} more` : "");
}
