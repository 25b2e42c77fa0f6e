/**
 * What a deployment would hold, read from the synthesized stacks: the local run executes the definition that Terraform would
 * apply, not a second copy of it. References between resources are filled in as AWS would name them, for an account of zeros.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StatesDocument } from "../asl/document";
import { type JsonObject, mapStrings } from "../base/json";
import { resourceName } from "../project/names";
import { PROJECT_FOLDER } from "../project/project-folder";
import type { Settings } from "../project/settings-types";
import type { ExitRule, JobDefinition } from "./batch/batch-job";
import type { ImageBuild } from "./engines/docker-engine";

const ACCOUNT = "000000000000";

/** Where Terraform would run the image stack, and what its paths are relative to. */
const TERRAFORM_FOLDER = join(PROJECT_FOLDER, "cdktf.out", "stacks", "image");

export interface SynthesizedWorkflow {
  readonly stateMachine: {
    readonly name: string;
    readonly arn: string;
    readonly roleArn: string;
    readonly definition: StatesDocument;
  };
  readonly queue: { readonly name: string; readonly arn: string };
  readonly jobDefinitions: readonly JobDefinition[];
  /** By image URI. */
  readonly images: Readonly<Record<string, ImageBuild>>;
}

/** The resources of a stack as they stand in its Terraform JSON: by type, then by name. */
type Resources = Record<string, Record<string, JsonObject>>;

/** The arguments of an `aws_batch_job_definition` that have a meaning here. */
interface BatchJobDefinition {
  name: string;
  container_properties: string;
  parameters?: Record<string, string>;
  timeout?: { attempt_duration_seconds: number };
  retry_strategy?: {
    attempts: number;
    evaluate_on_exit?: { action: string; on_reason?: string; on_status_reason?: string; on_exit_code?: string }[];
  };
}

/** Of a job definition's container properties, likewise. */
interface ContainerProperties {
  image: string;
  command?: string[];
  environment?: { name: string; value: string }[];
  resourceRequirements: { type: string; value: string }[];
  user?: string;
  readonlyRootFilesystem?: boolean;
}

/** Reads the stacks that a synth has left in `folder`. */
export function readSynthesized(folder: string, settings: Settings): SynthesizedWorkflow {
  const readStack = (name: string) =>
    (JSON.parse(readFileSync(join(folder, "stacks", name, "cdk.tf.json"), "utf8")) as { resource: Resources }).resource;
  const workflow = readStack("workflow");
  const resolve = resolver(workflow, settings.region);

  const [stateMachine] = Object.values(workflow.aws_sfn_state_machine ?? {});
  const [queue] = Object.values(workflow.aws_batch_job_queue ?? {});
  const stateMachineName = String(stateMachine!.name);
  const queueName = String(queue!.name);
  return {
    stateMachine: {
      name: stateMachineName,
      arn: arn("states", settings.region, `stateMachine:${stateMachineName}`),
      roleArn: arn("iam", "", `role/${resourceName(settings, "states")}`),
      definition: JSON.parse(resolve(String(stateMachine!.definition))) as StatesDocument,
    },
    queue: { name: queueName, arn: arn("batch", settings.region, `job-queue/${queueName}`) },
    jobDefinitions: Object.values(workflow.aws_batch_job_definition ?? {}).map((definition) =>
      jobDefinition(mapStrings(definition, resolve) as unknown as BatchJobDefinition, settings),
    ),
    images: Object.fromEntries(
      Object.values(readStack("image").docker_image ?? {}).map((resource) => {
        const { context, platform } = resource.build as { context: string; platform: string };
        return [resolve(String(resource.name)), { context: join(TERRAFORM_FOLDER, context), platform }];
      }),
    ),
  };
}

function jobDefinition(definition: BatchJobDefinition, settings: Settings): JobDefinition {
  const container = JSON.parse(definition.container_properties) as ContainerProperties;
  const resources = new Map(container.resourceRequirements.map(({ type, value }) => [type, Number(value)]));
  const job = Object.entries(settings.jobs).find(([name]) => resourceName(settings, name) === definition.name)?.[1];
  return {
    arn: arn("batch", settings.region, `job-definition/${definition.name}:1`),
    name: definition.name,
    image: container.image,
    command: container.command ?? [],
    parameters: definition.parameters ?? {},
    environment: container.environment ?? [],
    vcpus: resources.get("VCPU") ?? 1,
    memoryMiB: resources.get("MEMORY") ?? 512,
    ...(container.user === undefined ? {} : { user: container.user }),
    readonlyRootFilesystem: container.readonlyRootFilesystem ?? false,
    timeoutSeconds: definition.timeout?.attempt_duration_seconds ?? null,
    attempts: definition.retry_strategy?.attempts ?? 1,
    evaluateOnExit: (definition.retry_strategy?.evaluate_on_exit ?? []).map(exitRule),
    localCommand: job?.localCommand ?? null,
  };
}

function exitRule(rule: {
  action: string;
  on_reason?: string;
  on_status_reason?: string;
  on_exit_code?: string;
}): ExitRule {
  return {
    action: rule.action,
    ...(rule.on_reason === undefined ? {} : { onReason: rule.on_reason }),
    ...(rule.on_status_reason === undefined ? {} : { onStatusReason: rule.on_status_reason }),
    ...(rule.on_exit_code === undefined ? {} : { onExitCode: rule.on_exit_code }),
  };
}

/**
 * Fills in a text of Terraform's template language. What the local run has no value for, such as a role, stays as it is.
 */
function resolver(resources: Resources, region: string): (template: string) => string {
  const fixed: readonly (readonly [RegExp, string])[] = [
    [/^data\.aws_caller_identity\..+\.account_id$/, ACCOUNT],
    [/^data\.aws_region\..+\.region$/, region],
    [/^data\.aws_partition\..+\.partition$/, "aws"],
    [/^data\.aws_partition\..+\.dns_suffix$/, "amazonaws.com"],
  ];
  const arnOf = (reference: string): string | undefined => {
    const [type, id, attribute] = reference.split(".");
    const name = resources[type!]?.[id!]?.name;
    if (name === undefined || attribute !== "arn") return undefined;
    if (type === "aws_batch_job_definition") return arn("batch", region, `job-definition/${name}:1`);
    if (type === "aws_batch_job_queue") return arn("batch", region, `job-queue/${name}`);
    return undefined;
  };
  return (template) =>
    template.replace(/([$%])\1\{|\$\{([^}]+)\}/g, (found, escaped?: string, reference?: string) => {
      if (escaped !== undefined) return `${escaped}{`;
      return fixed.find(([pattern]) => pattern.test(reference!))?.[1] ?? arnOf(reference!) ?? found;
    });
}

function arn(service: string, region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
}
