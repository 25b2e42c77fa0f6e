import type { CheckedJob, CheckedQueue } from "../../../../../src/asl/check/subject";
import type { JsonObject } from "../../../../../src/base/json";
import { checkInput, FARGATE_QUEUE as FARGATE } from "../check-input";
import { problemsOf, submitting } from "../problems-of";

const INSTANCES: CheckedQueue = { ...FARGATE, isFargate: false };
const KNOWN = ["JobQueueArn", "TrainJobQueueArn", "TrainJobDefinitionArn", "SmallJobDefinitionArn"];
const QUEUE = "/States/job/Parameters/JobQueue";
const { jobDefinitions } = checkInput({} as never);
const JOB: CheckedJob = jobDefinitions.EchoJobDefinitionArn!;

/** Returns the problems of a request for the job `train`, whose own queue is `home`. The job `small` has no compute of its own. */
function queueProblems(
  home: CheckedQueue,
  workflow: CheckedQueue,
  request: JsonObject,
  fields: Partial<CheckedJob> = {},
): string[] {
  const given = checkInput({} as never);
  const placeholders = { ...given.placeholders!, known: KNOWN, expected: [] };
  return problemsOf(submitting({ JobDefinition: "${TrainJobDefinitionArn}", ...request }), {
    placeholders,
    queues: { JobQueueArn: workflow, TrainJobQueueArn: home },
    jobDefinitions: {
      TrainJobDefinitionArn: { ...JOB, queue: "TrainJobQueueArn", ...fields },
      SmallJobDefinitionArn: JOB,
    },
  });
}

const TO_TRAIN = 'write "${TrainJobQueueArn}"';

test.each<[string, CheckedQueue, CheckedQueue, Partial<CheckedJob>, string]>([
  [
    "for instances, in a queue on Fargate",
    INSTANCES,
    FARGATE,
    {},
    "which runs jobs on Fargate, but ${TrainJobDefinitionArn} is a job for instances",
  ],
  [
    "for Fargate, in a queue with instances",
    FARGATE,
    INSTANCES,
    {},
    "which runs jobs on instances, but ${TrainJobDefinitionArn} is a job for Fargate",
  ],
  [
    "for other processors",
    { ...FARGATE, architecture: "ARM64" },
    FARGATE,
    {},
    "which has X86_64 processors, but ${TrainJobDefinitionArn} has an image for ARM64",
  ],
  [
    "with GPUs, in a queue without",
    INSTANCES,
    INSTANCES,
    { gpus: 2 },
    "which has no GPUs, but ${TrainJobDefinitionArn} needs 2",
  ],
  [
    "that is too large for the instances",
    INSTANCES,
    { ...INSTANCES, instance: { vcpus: 2, memoryMiB: 15_360 } },
    { vcpus: 8 },
    "whose instances have 2 vCPUs and 15360 MiB, but ${TrainJobDefinitionArn} needs 8 vCPUs and 512 MiB",
  ],
])("a job %s is an error", (_, home, workflow, fields, what) => {
  expect(queueProblems(home, workflow, { JobQueue: "${JobQueueArn}" }, fields)).toEqual([
    `error batch-queue ${QUEUE}: JobQueue is "\${JobQueueArn}", ${what}; ${TO_TRAIN}`,
  ]);
});

test("a job that can run in the workflow's queue, but has compute of its own, is a warning", () => {
  expect(queueProblems(FARGATE, FARGATE, { JobQueue: "${JobQueueArn}" })).toEqual([
    `warning batch-queue ${QUEUE}: JobQueue is "\${JobQueueArn}", so \${TrainJobDefinitionArn} does not run on the compute that cdktf.json names for it; ${TO_TRAIN}`,
  ]);
});

test.each<[string, CheckedQueue, JsonObject]>([
  ["its own queue", INSTANCES, { JobQueue: "${TrainJobQueueArn}" }],
  ["a queue that is known only when the state runs", INSTANCES, { "JobQueue.$": "$.queue", JobQueue: null }],
  [
    "the queue of another job with the same platform",
    FARGATE,
    { JobDefinition: "${SmallJobDefinitionArn}", JobQueue: "${TrainJobQueueArn}" },
  ],
])("a job in %s is correct", (_, home, request) => {
  expect(queueProblems(home, FARGATE, request).filter((problem) => problem.includes("batch-queue"))).toEqual([]);
});

test("the queue of another job with another platform is an error, and the fix names the workflow's", () => {
  const request = { JobDefinition: "${SmallJobDefinitionArn}", JobQueue: "${TrainJobQueueArn}" };
  expect(queueProblems(INSTANCES, FARGATE, request)).toEqual([
    `error batch-queue ${QUEUE}: JobQueue is "\${TrainJobQueueArn}", which runs jobs on instances, but \${SmallJobDefinitionArn} is a job for Fargate; write "\${JobQueueArn}"`,
  ]);
});

test("sizes are those of the queue to which the job goes", () => {
  const ResourceRequirements = [{ Type: "VCPU", Value: "3" }];
  const overriding = (JobQueue: string) =>
    queueProblems(INSTANCES, FARGATE, { JobQueue, ContainerOverrides: { ResourceRequirements } }).filter((problem) =>
      problem.includes("batch-size"),
    );
  expect(overriding("${TrainJobQueueArn}")).toEqual([]);
  expect(overriding("${JobQueueArn}")).toHaveLength(1);
});

test("a variable that is a secret of the job is an error", () => {
  const request = {
    JobQueue: "${TrainJobQueueArn}",
    ContainerOverrides: {
      Environment: [
        { Name: "LEVEL", Value: "1" },
        { Name: "REGION", Value: "x" },
      ],
    },
  };
  expect(queueProblems(FARGATE, FARGATE, request, { secrets: { REGION: "arn" } })).toEqual([
    "error batch-secret-override /States/job/Parameters/ContainerOverrides/Environment/1: ContainerOverrides.Environment sets REGION, but it is a secret of ${TrainJobDefinitionArn}, so the job does not start; remove it, or give one of them another name",
  ]);
});
