/** The settings of a job, and what the job sees of each. Jobs run in `BUSYBOX`. */

export const BUSYBOX = "public.ecr.aws/docker/library/busybox:1.37";

const ARN = "arn:${Partition}:ssm:${Region}:${AccountId}:parameter/token";
const FILE_SYSTEM = "fs-0123456789abcdef0";

/** A setting of a job. */
export interface JobField {
  /** A short lower-case name, for the job and its state. */
  readonly name: string;
  /** The setting, as in cdktf.json, with what it needs beside it. */
  readonly settings: object;
  /** Prints what the job sees, in one line. */
  readonly shell: string;
  /** The text that it prints in a container. */
  readonly container: string;
  /** The text that it prints as a plain process. `null`: it is not applied there. */
  readonly process: string | null;
  /** The text that a deployed job prints. `null`: the emulator does not apply it. @default as in a container here */
  readonly aws?: string | null;
}

/** The values of the secrets in `JOB_FIELDS`. */
export const SECRET_VALUES = { TOKEN: "hunter2-of-job-fields" };

/** Reads a limit of the container, in either version of control groups. */
const limit = (two: string, one: string) => `cat /sys/fs/cgroup/${two} 2>/dev/null || cat /sys/fs/cgroup/${one}`;

const FIRST_PROCESS = "echo $(cat /proc/1/comm)";

export const JOB_FIELDS: readonly JobField[] = [
  {
    name: "environment",
    settings: { environment: { LEVEL: "a 'b' \"c\" $d", OTHER: "x=y" } },
    shell: 'echo "$LEVEL $OTHER"',
    container: "a 'b' \"c\" $d x=y",
    process: "a 'b' \"c\" $d x=y",
  },
  {
    name: "secrets",
    settings: { secrets: { TOKEN: ARN } },
    shell: 'echo "${#TOKEN} $TOKEN"',
    container: "21 ***",
    process: "21 ***",
    aws: `21 ${SECRET_VALUES.TOKEN}`,
  },
  {
    name: "parameters",
    settings: { parameters: { word: "two words" } },
    shell: 'echo "$0 | $1"',
    container: "two words | last",
    process: "two words | last",
  },
  {
    name: "vcpus",
    settings: { vcpus: 0.5, memoryMiB: 1024 },
    shell: `[ "$(${limit("cpu.max", "cpu/cpu.cfs_quota_us")} | cut -d' ' -f1)" = 50000 ] && echo half`,
    container: "half",
    process: null,
    aws: null,
  },
  {
    name: "memory",
    settings: { memoryMiB: 512 },
    shell: limit("memory.max", "memory/memory.limit_in_bytes"),
    container: String(512 * 2 ** 20),
    process: null,
  },
  {
    name: "writable",
    settings: { readonlyRootFilesystem: false },
    shell: "echo x > /tmp/workflow-part && cat /tmp/workflow-part && rm /tmp/workflow-part",
    container: "x",
    process: "x",
  },
  {
    name: "readonly",
    settings: { readonlyRootFilesystem: true },
    shell: "(echo x > /part) 2>&1 | grep -o 'Read-only file system'",
    container: "Read-only file system",
    process: null,
  },
  {
    name: "user",
    settings: { user: "1234:5678" },
    shell: 'echo "$(id -u):$(id -g)"',
    container: "1234:5678",
    process: null,
  },
  {
    name: "init",
    settings: { initProcess: true },
    shell: FIRST_PROCESS,
    container: "docker-init",
    process: null,
  },
  {
    name: "noinit",
    settings: {},
    shell: FIRST_PROCESS,
    container: "sh",
    process: null,
  },
  {
    name: "shm",
    settings: { compute: ["EC2"], vcpus: 1, sharedMemoryMiB: 128 },
    shell: "df -m /dev/shm | awk 'END { print $2 }'",
    container: "128",
    process: null,
  },
  {
    name: "efs",
    settings: {
      efs: { "/models": FILE_SYSTEM, "/read": { fileSystem: FILE_SYSTEM, readOnly: true } },
    },
    shell: "echo kept > /models/file && cat /read/file && (echo x > /read/other) 2>/dev/null || echo protected",
    container: "kept\nprotected",
    process: null,
  },
  {
    name: "storage",
    settings: { ephemeralStorageGiB: 30 },
    shell: "echo runs",
    container: "runs",
    process: "runs",
  },
  {
    name: "gpus",
    settings: { compute: ["EC2"], instanceTypes: ["g5"], vcpus: 1, gpus: 1 },
    shell: "echo runs",
    container: "runs",
    process: "runs",
  },
  {
    name: "queue",
    settings: { compute: ["FARGATE", "FARGATE_SPOT"] },
    shell: "echo $AWS_BATCH_JQ_NAME | sed 's/.*_//'",
    container: "queue",
    process: "queue",
  },
  { name: "exec", settings: { exec: true }, shell: "echo runs", container: "runs", process: "runs" },
  { name: "tags", settings: { tags: { team: "data" } }, shell: "echo runs", container: "runs", process: "runs" },
  {
    name: "statements",
    settings: { statements: [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }] },
    shell: "echo ${AWS_ACCESS_KEY_ID:-none}",
    container: "none",
    process: "none",
    // The emulator's own credentials of a job.
    aws: "standin",
  },
];
