/** The comment's words and warnings about each field of a job. */
import { writeComment } from "../../../src/review/comment";
import { readPlan } from "../../../src/review/plan";

const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf:password::";
const PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/prod/token";

const efs = (name: string, fileSystemId: string, accessPointId?: string) => ({
  name,
  efsVolumeConfiguration: {
    ...{ fileSystemId, rootDirectory: "/", transitEncryption: "ENABLED" },
    ...(accessPointId !== undefined && { authorizationConfig: { accessPointId, iam: "ENABLED" } }),
  },
});

/** Returns the comment on a job definition that changes from `before` to `after`; its head alone, without the first line. */
function headOf(before: object | null, after: object | null): string[] {
  const values = (own: object | null) => own && { name: "echo_dev_train", ...own };
  const actions = [before === null ? "create" : after === null ? "delete" : "update"];
  const change = { actions, before: values(before), after: values(after), after_unknown: {} };
  const type = "aws_batch_job_definition";
  const other = { address: "a.b", type: "a", change: { actions: ["no-op"], before: {}, after: {} } };
  const plan = readPlan({ format_version: "1.2", resource_changes: [other, { address: `${type}.x`, type, change }] });
  const review = { name: "echo", environment: "dev", region: "eu-west-1", running: [], image: null, problems: [] };
  const lines = writeComment({ ...review, stacks: [{ stack: "workflow", plan, failure: null }] }).split("\n");
  return lines
    .slice(
      1,
      lines.findIndex((line) => line.startsWith("<")),
    )
    .filter((line) => line !== "");
}

const container = (properties: object) => ({ container_properties: JSON.stringify(properties) });
const said = (before: object, after: object) => headOf(container(before), container(after));
const warned = (title: string) => ["> [!WARNING]", `> - **${title}**: job \`train\``];

test.each<[string, object, object, string[]]>([
  [
    "a secret is added, by the name of the secret",
    {},
    { secrets: [{ name: "DB_PASSWORD", valueFrom: SECRET }] },
    ["- job `train`: secret added: `DB_PASSWORD` (`prod/db-AbCdEf, key password`)"],
  ],
  [
    "a secret comes from elsewhere",
    { secrets: [{ name: "TOKEN", valueFrom: SECRET }] },
    { secrets: [{ name: "TOKEN", valueFrom: PARAMETER }] },
    ["- job `train`: secret `TOKEN` `prod/db-AbCdEf, key password` to `parameter/prod/token`"],
  ],
  [
    "a secret comes from another account, whose number is then shown",
    { secrets: [{ name: "TOKEN", valueFrom: PARAMETER }] },
    { secrets: [{ name: "TOKEN", valueFrom: PARAMETER.replace("123456789012", "210987654321") }] },
    [
      "- job `train`: secret `TOKEN` `arn:aws:ssm:eu-west-1:123456789012:parameter/prod/token` to `arn:aws:ssm:eu-west-1:210987654321:parameter/prod/token`",
    ],
  ],
  [
    "a secret is removed, one of two",
    {
      secrets: [
        { name: "A", valueFrom: SECRET },
        { name: "TOKEN", valueFrom: PARAMETER },
      ],
    },
    { secrets: [{ name: "TOKEN", valueFrom: PARAMETER }] },
    [...warned("Secrets removed"), "- job `train`: secret removed: `A`"],
  ],
  [
    "the last secret is removed",
    { secrets: [{ name: "TOKEN", valueFrom: PARAMETER }] },
    { secrets: [] },
    [...warned("Secrets removed"), "- job `train`: secret removed: `TOKEN`"],
  ],
  [
    "variables, whatever their order",
    {
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
        { name: "C", value: "3" },
      ],
    },
    {
      environment: [
        { name: "D", value: "a b" },
        { name: "C", value: "3" },
        { name: "A", value: "0" },
        { name: "E", value: "" },
      ],
    },
    ["- job `train`: variables added: `D` (`a b`), `E`, variable removed: `B`, variable `A` 1 to 0"],
  ],
  [
    "mounts of file systems",
    {
      volumes: [efs("a", "fs-1")],
      mountPoints: [{ sourceVolume: "a", containerPath: "/ref", readOnly: true }],
    },
    {
      volumes: [efs("a", "fs-1"), efs("b", "fs-2", "fsap-3")],
      mountPoints: [
        { sourceVolume: "a", containerPath: "/ref", readOnly: false },
        { sourceVolume: "b", containerPath: "/work" },
      ],
    },
    ["- job `train`: mount added: `/work` (`fs-2, fsap-3`), mount `/ref` `fs-1, read-only` to fs-1"],
  ],
  [
    "the root file system becomes writable",
    { readonlyRootFilesystem: true },
    {},
    [...warned("Root file system becomes writable"), "- job `train`: root file system read-only to writable"],
  ],
  [
    "the root file system becomes read-only",
    { readonlyRootFilesystem: false },
    { readonlyRootFilesystem: true },
    ["- job `train`: root file system writable to read-only"],
  ],
  [
    "a person may open a shell",
    {},
    { enableExecuteCommand: true },
    [...warned("A person may open a shell in"), "- job `train`: shell access off to on"],
  ],
  ["nobody may any more", { enableExecuteCommand: true }, {}, ["- job `train`: shell access on to off"]],
  [
    "GPUs, shared memory and scratch space",
    { resourceRequirements: [{ type: "VCPU", value: "4" }] },
    {
      resourceRequirements: [
        { type: "VCPU", value: "4" },
        { type: "GPU", value: "1" },
      ],
      linuxParameters: { sharedMemorySize: 1024, initProcessEnabled: true },
      ephemeralStorage: { sizeInGiB: 50 },
      user: "1000:1000",
    },
    [
      "- job `train`: GPUs none to 1, shared memory none to 1024 MiB, scratch space none to 50 GiB, user none to `1000:1000`, init process off to on",
    ],
  ],
  [
    "image and processor",
    { image: "public.ecr.aws/docker/library/python:3.12", runtimePlatform: { cpuArchitecture: "X86_64" } },
    { image: "public.ecr.aws/docker/library/python:3.13", runtimePlatform: { cpuArchitecture: "ARM64" } },
    ["- job `train`: image `…/python:3.12` to `…/python:3.13`, processor `X86_64` to ARM64"],
  ],
  [
    "a role of its own",
    { jobRoleArn: "arn:aws:iam::123456789012:role/echo_dev_jobs" },
    { jobRoleArn: "arn:aws:iam::123456789012:role/echo_dev_train" },
    ["- job `train`: job role `role/echo_dev_jobs` to `role/echo_dev_train`"],
  ],
])("%s", (_, before, after, lines) => {
  expect(said(before, after)).toEqual(lines);
});

test("retry rules are named by their condition, and parameters and tags by their name", () => {
  const rule = (action: string, on_status_reason: string, on_reason = "") => ({
    ...{ action, on_status_reason, on_reason, on_exit_code: "" },
  });
  const before = { retry_strategy: [{ attempts: 1, evaluate_on_exit: [rule("RETRY", "Host EC2*")] }], tags_all: {} };
  const after = {
    retry_strategy: [{ attempts: 1, evaluate_on_exit: [rule("retry", "Host EC2*"), rule("exit", "", "*")] }],
    parameters: { level: "9" },
    tags_all: { team: "bio" },
  };
  expect(headOf(before, after)).toEqual([
    "- job `train`: retry rule added: `reason *` (exit), parameter added: `level` (9), tag added: `team` (bio)",
  ]);
});

test("a new job in which a person may open a shell needs a warning, a job that is destroyed needs none for its parts", () => {
  const shell = container({ enableExecuteCommand: true, secrets: [{ name: "A", valueFrom: SECRET }] });
  expect(headOf(null, shell)).toEqual([...warned("A person may open a shell in"), "- new: job `train`"]);
  expect(headOf(shell, null)).toEqual(["> [!WARNING]", "> - **Destroyed**: `aws_batch_job_definition.x`"]);
});
