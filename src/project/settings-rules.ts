/** The rules between settings. Each setting has already passed its own rule. */
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

/**
 * The memory sizes of Fargate in MiB, by the number of vCPUs.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html
 */
const FARGATE_MEMORY: ReadonlyMap<number, readonly number[]> = new Map([
  [0.25, [512, 1024, 2048]],
  [0.5, steps(1, 4)],
  [1, steps(2, 8)],
  [2, steps(4, 16)],
  [4, steps(8, 30)],
  [8, steps(16, 60, 4)],
  [16, steps(32, 120, 8)],
]);

/** The size that a default instance offers to a job: 2 vCPUs, and 16 GiB without the part that the system uses. */
const DEFAULT_INSTANCE = { vcpus: 2, memoryMiB: 15_360 };

/** A field of a job that breaks a rule. `must` completes "must …". */
type JobProblem = readonly [field: keyof typeof DEFAULT_INSTANCE, must: string];

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

function sizeProblems({ compute, instanceTypes }: Settings, job: JobSettings): JobProblem[] {
  if (isFargate(compute)) return fargateProblems(job);
  return instanceTypes.length > 0 ? [] : instanceProblems(job);
}

function fargateProblems({ vcpus, memoryMiB }: JobSettings): JobProblem[] {
  const memory = FARGATE_MEMORY.get(vcpus);
  if (memory === undefined) return [["vcpus", `be one of ${[...FARGATE_MEMORY.keys()].join(", ")} on Fargate`]];
  if (memory.includes(memoryMiB)) return [];
  return [["memoryMiB", `be one of ${memory.join(", ")} on Fargate with \`vcpus\` ${vcpus}`]];
}

function instanceProblems(job: JobSettings): JobProblem[] {
  return (["vcpus", "memoryMiB"] as const)
    .filter((field) => job[field] > DEFAULT_INSTANCE[field])
    .map((field) => [field, `be at most ${DEFAULT_INSTANCE[field]} unless \`instanceTypes\` names larger instances`]);
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

/** Returns the sizes from `least` to `most` GiB, in MiB. */
function steps(least: number, most: number, step = 1): number[] {
  return Array.from({ length: (most - least) / step + 1 }, (_, index) => (least + index * step) * 1024);
}

/** Returns whether the jobs run in an existing VPC that the settings name by its id. */
function isGivenNetwork(network: string): boolean {
  return network.startsWith("vpc-");
}
