import type { CheckedQueue } from "../../../../../src/asl/check/subject";
import { checkInput, FARGATE_QUEUE as FARGATE } from "../check-input";
import { problemsOf, submitting } from "../problems-of";

const INSTANCES: CheckedQueue = { ...FARGATE, isFargate: false };
const DEFAULT: CheckedQueue = { ...INSTANCES, instance: { vcpus: 2, memoryMiB: 15_360 } };
const PAIRS = "override both with a pair that Fargate offers";

/** Returns the problems of a job of 0.25 vCPUs and 512 MiB with these overrides. */
function sizeProblems(queue: CheckedQueue | null, ...resources: [Type: string, Value: string][]): string[] {
  const ResourceRequirements = resources.map(([Type, Value]) =>
    Value.startsWith("$.") ? { Type, "Value.$": Value } : { Type, Value },
  );
  const queues = queue === null ? null : { JobQueueArn: queue };
  return problemsOf(submitting({ ContainerOverrides: { ResourceRequirements } }), { queues }).map((problem) =>
    problem.replace("/States/job/Parameters/ContainerOverrides/ResourceRequirements/", ""),
  );
}

test.each<[[Type: string, Value: string][], string]>([
  [
    [["MEMORY", "4000"]],
    `0: MEMORY in ResourceRequirements must be one of 512, 1024, 2048 on Fargate with VCPU 0.25, got: 4000; ${PAIRS}`,
  ],
  [
    [
      ["VCPU", "1"],
      ["MEMORY", "512"],
    ],
    `1: MEMORY in ResourceRequirements must be one of 2048, 3072, 4096, 5120, 6144, 7168, 8192 on Fargate with VCPU 1, got: 512; ${PAIRS}`,
  ],
  [
    [["VCPU", "0.5"]],
    `0: MEMORY in ResourceRequirements must be one of 1024, 2048, 3072, 4096 on Fargate with VCPU 0.5, got: 512 of the job definition; ${PAIRS}`,
  ],
  [
    [
      ["VCPU", "3"],
      ["MEMORY", "$.memory"],
    ],
    "0: VCPU in ResourceRequirements must be one of 0.25, 0.5, 1, 2, 4, 8, 16 on Fargate, got: 3; write one of them",
  ],
  [
    [["GPU", "1"]],
    "0: GPU in ResourceRequirements must be unset, because Fargate has no GPU, got: 1; remove it, or set `compute` in cdktf.json to EC2 or SPOT",
  ],
  [
    [["VCPU", "32"]],
    "0: VCPU in ResourceRequirements must be at most `maxVcpus`, 16, or the job never starts, got: 32; write less, or set `maxVcpus` in cdktf.json",
  ],
  [
    [["MEMORY", "512.5"]],
    "0: MEMORY in ResourceRequirements must be a whole number, got: 512.5; write the number of MiB",
  ],
])("Fargate refuses %j", (resources, problem) => {
  expect(sizeProblems(FARGATE, ...resources)).toContain(`error batch-size ${problem}`);
});

test("each mistake is told once", () => {
  expect(sizeProblems(FARGATE, ["MEMORY", "4000"])).toHaveLength(1);
});

test.each<[CheckedQueue | null, ...[Type: string, Value: string][]]>([
  [FARGATE, ["MEMORY", "1024"]],
  [FARGATE, ["VCPU", "16"], ["MEMORY", "122880"]],
  [FARGATE, ["VCPU", "$.vcpus"], ["MEMORY", "30000"]],
  [FARGATE, ["VCPU", "2"], ["MEMORY", "$.memory"]],
  [INSTANCES, ["VCPU", "3"], ["MEMORY", "700"]],
  [DEFAULT, ["VCPU", "2"], ["MEMORY", "15360"]],
  [null, ["VCPU", "300"], ["MEMORY", "700"], ["GPU", "1"]],
])("%j with %j is correct", (queue, ...resources) => {
  expect(sizeProblems(queue, ...resources)).toEqual([]);
});

test.each([
  ["VCPU", "0.5", "VCPU in ResourceRequirements must be a whole number on instances, got: 0.5; round it up"],
  [
    "VCPU",
    "4",
    "VCPU in ResourceRequirements must be at most 2 on the default instances, got: 4; write less, or set `instanceTypes` in cdktf.json to larger ones",
  ],
  [
    "MEMORY",
    "16384",
    "MEMORY in ResourceRequirements must be at most 15360 on the default instances, got: 16384; write less, or set `instanceTypes` in cdktf.json to larger ones",
  ],
  [
    "GPU",
    "$.gpus",
    "GPU in ResourceRequirements must be unset, because the default instances have no GPU, got: a path; remove it, or set `instanceTypes` in cdktf.json to larger ones",
  ],
])("the default instances refuse %s %s", (type, value, problem) => {
  expect(sizeProblems(DEFAULT, [type, value])).toEqual([`error batch-size 0: ${problem}`]);
});

test("a GPU needs a queue for jobs with GPUs", () => {
  const gpu = submitting({ ContainerOverrides: { ResourceRequirements: [{ Type: "GPU", Value: "1" }] } });
  const { jobDefinitions } = checkInput({} as never);
  const queues = { JobQueueArn: INSTANCES };
  expect(problemsOf(gpu, { queues })).toEqual([
    "error batch-size /States/job/Parameters/ContainerOverrides/ResourceRequirements/0: GPU in ResourceRequirements must be unset, because the queue has no GPUs, got: 1; remove it, or set `gpus` of the job in cdktf.json",
  ]);
  const train = { ...jobDefinitions.EchoJobDefinitionArn!, gpus: 4 };
  expect(problemsOf(gpu, { queues, jobDefinitions: { ...jobDefinitions, TrainJobDefinitionArn: train } })).toEqual([]);
});
