/** The rights that a Task needs, by the kind of its Resource. */

import type { JsonObject } from "../../base/json";
import { editDistance, nearest } from "../../base/suggest";
import { calledDirectly, type Integration, integrationOf } from "../integration";
import { arnOf, isArn } from "./arn-template";
import { readQueryResults, runQuery } from "./athena-rights";
import { submitJob } from "./batch-rights";
import { versionsOf } from "./narrow-resources";
import { OPTIMIZED_TASKS, type OptimizedTask, optimizedNames, patternsOf } from "./optimized-tasks";
import { passedRoles } from "./passed-roles";
import { grant, type MissingRight, type Needs, ofRun, type Right, take } from "./right";
import { S3_RULES } from "./s3-rights";
import { iamActions } from "./sdk-actions";
import { iamPrefix, sdkServices } from "./sdk-services";
import { requestOf, type ServiceRequest } from "./service-request";
import { createMediaJob, invokeModel, publish, putEvents, runTask } from "./special-rights";
import { sidOf } from "./statement";

/** A Resource that is not known here. */
export interface UnknownResource {
  readonly resource: string;
  /** The name that is meant, if one is close; otherwise `null`. */
  readonly meant: string | null;
  /** True if the Resource is a misspelling: AWS has no such integration. Otherwise AWS may have it since. */
  readonly isMisspelt: boolean;
}

/** Returns what a Task needs. Its Resource is a text. */
export function taskNeeds(task: JsonObject, resource: string): Needs | UnknownResource {
  const request = requestOf(task);
  const integration = integrationOf(resource);
  if (integration === null) return functionNeeds(resource);
  const { action, suffix, name } = integration;
  const [, service, apiAction] = /^aws-sdk:([^:]+):([^:]+)$/.exec(action) ?? [];
  if (service !== undefined) {
    return suffix.startsWith(".sync")
      ? misspelt(resource, [...withSuffix(`${service}:${apiAction}`, suffix), action])
      : sdkNeeds(service, apiAction!, resource, request);
  }
  const optimized = optimizedTask(action);
  if (optimized === null) {
    const found = unknown(resource, name, optimizedNames());
    const isOfSdk = !found.isMisspelt && iamPrefix(action.split(":")[0]!) !== null;
    // AWS refuses an API action without aws-sdk.
    return isOfSdk ? misspelt(resource, [...(found.meant === null ? [] : [found.meant]), `aws-sdk:${action}`]) : found;
  }
  const patterns = patternsOf(optimized);
  if (!patterns.includes(suffix)) {
    return misspelt(
      resource,
      patterns.map((pattern) => action + pattern),
    );
  }
  const [prefix, apiName] = action.split(":") as [string, string];
  const iamAction = `${prefix}:${apiName.charAt(0).toUpperCase()}${apiName.slice(1)}`;
  const call = optimized.call ?? ((given: ServiceRequest) => take([iamAction], given));
  const wait = suffix.startsWith(".sync") ? (optimized.wait ?? (() => [])) : () => [];
  const roles = passedRoles(iamAction, request);
  return {
    rights: [...call(request), ...wait(request), ...roles.rights],
    missing: [...roles.missing, ...rolesOfDefinition(iamAction)],
  };
}

/** Describes a Resource that is not known here. `name` is its part that may be misspelt; `null` if no candidate is close. */
export function unknown(resource: string, name: string | null, candidates: readonly string[] = []): UnknownResource {
  const meant = name === null ? null : nearest(name, candidates);
  const isMisspelt = meant !== null && editDistance(name!.toLowerCase(), meant.toLowerCase(), 2) <= 2;
  return { resource, meant, isMisspelt };
}

// --- internal ---

/** Describes a Resource that AWS refuses, with what it may mean. */
function misspelt(resource: string, meant: readonly string[]): UnknownResource {
  return { resource, meant: meant.join(" or "), isMisspelt: true };
}

function optimizedTask(action: string): OptimizedTask | null {
  return Object.hasOwn(OPTIMIZED_TASKS, action) ? OPTIMIZED_TASKS[action]! : null;
}

/** Returns an optimized integration with a pattern, if there is one. */
function withSuffix(action: string, suffix: Integration["suffix"]): string[] {
  const optimized = optimizedTask(action);
  return optimized !== null && patternsOf(optimized).includes(suffix) ? [action + suffix] : [];
}

/** A Lambda function by its ARN, or an activity, which needs no right. A placeholder is a function if its name says so. */
function functionNeeds(resource: string): Needs | UnknownResource {
  const called = calledDirectly(resource);
  if (called === "activity") return needs([]);
  if (called === "function" || (isArn(resource) && !resource.startsWith("arn:"))) {
    return needs([grant("LambdaInvokeFunction", ["lambda:InvokeFunction"], [resource, ...versionsOf(resource)])]);
  }
  if (optimizedNames().includes(resource)) return misspelt(resource, [`arn:aws:states:::${resource}`]);
  if (!/^\$\{\w+\}$/.test(resource)) return unknown(resource, null);
  return needs([], [{ action: "a right", why: `the Resource ${resource} is known only when it is deployed` }]);
}

/** The general rule for the API actions of all services. */
function sdkNeeds(
  service: string,
  apiAction: string,
  resource: string,
  request: ServiceRequest,
): Needs | UnknownResource {
  const inCamelCase = apiAction.charAt(0).toLowerCase() + apiAction.slice(1);
  if (iamPrefix(service) === null) {
    const meant = nearest(service, sdkServices());
    const isMisspelt = meant === service.toLowerCase();
    return { resource, meant: meant === null ? null : `aws-sdk:${meant}:${inCamelCase}`, isMisspelt };
  }
  if (inCamelCase !== apiAction) return misspelt(resource, [`aws-sdk:${service}:${inCamelCase}`]);
  const actions = iamActions(service, apiAction);
  if (actions === null) {
    return needs(
      [],
      [{ action: "a right", why: `the IAM action of aws-sdk:${service}:${apiAction} is not known here` }],
    );
  }
  const roles = actions.map((action) => passedRoles(action, request));
  return needs(
    [
      ...(SDK_RULES[`${service}:${apiAction}`]?.(request) ?? take(actions, request)),
      ...roles.flatMap(({ rights }) => rights),
    ],
    [...roles.flatMap(({ missing }) => missing), ...actions.flatMap(rolesOfDefinition)],
  );
}

/** API actions whose resources the general rule does not find, by service of the SDK. */
const SDK_RULES: Readonly<Record<string, (request: ServiceRequest) => readonly Right[]>> = {
  "batch:submitJob": submitJob,
  "bedrockruntime:converse": invokeModel,
  "bedrockruntime:invokeModel": invokeModel,
  "dynamodb:batchGetItem": (request) => onTables(["dynamodb:BatchGetItem"], request.names("RequestItems")),
  "dynamodb:batchWriteItem": (request) => onTables(["dynamodb:BatchWriteItem"], request.names("RequestItems")),
  "dynamodb:transactGetItems": (request) => onTables(["dynamodb:GetItem"], innerTables(request)),
  "dynamodb:transactWriteItems": (request) => onTables(TRANSACT_WRITES, innerTables(request)),
  "ecs:runTask": runTask,
  "eventbridge:putEvents": putEvents,
  "athena:getQueryResults": readQueryResults,
  "athena:startQueryExecution": runQuery,
  "mediaconvert:createJob": createMediaJob,
  ...S3_RULES,
  "sns:publish": publish,
};

/** A transaction may put, update, delete and check. */
const TRANSACT_WRITES = ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"].map((name) => `dynamodb:${name}`);

/** `null`: the tables are known only when the state runs. */
function onTables(actions: readonly string[], tables: readonly string[] | null): Right[] {
  const resources = (tables ?? ["*"]).map((name) => arnOf(name, "dynamodb", "table/"));
  const open = tables === null ? [ofRun("TableName")] : [];
  return actions.map((action) => ({ ...grant(sidOf(action), [action], resources), open }));
}

function innerTables(request: ServiceRequest): string[] | null {
  const names = [...request.members()].filter(({ name }) => name === "TableName").map(({ text }) => text);
  return names.length > 0 && names.every((name) => name !== null) ? names : null;
}

/** ECS passes the roles of the task definition, which the request only names. */
function rolesOfDefinition(action: string): MissingRight[] {
  return action === "ecs:RunTask"
    ? [{ action: "iam:PassRole", why: "the roles of the task definition are not in the document" }]
    : [];
}

function needs(rights: readonly Right[], missing: readonly MissingRight[] = []): Needs {
  return { rights, missing };
}
