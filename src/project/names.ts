/** The names of a deployment in AWS, in the document and in the state. */
import { createHash } from "node:crypto";

/** The pattern of short names: lower-case letters, digits and single dashes, a letter first. */
export const SHORT_NAME = /^[a-z](?:-?[a-z0-9])*$/;
export const SHORT_NAME_LENGTH = 20;

/** The pattern of the names of AWS regions. */
export const REGION_NAME = /^[a-z]{2,4}(-[a-z]+)+-\d$/;

/** The pattern of bucket names. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BUCKET_NAME =
  /^(?!\d+\.\d+\.\d+\.\d+$|xn--|sthree-|amzn-s3-demo-|.*(?:\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
export const BUCKET_NAME_RULE = "a bucket's name, 3 to 63 lower-case letters, digits, dots and dashes";

/** The two names that identify a deployment in an account. */
export interface DeploymentName {
  readonly name: string;
  readonly environment: string;
}

/**
 * Returns the physical name of a part of a deployment, `<workflow>_<environment>_<part>…`. It has at most 64 characters, the limit
 * of IAM. A short name has no underscore, so two deployments never share a physical name.
 */
export function resourceName({ name, environment }: DeploymentName, ...parts: string[]): string {
  return [name, environment, ...parts].join("_");
}

/** The setting `data`: `none`, `create` or the name of a bucket. */
interface DataSetting {
  readonly data: string;
}

/** The stack with the bucket for data. It is deployed first, if the settings ask for a bucket. */
export const DATA_STACK = "data";
/** The stack with the repositories and images. */
export const IMAGE_STACK = "image";
/** The stack with the state machine and everything that runs its jobs. */
export const WORKFLOW_STACK = "workflow";

/** Returns whether the project creates the bucket for data. Otherwise there is none, or `data` names an existing one. */
export function createsDataBucket({ data }: DataSetting): boolean {
  return data === "create";
}

/** Returns the stacks of a deployment, in the order in which they are deployed. */
export function stacksOf(settings: DataSetting): string[] {
  return [...(createsDataBucket(settings) ? [DATA_STACK] : []), IMAGE_STACK, WORKFLOW_STACK];
}

/** The variable with the name of the bucket for data in every job. */
export const DATA_BUCKET_VARIABLE = "DATA_BUCKET";

/** Returns the place of a stack's state in a bucket, and below `state/` in the project. */
export function stateKey({ name, environment }: DeploymentName, stack: string): string {
  return `${name}/${environment}/${stack}.tfstate`;
}

/** Returns the placeholder for a job's definition: `EchoJobDefinitionArn` for `echo`. */
export function jobDefinitionPlaceholder(jobName: string): string {
  return `${pascalCase(jobName)}JobDefinitionArn`;
}

/** Returns the placeholder for a job's own queue: `EchoJobQueueArn` for `echo`. */
export function jobQueuePlaceholder(jobName: string): string {
  return `${pascalCase(jobName)}JobQueueArn`;
}

/** Returns the job whose definition a placeholder stands for. Returns `null` if no job can have that name. */
export function jobOfPlaceholder(placeholder: string): string | null {
  const words = placeholder.replace(/JobDefinitionArn$/, "").split(/(?=[A-Z])/);
  const job = words.join("-").toLowerCase();
  const isName = SHORT_NAME.test(job) && job.length <= SHORT_NAME_LENGTH;
  return isName && jobDefinitionPlaceholder(job) === placeholder ? job : null;
}

/**
 * Turns any text into a short lower-case name. A short name stays as it is. Any other text gets a hash, so that two branches never
 * share a name.
 */
export function environmentName(text: string): string {
  if (SHORT_NAME.test(text) && text.length <= SHORT_NAME_LENGTH) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const readable = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, SHORT_NAME_LENGTH - hash.length - 1)
    .replace(/-+$/, "");
  return `${readable || "env"}-${hash}`;
}

/** The account of all resources in a local run. */
export const LOCAL_ACCOUNT = "000000000000";

/** Returns the account in an ARN. */
export function accountIn(arn: string): string {
  return arn.split(":")[4]!;
}

/** Returns the name in a state machine's ARN, without a version or an alias. */
export function stateMachineName(arn: string): string {
  return arn.split(":")[6]!;
}

/** Returns the address of a state machine in the AWS console. */
export function stateMachineConsole(region: string, arn: string): string {
  return `${statesConsole(region)}#/statemachines/view/${arn}`;
}

/** Returns the address of an execution in the AWS console. */
export function executionPage(region: string, arn: string): string {
  return `${statesConsole(region)}#/v2/executions/details/${arn}`;
}

/** Returns the partition of a region, as in ARNs. */
export function partitionOf(region: string): string {
  return ownPartition(region)?.partition ?? "aws";
}

/** The partitions other than `aws`, by the prefix of their regions. */
const PARTITIONS = [
  { prefix: "cn-", partition: "aws-cn", console: "console.amazonaws.cn" },
  { prefix: "us-gov-", partition: "aws-us-gov", console: "console.amazonaws-us-gov.com" },
];

function ownPartition(region: string) {
  return PARTITIONS.find(({ prefix }) => region.startsWith(prefix));
}

/** Returns the ARN of an execution. `stateMachineArn` may be the ARN of a version or an alias. */
export function executionArn(stateMachineArn: string, name: string): string {
  const unversioned = stateMachineArn.split(":").slice(0, 7).join(":");
  return `${unversioned.replace(":stateMachine:", ":execution:")}:${name}`;
}

/** Returns the name of the bucket for data; `null` if there is none. `accountId` may be a reference of Terraform. */
export function dataBucketOf(
  settings: DeploymentName & DataSetting & { readonly region: string },
  accountId: string,
): string | null {
  if (settings.data === "none") return null;
  return createsDataBucket(settings) ? dataBucketName(settings, accountId, settings.region) : settings.data;
}

/**
 * Returns the name of the bucket for data that a deployment creates, such as `echo--dev-123456789012-euw1`. A deployment of the
 * same name in another region has another bucket. A short name has no two dashes in a row, so two deployments never share a bucket.
 * `accountId` may be a reference of Terraform. S3 allows 63 characters, the length of the longest name.
 */
export function dataBucketName({ name, environment }: DeploymentName, accountId: string, region: string): string {
  const words = region.match(/north|south|east|west|central|[a-z0-9]/g) ?? [];
  const shortRegion = words.map(([initial]) => initial).join("");
  return `${name}--${environment}-${accountId}-${shortRegion}`;
}

// --- internal ---

function statesConsole(region: string): string {
  const host = ownPartition(region)?.console ?? `${region}.console.aws.amazon.com`;
  return `https://${host}/states/home?region=${region}`;
}

function pascalCase(jobName: string): string {
  return jobName.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}
