/** Names the parts of a deployment for AWS, the document and the state. */
import { createHash } from "node:crypto";

/** The form of names in the settings: lower-case letters, digits and single dashes, a letter first. */
export const SHORT_NAME = /^[a-z](?:-?[a-z0-9])*$/;
export const SHORT_NAME_LENGTH = 20;

/** What S3 takes. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
export const BUCKET_NAME_RULE = "a bucket's name, 3 to 63 lower-case letters, digits, dots and dashes";

/** The settings that distinguish a deployment from others in an account. */
export interface DeploymentName {
  readonly name: string;
  readonly environment: string;
}

/**
 * Returns the name of a resource, `<workflow>_<environment>_<part>…`, with at most 64 characters, the limit of IAM. A short
 * name contains no underscore, so two deployments never share a name.
 */
export function resourceName({ name, environment }: DeploymentName, ...parts: string[]): string {
  return [name, environment, ...parts].join("_");
}

/** Returns the placeholder for the definition of a job: `echo` gives `EchoJobDefinitionArn`. */
export function jobDefinitionPlaceholder(jobName: string): string {
  const pascalCase = jobName.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  return `${pascalCase}JobDefinitionArn`;
}

/** Returns the job of a placeholder; `null` if no job can have that name. */
export function jobOfPlaceholder(placeholder: string): string | null {
  const words = placeholder.replace(/JobDefinitionArn$/, "").split(/(?=[A-Z])/);
  const job = words.join("-").toLowerCase();
  const isName = SHORT_NAME.test(job) && job.length <= SHORT_NAME_LENGTH;
  return isName && jobDefinitionPlaceholder(job) === placeholder ? job : null;
}

/**
 * Returns a short lower-case name for any text. Such a name stays as it is. Any other text gets a hash, so that two
 * branches never share a name.
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

/** Returns the name in the ARN of a state machine, without a version or an alias. */
export function stateMachineName(arn: string): string {
  return arn.split(":")[6]!;
}

/** Returns the link to a state machine in the AWS console. */
export function stateMachineConsole(region: string, arn: string): string {
  const host = ownPartition(region)?.console ?? `${region}.console.aws.amazon.com`;
  return `https://${host}/states/home?region=${region}#/statemachines/view/${arn}`;
}

/** Returns the partition of a region, as in ARNs. */
export function partitionOf(region: string): string {
  return ownPartition(region)?.partition ?? "aws";
}

/** The partitions other than `aws`, by the start of their region names. */
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
