/**
 * Reads the synthesized stacks: the local run executes the definition that Terraform would apply, not a second copy of it.
 * References between resources get the names that AWS would give, in an account of zeros.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asDocument, type StatesDocument } from "../asl/document";
import { asObject, isObject, type Json, type JsonObject, mapStrings } from "../base/json";
import { parseMachineJson } from "../base/read-json";
import { inTemporaryFolder } from "../base/temporary-folder";
import { jobCompute } from "../project/job-compute";
import { IMAGE_STACK, LOCAL_ACCOUNT, resourceName, WORKFLOW_STACK } from "../project/names";
import { PROJECT_FOLDER } from "../project/project-folder";
import type { Settings } from "../project/settings-types";
import { STACKS_FOLDER, synthesizeStacks } from "../terraform/synthesis";
import { resolveTemplate } from "../terraform/templates";
import { containerParts } from "./batch/container-parts";
import type { EvaluateOnExit, JobDefinition } from "./batch/job-definition";
import type { JobQueue } from "./batch/job-plan";
import type { ImageBuild } from "./engines/docker-image";

/** The folder in which Terraform runs the image stack. Paths in the stack are relative to it. */
const TERRAFORM_FOLDER = join(PROJECT_FOLDER, STACKS_FOLDER, IMAGE_STACK);

export interface SynthesizedWorkflow {
  readonly stateMachine: {
    readonly name: string;
    readonly arn: string;
    readonly roleArn: string;
    readonly definition: StatesDocument;
  };
  readonly queues: readonly JobQueue[];
  readonly jobDefinitions: readonly JobDefinition[];
  /** The images to build, by URI. */
  readonly images: Readonly<Record<string, ImageBuild>>;
}

/** The resources of a stack in Terraform's JSON, by type and then by name. */
type Resources = Record<string, Record<string, JsonObject>>;

/** The arguments of an `aws_batch_job_definition` that a local run uses. */
interface BatchJobDefinition {
  name: string;
  container_properties: string;
  platform_capabilities?: string[];
  propagate_tags?: boolean;
  parameters?: Record<string, string>;
  timeout?: { attempt_duration_seconds: number };
  retry_strategy?: {
    attempts: number;
    evaluate_on_exit?: Record<string, string>[];
  };
}

/** The container properties that a local run uses. */
interface ContainerProperties {
  image: string;
  command?: string[];
  environment?: { name: string; value: string }[];
  resourceRequirements: { type: string; value: string }[];
  user?: string;
  readonlyRootFilesystem?: boolean;
}

/**
 * Synthesizes the app and reads its state machine, job definitions and images.
 *
 * @throws UsageError if the stacks refuse something; FileError if they cannot be synthesized, or `signal` stops that
 */
export function synthesize(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<SynthesizedWorkflow> {
  return inTemporaryFolder("workflow-synth", async (folder) => {
    await synthesizeStacks(environment, signal, { settings, folder });
    return readSynthesized(folder, settings);
  });
}

// --- internal ---

function readSynthesized(folder: string, settings: Settings): SynthesizedWorkflow {
  const readStack = (name: string) =>
    (JSON.parse(readFileSync(join(folder, "stacks", name, "cdk.tf.json"), "utf8")) as { resource?: Resources })
      .resource ?? {};
  const workflow = readStack(WORKFLOW_STACK);
  const resolve = resolver(workflow, settings.region);

  const [stateMachine] = Object.values(workflow.aws_sfn_state_machine ?? {});
  const stateMachineName = String(stateMachine!.name);
  return {
    stateMachine: {
      name: stateMachineName,
      arn: arn("states", settings.region, `stateMachine:${stateMachineName}`),
      roleArn: arn("iam", "", `role/${resourceName(settings, "states")}`),
      definition: asDocument(parseMachineJson(resolve(String(stateMachine!.definition)))),
    },
    queues: Object.values(workflow.aws_batch_job_queue ?? {}).map(({ name }) => ({
      name: String(name),
      arn: arn("batch", settings.region, `job-queue/${String(name)}`),
    })),
    jobDefinitions: Object.values(workflow.aws_batch_job_definition ?? {}).map((definition) =>
      jobDefinition(mapStrings(definition, resolve) as unknown as BatchJobDefinition, settings),
    ),
    images: Object.fromEntries(
      Object.values(readStack(IMAGE_STACK).docker_image ?? {}).map((resource) => {
        const { context, platform } = resource.build as { context: string; platform: string };
        return [resolve(String(resource.name)), { context: join(TERRAFORM_FOLDER, context), platform }];
      }),
    ),
  };
}

function jobDefinition(definition: BatchJobDefinition, settings: Settings): JobDefinition {
  const container = JSON.parse(definition.container_properties) as ContainerProperties & JsonObject;
  const { image, command = [], environment = [], user = null, readonlyRootFilesystem = false, ...rest } = container;
  const { resourceRequirements, ...described } = rest;
  const resources = new Map(resourceRequirements.map(({ type, value }) => [type, Number(value)]));
  const name = Object.keys(settings.jobs).find((job) => resourceName(settings, job) === definition.name);
  return {
    arn: arn("batch", settings.region, `job-definition/${definition.name}:1`),
    name: definition.name,
    image,
    command,
    parameters: definition.parameters ?? {},
    environment,
    vcpus: resources.get("VCPU") ?? 1,
    memoryMiB: resources.get("MEMORY") ?? 512,
    user,
    readonlyRootFilesystem,
    ...containerParts(container),
    timeoutSeconds: definition.timeout?.attempt_duration_seconds ?? null,
    attempts: definition.retry_strategy?.attempts ?? 1,
    evaluateOnExit: (definition.retry_strategy?.evaluate_on_exit ?? []).map(evaluateOnExit),
    container: asObject(pascalCase(described)),
    platformCapabilities: definition.platform_capabilities ?? [],
    propagateTags: definition.propagate_tags ?? false,
    compute: name === undefined ? null : jobCompute(settings, name),
    localCommand: name === undefined ? null : settings.jobs[name]!.localCommand,
  };
}

/** Capitalizes the names of all members, except those of the options of a log driver, which are no names of AWS. */
function pascalCase(value: Json): Json {
  if (Array.isArray(value)) return value.map(pascalCase);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      name === "options" ? member : pascalCase(member),
    ]),
  );
}

/** Renames `on_exit_code` to `OnExitCode`, and so on. */
function evaluateOnExit(rule: Record<string, string>): EvaluateOnExit {
  const renamed = (name: string) => name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(rule).map(([name, value]) => [renamed(name), value]),
  ) as unknown as EvaluateOnExit;
}

/** Returns a function that fills in templates. References without a value here, such as those to roles, stay as they are. */
function resolver(resources: Resources, region: string): (template: string) => string {
  const fixed: readonly (readonly [RegExp, string])[] = [
    [/^data\.aws_caller_identity\..+\.account_id$/, LOCAL_ACCOUNT],
    [/^data\.aws_region\..+\.region$/, region],
    [/^data\.aws_partition\..+\.partition$/, "aws"],
    [/^data\.aws_partition\..+\.dns_suffix$/, "amazonaws.com"],
  ];
  const arnOf = (reference: string): string | undefined => {
    const [type, id, attribute] = reference.split(".");
    const name = resources[type!]?.[id!]?.name;
    if (name === undefined) return undefined;
    if (type === "aws_cloudwatch_log_group" && attribute === "name") return String(name);
    if (attribute !== "arn") return undefined;
    if (type === "aws_iam_role") return arn("iam", "", `role/${name}`);
    if (type === "aws_batch_job_definition") return arn("batch", region, `job-definition/${name}:1`);
    if (type === "aws_batch_job_queue") return arn("batch", region, `job-queue/${name}`);
    return undefined;
  };
  const lookUp = (reference: string) => fixed.find(([pattern]) => pattern.test(reference))?.[1] ?? arnOf(reference);
  return (template) => resolveTemplate(template, lookUp);
}

function arn(service: string, region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${LOCAL_ACCOUNT}:${resource}`;
}
