/**
 * What Terraform makes of the stacks' `aws_iam_policy_document` data sources, for scanners that read IAM JSON. References
 * become what AWS would plausibly give: a scanner only asks whether an ARN is one, and of what.
 */
import { asObject, type Json, type JsonObject, mapStrings, objectsOf } from "../base/json";

/** A policy in IAM's own JSON. */
export interface PolicyDocument {
  /** Its name in the stack's Terraform JSON. */
  readonly name: string;
  /** Whether it says who may take a role, not what may be done. */
  readonly trust: boolean;
  readonly json: { readonly Version: "2012-10-17"; readonly Statement: readonly JsonObject[] };
}

const REGION = "eu-west-1";
const ACCOUNT = "123456789012";

/** By the reference's type and attribute: what it stands for. `name` is the resource's. */
const REFERENCES: Readonly<Record<string, (name: string) => string>> = {
  "data.aws_caller_identity.account_id": () => ACCOUNT,
  "data.aws_partition.dns_suffix": () => "amazonaws.com",
  "data.aws_partition.partition": () => "aws",
  "data.aws_region.region": () => REGION,
  "aws_batch_job_definition.arn": (name) => arn("batch", `job-definition/${name}:1`),
  "aws_batch_job_definition.arn_prefix": (name) => arn("batch", `job-definition/${name}`),
  "aws_batch_job_queue.arn": (name) => arn("batch", `job-queue/${name}`),
  "aws_cloudwatch_log_group.arn": (name) => arn("logs", `log-group:${name}`),
  "aws_iam_openid_connect_provider.arn": () =>
    `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
  "aws_sfn_state_machine.arn": (name) => arn("states", `stateMachine:${name}`),
  "aws_sns_topic.arn": (name) => arn("sns", name),
};

/** A role's trust policy names no resource: it is about the role. */
const TRUSTING_ROLE = `arn:aws:iam::${ACCOUNT}:role/the-role-itself`;

/** By the field of a statement: what it is in IAM's JSON. */
const FIELDS: Readonly<Record<string, (value: Json) => JsonObject>> = {
  sid: (Sid) => ({ Sid }),
  effect: (Effect) => ({ Effect }),
  actions: (Action) => ({ Action }),
  resources: (Resource) => ({ Resource }),
  principals: (list) => ({ Principal: principals(objectsOf(list)) }),
  condition: (list) => ({ Condition: conditions(objectsOf(list)) }),
};

/**
 * The policies of a stack's Terraform JSON.
 * @throws Error naming what has no rule here: it would go unscanned
 */
export function policyDocuments(stack: JsonObject): PolicyDocument[] {
  return Object.entries(asObject(asObject(stack.data).aws_iam_policy_document)).map(([name, value]) => {
    const { statement, "//": _, ...others } = asObject(value);
    for (const field of Object.keys(others)) refuse(name, field);
    const statements = objectsOf(statement!);
    return {
      name,
      trust: statements.every(({ resources }) => resources === undefined),
      json: { Version: "2012-10-17", Statement: statements.map((one) => renderStatement(name, one, stack)) },
    };
  });
}

// --- internal ---

function renderStatement(policy: string, statement: JsonObject, stack: JsonObject): JsonObject {
  const fields = Object.entries(statement).map(([field, value]) => {
    const render = FIELDS[field] ?? refuse(policy, field);
    return render(value);
  });
  const rendered = Object.assign({ Effect: "Allow", Resource: TRUSTING_ROLE }, ...fields) as JsonObject;
  return resolve(rendered, (reference) => literal(policy, reference, stack)) as JsonObject;
}

function principals(list: readonly JsonObject[]): JsonObject {
  const rendered: Record<string, Json[]> = {};
  for (const { type, identifiers } of list) {
    rendered[String(type)] = [...(rendered[String(type)] ?? []), ...(identifiers as Json[])];
  }
  return rendered;
}

/** A single value without a list around it, which IAM takes alike: parliament 1.6.4 crashes at a list under `Bool`. */
function conditions(list: readonly JsonObject[]): JsonObject {
  const rendered: Record<string, JsonObject> = {};
  for (const { test, variable, values } of list) {
    const [first, ...others] = values as Json[];
    const value = others.length === 0 ? first! : values!;
    rendered[String(test)] = { ...rendered[String(test)], [String(variable)]: value };
  }
  return rendered;
}

function literal(policy: string, reference: string, stack: JsonObject): string {
  const [, type, id, attribute] = reference.match(/^((?:data\.)?\w+)\.([\w-]+)\.(\w+)$/) ?? [];
  const render = REFERENCES[`${type}.${attribute}`] ?? refuse(policy, reference);
  return render(String(asObject(asObject(asObject(stack.resource)[type!])[id!]).name));
}

function resolve(value: Json, literalOf: (reference: string) => string): Json {
  return mapStrings(value, (text) =>
    text.replace(/([$%])\1\{|\$\{([^}]+)\}/g, (_, escaped?: string, reference?: string) =>
      escaped === undefined ? literalOf(reference!) : `${escaped}{`,
    ),
  );
}

function refuse(policy: string, what: string): never {
  throw new Error(`${policy}: no rule for \`${what}\`; add one to src/terraform/policy-documents.ts`);
}

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}
