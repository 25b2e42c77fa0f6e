/** The rules between settings. Each setting has already passed its own rule. */
import { type ComputeLimits, DEFAULT_INSTANCE, fargateMisfit, type JobSize } from "../asl/compute-sizes";
import { PLACEHOLDER_NAME, placeholdersIn } from "../asl/substitution";
import { listed } from "../base/text";
import { DEPLOYMENT_PLACEHOLDERS, jobDefinitionPlaceholder } from "./names";
import type { Compute, JobSettings, Settings } from "./settings-types";

/** A setting that conflicts with the others. */
export interface UnmetRule {
  readonly setting: keyof Settings;
  /** The path inside the setting, such as `["echo", "vcpus"]` in `jobs`. */
  readonly path: readonly (string | number)[];
  /** Completes "must …". */
  readonly must: string;
}

/** Returns the rules that the settings break. Skips a rule if one of its settings is missing because it is wrong by itself. */
export function unmetRules(settings: Partial<Settings>): UnmetRule[] {
  return RULES.filter(({ among }) => among.every((name) => name in settings)).flatMap(({ unmet }) =>
    unmet(settings as Settings),
  );
}

/** Returns whether the jobs run on Fargate, and not on instances. */
export function isFargate(compute: Compute): boolean {
  return compute === "FARGATE" || compute === "FARGATE_SPOT";
}

/** Returns the limits of the compute that the settings describe. */
export function computeLimits({ compute, maxVcpus, instanceTypes }: Settings): ComputeLimits {
  return {
    isFargate: isFargate(compute),
    maxVcpus,
    instance: isFargate(compute) || instanceTypes.length > 0 ? null : DEFAULT_INSTANCE,
  };
}

// --- internal ---

interface Rule {
  /** The settings that the rule looks at. */
  readonly among: readonly (keyof Settings)[];
  readonly unmet: (settings: Settings) => UnmetRule[];
}

const RULES: readonly Rule[] = [
  rule(
    "instanceTypes",
    ["compute"],
    ({ compute, instanceTypes }) => !isFargate(compute) || instanceTypes.length === 0,
    "be unset unless `compute` is EC2 or SPOT",
  ),
  rule(
    "subnets",
    ["network"],
    ({ network, subnets }) => isGivenNetwork(network) === subnets.length > 0,
    "name subnets of the VPC in `network`, and be unset if `network` is not the id of a VPC",
  ),
  rule(
    "assignPublicIp",
    ["compute", "network"],
    ({ compute, network, assignPublicIp }) => assignPublicIp || network !== "create" || !isFargate(compute),
    "be true if `network` is create: its subnets have no NAT gateway",
  ),
  rule(
    "alarmEmail",
    ["alarms"],
    ({ alarms, alarmEmail }) => alarms || alarmEmail === null,
    "be unset unless `alarms` is true",
  ),
  rule(
    "stateBucket",
    ["backend"],
    ({ backend, stateBucket }) => backend !== "s3" || stateBucket !== null,
    "be the name of an S3 bucket if `backend` is s3",
  ),
  rule(
    "cloudOrganization",
    ["backend"],
    ({ backend, cloudOrganization }) => backend !== "cloud" || cloudOrganization !== null,
    "be the name of an organization if `backend` is cloud",
  ),
  jobRule(["compute", "instanceTypes"], sizeProblems),
  jobRule(["maxVcpus"], ({ maxVcpus }, { vcpus }) =>
    vcpus > maxVcpus ? [["vcpus", `be at most \`maxVcpus\`, ${maxVcpus}, or the job never starts`]] : [],
  ),
  { among: ["jobs"], unmet: indistinctJobs },
  { among: ["substitutions", "jobs"], unmet: wrongSubstitutions },
  { among: ["statements", "substitutions", "jobs"], unmet: wrongStatements },
];

/** A field of a job that breaks a rule. `must` completes "must …". */
type JobProblem = readonly [field: keyof JobSize, must: string];

function rule(
  setting: keyof Settings,
  others: readonly (keyof Settings)[],
  isMet: (settings: Settings) => boolean,
  must: string,
): Rule {
  return {
    among: [setting, ...others],
    unmet: (settings) => (isMet(settings) ? [] : [{ setting, path: [], must }]),
  };
}

/** A rule for each job. */
function jobRule(
  others: readonly (keyof Settings)[],
  problems: (settings: Settings, job: JobSettings) => JobProblem[],
): Rule {
  return {
    among: ["jobs", ...others],
    unmet: (settings) =>
      Object.entries(settings.jobs).flatMap(([name, job]) =>
        problems(settings, job).map(([field, must]) => ({ setting: "jobs", path: [name, field], must })),
      ),
  };
}

function sizeProblems(settings: Settings, job: JobSettings): JobProblem[] {
  const { isFargate, instance } = computeLimits(settings);
  if (isFargate) return fargateProblems(job);
  return instance === null ? [] : instanceProblems(job, instance);
}

function fargateProblems(job: JobSettings): JobProblem[] {
  const misfit = fargateMisfit(job);
  if (misfit === null) return [];
  const which = misfit.field === "vcpus" ? "" : ` with \`vcpus\` ${job.vcpus}`;
  return [[misfit.field, `be one of ${misfit.offered.join(", ")} on Fargate${which}`]];
}

function instanceProblems(job: JobSettings, instance: JobSize): JobProblem[] {
  return (["vcpus", "memoryMiB"] as const)
    .filter((field) => job[field] > instance[field])
    .map((field) => [field, `be at most ${instance[field]} unless \`instanceTypes\` names larger instances`]);
}

/** Finds jobs that share a placeholder, which the document could not tell apart. */
function indistinctJobs({ jobs }: Settings): UnmetRule[] {
  const first = new Map<string, string>();
  return Object.keys(jobs).flatMap((name) => {
    const twin = first.get(placeholderOf(name));
    if (twin === undefined) {
      first.set(placeholderOf(name), name);
      return [];
    }
    return [
      {
        setting: "jobs" as const,
        path: [],
        must: `not have both "${twin}" and "${name}": ${placeholderOf(name)} would stand for both`,
      },
    ];
  });
}

function wrongSubstitutions({ substitutions, jobs }: Settings): UnmetRule[] {
  const given = new Set(givenPlaceholders(jobs));
  return Object.entries(substitutions).flatMap(([name, value]) => {
    const problem = (must: string) => [{ setting: "substitutions" as const, path: [name], must }];
    if (!PLACEHOLDER_NAME.test(name)) return problem("have a name of letters, digits and underscores, a letter first");
    if (given.has(name)) return problem("have another name: the project itself gives this placeholder its value");
    const unknown = placeholdersIn(value).find((used) => !given.has(used));
    return unknown === undefined ? [] : problem(`use no placeholders but ${listOf(given)}`);
  });
}

function wrongStatements({ statements, substitutions, jobs }: Settings): UnmetRule[] {
  const given = new Set([...givenPlaceholders(jobs), ...Object.keys(substitutions)]);
  return statements.flatMap((statement, index) => {
    const isWrong = placeholdersIn(JSON.stringify(statement)).some((used) => !given.has(used));
    const must = `use no placeholders but ${listOf(given)}`;
    return isWrong ? [{ setting: "statements" as const, path: [index], must }] : [];
  });
}

/** Returns the placeholders to which the project gives a value. */
function givenPlaceholders(jobs: Settings["jobs"]): string[] {
  return [...DEPLOYMENT_PLACEHOLDERS, ...Object.keys(jobs).map(jobDefinitionPlaceholder)];
}

function listOf(placeholders: Iterable<string>): string {
  return listed([...placeholders].map((name) => `\${${name}}`));
}

function placeholderOf(jobName: string): string {
  return `\${${jobDefinitionPlaceholder(jobName)}}`;
}

/** Returns whether the jobs run in an existing VPC that the settings name by its id. */
function isGivenNetwork(network: string): boolean {
  return network.startsWith("vpc-");
}
