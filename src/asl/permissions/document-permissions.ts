/**
 * The IAM permissions that a document needs, and no others. They are derived from the document. Placeholders stay in the resources:
 * `Partition`, `Region`, `AccountId` and `StateMachineName` are among them, whether the document has them or not.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
 */
import { asObject, type Json, type JsonObject } from "../../base/json";
import { type StatesDocument, walkStates } from "../document";
import { integrationOf } from "../integration";
import { isDistributed } from "../map-mode";
import { type Doubt, doubtsOf, unknownResource } from "./doubts";
import { READERS, RUN_ITEMS, WRITERS } from "./map-rights";
import { grant, type Needs, openIn } from "./right";
import { requestOf } from "./service-request";
import { mergeStatements, type Statement } from "./statement";
import { taskNeeds, type UnknownResource, unknown } from "./task-needs";

/** The permissions of a document. */
export interface Permissions {
  /** Sorted and merged: the order of the states does not matter. */
  readonly statements: readonly Statement[];
  /** The permissions that the document leaves open, in its order. */
  readonly doubts: readonly Doubt[];
}

/** Returns the permissions of a document. Its structure must be sound. */
export function permissions(document: StatesDocument): Permissions {
  const statements: Statement[] = [];
  const doubts: Doubt[] = [];
  for (const { state, pointer } of walkStates(document)) {
    for (const { place, needs } of callsOf(state)) {
      if ("rights" in needs) {
        statements.push(...needs.rights.map(({ statement }) => statement));
        doubts.push(...doubtsOf(needs, pointer + place));
      } else {
        doubts.push(unknownResource(needs, `${pointer}${place}/Resource`));
      }
    }
  }
  return { statements: mergeStatements(statements), doubts };
}

// --- internal ---

/** A call of a service in a state. */
interface Call {
  /** The JSON pointer of the caller, relative to the state: empty, or that of a field. */
  readonly place: string;
  readonly needs: Needs | UnknownResource;
}

function* callsOf(state: JsonObject): Generator<Call, void, undefined> {
  if (isDistributed(state)) yield { place: "", needs: RUN_ITEMS };
  if (state.Type === "Task" && typeof state.Resource === "string") {
    const needs = state.Credentials === undefined ? taskNeeds(state, state.Resource) : assumeRole(state.Credentials);
    yield { place: "", needs };
  }
  if (state.Type !== "Map") return;
  for (const [field, table] of [
    ["ItemReader", READERS],
    ["ResultWriter", WRITERS],
  ] as const) {
    const caller = asObject(state[field]);
    if (typeof caller.Resource !== "string") continue;
    const name = integrationOf(caller.Resource)?.name ?? "";
    const needs = Object.hasOwn(table, name)
      ? table[name]!(caller)
      : unknown(caller.Resource, name, Object.keys(table));
    yield { place: `/${field}`, needs };
  }
}

/** Returns the right to assume the role of a task. That role then needs the rights of the task. @see https://docs.aws.amazon.com/step-functions/latest/dg/tutorial-access-cross-acct-resources.html */
function assumeRole(credentials: Json): Needs {
  const request = requestOf({ Parameters: credentials });
  const role = request.text("RoleArn");
  const assume = grant("AssumeRoles", ["sts:AssumeRole"], [role ?? "*"]);
  const isOpen = role === null && request.isOfRun("RoleArn");
  return { rights: [isOpen ? { ...assume, open: [openIn(request, "RoleArn")] } : assume], missing: [] };
}
