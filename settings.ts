/**
 * Every setting: its name, environment variable, default, rule and help, in one table. Defaults give way to the
 * `context` of cdktf.json, and that to environment variables. cdktf.json is read here, not taken from the cdktf CLI, so
 * that `workflow`, the tests and `cdktf` agree.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SettingsError } from "./errors";

/** The folder that paths in settings are relative to. */
export const PROJECT_FOLDER = __dirname;

/** A Batch job of the workflow: an image, and how a container of it is run. */
export interface JobSettings {
  /** Folder of the image: the Docker build context, relative to the project. */
  readonly image: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Of one attempt; Batch takes 60 at least. */
  readonly timeoutSeconds: number;
  /** 1 to 10; only lost hosts are retried. */
  readonly attempts: number;
  /** Arguments of the image's entry point, `Ref::name` for parameters. @default none: the document gives them */
  readonly command: readonly string[];
  /** Defaults of the parameters that `Ref::name` stands for. @default none */
  readonly parameters: Readonly<Record<string, string>>;
  /** What runs in place of the image where there is no Docker engine. @default null: the job needs one */
  readonly localCommand: readonly string[] | null;
}

/** All settings, checked. */
export interface Settings {
  readonly name: string;
  /** A short lower-case name; made from whatever text was given. */
  readonly environment: string;
  readonly region: string;
  readonly document: string;
  readonly maxVcpus: number;
  readonly logRetentionDays: number;
  readonly jobs: Readonly<Record<string, JobSettings>>;
}

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

const SHORT_NAME = /^[a-z](?:-?[a-z0-9])*$/;
const SHORT_NAME_LENGTH = 20;
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const job = z.strictObject({
  image: z.string().min(1),
  vcpus: z.number().positive(),
  memoryMiB: z.int().min(4),
  timeoutSeconds: z.int().min(60),
  attempts: z.int().min(1).max(10),
  command: z.array(z.string()).default([]),
  parameters: z.record(z.string(), z.string()).default({}),
  localCommand: z.array(z.string()).min(1).nullable().default(null),
});

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
    schema: z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/),
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
  maxVcpus: {
    variable: "WORKFLOW_MAX_VCPUS",
    default: 10,
    schema: integer(1, 10_000),
    rule: "a whole number from 1 to 10000",
    help: "vCPUs of all running jobs together.",
  },
  logRetentionDays: {
    variable: "WORKFLOW_LOG_RETENTION_DAYS",
    default: 30,
    schema: integer(1, 3653).refine((days) => RETENTION_DAYS.includes(days)),
    rule: `one of ${RETENTION_DAYS.join(", ")}`,
    help: "Days that the logs of jobs and executions are kept.",
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

/** Keys of the context that belong to CDKTF itself. */
const FRAMEWORK_CONTEXT = ["excludeStackIdFromLogicalIds", "allowSepCharsInLogicalIds"];

const NAMES = Object.keys(DEFINITIONS) as (keyof Settings)[];

/**
 * The settings in force.
 * @throws SettingsError with all problems
 */
export function loadSettings(environment: NodeJS.ProcessEnv, context: unknown = readContext()): Settings {
  const described = describeSettings(environment, context);
  return Object.freeze(Object.fromEntries(described.map(({ name, value }) => [name, value]))) as unknown as Settings;
}

/**
 * The settings in force, each with what is known about it.
 * @throws SettingsError with all problems
 */
export function describeSettings(
  environment: NodeJS.ProcessEnv,
  context: unknown = readContext(),
): SettingDescription[] {
  if (!isRecord(context)) throw new SettingsError(`\`context\` in cdktf.json must be an object, got: ${show(context)}`);
  const problems = [...unknownKeys(context), ...unknownVariables(environment)];
  const described = NAMES.map((name) => {
    const { variable, schema, rule, help, default: fallback } = DEFINITIONS[name];
    const [given, origin] = pick(variable === null ? undefined : environment[variable], context[name], fallback);
    const parsed = schema.safeParse(given);
    if (!parsed.success) problems.push(...explain(name, given, parsed.error));
    const value = parsed.data as Settings[typeof name];
    return { name, variable, value, origin, default: fallback, rule, help };
  });
  if (problems.length > 0) throw new SettingsError(problems.join("\n"));
  return described;
}

/** The physical name of something in a deployment: `<workflow>-<environment>-<part>…`, 64 characters at most. */
export function resourceName({ name, environment }: Settings, ...parts: string[]): string {
  return [name, environment, ...parts].join("-");
}

/** The placeholder of the document that stands for a job's definition: `echo` gives `EchoJobDefinitionArn`. */
export function jobDefinitionPlaceholder(jobName: string): string {
  const pascalCase = jobName.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  return `${pascalCase}JobDefinitionArn`;
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

function readContext(): unknown {
  const path = join(PROJECT_FOLDER, "cdktf.json");
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { context?: unknown }).context ?? {};
  } catch (cause) {
    throw new SettingsError(`cdktf.json cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function pick(variable: string | undefined, context: unknown, fallback: unknown): [unknown, Origin] {
  // An empty variable is what a pipeline gives for a value that is not there.
  if (variable !== undefined && variable !== "") return [variable, "environment"];
  return context === undefined ? [fallback, "default"] : [context, "cdktf.json"];
}

/** A whole number, given as one or, by an environment variable, as its digits. */
function integer(least: number, most: number) {
  return z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().min(least).max(most));
}

function explain(name: keyof Settings, given: unknown, error: z.ZodError): string[] {
  const { variable, rule } = DEFINITIONS[name];
  const nested = error.issues.filter((issue) => issue.path.length > 0);
  if (nested.length > 0) {
    return nested.map((issue) => {
      const path = [name, ...issue.path].join(".");
      const got = issue.path.reduce<unknown>((value, key) => (isRecord(value) ? value[String(key)] : undefined), given);
      return `\`${path}\` is wrong: ${lowerFirst(issue.message)}, got: ${show(got)}; set it in the context of cdktf.json`;
    });
  }
  const where = variable === null ? "set it in the context of cdktf.json" : `set ${variable}`;
  return [`\`${name}\` must be ${rule}, got: ${show(given)}; ${where}`];
}

function unknownKeys(context: Record<string, unknown>): string[] {
  const known: readonly string[] = [...NAMES, ...FRAMEWORK_CONTEXT];
  return Object.keys(context)
    .filter((key) => !known.includes(key))
    .map((key) => `\`${key}\` in the context of cdktf.json is no setting; the settings are ${NAMES.join(", ")}`);
}

function unknownVariables(environment: NodeJS.ProcessEnv): string[] {
  const known = NAMES.flatMap((name) => DEFINITIONS[name].variable ?? []);
  return Object.keys(environment)
    .filter((variable) => variable.startsWith("WORKFLOW_") && !known.includes(variable))
    .map((variable) => `\`${variable}\` is no setting; the variables are ${known.join(", ")}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
