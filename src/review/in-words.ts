/** What changes, in words: a table of what to say, by the type of a resource. */
import { isObject, type Json, type JsonObject, objectsOf } from "../base/json";
import { bytes, code, cut, cutPair, oneLine } from "./markdown";
import { policyAttributes } from "./permissions-diff";
import type { Plan, ResourceChange } from "./plan";
import { isMarked, KNOWN_AFTER_APPLY, marksOf, parsedJson, textOf } from "./values";
import { changedStateMachines, workflowDiff } from "./workflow-diff";

/** A part of a resource that is told of when it changes. */
interface Part {
  readonly label: string;
  /** The attribute that holds it. */
  readonly attribute: string;
  /** The part of the attribute's value. @default the value as it is */
  readonly of?: (value: Json) => Json | undefined;
  /** @default none */
  readonly unit?: string;
}

interface Kind {
  readonly noun: string;
  /** The attribute that names it. */
  readonly named: string;
  readonly parts: readonly Part[];
}

const part = (label: string, attribute = label, more: Omit<Part, "label" | "attribute"> = {}): Part => ({
  ...{ label, attribute },
  ...more,
});

/** A part of the only block of an attribute, such as `timeout[0].attempt_duration_seconds`. */
const inBlock = (label: string, attribute: string, name: string, unit?: string): Part =>
  part(label, attribute, { of: (blocks) => objectsOf(blocks)[0]?.[name], ...(unit !== undefined && { unit }) });

/** A part of a container's properties, which are JSON within a text. */
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

/** The types that this project makes. Rights are told in Permissions, a document's states in the workflow. */
const KINDS: Readonly<Record<string, Kind>> = {
  aws_batch_job_definition: {
    noun: "job",
    named: "name",
    parts: [
      inContainer("image", ({ image }) => image),
      inContainer("command", ({ command }) => command),
      inContainer("vCPUs", requirement("VCPU")),
      inContainer("memory", requirement("MEMORY"), "MiB"),
      inContainer("GPUs", requirement("GPU")),
      inContainer("environment", ({ environment }) => environment),
      inContainer("secrets", ({ secrets }) => secrets),
      inContainer("volumes", ({ volumes }) => volumes),
      inContainer("job role", ({ jobRoleArn }) => jobRoleArn),
      inContainer("execution role", ({ executionRoleArn }) => executionRoleArn),
      inContainer("privileged", ({ privileged }) => privileged),
      inContainer("user", ({ user }) => user),
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

/** Of a value. */
const LONGEST_VALUE = 80;
/** A start that two values share is left out where it is as long as that. */
const SHORTEST_SHARED = 12;
const CHANGES_SHOWN = 12;
/** Of a resource, and of attributes that are told by their names alone. */
const PARTS_SHOWN = 6;
/** Of all lines, in bytes: they stand in the comment's head, which is never shortened. */
const LONGEST = 6000;

/** The noun and the name of a resource, as Markdown: "job `echo`"; its address where its type is not one of the table. */
export function nameOf({ type, address, change }: ResourceChange, { conceal }: Plan, prefix: string): string {
  const kind = KINDS[type];
  const name = kind && (textOf(change.before, kind.named) ?? textOf(change.after, kind.named));
  if (kind === undefined || name === undefined) return code(cut(oneLine(conceal(address)), LONGEST_VALUE));
  // An image's name is its address in the registry, with its tag.
  const own = type === "docker_registry_image" ? name.replace(/^.*\/|:[^:/]*$/gs, "") : name;
  const short = own.startsWith(`${prefix}_`) ? own.slice(prefix.length + 1) : own;
  return `${kind.noun} ${code(cut(oneLine(conceal(short)), LONGEST_VALUE))}`;
}

/** A line of Markdown for each resource that is changed or replaced, and one for those that are new; at most so many. */
export function changesInWords(plans: readonly Plan[], prefix: string): string[] {
  const lines = plans.flatMap((plan) => [
    ...plan.resources.flatMap((resource) => {
      const said = sayChange(resource, plan);
      return said.length === 0 ? [] : [`${nameOf(resource, plan, prefix)}: ${said.join(", ")}`];
    }),
    ...newOnes(plan, prefix),
  ]);
  const shown: string[] = [];
  for (const line of lines.slice(0, CHANGES_SHOWN)) {
    if (bytes([...shown, line].join("\n")) > LONGEST) break;
    shown.push(line);
  }
  const left = lines.length - shown.length;
  return left > 0 ? [...shown, `… ${left} more, see the stacks`] : shown;
}

// --- internal ---

function sayChange(resource: ResourceChange, plan: Plan): string[] {
  const { type, action, isDeposed, attributes } = resource;
  const isTold = action === "update" || action === "replace";
  // The push says all of an image; outputs follow from the rest.
  if (!isTold || isDeposed || type === "output" || type === "docker_image") return [];
  const said = [...sayStates(resource, plan), ...sayParts(resource, plan)];
  if (said.length > 0) return limited(said);
  const rights = policyAttributes(resource, plan);
  const names = [...new Set(attributes.map(({ path }) => /^\w*/.exec(path)![0]))].filter(
    (name) => !rights.includes(name),
  );
  return names.length === 0
    ? []
    : [`${limited(names.map((name) => code(cut(name, LONGEST_VALUE)))).join(", ")} changed`];
}

function sayStates(resource: ResourceChange, plan: Plan): string[] {
  if (!changedStateMachines(plan).includes(resource)) return [];
  const { added, removed, changed, putBack, references, isOpen } = workflowDiff(resource, plan);
  const said = Object.entries({ added, removed, changed, "put back": putBack }).flatMap(([what, names]) =>
    names.length === 0
      ? []
      : [`${names.length === 1 ? "state" : "states"} ${what}: ${limited(names.map((name) => shown(name))).join(", ")}`],
  );
  if (said.length > 0) return said;
  return [!isOpen && references.length > 0 ? "refers to what is new, no state changes" : "the document changed"];
}

function sayParts(resource: ResourceChange, plan: Plan): string[] {
  const { type, change } = resource;
  return (KINDS[type]?.parts ?? []).flatMap(({ label, attribute, of = (value) => value, unit }): string[] => {
    const marks = [change.before_sensitive, change.after_sensitive];
    const isSensitive = marks.some((side) => isMarked(marksOf(side, attribute)));
    const before = partOf(change.before, attribute, of);
    const after = isUnknown(resource, attribute)
      ? planned(resource, attribute, of, plan)
      : partOf(known(change), attribute, of);
    if (after === UNTOLD || isSame(before, after)) return [];
    if (isSensitive) return [`${label} changed (sensitive)`];
    const [old, now] = cutPair(...withoutShared(written(before, plan), written(after, plan)), LONGEST_VALUE);
    const measured = (text: string) => (unit === undefined || text === NONE ? quoted(text) : `${quoted(text)} ${unit}`);
    return [`${label} ${measured(old)} to ${measured(now)}`];
  });
}

const NONE = "none";
/** What is known only after the apply, and has no template: whether it changes nobody can say. */
const UNTOLD = Symbol("untold");

function partOf(values: Json | undefined, attribute: string, of: NonNullable<Part["of"]>): Json {
  const value = isObject(values) ? values[attribute] : undefined;
  const found = value === undefined || value === null ? null : (of(value) ?? null);
  return Array.isArray(found) && found.length === 0 ? null : found;
}

/** The values after the change; what is not known yet says so. */
function known({ after, after_unknown }: ResourceChange["change"]): Json | undefined {
  return filled(after, after_unknown);
}

function filled(value: Json | undefined, unknown: Json | undefined): Json {
  if (unknown === true) return KNOWN_AFTER_APPLY;
  if (Array.isArray(value)) return value.map((item, index) => filled(item, marksOf(unknown, index)));
  if (!isObject(value)) return value ?? null;
  // What is not known is left out of the values, or is null there.
  const names = new Set([...Object.keys(value), ...Object.keys(isObject(unknown) ? unknown : {})]);
  return Object.fromEntries([...names].map((name) => [name, filled(value[name], marksOf(unknown, name))]));
}

/** Two addresses without the start that they share, such as that of a registry. */
function withoutShared(one: string, other: string): [string, string] {
  const index = [...one].findIndex((character, place) => character !== other[place]);
  const shared = one.slice(0, index).lastIndexOf("/");
  return shared < SHORTEST_SHARED ? [one, other] : [`…${one.slice(shared)}`, `…${other.slice(shared)}`];
}

function isUnknown({ change }: ResourceChange, attribute: string): boolean {
  return marksOf(change.after_unknown, attribute) === true;
}

/** What the configuration says of an attribute that is known only after the apply, references and all. */
function planned(
  { address }: ResourceChange,
  attribute: string,
  of: NonNullable<Part["of"]>,
  plan: Plan,
): Json | typeof UNTOLD {
  const template = plan.references.template(address, attribute);
  if (template === undefined) return UNTOLD;
  return of(plan.references.formerly(plan.references.resolve(template))) ?? null;
}

function isSame(one: Json, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function written(value: Json, { conceal }: Plan): string {
  if (value === null || value === "") return NONE;
  return oneLine(conceal(typeof value === "string" ? value : JSON.stringify(value)));
}

/** Plain words as they are; anything else as code. */
function quoted(text: string): string {
  return text === KNOWN_AFTER_APPLY || /^[A-Za-z0-9]+(?:\.[0-9]+)?$/.test(text) ? text : code(text);
}

function shown(name: string): string {
  return code(cut(oneLine(name), LONGEST_VALUE));
}

function newOnes({ resources, ...plan }: Plan, prefix: string): string[] {
  const isNew = ({ type, action, isRecreated }: ResourceChange) =>
    action === "create" && !isRecreated && type !== "output" && type !== "docker_image";
  const stands = resources.some(({ type, action }) => type !== "output" && action !== "create" && action !== "read");
  const names = stands ? resources.filter(isNew).map((one) => nameOf(one, { resources, ...plan }, prefix)) : [];
  return names.length === 0 ? [] : [`new: ${limited(names).join(", ")}`];
}

function limited(texts: readonly string[]): string[] {
  const left = texts.length - PARTS_SHOWN;
  return left > 0 ? [...texts.slice(0, PARTS_SHOWN), `${left} more`] : [...texts];
}
