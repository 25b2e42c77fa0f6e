/** The rules for texts of settings when their placeholders have values. A placeholder without a value has a rule of its own. */
import { fillIn, type PlaceholderValues, placeholdersIn } from "../asl/substitution";
import { isResource } from "./iam-statements";
import { WHOLE_COMPUTE } from "./job-rules";
import { partitionOf } from "./names";
import { projectPlaceholders } from "./project-placeholders";
import { EXAMPLE_VALUES, isSecretArn, MUST_NAME_SECRET } from "./secret-arns";
import type { IamStatement, Settings } from "./settings-types";
import type { Rule, UnmetRule } from "./unmet-rule";

const AMONG = ["region", "substitutions", "jobs", "data", ...WHOLE_COMPUTE] as const;

export const FILLED_RULES: readonly Rule[] = [
  { among: AMONG, unmet: wrongSecrets },
  { among: AMONG, unmet: wrongResourcesOfJobs },
  {
    among: ["statements", ...AMONG],
    unmet: (settings) => wrongResources(settings.statements, exampleValues(settings), "statements", []),
  },
];

// --- internal ---

const MUST_BE_RESOURCE =
  "be an ARN when its placeholders have their values, such as arn:${Partition}:s3:::${DataBucket}/* for the objects of the data bucket";

/** Returns values like those that the placeholders have in a deployment. */
function exampleValues(settings: Settings): PlaceholderValues {
  const ofProject = {
    ...Object.fromEntries(projectPlaceholders(settings).map((name) => [name, EXAMPLE_VALUES[name] ?? SOME_ARN])),
    Region: settings.region,
    Partition: partitionOf(settings.region),
  };
  const own = Object.entries(settings.substitutions).map(([name, text]) => [name, fillIn(text, ofProject)]);
  return { ...Object.fromEntries(own), ...ofProject };
}

const SOME_ARN = "arn:aws:batch:eu-west-1:123456789012:job-queue/echo_dev";

/** Returns a text with its placeholders filled in; `null` if one of them has no value. */
function filled(text: string, values: PlaceholderValues): string | null {
  return placeholdersIn(text).every((name) => Object.hasOwn(values, name)) ? fillIn(text, values) : null;
}

function wrongSecrets(settings: Settings): UnmetRule[] {
  const values = exampleValues(settings);
  const partition = partitionOf(settings.region);
  return Object.entries(settings.jobs).flatMap(([job, { secrets }]) =>
    Object.entries(secrets).flatMap(([name, reference]): UnmetRule[] => {
      const arn = filled(reference, values);
      if (arn === null) return [];
      const path = [job, "secrets", name];
      if (!isSecretArn(arn)) return [{ setting: "jobs", path, must: MUST_NAME_SECRET }];
      if (arn.startsWith(`arn:${partition}:`)) return [];
      return [{ setting: "jobs", path, must: `be in the partition ${partition}, which is that of ${settings.region}` }];
    }),
  );
}

function wrongResourcesOfJobs(settings: Settings): UnmetRule[] {
  const values = exampleValues(settings);
  return Object.entries(settings.jobs).flatMap(([job, { statements }]) =>
    wrongResources(statements, values, "jobs", [job, "statements"]),
  );
}

/** Finds resources such as `${DataBucket}/*`, which IAM does not take. */
function wrongResources(
  statements: readonly IamStatement[],
  values: PlaceholderValues,
  setting: "jobs" | "statements",
  path: UnmetRule["path"],
): UnmetRule[] {
  return statements.flatMap((statement, index) =>
    (["Resource", "NotResource"] as const).flatMap((field) => {
      const texts = [statement[field] ?? []].flat().map((text) => filled(text, values));
      const isWrong = texts.some((text) => text !== null && !isResource(text));
      return isWrong ? [{ setting, path: [...path, index, field], must: MUST_BE_RESOURCE }] : [];
    }),
  );
}
