/** ARNs of resources, made from the parameters of a request and from templates such as `table/${TableName}`. */
import type { ServiceRequest } from "./service-request";

/** The ARN of a template. */
export interface FilledTemplate {
  readonly arn: string;
  /** The parameter that would narrow the ARN, if no parameter does; otherwise `null`. */
  readonly open: string | null;
}

/** Fills in a template. Variables without a value become `*`. A template is a whole ARN, or the part behind the account. */
export function fillTemplate(service: string, template: string, request: ServiceRequest): FilledTemplate {
  const variables = [...template.matchAll(VARIABLE)].map(([, name]) => name!).filter((name) => !OWN.includes(name));
  const values = new Map(variables.map((name) => [name, variableOf(service, name, variables, request)]));
  const last = values.get(variables.at(-1) ?? "") ?? null;
  if (last !== null && isArn(last)) return { arn: last, open: null };
  const text = template.replace(VARIABLE, (whole, name: string) =>
    OWN.includes(name) ? whole : nameIn(values.get(name) ?? null),
  );
  // The first variable is the outer resource, such as a bucket.
  const isOpen = variables.length > 0 && values.get(variables[0]!) === null;
  return {
    arn: text.startsWith("arn:") ? text : arnOf(text, service, ""),
    open: isOpen
      ? (parametersOf(service, variables[0]!, variables).find(request.has) ?? shownName(service, variables[0]!))
      : null,
  };
}

/**
 * Returns the ARN of a resource that is given by ARN, placeholder or name, in this account and region. `kind` is the part before the
 * name, such as `table/`. Without a name, the ARN is that of every resource of the kind.
 */
export function arnOf(name: string | null, service: string, kind: string): string {
  return name !== null && isArn(name)
    ? name
    : `arn:\${Partition}:${service}:\${Region}:\${AccountId}:${kind}${name ?? "*"}`;
}

/** Returns whether a text is an ARN, or begins with a placeholder for one, whose name ends in `Arn`. */
export function isArn(text: string): boolean {
  return /^arn:|^\$\{\w*A(rn|RN)\}/.test(text);
}

// --- internal ---

const VARIABLE = /\$\{(\w+)\}/g;

/** Variables that Terraform knows. They stay in the ARN. */
const OWN = ["Partition", "Region", "AccountId"];

/** Parameters that give a variable under another name. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  "databrew/ResourceId": ["Name"],
  "ecs/TaskDefinitionFamilyName": ["TaskDefinition"],
  "ecs/TaskDefinitionRevisionNumber": ["TaskDefinition"],
  "kms/KeyId": ["KeyId", "SourceKeyId"],
  "s3/BucketName": ["Bucket"],
  "s3/ObjectName": ["Key"],
  "sns/TopicName": ["TopicArn", "Name"],
  "sqs/QueueName": ["QueueUrl", "QueueName"],
  "ssm/ParameterNameWithoutLeadingSlash": ["Name", "Path"],
};

/** Values of parameters that a request may leave out. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "athena/WorkGroupName": "primary",
  "scheduler/GroupName": "default",
};

/** Reads a variable from the text of its parameter. `null`: the parameter names no resource. */
const READERS: Readonly<Record<string, (text: string) => string | null>> = {
  "ecs/TaskDefinitionFamilyName": (text) => (isArn(text) ? text : text.replace(/:\d+$/, "")),
  "ecs/TaskDefinitionRevisionNumber": (text) => (isArn(text) ? text : (/:(\d+)$/.exec(text)?.[1] ?? null)),
  // A right on an alias is a right on no key.
  "kms/KeyId": (text) => (text.startsWith("alias/") ? null : text),
  // The ARN of a secret ends in a hyphen and six random characters.
  "secretsmanager/SecretId": (text) => (isArn(text) ? text : `${text}-??????`),
  "sqs/QueueName": (text) => queueArn(text) ?? (/^[\w-]+(\.fifo)?$/.test(text) ? text : null),
  "ssm/ParameterNameWithoutLeadingSlash": (text) => text.replace(/^\//, ""),
};

function variableOf(service: string, variable: string, all: readonly string[], request: ServiceRequest): string | null {
  const key = `${service}/${variable}`;
  const parameters = parametersOf(service, variable, all);
  const text = request.firstText(parameters);
  if (text === null) return parameters.some(request.has) ? null : (DEFAULTS[key] ?? null);
  return (READERS[key] ?? ((same: string) => same))(text);
}

/** Returns the parameters that may give a variable: `ClusterName` is also given by `Cluster`, `ClusterArn` and so on. */
function parametersOf(service: string, variable: string, all: readonly string[]): string[] {
  const known = PARAMETERS[`${service}/${variable}`];
  if (known !== undefined) return [...known];
  const stem = variable.replace(/(Name|Id|Identifier)$/, "");
  const own = [variable, ...["Name", "", "Id", "Identifier", "Arn", "Url"].map((end) => stem + end)];
  return all.length === 1 ? [...own, "Name", "Id", "Arn", "ResourceArn"] : own;
}

function shownName(service: string, variable: string): string {
  return PARAMETERS[`${service}/${variable}`]?.[0] ?? variable;
}

/** Returns the name at the end of an ARN, for the first variables of a template. A placeholder of an ARN has no name. */
function nameIn(value: string | null): string {
  if (value === null) return "*";
  if (value.startsWith("arn:")) return value.replace(/^.*[:/]/, "");
  return isArn(value) ? "*" : value;
}

/** Returns the ARN of the queue with a URL; `null` for any other text. */
function queueArn(url: string): string | null {
  const [, region, account, name] = /^https:\/\/sqs\.([^.]+)\.[^/]+\/([^/]+)\/([^/]+)$/.exec(url) ?? [];
  return name === undefined ? null : `arn:\${Partition}:sqs:${region}:${account}:${name}`;
}
