/** The rules between settings. Each setting has already passed its own rule. */
import { fargateMisfit, type JobSize } from "../asl/compute-sizes";
import { PLACEHOLDER_NAME, placeholdersIn } from "../asl/substitution";
import { suggest } from "../base/suggest";
import { computeLimits, isFargate, jobCompute } from "./job-compute";
import { DATA_BUCKET_VARIABLE, jobDefinitionPlaceholder } from "./names";
import { projectPlaceholders, settingOfPlaceholder } from "./project-placeholders";
import type { Compute, JobSettings, Settings } from "./settings-types";
import { isTopic } from "./trigger-kinds";

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

// --- internal ---

/** A rule of EventBridge has five targets. One is the topic of the e-mail addresses. */
const MOST_TOPICS = 4;

interface Rule {
  /** The settings that the rule looks at. */
  readonly among: readonly (keyof Settings)[];
  readonly unmet: (settings: Settings) => UnmetRule[];
}

const ONE_PLATFORM = "be all of FARGATE and FARGATE_SPOT, or all of EC2 and SPOT: a queue cannot have both";

/** The settings that the compute of a job depends on. */
const WHOLE_COMPUTE = ["compute", "architecture", "instanceTypes"] as const;

/** A rule for a field of a job. */
interface JobRule {
  readonly field: keyof JobSettings;
  /** The settings that the rule looks at, beside the job. */
  readonly among?: readonly (keyof Settings)[];
  readonly isMet: (job: JobSettings, settings: Settings, name: string) => boolean;
  /** Completes "must …". */
  readonly must: string;
}

const onFargate = (settings: Settings, name: string) => isFargate(jobCompute(settings, name).compute);

const JOB_RULES: readonly JobRule[] = [
  {
    field: "image",
    isMet: ({ image, imageUri }) => image !== null || imageUri !== null,
    must: "be the folder of an image, such as image, or `imageUri` the URI of a ready one",
  },
  {
    field: "imageUri",
    isMet: ({ image, imageUri }) => image === null || imageUri === null,
    must: "be unset if `image` is set: a job has one image",
  },
  { field: "compute", isMet: ({ compute }) => compute === null || isOnePlatform(compute), must: ONE_PLATFORM },
  {
    field: "instanceTypes",
    among: WHOLE_COMPUTE,
    isMet: ({ instanceTypes }, settings, name) => (instanceTypes ?? []).length === 0 || !onFargate(settings, name),
    must: "be unset unless the job's `compute` is EC2 or SPOT",
  },
  {
    field: "ephemeralStorageGiB",
    among: WHOLE_COMPUTE,
    isMet: ({ ephemeralStorageGiB }, settings, name) => ephemeralStorageGiB === null || onFargate(settings, name),
    must: "be unset unless the job's `compute` is FARGATE or FARGATE_SPOT",
  },
  {
    field: "gpus",
    among: WHOLE_COMPUTE,
    isMet: ({ gpus }, settings, name) => gpus === null || !onFargate(settings, name),
    must: "be unset unless the job's `compute` is EC2 or SPOT: Fargate has no GPU",
  },
  {
    field: "gpus",
    among: WHOLE_COMPUTE,
    isMet: ({ gpus }, settings, name) =>
      gpus === null || onFargate(settings, name) || jobCompute(settings, name).instanceTypes.length > 0,
    must: "be unset unless `instanceTypes` names instances with GPUs, such as g5: the default ones have none",
  },
  {
    // @see https://docs.aws.amazon.com/batch/latest/APIReference/API_Ec2Configuration.html
    field: "gpus",
    among: WHOLE_COMPUTE,
    isMet: ({ gpus }, settings, name) => gpus === null || jobCompute(settings, name).architecture === "X86_64",
    must: "be unset unless the job's `architecture` is X86_64: the system image for GPUs has no other",
  },
  {
    field: "sharedMemoryMiB",
    among: WHOLE_COMPUTE,
    isMet: ({ sharedMemoryMiB }, settings, name) => sharedMemoryMiB === null || !onFargate(settings, name),
    must: "be unset unless the job's `compute` is EC2 or SPOT",
  },
  {
    field: "sharedMemoryMiB",
    isMet: ({ sharedMemoryMiB, memoryMiB }) => sharedMemoryMiB === null || sharedMemoryMiB <= memoryMiB,
    must: "be at most `memoryMiB`: it counts towards the memory",
  },
  {
    field: "exec",
    isMet: ({ exec, readonlyRootFilesystem }) => !exec || !readonlyRootFilesystem,
    must: "be false if `readonlyRootFilesystem` is true: the agent of ECS Exec writes to the file system",
  },
];

const RULES: readonly Rule[] = [
  rule(
    "instanceTypes",
    ["compute"],
    ({ compute, instanceTypes }) => !isFargate(compute) || instanceTypes.length === 0,
    "be unset unless `compute` is EC2 or SPOT",
  ),
  rule("compute", [], ({ compute }) => isOnePlatform(compute), ONE_PLATFORM),
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
    "onObject",
    ["data"],
    ({ onObject, data }) => onObject === null || data !== "none",
    "be unset unless `data` is create or the name of a bucket",
  ),
  rule("notify", [], ({ notify }) => new Set(notify).size === notify.length, "name each recipient once"),
  rule(
    "notify",
    ["region"],
    ({ notify, region }) => topicsOf(notify).every((arn) => arn.split(":")[3] === region),
    "name only topics in the region of the deployment: EventBridge sends to no other region",
  ),
  rule(
    "notify",
    [],
    ({ notify }) => topicsOf(notify).length <= MOST_TOPICS,
    `name at most ${MOST_TOPICS} topics, beside any number of e-mail addresses`,
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
  ...JOB_RULES.map(
    ({ field, among = [], isMet, must }): Rule =>
      jobRule(among, (settings, job, name) => (isMet(job, settings, name) ? [] : [[field, must]])),
  ),
  jobRule(WHOLE_COMPUTE, sizeProblems),
  jobRule(["maxVcpus"], ({ maxVcpus }, { vcpus }) =>
    vcpus > maxVcpus ? [["vcpus", `be at most \`maxVcpus\`, ${maxVcpus}, or the job never starts`]] : [],
  ),
  jobRule(["data"], clashingVariables),
  jobRule([...WHOLE_COMPUTE, "data", "substitutions"], unknownPlaceholders),
  { among: ["jobs"], unmet: indistinctJobs },
  { among: ["substitutions", "jobs", "data", ...WHOLE_COMPUTE], unmet: wrongSubstitutions },
  { among: ["statements", "substitutions", "jobs", "data", ...WHOLE_COMPUTE], unmet: wrongStatements },
];

/** A field of a job, or the path inside it, that breaks a rule. `must` completes "must …". */
type JobProblem = readonly [
  path: keyof JobSettings | readonly [keyof JobSettings, ...(string | number)[]],
  must: string,
];

function isOnePlatform(compute: readonly Compute[]): boolean {
  return isFargate(compute) || !compute.some((one) => isFargate([one]));
}

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
  problems: (settings: Settings, job: JobSettings, name: string) => JobProblem[],
): Rule {
  return {
    among: ["jobs", ...others],
    unmet: (settings) =>
      Object.entries(settings.jobs).flatMap(([name, job]) =>
        problems(settings, job, name).map(([path, must]) => ({ setting: "jobs", path: [name, path].flat(), must })),
      ),
  };
}

function sizeProblems(settings: Settings, job: JobSettings, name: string): JobProblem[] {
  const { isFargate, instance } = computeLimits(jobCompute(settings, name), settings.maxVcpus);
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

/** Finds variables that have two values. */
function clashingVariables({ data }: Settings, { environment, secrets }: JobSettings): JobProblem[] {
  return [
    ...Object.keys(secrets)
      .filter((name) => Object.hasOwn(environment, name))
      .map((name): JobProblem => [["secrets", name], "have another name: `environment` has this variable too"]),
    ...(["environment", "secrets"] as const)
      .filter((field) => data !== "none" && Object.hasOwn({ environment, secrets }[field], DATA_BUCKET_VARIABLE))
      .map((field): JobProblem => [[field, DATA_BUCKET_VARIABLE], "be unset: the setting `data` gives it its value"]),
  ];
}

function unknownPlaceholders(settings: Settings, { secrets, statements }: JobSettings): JobProblem[] {
  const given = new Set([...projectPlaceholders(settings), ...Object.keys(settings.substitutions)]);
  const problems = (path: Exclude<JobProblem[0], string>, value: unknown) =>
    unknownPlaceholder(value, given).map((must): JobProblem => [path, must]);
  return [
    ...Object.entries(secrets).flatMap(([name, arn]) => problems(["secrets", name], arn)),
    ...statements.flatMap((statement, index) => problems(["statements", index], statement)),
  ];
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

function wrongSubstitutions(settings: Settings): UnmetRule[] {
  const given = new Set(projectPlaceholders(settings));
  const { substitutions } = settings;
  return Object.entries(substitutions).flatMap(([name, value]) => {
    const problem = (must: string) => [{ setting: "substitutions" as const, path: [name], must }];
    if (!PLACEHOLDER_NAME.test(name)) return problem("have a name of letters, digits and underscores, a letter first");
    if (given.has(name)) return problem("have another name: the project itself gives this placeholder its value");
    return unknownPlaceholder(value, given).flatMap(problem);
  });
}

function wrongStatements(settings: Settings): UnmetRule[] {
  const { statements, substitutions } = settings;
  const given = new Set([...projectPlaceholders(settings), ...Object.keys(substitutions)]);
  return statements.flatMap((statement, index) =>
    unknownPlaceholder(statement, given).map((must) => ({ setting: "statements" as const, path: [index], must })),
  );
}

/** Returns what a value must do instead of using a placeholder that has no value; nothing if each has one. */
function unknownPlaceholder(value: unknown, given: ReadonlySet<string>): string[] {
  const unknown = placeholdersIn(JSON.stringify(value)).find((used) => !given.has(used));
  if (unknown === undefined) return [];
  const written = (name: string) => `\${${name}}`;
  const advice = settingOfPlaceholder(unknown) ?? suggest(written(unknown), [...given].map(written), "placeholders");
  return [`not use ${written(unknown)}, which has no value (${advice})`];
}

function placeholderOf(jobName: string): string {
  return `\${${jobDefinitionPlaceholder(jobName)}}`;
}

/** Returns whether the jobs run in an existing VPC that the settings name by its id. */
function isGivenNetwork(network: string): boolean {
  return network.startsWith("vpc-");
}

function topicsOf(recipients: readonly string[]): string[] {
  return recipients.filter(isTopic);
}
