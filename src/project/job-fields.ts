/** The table of the fields of a job: one entry for each. */
import { IAM_STATEMENTS } from "./iam-statements";
import { ARCHITECTURE, COMPUTE, EFS, ENVIRONMENT, IMAGE_URI, INSTANCE_TYPES, SECRETS, TAGS, USER } from "./job-kinds";
import {
  COMMAND,
  integer,
  integerFrom,
  type Kind,
  optional,
  POSITIVE_NUMBER,
  STRINGS,
  STRINGS_BY_NAME,
  SWITCH,
  text,
} from "./setting-kinds";
import type { JobSettings } from "./settings-types";

/** A field of a job. */
interface JobField<T> {
  readonly kind: Kind<T>;
  /** A field without a default is required. */
  readonly default?: T;
  readonly unit: string;
  readonly help: string;
}

/** The fields of a job. */
export const JOB_FIELDS: { readonly [K in keyof JobSettings]: JobField<JobSettings[K]> } = {
  image: {
    kind: optional(text(/^(?![/\\]|[A-Za-z]:)./, "the folder of an image, relative to the project, such as image")),
    default: null,
    unit: "path",
    help: "Folder with the Dockerfile, relative to the project. It is the build context. Jobs with the same folder share an image. Each job has `image` or `imageUri`.",
  },
  imageUri: {
    kind: optional(IMAGE_URI),
    default: null,
    unit: "image",
    help: "A ready image instead of a folder, with its tag or digest, such as `public.ecr.aws/docker/library/python:3.13-slim`.",
  },
  vcpus: {
    kind: POSITIVE_NUMBER,
    unit: "vCPUs",
    help: "0.25, 0.5, 1, 2, 4, 8 or 16 on Fargate. Rounded up on instances. At most `maxVcpus`.",
  },
  memoryMiB: {
    kind: integerFrom(4, 512),
    unit: "MiB",
    help: "At least 4. Fargate supports certain sizes for each number of vCPUs. A job that uses more memory is killed.",
  },
  timeoutSeconds: {
    kind: integerFrom(60, 3600),
    unit: "seconds",
    help: "At least 60. Batch ends an attempt that takes longer, and does not retry it.",
  },
  attempts: {
    kind: integer(1, 10),
    unit: "times",
    help: "1 to 10. How often Batch starts the job in all. Batch retries only if the host is lost or the container cannot start.",
  },
  command: {
    kind: STRINGS,
    default: [],
    unit: "strings",
    help: "Arguments of the image's entry point, if the document sets none. `Ref::name` stands for the value of a parameter.",
  },
  parameters: {
    kind: STRINGS_BY_NAME,
    default: {},
    unit: "strings by name",
    help: "Values of the parameters that the document does not set.",
  },
  environment: {
    kind: ENVIRONMENT,
    default: {},
    unit: "strings by name",
    help: "Variables of the container. A variable of the same name in the document wins.",
  },
  secrets: {
    kind: SECRETS,
    default: {},
    unit: "ARNs by name",
    help: "Variables whose values are secrets: the ARN of a secret of Secrets Manager (also with `:key:stage:version`) or of a parameter of SSM. An ARN may have placeholders, such as `${AccountId}`, or be one of `substitutions`.",
  },
  statements: {
    kind: IAM_STATEMENTS,
    default: [],
    unit: "IAM statements",
    help: "Rights of the job's own role, in IAM's JSON. They may have placeholders.",
  },
  readonlyRootFilesystem: {
    kind: SWITCH,
    default: false,
    unit: "true or false",
    help: "Whether the program cannot write to the image's file system, not even to `/tmp`.",
  },
  ephemeralStorageGiB: {
    kind: optional(integer(21, 200)),
    default: null,
    unit: "GiB",
    help: "Size of the disk on Fargate, 21 to 200. If unset: 20.",
  },
  gpus: {
    kind: optional(integer(1, 16)),
    default: null,
    unit: "GPUs",
    help: "On EC2 and SPOT, with `instanceTypes` that have GPUs.",
  },
  sharedMemoryMiB: {
    kind: optional(integerFrom(1, 256)),
    default: null,
    unit: "MiB",
    help: "Size of `/dev/shm` on EC2 and SPOT. If unset: 64.",
  },
  user: {
    kind: optional(USER),
    default: null,
    unit: "user",
    help: "User of the program, and its group, such as `1000:1000`. If unset: the image's own.",
  },
  initProcess: {
    kind: SWITCH,
    default: false,
    unit: "true or false",
    help: "Whether process 1 is an init process, which passes signals to the program and reaps what it leaves behind.",
  },
  tags: {
    kind: TAGS,
    default: {},
    unit: "strings by name",
    help: "Tags of the job definition and its jobs.",
  },
  efs: {
    kind: EFS,
    default: {},
    unit: "file systems by path",
    help: 'File systems of EFS by the path in the container: an id, or `{"fileSystem": …, "accessPoint": …, "readOnly": true}`. Their mount targets must admit the security group of the jobs.',
  },
  compute: {
    kind: optional(COMPUTE),
    default: null,
    unit: "compute",
    help: "Compute of this job, if it differs from the workflow's `compute`. The job then has a queue of its own.",
  },
  architecture: {
    kind: optional(ARCHITECTURE),
    default: null,
    unit: "architecture",
    help: "Architecture of this job, if it differs from the workflow's.",
  },
  instanceTypes: {
    kind: optional(INSTANCE_TYPES),
    default: null,
    unit: "instance types",
    help: "Instance types of this job, if they differ from the workflow's.",
  },
  exec: {
    kind: SWITCH,
    default: false,
    unit: "true or false",
    help: "Whether a person may open a shell in the running job, with `npx workflow shell`.",
  },
  localCommand: {
    kind: optional(COMMAND),
    default: null,
    unit: "strings",
    help: "Command that replaces the container if Docker is not available. Runs in the project folder, with the job's command as its arguments. If unset, the job needs Docker.",
  },
};

/** Names that other tools use for fields of a job. Each has the advice that its error message gives. */
export const NOT_JOB_FIELDS: ReadonlyMap<string, string> = new Map([
  ...advise("set `gpus`, with `compute` EC2 or SPOT and `instanceTypes` that have GPUs", "gpu", "accelerators"),
  ...advise("set `vcpus`", "cpu", "cpus", "vCpus"),
  ...advise("set `memoryMiB`, in MiB", "memoryMB", "memoryGiB", "memoryReservation", "memoryLimitMiB"),
  ...advise("set `vcpus`, `memoryMiB` and `gpus`", "resourceRequirements", "resources"),
  ...advise("set `environment`", "env", "environmentVariables", "variables"),
  ...advise(
    "variables belong in `environment`, or in the variables of --env-file for a local run",
    "envFile",
    "environmentFiles",
  ),
  ...advise("set `imageUri` for a ready image, or `image` for a folder with a Dockerfile", "container", "dockerImage"),
  ...advise("a job has one container: set `image` or `imageUri` of the job", "containers", "ecsProperties", "sidecars"),
  ...advise("a job runs on one node: use a Map, or ArrayProperties in the document", "nodeProperties", "numNodes"),
  ...advise(
    "set `efs`, or read and write S3: see the setting `data`",
    ...["volumes", "mountPoints", "mounts", "bindMounts", "volumesFrom", "fsx", "ebs"],
  ),
  ...advise("set `ephemeralStorageGiB`", "ephemeralStorage", "ephemeralStorageGb", "disk", "diskGiB"),
  ...advise("set `initProcess` or `sharedMemoryMiB`", "linuxParameters", "init", "initProcessEnabled"),
  ...advise("set `sharedMemoryMiB`", "sharedMemorySize", "shmSize", "shm"),
  ...advise(
    "leave `readonlyRootFilesystem` unset: then the job may write to /tmp, on the disk",
    ...["tmpfs", "scratch", "scratchSpace"],
  ),
  ...advise("set `readonlyRootFilesystem`", "readOnly", "readonly", "readOnlyRootFilesystem", "readonlyRootFs"),
  ...advise(
    "jobs get no rights on their host, because Fargate has none to give",
    ...["privileged", "devices", "networkMode", "capabilities", "capAdd", "securityOpt"],
  ),
  ...advise("it cannot be set: the defaults of ECS hold", "ulimits", "maxSwap", "swappiness"),
  ...advise(
    "set `statements`: each job has a role of its own",
    ...["jobRole", "jobRoleArn", "role", "roleArn", "taskRole", "taskRoleArn", "iam"],
    ...["policies", "policy", "policyStatements", "managedPolicies", "permissions", "rights"],
  ),
  ...advise("set `secrets`: the role that starts the jobs may read exactly those", "executionRole", "executionRoleArn"),
  ...advise("set the setting `data`, which is for all jobs; `statements` give a job other rights", "data", "bucket"),
  ...advise("set it in the Dockerfile", "entrypoint", "entryPoint", "workdir", "workingDirectory", "healthCheck"),
  ...advise("set `timeoutSeconds`, in seconds", "timeout", "timeoutMinutes", "attemptDurationSeconds"),
  ...advise("set `attempts`, which includes the first attempt", "retries", "retry", "maxRetries"),
  ...advise(
    "set `attempts`, which includes the first; RetryStrategy in the document overrides the rules for a state",
    ...["retryStrategy", "evaluateOnExit"],
  ),
  ...advise("set `compute`, such as SPOT or FARGATE_SPOT", "spot", "fargate", "platformCapabilities"),
  ...advise("set `architecture`", "platform", "runtimePlatform", "cpuArchitecture"),
  ...advise("jobs run on Linux, on the latest platform version", "platformVersion", "operatingSystem", "os"),
  ...advise("set `instanceTypes`", "instanceType"),
  ...advise("the document names the queue: set `JobQueue` in the request of the task", "queue", "jobQueue"),
  ...advise(
    "the document has what belongs to a state: set it in the request of the task, as SubmitJob names it",
    ...["array", "arraySize", "arrayProperties", "dependsOn", "containerOverrides"],
    ...["shareIdentifier", "schedulingPriority", "schedulingPriorityOverride", "priority"],
  ),
  ...advise(
    "set it for the workflow, beside `jobs`",
    ...["network", "subnets", "assignPublicIp", "maxVcpus", "logRetentionDays", "permissionsBoundary"],
  ),
  ...advise(
    "the setting `network` decides, for all jobs",
    "networkConfiguration",
    "securityGroups",
    "securityGroupIds",
  ),
  ...advise("logs go to CloudWatch: set `logRetentionDays` beside `jobs`", "logConfiguration", "logDriver", "logs"),
]);

// --- internal ---

function advise(advice: string, ...fields: string[]): [string, string][] {
  return fields.map((field) => [field, advice]);
}
