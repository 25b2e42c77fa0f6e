/** The table of settings: one entry for each setting. */

import { IAM_STATEMENTS } from "./iam-statements";
import { ARCHITECTURE, COMPUTE, INSTANCE_TYPES } from "./job-kinds";
import { BUCKET_NAME, BUCKET_NAME_RULE, environmentName, REGION_NAME, SHORT_NAME, SHORT_NAME_LENGTH } from "./names";
import { integer, type Kind, list, oneOf, optional, STRINGS_BY_NAME, SWITCH, text, textSchema } from "./setting-kinds";
import type { Settings } from "./settings-types";
import { RECIPIENTS, SCHEDULE } from "./trigger-kinds";

/** A setting. */
interface Setting<T> {
  /** The environment variable. `null` for a setting that only cdktf.json can hold. */
  readonly variable: string | null;
  readonly default: T;
  readonly kind: Kind<T>;
  readonly help: string;
}

const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const REGION = text(REGION_NAME, "an AWS region, such as eu-west-1");

/** All settings, in the order in which they are listed. */
export const SETTINGS: { readonly [K in Exclude<keyof Settings, "jobs">]: Setting<Settings[K]> } & {
  readonly jobs: Omit<Setting<Settings["jobs"]>, "kind"> & { readonly kind: Pick<Kind<unknown>, "rule"> };
} = {
  name: {
    variable: "WORKFLOW_NAME",
    default: "echo",
    kind: {
      rule: `a lower-case name of at most ${SHORT_NAME_LENGTH} letters, digits and single dashes, a letter first`,
      schema: { ...textSchema(SHORT_NAME), maxLength: SHORT_NAME_LENGTH },
      read: (given) => (isShortName(given) ? given : undefined),
    },
    help: "Name of the workflow. The name of every resource starts with it.",
  },
  environment: {
    variable: "WORKFLOW_ENVIRONMENT",
    default: "dev",
    kind: {
      rule: "some text, such as the name of a branch",
      schema: { type: "string", pattern: "\\S" },
      read: (given) => (typeof given === "string" && given.trim() !== "" ? environmentName(given.trim()) : undefined),
    },
    help: "Name of the deployment, such as a branch. Any text that is not a short lower-case name is turned into one, plus a hash.",
  },
  region: {
    variable: "AWS_REGION",
    default: "eu-west-1",
    kind: REGION,
    help: "AWS region of the deployment.",
  },
  document: {
    variable: "WORKFLOW_DOCUMENT",
    default: "workflow/echo.asl.json",
    kind: text(/\.asl\.json$/, "the path of a file that ends in .asl.json"),
    help: "Path of the workflow's document. The JSON Schema of its input is beside it: echo.input.schema.json for echo.asl.json.",
  },
  compute: {
    variable: "WORKFLOW_COMPUTE",
    default: ["FARGATE_SPOT"],
    kind: COMPUTE,
    help: "Compute that runs the jobs, or several: Batch takes the next one when one has no capacity. EC2 and SPOT are instances: they give each job whole vCPUs, and stop when idle.",
  },
  architecture: {
    variable: "WORKFLOW_ARCHITECTURE",
    default: "X86_64",
    kind: ARCHITECTURE,
    help: "Processor architecture of the images and the jobs.",
  },
  instanceTypes: {
    variable: "WORKFLOW_INSTANCE_TYPES",
    default: [],
    kind: INSTANCE_TYPES,
    help: "Instance types for EC2 and SPOT. If unset: r4.large and r5.large, or r6g.large and r7g.large for ARM64.",
  },
  maxVcpus: {
    variable: "WORKFLOW_MAX_VCPUS",
    default: 10,
    kind: integer(1, 10_000),
    help: "Most vCPUs that all running jobs use together.",
  },
  network: {
    variable: "WORKFLOW_NETWORK",
    default: "default",
    kind: text(/^(default|create|vpc-[0-9a-f]+)$/, "default, create or the id of a VPC"),
    help: "VPC of the jobs: the region's default VPC, a new VPC with two public subnets (create), or the id of a VPC.",
  },
  subnets: {
    variable: "WORKFLOW_SUBNETS",
    default: [],
    kind: list(
      /^subnet-[0-9a-f]+$/,
      "ids of subnets, separated by commas",
      "the id of a subnet, such as subnet-0a1b2c3d",
    ),
    help: "Subnets of the VPC that `network` names by its id.",
  },
  assignPublicIp: {
    variable: "WORKFLOW_ASSIGN_PUBLIC_IP",
    default: true,
    kind: SWITCH,
    help: "Gives Fargate jobs a public IP address. Set it to false if the subnets have a NAT gateway or VPC endpoints.",
  },
  stuckJobSeconds: {
    variable: "WORKFLOW_STUCK_JOB_SECONDS",
    default: 14_400,
    kind: integer(600, 86_400),
    help: "How long a job may wait for capacity before Batch cancels it.",
  },
  imageTagMutability: {
    variable: "WORKFLOW_IMAGE_TAG_MUTABILITY",
    default: "MUTABLE",
    kind: oneOf("MUTABLE", "IMMUTABLE"),
    help: "Whether ECR accepts a second push of the same tag. docs/deploying.md explains the cost of IMMUTABLE.",
  },
  keptImages: {
    variable: "WORKFLOW_KEPT_IMAGES",
    default: 20,
    kind: integer(1, 1000),
    help: "Number of images that ECR keeps for each job. The oldest are deleted first.",
  },
  logRetentionDays: {
    variable: "WORKFLOW_LOG_RETENTION_DAYS",
    default: 30,
    kind: integer(1, 3653, `one of ${RETENTION_DAYS.join(", ")}`, (days) => RETENTION_DAYS.includes(days)),
    help: "Days that CloudWatch keeps the logs of jobs and executions.",
  },
  tracing: {
    variable: "WORKFLOW_TRACING",
    default: false,
    kind: SWITCH,
    help: "Traces executions with X-Ray.",
  },
  permissionsBoundary: {
    variable: "WORKFLOW_PERMISSIONS_BOUNDARY",
    default: null,
    kind: optional(text(/^arn:[a-z-]+:iam::(\d{12}|aws):policy\/.+$/, "the ARN of an IAM policy")),
    help: "ARN of the permissions boundary for every role, if the account requires one.",
  },
  data: {
    variable: "WORKFLOW_DATA",
    default: "none",
    kind: text(new RegExp(`^(none|create|${BUCKET_NAME.source.slice(1, -1)})$`), `none, create or ${BUCKET_NAME_RULE}`),
    help: "Bucket for the data of the jobs: none, a new one (create), or the name of an existing one.",
  },
  schedule: {
    variable: null,
    default: null,
    kind: optional(SCHEDULE),
    help: "Starts executions by the clock: an expression, a time zone, and a file with their input.",
  },
  onObject: {
    variable: "WORKFLOW_ON_OBJECT",
    default: null,
    kind: optional(
      text(
        /^(?!\/)[^*?]{0,512}$/,
        "the start of keys in the data bucket, such as in/, without wildcards or a slash before it",
      ),
    ),
    help: "Starts an execution for each new object in the data bucket whose key starts with this. A bucket that exists must send its events to EventBridge.",
  },
  notify: {
    variable: "WORKFLOW_NOTIFY",
    default: [],
    kind: RECIPIENTS,
    help: "E-mail addresses and SNS topics that are told when an execution fails, times out or is aborted, and when the next one succeeds again.",
  },
  backend: {
    variable: "WORKFLOW_BACKEND",
    default: "local",
    kind: oneOf("local", "s3", "cloud"),
    help: "Where Terraform keeps its state: files in state/ (local), an S3 bucket (s3), or HCP Terraform (cloud).",
  },
  stateBucket: {
    variable: "WORKFLOW_STATE_BUCKET",
    default: null,
    kind: optional(text(BUCKET_NAME, BUCKET_NAME_RULE)),
    help: "Name of the bucket for the backend s3.",
  },
  stateRegion: {
    variable: "WORKFLOW_STATE_REGION",
    default: null,
    kind: optional(REGION),
    help: "Region of that bucket. If unset, the region of the deployment.",
  },
  cloudOrganization: {
    variable: "WORKFLOW_CLOUD_ORGANIZATION",
    default: null,
    kind: optional(text(/^[\w-]{3,40}$/, "the name of an organization of HCP Terraform")),
    help: "Organization for the backend cloud.",
  },
  cloudHostname: {
    variable: "WORKFLOW_CLOUD_HOSTNAME",
    default: "app.terraform.io",
    kind: text(/^[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?$/i, "a host name"),
    help: "Host for the backend cloud.",
  },
  substitutions: {
    variable: null,
    default: {},
    kind: STRINGS_BY_NAME,
    help: "Values of the document's own placeholders, by name, such as an ARN for `AlertTopicArn`.",
  },
  statements: {
    variable: null,
    default: [],
    kind: IAM_STATEMENTS,
    help: "Statements for the role of the state machine, in IAM's JSON, beside those that follow from the document.",
  },
  jobs: {
    variable: null,
    default: {},
    kind: { rule: "an object with at least one job" },
    help: "The jobs by name: image, size, time-out, rights, secrets, storage.",
  },
};

/** Returns whether a value is a short name: the form of the names of workflows and jobs. */
export function isShortName(given: unknown): given is string {
  return typeof given === "string" && given.length <= SHORT_NAME_LENGTH && SHORT_NAME.test(given);
}
