/** The resources of this project: how the comment names them, and which of their parts. */
import { type Json, type JsonObject, objectsOf } from "../base/json";
import { BUCKET_KINDS } from "./bucket-kinds";
import { JOB_PARTS } from "./job-parts";
import { codeName } from "./markdown";
import { inBlock, type Kind, nameInArn, part } from "./parts";
import type { Plan, ResourceChange } from "./plan";
import { textOf } from "./values";

/**
 * The resource types of this project. The comment shows permissions under Permissions, and the states of a document under
 * Workflow.
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  ...BUCKET_KINDS,
  aws_batch_job_definition: { noun: "job", named: "name", parts: JOB_PARTS },
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
        of: (order) => objectsOf(order).map(({ compute_environment }) => environmentName(compute_environment ?? null)),
      }),
      part("time limit", "job_state_time_limit_action", { of: timeLimits, isNamed: true }),
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
  aws_cloudwatch_log_metric_filter: {
    noun: "metric filter",
    named: "name",
    isDetail: true,
    parts: [part("pattern"), part("metric", "metric_transformation")],
  },
  aws_sns_topic_policy: { noun: "policy of the topic", named: "arn", parts: [], isDetail: true },
  aws_sns_topic_subscription: {
    noun: "subscription of",
    named: "endpoint",
    parts: [part("protocol"), part("endpoint")],
  },
  aws_scheduler_schedule: {
    noun: "schedule",
    named: "name",
    parts: [
      part("time", "schedule_expression"),
      part("time zone", "schedule_expression_timezone"),
      part("state"),
      inBlock("input", "target", "input"),
      inBlock("starts", "target", "arn"),
      inBlock("role", "target", "role_arn"),
      part("flexible window", "flexible_time_window"),
    ],
  },
  aws_cloudwatch_event_rule: {
    noun: "rule for events",
    named: "name",
    parts: [part("pattern", "event_pattern"), part("time", "schedule_expression"), part("state")],
  },
  aws_cloudwatch_event_target: {
    noun: "target of the rule for events",
    named: "rule",
    isDetail: true,
    parts: [
      part("target", "arn"),
      part("role", "role_arn"),
      part("input"),
      part("input", "input_path"),
      part("message", "input_transformer"),
    ],
  },
  aws_iam_role: { noun: "role", named: "name", parts: [], isDetail: true },
  aws_iam_role_policy: { noun: "policy of the role", named: "role", parts: [], isDetail: true },
  aws_iam_role_policy_attachment: { noun: "policy attached to the role", named: "role", parts: [], isDetail: true },
  aws_iam_instance_profile: { noun: "instance profile", named: "name", parts: [], isDetail: true },
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
  const name =
    kind && (textOf(change.before, kind.named) ?? textOf(change.after, kind.named) ?? prefixOf(change.after));
  if (kind === undefined || name === undefined) return codeName(conceal(address), LONGEST_VALUE);
  // The name of an image is its address in the registry, with its tag.
  const own = type === "docker_registry_image" ? name.replace(/^.*\/|:[^:/]*$/gs, "") : name;
  const short = own.startsWith(`${prefix}_`) ? own.slice(prefix.length + 1) : own;
  return `${kind.noun} ${codeName(conceal(short), LONGEST_VALUE)}`;
}

// --- internal ---

/** Returns the start of a name that AWS completes. */
function prefixOf(after: Json | undefined): string | undefined {
  const prefix = textOf(after, "name_prefix");
  return prefix === undefined ? undefined : `${prefix}…`;
}

/** Returns the name of a compute environment, whose ARN ends with it. */
function environmentName(arn: Json): Json {
  return typeof arn === "string" ? nameInArn(arn).replace(/^compute-environment\//, "") : arn;
}

/** Returns the seconds of each time limit of a queue, by its reason. */
function timeLimits(blocks: Json): JsonObject {
  return Object.fromEntries(
    objectsOf(blocks).map(({ reason, max_time_seconds }) => [String(reason), `${String(max_time_seconds)} s`]),
  );
}
