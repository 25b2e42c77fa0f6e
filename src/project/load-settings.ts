/**
 * Every setting: its name, environment variable, default, rule and help, in one table. Defaults give way to the
 * `context` of cdktf.json, and that to environment variables. cdktf.json is read here, not taken from the cdktf CLI, so
 * that `workflow`, the tests and `cdktf` agree.
 */
import { join } from "node:path";
import { z } from "zod";
import { SettingsError } from "../base/errors";
import { describeMistake, readJson } from "../base/read-json";
import { nearest, suggest } from "../base/suggest";
import { firstLines, quote, visible } from "../base/text";
import { readTextFile } from "../base/text-file";
import { BUCKET_NAME, BUCKET_NAME_RULE, environmentName, SHORT_NAME, SHORT_NAME_LENGTH } from "./names";
import { PROJECT_FOLDER } from "./project-folder";
import { type UnmetRule, unmetRules } from "./settings-rules";
import type { JobSettings, Settings } from "./settings-types";

/** Where a setting's value came from. */
type Origin = "default" | "cdktf.json" | "environment";

/** One line of `workflow settings`. */
export interface SettingDescription {
  readonly name: keyof Settings;
  readonly variable: string | null;
  readonly value: Settings[keyof Settings];
  readonly origin: Origin;
  readonly default: unknown;
  readonly rule: string;
  readonly help: string;
}

interface Definition {
  /** `null`: set in cdktf.json only. */
  readonly variable: string | null;
  readonly default: unknown;
  readonly schema: z.ZodType;
  /** Completes "must be …". */
  readonly rule: string;
  readonly help: string;
}

const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const REGION = z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/);

/** Each field of a job; a rule completes "must be …" and "set it to …". */
const JOB_FIELDS: { readonly [K in keyof JobSettings]: Pick<Definition, "schema" | "rule"> } = {
  image: {
    schema: z.string().regex(/^(?![/\\]|[A-Za-z]:)./),
    rule: "the folder of an image, relative to the project, such as image",
  },
  vcpus: { schema: z.number().positive(), rule: "a number above 0, such as 0.25" },
  memoryMiB: { schema: z.int().min(4), rule: "a whole number of at least 4, such as 512" },
  timeoutSeconds: { schema: z.int().min(60), rule: "a whole number of at least 60, such as 3600" },
  attempts: { schema: z.int().min(1).max(10), rule: "a whole number from 1 to 10" },
  command: { schema: z.array(z.string()).default([]), rule: "a list of strings" },
  parameters: { schema: z.record(z.string(), z.string()).default({}), rule: "an object of strings" },
  localCommand: {
    schema: z.array(z.string()).min(1).nullable().default(null),
    rule: 'a list of strings, the program first, such as ["/bin/sh", "image/echo.sh"]',
  },
};

const job = z.strictObject(
  Object.fromEntries(Object.entries(JOB_FIELDS).map(([field, { schema }]) => [field, schema])),
);

/** Yes or no, given as such or, by an environment variable, as a word. */
const SWITCH = {
  schema: z.union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")]),
  rule: "true or false",
};

const DEFINITIONS: { readonly [K in keyof Settings]: Definition } = {
  name: {
    variable: "WORKFLOW_NAME",
    default: "echo",
    schema: z.string().regex(SHORT_NAME).max(SHORT_NAME_LENGTH),
    rule: `a lower-case name of at most ${SHORT_NAME_LENGTH} letters, digits and single dashes, a letter first`,
    help: "Name of the workflow; every resource's name starts with it.",
  },
  environment: {
    variable: "WORKFLOW_ENVIRONMENT",
    default: "dev",
    schema: z.string().trim().min(1).transform(environmentName),
    rule: "some text, such as a branch's name",
    help: "One deployment for each; any text. What is no short lower-case name is made into one, with a hash.",
  },
  region: {
    variable: "AWS_REGION",
    default: "eu-west-1",
    schema: REGION,
    rule: "an AWS region, such as eu-west-1",
    help: "AWS region that the workflow is deployed to.",
  },
  document: {
    variable: "WORKFLOW_DOCUMENT",
    default: "workflow/echo.asl.json",
    schema: z.string().endsWith(".asl.json"),
    rule: "the path of a file that ends in .asl.json",
    help: "The workflow's document; the schema of its input stands beside it, echo.input.schema.json for echo.asl.json.",
  },
  compute: {
    variable: "WORKFLOW_COMPUTE",
    default: "FARGATE_SPOT",
    ...oneOf("FARGATE_SPOT", "FARGATE", "EC2", "SPOT"),
    help: "What the jobs run on; EC2 and SPOT are instances, with whole vCPUs for each job, none of them kept idle.",
  },
  architecture: {
    variable: "WORKFLOW_ARCHITECTURE",
    default: "X86_64",
    ...oneOf("X86_64", "ARM64"),
    help: "Processor that images are built for and jobs run on.",
  },
  instanceTypes: {
    variable: "WORKFLOW_INSTANCE_TYPES",
    default: [],
    schema: list(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)?$/),
    rule: "instance types or families such as m7g.large, separated by commas",
    help: "Instances of EC2 and SPOT; unset, r4.large and r5.large, for ARM64 r6g.large and r7g.large.",
  },
  maxVcpus: {
    variable: "WORKFLOW_MAX_VCPUS",
    default: 10,
    schema: integer(1, 10_000),
    rule: "a whole number from 1 to 10000",
    help: "vCPUs of all running jobs together.",
  },
  network: {
    variable: "WORKFLOW_NETWORK",
    default: "default",
    schema: z.string().regex(/^(default|create|vpc-[0-9a-f]+)$/),
    rule: "default, create or the id of a VPC",
    help: "Where the jobs run: the region's default VPC, one of their own with two public subnets, or a given VPC.",
  },
  subnets: {
    variable: "WORKFLOW_SUBNETS",
    default: [],
    schema: list(/^subnet-[0-9a-f]+$/),
    rule: "ids of subnets, separated by commas",
    help: "Subnets of the given VPC.",
  },
  assignPublicIp: {
    variable: "WORKFLOW_ASSIGN_PUBLIC_IP",
    default: true,
    ...SWITCH,
    help: "Whether Fargate jobs get a public address; false where the subnets have a NAT gateway or VPC endpoints.",
  },
  stuckJobSeconds: {
    variable: "WORKFLOW_STUCK_JOB_SECONDS",
    default: 14_400,
    schema: integer(600, 86_400),
    rule: "a whole number from 600 to 86400",
    help: "When a job is cancelled that cannot start for want of capacity or because it asks for too much.",
  },
  imageTagMutability: {
    variable: "WORKFLOW_IMAGE_TAG_MUTABILITY",
    default: "MUTABLE",
    ...oneOf("MUTABLE", "IMMUTABLE"),
    help: "Whether ECR lets a tag be pushed again; IMMUTABLE has a price, see docs/deploying.md.",
  },
  keptImages: {
    variable: "WORKFLOW_KEPT_IMAGES",
    default: 20,
    schema: integer(1, 1000),
    rule: "a whole number from 1 to 1000",
    help: "How many images of a job are kept, the newest first.",
  },
  logRetentionDays: {
    variable: "WORKFLOW_LOG_RETENTION_DAYS",
    default: 30,
    schema: integer(1, 3653).refine((days) => RETENTION_DAYS.includes(days)),
    rule: `one of ${RETENTION_DAYS.join(", ")}`,
    help: "Days that the logs of jobs and executions are kept.",
  },
  tracing: {
    variable: "WORKFLOW_TRACING",
    default: false,
    ...SWITCH,
    help: "Whether executions are traced with X-Ray.",
  },
  permissionsBoundary: {
    variable: "WORKFLOW_PERMISSIONS_BOUNDARY",
    default: null,
    schema: z
      .string()
      .regex(/^arn:[a-z-]+:iam::(\d{12}|aws):policy\/.+$/)
      .nullable(),
    rule: "the ARN of an IAM policy",
    help: "Permissions boundary of every role, where the account asks for one.",
  },
  alarms: {
    variable: "WORKFLOW_ALARMS",
    default: false,
    ...SWITCH,
    help: "Whether failed, timed-out and aborted executions are told to an SNS topic.",
  },
  alarmEmail: {
    variable: "WORKFLOW_ALARM_EMAIL",
    default: null,
    schema: z.email().nullable(),
    rule: "an e-mail address",
    help: "Who gets the alarms by e-mail, once the subscription is confirmed.",
  },
  backend: {
    variable: "WORKFLOW_BACKEND",
    default: "local",
    ...oneOf("local", "s3", "cloud"),
    help: "Where Terraform keeps its state: files in state/, an S3 bucket, or HCP Terraform.",
  },
  stateBucket: {
    variable: "WORKFLOW_STATE_BUCKET",
    default: null,
    schema: z.string().regex(BUCKET_NAME).nullable(),
    rule: BUCKET_NAME_RULE,
    help: "Bucket of the backend s3.",
  },
  stateRegion: {
    variable: "WORKFLOW_STATE_REGION",
    default: null,
    schema: REGION.nullable(),
    rule: "an AWS region, such as eu-west-1",
    help: "Region of that bucket; unset, that of the workflow.",
  },
  cloudOrganization: {
    variable: "WORKFLOW_CLOUD_ORGANIZATION",
    default: null,
    schema: z
      .string()
      .regex(/^[\w-]{3,40}$/)
      .nullable(),
    rule: "the name of an organization of HCP Terraform",
    help: "Organization of the backend cloud.",
  },
  cloudHostname: {
    variable: "WORKFLOW_CLOUD_HOSTNAME",
    default: "app.terraform.io",
    schema: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?$/i),
    rule: "a host name",
    help: "Host of the backend cloud.",
  },
  jobs: {
    variable: null,
    default: {},
    schema: z
      .record(z.string().regex(SHORT_NAME).max(SHORT_NAME_LENGTH), job)
      .refine((jobs) => Object.keys(jobs).length > 0),
    rule: "an object with at least one job",
    help: "The jobs, by name: image folder, vCPUs, memory, time-out, attempts, local command.",
  },
};

/** Fields that a job of Batch can have, or is often given elsewhere, and that are no fields here; each with what to do. */
const BATCH_FIELDS: ReadonlyMap<string, string> = new Map([
  ...each("this project runs no jobs with GPUs: a job definition in stacks/ would have to ask for them", "gpus", "gpu"),
  ...each(
    "set variables in the document: ContainerOverrides.Environment of the job's task",
    ...["environment", "env", "environmentVariables"],
  ),
  ...each("this project has no secrets of jobs: let the job read them, with a right in stacks/batch.ts", "secrets"),
  ...each(
    "this project has no volumes: let the job read and write S3",
    ...["volumes", "mountPoints", "efs", "ephemeralStorage", "linuxParameters"],
  ),
  ...each("rights of jobs stand in stacks/batch.ts", "jobRole", "jobRoleArn", "executionRole", "executionRoleArn"),
  ...each("the Dockerfile sets it", "entrypoint", "entryPoint", "user", "workdir", "workingDirectory"),
  ...each("it is `timeoutSeconds` here, in seconds", "timeout", "timeoutMinutes"),
  ...each("it is `attempts` here, the first one included", "retries", "retry", "retryStrategy"),
  ...each("it is a setting of all jobs: set `compute` in the context of cdktf.json", "compute", "spot", "fargate"),
  ...each("it is a setting of all jobs: set `architecture` in the context of cdktf.json", "architecture", "platform"),
  ...each(
    "it is a setting of all jobs: set `instanceTypes` in the context of cdktf.json",
    "instanceTypes",
    "instanceType",
  ),
  ...each("the document names the queue of a task: `JobQueue` in its Parameters", "queue", "jobQueue"),
]);

function each(instead: string, ...fields: string[]): [string, string][] {
  return fields.map((field) => [field, instead]);
}

/** Keys of the context that belong to CDKTF itself. */
const FRAMEWORK_CONTEXT = ["excludeStackIdFromLogicalIds", "allowSepCharsInLogicalIds"];

const NAMES = Object.keys(DEFINITIONS) as (keyof Settings)[];
const JOB_FIELD_NAMES = Object.keys(JOB_FIELDS);
const JOB_NAME_RULE = `a name of lower-case words joined by hyphens, at most ${SHORT_NAME_LENGTH} characters, such as train-model`;
/** Issues that are explained; the first say enough where there are more. */
const MOST_ISSUES = 100;
const IN_CONTEXT = "set it in the context of cdktf.json";

/**
 * The settings in force.
 * @throws SettingsError with all problems
 */
export function loadSettings(environment: NodeJS.ProcessEnv, context: unknown = readContext()): Settings {
  return Object.freeze(toSettings(describeSettings(environment, context))) as Settings;
}

/**
 * The settings in force, each with what is known about it.
 * @throws SettingsError with all problems
 */
export function describeSettings(
  environment: NodeJS.ProcessEnv,
  context: unknown = readContext(),
): SettingDescription[] {
  if (!isRecord(context))
    throw new SettingsError(`\`context\` in cdktf.json must be an object, got: ${quote(context)}`);
  const problems = [...unknownKeys(context), ...droppedJob(context), ...unknownVariables(environment)];
  const good: (keyof Settings)[] = [];
  const described = NAMES.map((name) => {
    const { variable, schema, rule, help, default: fallback } = DEFINITIONS[name];
    const [given, origin] = pick(variable === null ? undefined : environment[variable], context[name], fallback);
    const parsed = schema.safeParse(given);
    if (parsed.success) good.push(name);
    else for (const line of explain(name, given, origin, parsed.error)) problems.push(line);
    const value = parsed.data as Settings[typeof name];
    return { name, variable, value, origin, default: fallback, rule, help };
  });
  const settings = toSettings(described.filter(({ name }) => good.includes(name)));
  const originOf = (setting: keyof Settings) => described.find(({ name }) => name === setting)!.origin;
  for (const rule of unmetRules(settings)) problems.push(refuse(rule, settings, originOf(rule.setting)));
  if (problems.length > 0) throw new SettingsError(problems.join("\n"));
  return described;
}

function toSettings(described: readonly SettingDescription[]): Partial<Settings> {
  return Object.fromEntries(described.map(({ name, value }) => [name, value]));
}

/** @throws SettingsError when cdktf.json cannot be read, or holds settings where they are ignored */
function readContext(): unknown {
  let text: string;
  try {
    text = readTextFile(join(PROJECT_FOLDER, "cdktf.json"));
  } catch (cause) {
    throw new SettingsError(`cdktf.json cannot be read: ${(cause as Error).message}`, { cause });
  }
  return contextOf(text);
}

/**
 * The context that the text of cdktf.json holds.
 * @throws SettingsError when the text is no JSON object, or holds settings where they are ignored
 */
export function contextOf(text: string): unknown {
  const read = readJson(text);
  if ("mistakes" in read) {
    throw new SettingsError(read.mistakes.map((mistake) => `cdktf.json: ${describeMistake(mistake)}`).join("\n"));
  }
  const { value } = read;
  if (!isRecord(value))
    throw new SettingsError(`cdktf.json must hold an object, got: ${quote(value)}; put it in { and }`);
  const misplaced = NAMES.filter((name) => Object.hasOwn(value, name));
  if (misplaced.length > 0) {
    throw new SettingsError(
      misplaced
        .map(
          (name) =>
            `\`${name}\` in cdktf.json stands outside of \`context\`, where it has no effect; move it into \`context\``,
        )
        .join("\n"),
    );
  }
  return value.context ?? {};
}

function pick(variable: string | undefined, context: unknown, fallback: unknown): [unknown, Origin] {
  // An empty variable is what a pipeline gives for a value that is not there.
  if (variable !== undefined && variable !== "") return [variable, "environment"];
  return context === undefined ? [fallback, "default"] : [context, "cdktf.json"];
}

/** One of some words. */
function oneOf(...words: [string, ...string[]]) {
  return { schema: z.enum(words), rule: `one of ${words.join(", ")}` };
}

/** A list, given as one or, by an environment variable, as text with commas. */
function list(item: RegExp) {
  const text = z.string().transform((items) => items.split(",").map((entry) => entry.trim()));
  return z.union([z.array(z.string()), text]).refine((items) => items.every((entry) => item.test(entry)));
}

/** A whole number, given as one or, by an environment variable, as its digits. */
function integer(least: number, most: number) {
  return z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().min(least).max(most));
}

function explain(name: keyof Settings, given: unknown, origin: Origin, error: z.ZodError): string[] {
  const nested = error.issues.filter((issue) => issue.path.length > 0);
  // Of a list, each wrong item is an issue of its own.
  if (nested.length > 0) return [...new Set(nested.slice(0, MOST_ISSUES).flatMap((issue) => explainJob(issue, given)))];
  return [`\`${name}\` must be ${DEFINITIONS[name].rule}, got: ${quote(given)}; ${whereToSet(name, origin)}`];
}

/** Of all settings, `jobs` alone has parts with rules of their own: a job's name, and its fields. */
function explainJob(issue: z.core.$ZodIssue, jobs: unknown): string[] {
  const [name, field] = issue.path.map(String) as [string, string?];
  const job = (jobs as Record<string, unknown>)[name];
  if (issue.code === "invalid_key") {
    return [
      `\`jobs.${visible(name, 100)}\` must have ${JOB_NAME_RULE}, got: ${quote(name)}; change it in the context of cdktf.json`,
    ];
  }
  if (issue.code === "unrecognized_keys") {
    return firstLines(
      issue.keys,
      (key) => `\`jobs.${name}.${visible(key, 100)}\` is no field of a job; ${instead(key)}`,
    );
  }
  if (field === undefined) {
    return [`\`jobs.${name}\` must be an object with ${JOB_FIELD_NAMES.join(", ")}, got: ${quote(job)}; ${IN_CONTEXT}`];
  }
  const { rule } = JOB_FIELDS[field as keyof JobSettings];
  const got = (job as Record<string, unknown>)[field];
  if (got !== undefined) return [`\`jobs.${name}.${field}\` must be ${rule}, got: ${quote(got)}; ${IN_CONTEXT}`];
  const misspelt = Object.keys(job as object).some(
    (key) => !JOB_FIELD_NAMES.includes(key) && nearest(key, JOB_FIELD_NAMES) === field,
  );
  return misspelt ? [] : [`\`jobs.${name}.${field}\` is missing; ${IN_CONTEXT}, to ${rule}`];
}

/** What to do in place of a field that a job does not have. */
function instead(key: string): string {
  if (BATCH_FIELDS.has(key)) return BATCH_FIELDS.get(key)!;
  return suggest(key, JOB_FIELD_NAMES, "fields");
}

function refuse({ setting, path, must }: UnmetRule, settings: Partial<Settings>, origin: Origin): string {
  const got = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], settings[setting]);
  return `\`${[setting, ...path].join(".")}\` must ${must}, got: ${quote(got)}; ${whereToSet(setting, origin)}`;
}

/** Where the value came from: a variable would leave what is wrong in cdktf.json. */
function whereToSet(name: keyof Settings, origin: Origin): string {
  const { variable } = DEFINITIONS[name];
  return variable === null || origin === "cdktf.json" ? IN_CONTEXT : `set ${variable}`;
}

/** The schema library drops this one key, which no object is given by mistake. */
function droppedJob({ jobs }: Record<string, unknown>): string[] {
  const isDropped = isRecord(jobs) && Object.hasOwn(jobs, "__proto__");
  return isDropped ? [`\`jobs.__proto__\` must have ${JOB_NAME_RULE}; change it in the context of cdktf.json`] : [];
}

function unknownKeys(context: Record<string, unknown>): string[] {
  const known: readonly string[] = [...NAMES, ...FRAMEWORK_CONTEXT];
  return firstLines(
    Object.keys(context).filter((key) => !known.includes(key)),
    (key) => `\`${visible(key, 100)}\` in the context of cdktf.json is no setting; ${suggest(key, NAMES, "settings")}`,
  );
}

function unknownVariables(environment: NodeJS.ProcessEnv): string[] {
  const known = NAMES.flatMap((name) => DEFINITIONS[name].variable ?? []);
  return Object.keys(environment)
    .filter((variable) => variable.startsWith("WORKFLOW_") && !known.includes(variable))
    .map((variable) => {
      const setting = NAMES.find((name) => DEFINITIONS[name].variable === null && variable === variableOf(name));
      if (setting !== undefined) return `\`${setting}\` has no environment variable, got: ${variable}; ${IN_CONTEXT}`;
      return `\`${visible(variable, 100)}\` is no setting; ${suggest(variable, known, "variables")}`;
    });
}

/** The variable that a setting would have: `WORKFLOW_MAX_VCPUS` for `maxVcpus`. */
function variableOf(name: string): string {
  return `WORKFLOW_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
