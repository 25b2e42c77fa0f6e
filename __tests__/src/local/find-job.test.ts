import type { JsonObject } from "../../../src/base/json";
import { jobFinder, stateMachineOf } from "../../../src/local/find-job";

const ARN = "arn:aws:batch:us-east-1:000000000000";

/** Finds the job of a request in a document whose job definition `train` runs an image. */
function find(request: JsonObject) {
  const stateMachine = stateMachineOf("theirs", { StartAt: "one", States: {} });
  return jobFinder({ stateMachine, imageOf: (name) => (name === "train" ? "python:3.12" : null) })(request);
}

test.each([
  "train",
  "train:7",
  "arn:aws:batch:eu-west-1:123456789012:job-definition/train:7",
  "arn:${Partition}:batch:${Region}:${AccountId}:job-definition/train",
  "${train}",
])("the job definition %s is known by its plain name", (JobDefinition) => {
  const found = find({
    JobName: "one",
    JobDefinition,
    JobQueue: "arn:aws:batch:eu-west-1:123456789012:job-queue/big",
  })!;
  expect(found.parameters).toEqual({
    JobName: "one",
    JobDefinition: `${ARN}:job-definition/train:1`,
    JobQueue: `${ARN}:job-queue/big`,
  });
  expect(found.queues).toEqual([{ name: "big", arn: `${ARN}:job-queue/big` }]);
  expect(found.definitions).toMatchObject([
    { arn: `${ARN}:job-definition/train:1`, name: "train", image: "python:3.12", vcpus: 1, memoryMiB: 2048 },
  ]);
});

test("a job definition that nothing was said about is not found", () => {
  expect(find({ JobDefinition: "other", JobQueue: "big" })).toBeNull();
});

test("the older names of resources count, because the unknown job definition may use them", () => {
  const overrides = { Vcpus: 4, Memory: 8000, Command: ["run"] };
  expect(find({ JobDefinition: "train", JobQueue: "big", ContainerOverrides: overrides })!.parameters).toMatchObject({
    ContainerOverrides: {
      Command: ["run"],
      ResourceRequirements: [
        { Type: "VCPU", Value: "4" },
        { Type: "MEMORY", Value: "8000" },
      ],
    },
  });
});

test.each<JsonObject>([
  { JobName: "one", JobQueue: "big" },
  { JobDefinition: "train" },
  { JobDefinition: { name: "train" }, JobQueue: "big" },
])("the request %j stays as it is, so that it is refused as on AWS", (request) => {
  expect(find(request)!.parameters).toBe(request);
});
