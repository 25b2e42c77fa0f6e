/**
 * Loads the settings. A variable of the environment overrides the `context` of cdktf.json, and that overrides the default.
 * cdktf.json is read here and not taken from the cdktf CLI, so that `workflow`, the tests and `cdktf` agree.
 */
import { SettingsError } from "../base/errors";
import { isObject, type JsonObject } from "../base/json";
import { nearest, suggest } from "../base/suggest";
import { firstLines, quote, visible } from "../base/text";
import { type PlaceOf, readContext } from "./context-file";
import { JOB_FIELDS, NOT_JOB_FIELDS } from "./job-fields";
import { SHORT_NAME_LENGTH } from "./names";
import { type Mistake, mistakesOf } from "./setting-kinds";
import { unmetRules } from "./settings-rules";
import { isShortName, SETTINGS } from "./settings-table";
import type { JobSettings, Settings } from "./settings-types";
import type { UnmetRule } from "./unmet-rule";

/** The source of a setting's value. */
type Origin = "default" | "cdktf.json" | "environment";

/** One line of `workflow settings`. */
export interface SettingDescription {
  readonly name: keyof Settings;
  readonly variable: string | null;
  readonly value: Settings[keyof Settings];
  readonly origin: Origin;
  readonly default: unknown;
  /** Completes "must be …". */
  readonly rule: string;
  readonly help: string;
}

/**
 * Returns the settings in force. `given` is used instead of the context of cdktf.json.
 * @throws SettingsError with all problems
 */
export function loadSettings(environment: NodeJS.ProcessEnv, given?: unknown): Settings {
  const described = describeSettings(environment, given);
  return Object.freeze(Object.fromEntries(described.map(({ name, value }) => [name, value]))) as unknown as Settings;
}

/**
 * Returns the settings in force, each with its origin, rule and help. `given` is used instead of the context of cdktf.json.
 * @throws SettingsError with all problems
 */
export function describeSettings(environment: NodeJS.ProcessEnv, given?: unknown): SettingDescription[] {
  const { context, placeOf } = given === undefined ? readContext() : { context: given, placeOf: () => "" };
  if (!isObject(context)) {
    throw new SettingsError(`\`context\` in cdktf.json must be an object, got: ${quote(context)}`);
  }
  const problems = [...unknownKeys(context, placeOf), ...unknownVariables(environment)];
  const good: Partial<Record<keyof Settings, unknown>> = {};
  const described = NAMES.map((name) => {
    const { variable, default: fallback, kind, help } = SETTINGS[name];
    const [chosen, origin] = pick(variable === null ? undefined : environment[variable], context[name], fallback);
    const value = name === "jobs" ? readJobs(chosen, placeOf, problems) : readSetting(name, chosen);
    if (value !== undefined) good[name] = value;
    else if (name !== "jobs") problems.push(...refuseValue(name, chosen, origin, placeOf));
    return { name, variable, value: value!, origin, default: fallback, rule: kind.rule, help };
  });
  const originOf = (setting: keyof Settings) => described.find(({ name }) => name === setting)!.origin;
  const settings = good as Partial<Settings>;
  for (const rule of unmetRules(settings)) problems.push(refuse(rule, settings, originOf(rule.setting), placeOf));
  if (problems.length > 0) throw new SettingsError(problems.join("\n"));
  return described;
}

// --- internal ---

/** Keys of the context that belong to CDKTF itself. */
const FRAMEWORK_CONTEXT = ["excludeStackIdFromLogicalIds", "allowSepCharsInLogicalIds"];

const NAMES = Object.keys(SETTINGS) as (keyof Settings)[];
/** The settings that only cdktf.json can hold, by the variable that a user may try. */
const WITHOUT_VARIABLE: ReadonlyMap<string, string> = new Map(
  NAMES.filter((name) => SETTINGS[name].variable === null).map((name) => [`WORKFLOW_${name.toUpperCase()}`, name]),
);
const JOB_FIELD_NAMES = Object.keys(JOB_FIELDS) as (keyof JobSettings)[];
const JOB_NAME_RULE = `a name of lower-case words joined by hyphens, at most ${SHORT_NAME_LENGTH} characters, such as train-model`;
/** Settings of earlier versions, with the advice that the error message gives. */
const REPLACED: ReadonlyMap<string, string> = new Map([
  ["alarms", "set `notify` to the addresses"],
  ["alarmEmail", "set `notify` to the addresses"],
  ["WORKFLOW_ALARMS", "set WORKFLOW_NOTIFY to the addresses"],
  ["WORKFLOW_ALARM_EMAIL", "set WORKFLOW_NOTIFY to the addresses"],
]);
const IN_CONTEXT = "set it in the context of cdktf.json";

function pick(variable: string | undefined, context: unknown, fallback: unknown): [unknown, Origin] {
  // A pipeline passes an empty variable for a value that it does not have.
  if (variable !== undefined && variable !== "") return [variable, "environment"];
  return context === undefined ? [fallback, "default"] : [context, "cdktf.json"];
}

function readSetting(name: Exclude<keyof Settings, "jobs">, given: unknown): Settings[typeof name] | undefined {
  const { kind } = SETTINGS[name];
  return kind.read(typeof given === "string" && kind.fromText ? kind.fromText(given) : given);
}

/** Reads the jobs. Adds a line to `problems` for everything that is wrong with them, and then returns `undefined`. */
function readJobs(given: unknown, placeOf: PlaceOf, problems: string[]): Settings["jobs"] | undefined {
  if (!isObject(given) || Object.keys(given).length === 0) {
    problems.push(`\`jobs\` must be ${SETTINGS.jobs.kind.rule}, got: ${quote(given)}; ${IN_CONTEXT}`);
    return undefined;
  }
  const wrong = Object.entries(given).flatMap(([name, job]) => jobProblems(name, job));
  for (const line of firstLines(wrong, ({ path, describe }) => placeOf(["jobs", ...path]) + describe()))
    problems.push(line);
  if (wrong.length > 0) return undefined;
  const jobs = Object.entries(given as Record<string, JsonObject>).map(([name, job]) => [
    name,
    Object.fromEntries(JOB_FIELD_NAMES.map((field) => [field, readField(field, job[field])])),
  ]);
  return Object.fromEntries(jobs);
}

function readField(field: keyof JobSettings, given: unknown): JobSettings[keyof JobSettings] | undefined {
  const { kind, default: fallback } = JOB_FIELDS[field];
  return given === undefined ? fallback : kind.read(given);
}

/** A problem of the jobs. It has a function, so that only those problems are described that are shown. */
interface JobProblem {
  readonly path: Mistake["path"];
  readonly describe: () => string;
}

function jobProblems(name: string, job: unknown): JobProblem[] {
  if (!isShortName(name)) {
    const path = `\`jobs.${visible(name, 100)}\``;
    const text = `${path} must have ${JOB_NAME_RULE}, got: ${quote(name)}; change it in the context of cdktf.json`;
    return [{ path: [name], describe: () => text }];
  }
  if (!isObject(job)) {
    const fields = JOB_FIELD_NAMES.join(", ");
    const text = `\`jobs.${name}\` must be an object with ${fields}, got: ${quote(job)}; ${IN_CONTEXT}`;
    return [{ path: [name], describe: () => text }];
  }
  const unknown = Object.keys(job).filter((key) => job[key] !== undefined && !Object.hasOwn(JOB_FIELDS, key));
  const meant = new Set(unknown.map((key) => nearest(key, JOB_FIELD_NAMES)));
  return [
    ...JOB_FIELD_NAMES.flatMap((field): JobProblem[] => {
      const { kind, default: fallback } = JOB_FIELDS[field];
      const value: unknown = job[field];
      if (value === undefined) {
        if (fallback !== undefined || meant.has(field)) return [];
        const text = `\`jobs.${name}.${field}\` is missing; ${IN_CONTEXT}, to ${kind.rule}`;
        return [{ path: [name], describe: () => text }];
      }
      if (kind.read(value) !== undefined) return [];
      return mistakesOf<unknown>(kind, value, [name, field]).map((mistake) => ({
        path: mistake.path,
        describe: () => tellMistake("jobs", mistake),
      }));
    }),
    ...unknown.map((key) => ({
      path: [name, key],
      describe: () => {
        const advice = NOT_JOB_FIELDS.get(key) ?? suggest(key, JOB_FIELD_NAMES, "fields");
        return `\`jobs.${name}.${visible(key, 100)}\` in the context of cdktf.json is not a field of a job; ${advice}`;
      },
    })),
  ];
}

function refuseValue(
  name: Exclude<keyof Settings, "jobs">,
  given: unknown,
  origin: Origin,
  placeOf: PlaceOf,
): string[] {
  return firstLines(
    mistakesOf<unknown>(SETTINGS[name].kind, given),
    (mistake) =>
      placeOfOrigin(origin, placeOf, [name, ...mistake.path]) + tellMistake(name, mistake, whereToSet(name, origin)),
  );
}

function tellMistake(name: keyof Settings, { path, message, fix }: Mistake, whereToChange = IN_CONTEXT): string {
  const place = `\`${pathIn(name, path)}\``;
  return fix === undefined
    ? `${place} ${message}; ${whereToChange}`
    : `${place} in the context of cdktf.json ${message}; ${fix}`;
}

/** Formats a place inside a setting, such as `statements[0].Effect`. */
function pathIn(name: keyof Settings, path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (place, part) => (typeof part === "number" ? `${place}[${part}]` : `${place}.${visible(part, 100)}`),
    name,
  );
}

function refuse(
  { setting, path, must }: UnmetRule,
  settings: Partial<Settings>,
  origin: Origin,
  placeOf: PlaceOf,
): string {
  const place = placeOfOrigin(origin, placeOf, [setting, ...path]);
  const got = path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], settings[setting]);
  return `${place}\`${pathIn(setting, path)}\` must ${must}, got: ${quote(got)}; ${whereToSet(setting, origin)}`;
}

/** Returns the place of a value in cdktf.json; empty if the value comes from elsewhere. */
function placeOfOrigin(origin: Origin, placeOf: PlaceOf, path: Mistake["path"]): string {
  return origin === "cdktf.json" ? placeOf(path) : "";
}

/** Tells where to correct a setting. If cdktf.json holds the value, a variable would only hide it. */
function whereToSet(name: keyof Settings, origin: Origin): string {
  const { variable } = SETTINGS[name];
  return variable === null || origin === "cdktf.json" ? IN_CONTEXT : `set ${variable}`;
}

function unknownKeys(context: JsonObject, placeOf: PlaceOf): string[] {
  const known: readonly string[] = [...NAMES, ...FRAMEWORK_CONTEXT];
  return firstLines(
    Object.keys(context).filter((key) => !known.includes(key)),
    (key) =>
      `${placeOf([key])}\`${visible(key, 100)}\` in the context of cdktf.json is not a setting; ${REPLACED.get(key) ?? suggest(key, NAMES, "settings")}`,
  );
}

function unknownVariables(environment: NodeJS.ProcessEnv): string[] {
  const known = NAMES.flatMap((name) => SETTINGS[name].variable ?? []);
  return Object.keys(environment)
    .filter((variable) => variable.startsWith("WORKFLOW_") && !known.includes(variable))
    .map((variable) =>
      WITHOUT_VARIABLE.has(variable)
        ? `\`${WITHOUT_VARIABLE.get(variable)}\` has no environment variable, got: ${variable}; ${IN_CONTEXT}`
        : `\`${visible(variable, 100)}\` is not a setting; ${REPLACED.get(variable) ?? suggest(variable, known, "variables")}`,
    );
}
