/** ARNs of resources, made from the parameters of a request and from templates such as `table/${TableName}`. */
import type { ServiceRequest } from "./service-request";

/** The ARN of a template. */
export interface FilledTemplate {
  readonly arn: string;
  /** The parameter that would narrow the ARN, if no parameter does; otherwise `null`. */
  readonly open: string | null;
}

/**
 * Fills in a template. Variables without a value become `*`. A template is a whole ARN, or the part behind the account. `isOnly` is
 * true if the action has no other kind of resource: then a parameter such as `Name` is its name.
 */
export function fillTemplate(
  service: string,
  template: string,
  request: ServiceRequest,
  isOnly: boolean,
): FilledTemplate {
  const variables = [...template.matchAll(VARIABLE)].map(([, name]) => name!).filter((name) => !OWN.includes(name));
  const parameters = new Map(
    variables.map((name) => [name, parametersOf(service, name, isOnly && variables.length === 1)]),
  );
  const values = new Map(variables.map((name) => [name, valueIn(service, name, parameters.get(name)!, request)]));
  const lastName = variables.at(-1) ?? "";
  const last = values.get(lastName) ?? null;
  const isWhole = last !== null && (isArn(last) || last === placeholderOfArn(parameters.get(lastName)!, request));
  const whole = isWhole ? last : [...values.values()].find((value) => hasShape(value, template));
  if (whole !== undefined && whole !== null) return { arn: whole, open: null };
  const text = template.replace(VARIABLE, (found, name: string) =>
    OWN.includes(name) ? found : nameIn(values.get(name) ?? null),
  );
  const [outer] = variables;
  const isOpen = outer !== undefined && values.get(outer) === null;
  return {
    arn: text.startsWith("arn:") ? text : arnOf(text, service, ""),
    // The first variable is the outer resource, such as a bucket.
    open: isOpen ? (parameters.get(outer)!.find(request.has) ?? parameters.get(outer)![0]!) : null,
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

/** Returns whether a text is an ARN, or begins with a placeholder for one, whose name ends in `Arn` or `_arn`. */
export function isArn(text: string): boolean {
  return /^arn:|^\$\{\w*(A(rn|RN)|_arn)\}/.test(text);
}

/** Returns the placeholder that is the value of a parameter such as `TopicArn`. It stands for an ARN, whatever its name is. */
export function placeholderOfArn(parameters: readonly string[], request: ServiceRequest): string | null {
  const text = request.firstText(parameters.filter((name) => /arn$/i.test(name)));
  return text !== null && /^\$\{\w+\}$/.test(text) ? text : null;
}

// --- internal ---

const VARIABLE = /\$\{(\w+)\}/g;

/** Variables that Terraform knows. They stay in the ARN. */
const OWN = ["Partition", "Region", "AccountId"];

/** Parameters that give a variable under another name. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  "autoscaling/GroupFriendlyName": ["AutoScalingGroupName"],
  "databrew/ResourceId": ["Name"],
  "dynamodb/StreamLabel": ["StreamArn"],
  "ecs/TaskDefinitionFamilyName": ["TaskDefinition"],
  "ecs/TaskDefinitionRevisionNumber": ["TaskDefinition"],
  "elasticloadbalancing/ListenerRuleId": ["RuleArn"],
  "elasticmapreduce/ClusterId": ["ClusterId", "JobFlowId"],
  "events/RuleName": ["Name", "Rule"],
  "kms/KeyId": ["KeyId", "SourceKeyId"],
  "rds/ClusterSnapshotName": ["DBClusterSnapshotIdentifier"],
  "rds/DbClusterInstanceName": ["DBClusterIdentifier"],
  "rds/SnapshotName": ["DBSnapshotIdentifier"],
  "s3/BucketName": ["Bucket"],
  "s3/ObjectName": ["Key"],
  "scheduler/ScheduleName": ["Name"],
  "sns/TopicName": ["TopicArn", "Name"],
  "sqs/QueueName": ["QueueUrl", "QueueName"],
  "ssm/ParameterNameWithoutLeadingSlash": ["Name", "Path"],
  "sts/RoleNameWithPath": ["RoleArn"],
  "transcribe/JobName": ["TranscriptionJobName", "MedicalTranscriptionJobName", "CallAnalyticsJobName"],
};

/** Values of parameters that a request may leave out. `unless` names a parameter that gives the resource in another way. */
const DEFAULTS: Readonly<Record<string, { readonly value: string; readonly unless?: string }>> = {
  "athena/WorkGroupName": { value: "primary", unless: "QueryExecutionId" },
  // The id of a group is in its ARN only.
  "autoscaling/GroupId": { value: "*" },
  "scheduler/GroupName": { value: "default" },
};

/** Variables whose value may be the beginning of a name. A key has the folders of S3 in it. */
const STARTS: ReadonlySet<string> = new Set(["s3/ObjectName"]);

/** Reads a variable from the text of its parameter. `null`: the parameter names no resource. */
const READERS: Readonly<Record<string, (text: string) => string | null>> = {
  // An ARN without a revision stands for the newest one.
  "ecs/TaskDefinitionFamilyName": (text) => text.replace(/^([^:]*):\d+$/, "$1"),
  "ecs/TaskDefinitionRevisionNumber": (text) =>
    text.startsWith("arn:") && !/:\d+$/.test(text)
      ? `${text}:*`
      : isArn(text)
        ? text
        : (/:(\d+)$/.exec(text)?.[1] ?? null),
  // A right on an alias is a right on no key.
  "kms/KeyId": (text) => (/(^|:)alias\//.test(text) ? null : text),
  // The ARN of a secret ends in a hyphen and six random characters.
  "secretsmanager/SecretId": (text) => (isArn(text) ? text : `${text}-??????`),
  "sqs/QueueName": (text) => queueArn(text) ?? (/^[\w-]+(\.fifo)?$/.test(text) ? text : null),
  "ssm/ParameterNameWithoutLeadingSlash": (text) => text.replace(/^\//, ""),
};

function valueIn(
  service: string,
  variable: string,
  parameters: readonly string[],
  request: ServiceRequest,
): string | null {
  const key = `${service}/${variable}`;
  const text = request.firstText(parameters);
  if (text !== null) return (READERS[key] ?? ((same: string) => same))(text);
  const start = STARTS.has(key) ? request.start(parameters[0]!) : "";
  if (start !== "") return `${start}*`;
  const { value = null, unless = "" } = DEFAULTS[key] ?? {};
  return parameters.some(request.isOfRun) || request.has(unless) ? null : value;
}

/** Returns the parameters that may give a variable: `ClusterName` is also given by `Cluster`, `ClusterArn` and so on. */
function parametersOf(service: string, variable: string, isOnly: boolean): string[] {
  const known = PARAMETERS[`${service}/${variable}`];
  if (known !== undefined) return [...known];
  const stem = variable.replace(/(Name|Id|Identifier)$/, "");
  const own = [variable, ...["Name", "", "Id", "Identifier", "Arn", "Url"].map((end) => stem + end)];
  return isOnly ? [...own, "Name", "Id", "Arn", "ResourceArn"] : own;
}

/** Returns whether a value is an ARN with the parts of a template. */
function hasShape(value: string | null, template: string): boolean {
  if (value === null || !value.startsWith("arn:")) return false;
  const resource = value.split(":").slice(5).join(":");
  const parts = template
    .replace(/^arn:([^:]*:){5}/, "")
    .split(VARIABLE)
    .filter((_, index) => index % 2 === 0);
  return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[^/:]+")}$`).test(
    resource,
  );
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
