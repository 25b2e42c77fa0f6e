/** The rules for the fields of jobs, also those that depend on other settings. Each field has already passed its own rule. */
import { fargateMisfit, type JobSize } from "../asl/compute-sizes";
import { listed } from "../base/text";
import { architectureOf, hasGpus } from "./instance-types";
import { computeLimits, isFargate, jobCompute, type QueueCompute } from "./job-compute";
import { tooLarge } from "./job-limits";
import { DATA_BUCKET_VARIABLE, jobDefinitionPlaceholder } from "./names";
import type { Compute, JobSettings, Settings } from "./settings-types";
import type { JobProblem, Rule, UnmetRule } from "./unmet-rule";

export const ONE_PLATFORM = "be all of FARGATE and FARGATE_SPOT, or all of EC2 and SPOT: a queue cannot have both";

export function isOnePlatform(compute: readonly Compute[]): boolean {
  return isFargate(compute) || !compute.some((one) => isFargate([one]));
}

/** The settings that the compute of a job depends on. */
export const WHOLE_COMPUTE = ["compute", "architecture", "instanceTypes"] as const;

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

const FIELD_RULES: readonly JobRule[] = [
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
      gpus === null || onFargate(settings, name) || jobCompute(settings, name).instanceTypes.some(hasGpus),
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

/** The rules for jobs. */
export const JOB_RULES: readonly Rule[] = [
  ...FIELD_RULES.map(
    ({ field, among = [], isMet, must }): Rule =>
      jobRule(among, (settings, job, name) => (isMet(job, settings, name) ? [] : [[field, must]])),
  ),
  jobRule(WHOLE_COMPUTE, sizeProblems),
  jobRule(["maxVcpus"], ({ maxVcpus }, { vcpus }) =>
    vcpus > maxVcpus ? [["vcpus", `be at most \`maxVcpus\`, ${maxVcpus}, or the job never starts`]] : [],
  ),
  jobRule(["data"], clashingVariables),
  jobRule(WHOLE_COMPUTE, foreignInstances),
  jobRule([], (_settings, job) => tooLarge(job)),
  { among: ["jobs"], unmet: indistinctJobs },
];

// --- internal ---

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

/** Returns what instance types must be that have another architecture than the jobs. Otherwise `null`. */
export function foreignTypes({ architecture, instanceTypes }: Omit<QueueCompute, "compute">): string | null {
  const foreign = instanceTypes.filter((type) => architectureOf(type) !== architecture);
  return foreign.length === 0 ? null : `name only types of the architecture ${architecture}, not ${listed(foreign)}`;
}

function foreignInstances(settings: Settings, { instanceTypes }: JobSettings, name: string): JobProblem[] {
  const must = instanceTypes === null ? null : foreignTypes(jobCompute(settings, name));
  return must === null ? [] : [["instanceTypes", must]];
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

function placeholderOf(jobName: string): string {
  return `\${${jobDefinitionPlaceholder(jobName)}}`;
}
