/** The tasks of a document: those that this machine can do, and those that need AWS or a mock. */
import type { Json, JsonObject } from "../base/json";
import { type StateLocation, type StatesDocument, walkStates } from "./document";
import { integrationOf } from "./integration";
import { S3_ACTIONS } from "./s3-calls";

/** The integrations that run on this machine. */
export const LOCAL_INTEGRATIONS = [
  "batch:submitJob",
  "batch:submitJob.sync",
  ...S3_ACTIONS.map((action) => `aws-sdk:s3:${action}` as const),
] as const;

export type LocalIntegration = (typeof LOCAL_INTEGRATIONS)[number];

/** Returns the integration of a task that runs on this machine; `null` for any other Resource. */
export function localIntegrationOf(resource: Json | undefined): LocalIntegration | null {
  const name = integrationOf(resource)?.name;
  return LOCAL_INTEGRATIONS.find((one) => one === name) ?? null;
}

/** Returns the tasks that run only on AWS. Here they need a mock. */
export function foreignTasks(document: StatesDocument): StateLocation[] {
  return tasksOf(document).filter(({ state }) => localIntegrationOf(state.Resource) === null);
}

/** Returns the tasks that run on this machine, unless a mock answers them. */
export function localTasks(document: StatesDocument): StateLocation[] {
  return tasksOf(document).filter(({ state }) => localIntegrationOf(state.Resource) !== null);
}

/** Returns the service of a task as a reader knows it: `sns:publish`, or the whole Resource of a function or an activity. */
export function serviceOf(resource: Json | undefined): string {
  return integrationOf(resource)?.name ?? String(resource);
}

/** Returns the lines of a mock file that answer a task, such as `"Notify": { "returns": { "MessageId": "1" } }`. */
export function exampleMock(state: string, resource: Json | undefined): string {
  return `${JSON.stringify(state)}: { "returns": ${exampleResult(resource)} }`;
}

/** Returns a small result of a task as JSON, such as `{ "MessageId": "1" }`. */
export function exampleResult(resource: Json | undefined): string {
  const { name = "" } = integrationOf(resource) ?? {};
  return spaced(Object.hasOwn(EXAMPLES, name) ? EXAMPLES[name]! : {});
}

// --- internal ---

function tasksOf(document: StatesDocument): StateLocation[] {
  return [...walkStates(document)].filter(({ state }) => state.Type === "Task");
}

/** The smallest results in the shape of AWS's, for the services that documents call most. */
const EXAMPLES: Readonly<Record<string, JsonObject>> = {
  "batch:submitJob.sync": { JobId: "1", Status: "SUCCEEDED" },
  "lambda:invoke": { StatusCode: 200, Payload: {} },
  "sns:publish": { MessageId: "1" },
  "sqs:sendMessage": { MessageId: "1" },
};

/** Formats a flat object on one line, with blanks as in a file. */
function spaced(value: JsonObject): string {
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${JSON.stringify(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
