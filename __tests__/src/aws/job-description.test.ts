import type { JobDetail } from "@aws-sdk/client-batch";
import { parseJobDetail } from "../../../src/aws/batch-answers";
import { descriptionOf, taskOf } from "../../../src/aws/job-description";

const ARN = "arn:aws:batch:eu-west-1:123456789012:job-definition/echo_main_train:3";

/** An answer for a job on Fargate. */
const ON_FARGATE = {
  jobId: "j1",
  status: "RUNNING",
  jobDefinition: ARN,
  parameters: { Level: "high" },
  platformCapabilities: ["FARGATE"],
  container: {
    image: "registry/train:tag",
    command: ["train", "--level", "Ref::Level"],
    environment: [
      { name: "MANAGED_BY_AWS", value: "STARTED_BY_STEP_FUNCTIONS" },
      { name: "EMPTY" },
      { name: "AWS_BATCH_JOB_ID", value: "j1" },
    ],
    secrets: [{ name: "TOKEN", valueFrom: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token" }],
    resourceRequirements: [
      { type: "VCPU", value: "0.25" },
      { type: "MEMORY", value: "512" },
    ],
    ephemeralStorage: { sizeInGiB: 100 },
    readonlyRootFilesystem: true,
    user: "1000",
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
    taskArn: "arn:aws:ecs:eu-west-1:123456789012:task/AWSBatch-echo_main-2026-0a1b/0123456789abcdef",
  },
} as unknown as JobDetail;

test("a job on Fargate", () => {
  expect(descriptionOf(ON_FARGATE, { compute: "FARGATE_SPOT", instanceTypes: [] })).toEqual({
    definition: "echo_main_train:3",
    image: "registry/train:tag",
    command: ["train", "--level", "high"],
    environment: { MANAGED_BY_AWS: "STARTED_BY_STEP_FUNCTIONS", EMPTY: "", TOKEN: "***" },
    secrets: ["TOKEN"],
    vcpus: 0.25,
    memoryMiB: 512,
    gpus: 0,
    compute: "FARGATE_SPOT",
    architecture: "ARM64",
    instanceTypes: [],
    ephemeralStorageGiB: 100,
    sharedMemoryMiB: null,
    user: "1000",
    readonlyRootFilesystem: true,
    initProcess: false,
  });
});

test("a job on an instance, with the older fields of its size", () => {
  const container = {
    image: "registry/train:tag",
    ...{ vcpus: 4, memory: 8192, command: [], resourceRequirements: [{ type: "GPU", value: "1" }] },
    linuxParameters: { initProcessEnabled: true, sharedMemorySize: 256 },
  };
  const detail = { jobDefinition: ARN, platformCapabilities: ["EC2"], container } as unknown as JobDetail;
  expect(descriptionOf(detail, { compute: "SPOT", instanceTypes: ["g5.xlarge"] })).toMatchObject({
    ...{ vcpus: 4, memoryMiB: 8192, gpus: 1, compute: "SPOT", architecture: null, instanceTypes: ["g5.xlarge"] },
    ...{ command: [], environment: {}, secrets: [], sharedMemoryMiB: 256, initProcess: true },
  });
});

test("a job of the history keeps the names of its parameters", () => {
  const text = JSON.stringify({
    ...{ JobId: "j1", Status: "SUCCEEDED", JobDefinition: ARN, Parameters: { Level: "high", low: "1" } },
    Container: { Image: "image", Command: ["Ref::Level", "Ref::low", "Ref::gone"], Environment: [] },
  });
  expect(descriptionOf(parseJobDetail(text)!, null)).toMatchObject({
    ...{ command: ["high", "1", "Ref::gone"], compute: null, vcpus: 0 },
  });
});

test.each<[string, object]>([
  ["nothing", {}],
  ["a container without an image", { container: {} }],
  ["a container of another type", { container: "image" }],
])("a job with %s has no description", (_, detail) => {
  expect(descriptionOf(detail as JobDetail, null)).toBeNull();
});

test.each<[string, object, string | null]>([
  ["of the attempt that runs", ON_FARGATE, "AWSBatch-echo_main-2026-0a1b"],
  ["of the last attempt", { attempts: [{}, { container: { taskArn: "arn:aws:ecs:r:1:task/c/id" } }] }, "c"],
  ["that an older ARN does not name", { container: { taskArn: "arn:aws:ecs:r:1:task/id" } }, null],
  ["of a job that has not run", { container: {}, attempts: [] }, null],
])("the cluster %s", (_, detail, cluster) => {
  expect(taskOf(detail as JobDetail)?.cluster ?? null).toBe(cluster);
});
