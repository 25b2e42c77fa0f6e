/** The names of a deployment: what AWS, the document and the state call its parts. */
import { createHash } from "node:crypto";

/** What the settings' own names look like: letters, digits and single dashes, a letter first, in lower case. */
export const SHORT_NAME = /^[a-z](?:-?[a-z0-9])*$/;
export const SHORT_NAME_LENGTH = 20;

/** What S3 takes. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
export const BUCKET_NAME_RULE = "a bucket's name, 3 to 63 lower-case letters, digits, dots and dashes";

/** What sets a deployment apart from the others in an account. */
export interface DeploymentName {
  readonly name: string;
  readonly environment: string;
}

/**
 * The physical name of something in a deployment, `<workflow>_<environment>_<part>…`: 64 characters at most, which is what IAM
 * takes. A short name holds no underscore, so two deployments never share a name, whatever dashes theirs hold.
 */
export function resourceName({ name, environment }: DeploymentName, ...parts: string[]): string {
  return [name, environment, ...parts].join("_");
}

/** The placeholder of the document that stands for a job's definition: `echo` gives `EchoJobDefinitionArn`. */
export function jobDefinitionPlaceholder(jobName: string): string {
  const pascalCase = jobName.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  return `${pascalCase}JobDefinitionArn`;
}

/** Returns the job whose definition a placeholder stands for; `null` if no job can have that name. */
export function jobOfPlaceholder(placeholder: string): string | null {
  const words = placeholder.replace(/JobDefinitionArn$/, "").split(/(?=[A-Z])/);
  const job = words.join("-").toLowerCase();
  const isName = SHORT_NAME.test(job) && job.length <= SHORT_NAME_LENGTH;
  return isName && jobDefinitionPlaceholder(job) === placeholder ? job : null;
}

/**
 * A short lower-case name for any text. A text that is one already stays as it is; any other gets a hash of itself, so
 * that two branches never share a name.
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

/** The name in a state machine's ARN, without a version or an alias. */
export function stateMachineName(arn: string): string {
  return arn.split(":")[6]!;
}

/** The page of a state machine in the AWS console. */
export function stateMachineConsole(region: string, arn: string): string {
  const host = ownPartition(region)?.console ?? `${region}.console.aws.amazon.com`;
  return `https://${host}/states/home?region=${region}#/statemachines/view/${arn}`;
}

/** The partition that a region belongs to, as it stands in ARNs. */
export function partitionOf(region: string): string {
  return ownPartition(region)?.partition ?? "aws";
}

/** Partitions beside the common one, by the start of their regions' names. */
const PARTITIONS = [
  { prefix: "cn-", partition: "aws-cn", console: "console.amazonaws.cn" },
  { prefix: "us-gov-", partition: "aws-us-gov", console: "console.amazonaws-us-gov.com" },
];

function ownPartition(region: string) {
  return PARTITIONS.find(({ prefix }) => region.startsWith(prefix));
}

/** The ARN of an execution. `stateMachineArn` may be that of a version or an alias. */
export function executionArn(stateMachineArn: string, name: string): string {
  const unversioned = stateMachineArn.split(":").slice(0, 7).join(":");
  return `${unversioned.replace(":stateMachine:", ":execution:")}:${name}`;
}
