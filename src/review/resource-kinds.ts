/** The resources of this project: how the comment names them, and which of their parts. */
import { isObject, type Json, type JsonObject, objectsOf } from "../base/json";
import { codeName } from "./markdown";
import type { Plan, ResourceChange } from "./plan";
import { parsedJson, textOf } from "./values";

/** A part of a resource that the comment names when it changes. */
export interface Part {
  readonly label: string;
  /** The attribute that holds it. */
  readonly attribute: string;
  /** Takes the part out of the value of the attribute. @default the whole value */
  readonly of?: (value: Json) => Json | undefined;
  /** @default none */
  readonly unit?: string;
}

export interface Kind {
  readonly noun: string;
  /** The attribute that holds its name. */
  readonly named: string;
  readonly parts: readonly Part[];
}

const part = (label: string, attribute = label, more: Omit<Part, "label" | "attribute"> = {}): Part => ({
  ...{ label, attribute },
  ...more,
});

/** A part of the single block of an attribute, such as `timeout[0].attempt_duration_seconds`. */
const inBlock = (label: string, attribute: string, name: string, unit?: string): Part =>
  part(label, attribute, { of: (blocks) => objectsOf(blocks)[0]?.[name], ...(unit !== undefined && { unit }) });

/** A part of the container properties, which are JSON within a string. */
const inContainer = (label: string, of: (properties: JsonObject) => Json | undefined, unit?: string): Part =>
  part(label, "container_properties", {
    of: (text) => {
      const properties = typeof text === "string" ? parsedJson(text) : null;
      return isObject(properties) ? of(properties) : undefined;
    },
    ...(unit !== undefined && { unit }),
  });

const requirement = (type: string) => (properties: JsonObject) =>
  objectsOf(properties.resourceRequirements).find((one) => one.type === type)?.value;

/**
 * The resource types of this project. The comment shows permissions under Permissions, and the states of a document under
 * Workflow.
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  aws_batch_job_definition: {
    noun: "job",
    named: "name",
    parts: [
      inContainer("image", ({ image }) => image),
      inContainer("command", ({ command }) => command),
      inContainer("vCPUs", requirement("VCPU")),
      inContainer("memory", requirement("MEMORY"), "MiB"),
      inContainer("environment", ({ environment }) => environment),
      inContainer("secrets", ({ secrets }) => secrets),
      inContainer("volumes", ({ volumes }) => volumes),
      inContainer("job role", ({ jobRoleArn }) => jobRoleArn),
      inContainer("execution role", ({ executionRoleArn }) => executionRoleArn),
      inContainer("read-only root", ({ readonlyRootFilesystem }) => readonlyRootFilesystem),
      inContainer("public address", ({ networkConfiguration }) =>
        isObject(networkConfiguration) ? networkConfiguration.assignPublicIp : undefined,
      ),
      inContainer("processor", ({ runtimePlatform }) =>
        isObject(runtimePlatform) ? runtimePlatform.cpuArchitecture : undefined,
      ),
      inContainer("logs", ({ logConfiguration }) => logConfiguration),
      inBlock("timeout", "timeout", "attempt_duration_seconds", "s"),
      inBlock("attempts", "retry_strategy", "attempts"),
      inBlock("retry rules", "retry_strategy", "evaluate_on_exit"),
      part("parameters"),
      part("platform", "platform_capabilities"),
    ],
  },
  aws_batch_compute_environment: {
    noun: "compute environment",
    named: "name",
    parts: [
      inBlock("kind", "compute_resources", "type"),
      inBlock("max vCPUs", "compute_resources", "max_vcpus"),
      inBlock("min vCPUs", "compute_resources", "min_vcpus"),
      inBlock("instance types", "compute_resources", "instance_type"),
      inBlock("instance role", "compute_resources", "instance_role"),
      inBlock("allocation", "compute_resources", "allocation_strategy"),
      inBlock("machine image", "compute_resources", "ec2_configuration"),
      inBlock("subnets", "compute_resources", "subnets"),
      inBlock("security groups", "compute_resources", "security_group_ids"),
      part("state"),
    ],
  },
  aws_batch_job_queue: {
    noun: "job queue",
    named: "name",
    parts: [
      part("state"),
      part("priority"),
      part("compute environments", "compute_environment_order", {
        of: (order) => objectsOf(order).map(({ compute_environment }) => compute_environment ?? null),
      }),
      part("time limits", "job_state_time_limit_action"),
    ],
  },
  aws_sfn_state_machine: {
    noun: "state machine",
    named: "name",
    parts: [
      part("type"),
      part("role", "role_arn"),
      inBlock("log level", "logging_configuration", "level"),
      inBlock("logs the data", "logging_configuration", "include_execution_data"),
      inBlock("log destination", "logging_configuration", "log_destination"),
      inBlock("tracing", "tracing_configuration", "enabled"),
    ],
  },
  docker_registry_image: {
    noun: "image",
    named: "name",
    parts: [part("tag", "name", { of: (name) => (typeof name === "string" ? name.replace(/^.*:/s, "") : undefined) })],
  },
  aws_ecr_repository: {
    noun: "image repository",
    named: "name",
    parts: [
      part("tags", "image_tag_mutability"),
      inBlock("scan on push", "image_scanning_configuration", "scan_on_push"),
      part("encryption", "encryption_configuration"),
      part("delete with images", "force_delete"),
    ],
  },
  aws_ecr_lifecycle_policy: { noun: "image expiry", named: "repository", parts: [part("rules", "policy")] },
  aws_cloudwatch_log_group: {
    noun: "log group",
    named: "name",
    parts: [part("retention", "retention_in_days", { unit: "days" }), part("key", "kms_key_id")],
  },
  aws_cloudwatch_metric_alarm: {
    noun: "alarm",
    named: "alarm_name",
    parts: [
      part("metric", "metric_name"),
      part("threshold"),
      part("comparison", "comparison_operator"),
      part("period", "period", { unit: "s" }),
      part("periods", "evaluation_periods"),
      part("statistic"),
      part("actions", "alarm_actions"),
      part("missing data", "treat_missing_data"),
    ],
  },
  aws_sns_topic: { noun: "topic", named: "name", parts: [part("key", "kms_master_key_id")] },
  aws_sns_topic_subscription: { noun: "subscription", named: "topic_arn", parts: [part("protocol"), part("endpoint")] },
  aws_iam_role: { noun: "role", named: "name", parts: [] },
  aws_iam_role_policy: { noun: "policy of the role", named: "role", parts: [] },
  aws_iam_role_policy_attachment: { noun: "policy attached to the role", named: "role", parts: [] },
  aws_iam_instance_profile: { noun: "instance profile", named: "name", parts: [] },
  aws_security_group: { noun: "security group", named: "name", parts: [] },
  aws_vpc: { noun: "VPC", named: "id", parts: [part("addresses", "cidr_block")] },
  aws_subnet: {
    noun: "subnet",
    named: "id",
    parts: [part("addresses", "cidr_block"), part("zone", "availability_zone")],
  },
};

/** Characters of a name or a value. */
export const LONGEST_VALUE = 80;

/**
 * Returns the noun and the name of a resource as Markdown, such as "job `echo`". If its type is not in the table, returns its
 * address.
 * @param prefix start of the deployment's names, which is left out
 */
export function nameOf({ type, address, change }: ResourceChange, { conceal }: Plan, prefix: string): string {
  const kind = KINDS[type];
  const name = kind && (textOf(change.before, kind.named) ?? textOf(change.after, kind.named));
  if (kind === undefined || name === undefined) return codeName(conceal(address), LONGEST_VALUE);
  // The name of an image is its address in the registry, with its tag.
  const own = type === "docker_registry_image" ? name.replace(/^.*\/|:[^:/]*$/gs, "") : name;
  const short = own.startsWith(`${prefix}_`) ? own.slice(prefix.length + 1) : own;
  return `${kind.noun} ${codeName(conceal(short), LONGEST_VALUE)}`;
}
