/** The rules for the placeholders in settings: each must have a value. */
import { PLACEHOLDER_NAME, placeholdersIn } from "../asl/substitution";
import { suggest } from "../base/suggest";
import { WHOLE_COMPUTE } from "./job-rules";
import { projectPlaceholders, settingOfPlaceholder } from "./project-placeholders";
import type { Settings } from "./settings-types";
import type { Rule, UnmetRule } from "./unmet-rule";

/** The settings from which the names of the placeholders follow. */
const NAMING = ["substitutions", "jobs", "data", ...WHOLE_COMPUTE] as const;

export const PLACEHOLDER_RULES: readonly Rule[] = [
  { among: NAMING, unmet: unknownInJobs },
  { among: NAMING, unmet: wrongSubstitutions },
  { among: ["statements", ...NAMING], unmet: (settings) => unknownIn(settings, "statements", [], settings.statements) },
];

// --- internal ---

function unknownInJobs(settings: Settings): UnmetRule[] {
  return Object.entries(settings.jobs).flatMap(([name, { secrets, statements }]) => [
    ...unknownIn(settings, "jobs", [name, "secrets"], secrets),
    ...unknownIn(settings, "jobs", [name, "statements"], statements),
  ]);
}

function wrongSubstitutions(settings: Settings): UnmetRule[] {
  const given = new Set(projectPlaceholders(settings));
  return Object.entries(settings.substitutions).flatMap(([name, value]) => {
    const problem = (must: string) => [{ setting: "substitutions" as const, path: [name], must }];
    if (!PLACEHOLDER_NAME.test(name)) return problem("have a name of letters, digits and underscores, a letter first");
    if (given.has(name)) return problem("have another name: the project itself gives this placeholder its value");
    return unknownPlaceholder(value, given).flatMap(problem);
  });
}

/** Finds the members of a setting that have placeholders without a value. */
function unknownIn(
  settings: Settings,
  setting: keyof Settings,
  path: readonly string[],
  members: Readonly<Record<string, unknown>> | readonly unknown[],
): UnmetRule[] {
  const given = new Set([...projectPlaceholders(settings), ...Object.keys(settings.substitutions)]);
  const isList = Array.isArray(members);
  return Object.entries(members).flatMap(([key, member]) =>
    unknownPlaceholder(JSON.stringify(member), given).map((must) => ({
      setting,
      path: [...path, isList ? Number(key) : key],
      must,
    })),
  );
}

/** Returns what a text must do if it uses a placeholder that has no value; otherwise nothing. */
function unknownPlaceholder(text: string, given: ReadonlySet<string>): string[] {
  const unknown = placeholdersIn(text).find((used) => !given.has(used));
  if (unknown === undefined) return [];
  const written = (name: string) => `\${${name}}`;
  const advice = settingOfPlaceholder(unknown) ?? suggest(written(unknown), [...given].map(written), "placeholders");
  return [`not use ${written(unknown)}, which has no value (${advice})`];
}
