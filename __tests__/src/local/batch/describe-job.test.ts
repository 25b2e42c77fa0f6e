import { jobDefinition, QUEUE } from "../../../../scripts/demo/example-job";
import type { Json } from "../../../../src/base/json";
import type { JobDescription } from "../../../../src/execution/events";
import { describeJob } from "../../../../src/local/batch/describe-job";
import { type JobAdditions, NO_ADDITIONS } from "../../../../src/local/batch/job-additions";
import type { JobDefinition } from "../../../../src/local/batch/job-definition";
import { planJob } from "../../../../src/local/batch/job-plan";

function describeRequest(
  definition: Partial<JobDefinition>,
  request: Record<string, Json> = {},
  additions: Partial<JobAdditions> = {},
): JobDescription {
  const parameters = { JobName: "job", JobDefinition: "echo", JobQueue: "queue", ...request };
  return describeJob(planJob(parameters, [jobDefinition(definition)], [QUEUE]), { ...NO_ADDITIONS, ...additions });
}

const MANAGED = { MANAGED_BY_AWS: "STARTED_BY_STEP_FUNCTIONS" };

test("tells what the definition says", () => {
  const definition: Partial<JobDefinition> = {
    ...{ gpus: 2, user: "1000", sharedMemoryMiB: 256, initProcess: true, vcpus: 2, memoryMiB: 4096 },
    compute: { compute: ["SPOT", "EC2"], architecture: "ARM64", instanceTypes: ["g5g.xlarge"] },
    container: { EphemeralStorage: { SizeInGiB: 100 } },
  };
  expect(describeRequest(definition)).toEqual({
    definition: "echo:1",
    image: "registry/echo:tag",
    command: ["hello"],
    environment: { LEVEL: "info", ...MANAGED },
    secrets: [],
    vcpus: 2,
    memoryMiB: 4096,
    gpus: 2,
    compute: "SPOT",
    architecture: "ARM64",
    instanceTypes: ["g5g.xlarge"],
    ephemeralStorageGiB: 100,
    sharedMemoryMiB: 256,
    user: "1000",
    readonlyRootFilesystem: true,
    initProcess: true,
  });
});

test("tells what the request changes", () => {
  const request = {
    Parameters: { greeting: "hi" },
    ContainerOverrides: {
      Command: ["say", "Ref::greeting"],
      Environment: [{ Name: "LEVEL", Value: "debug" }],
      ResourceRequirements: [
        { Type: "VCPU", Value: "0.5" },
        { Type: "MEMORY", Value: "1024" },
      ],
    },
  };
  expect(describeRequest({}, request)).toMatchObject({
    command: ["say", "hi"],
    environment: { LEVEL: "debug", ...MANAGED },
    vcpus: 0.5,
    memoryMiB: 1024,
    compute: null,
    instanceTypes: [],
  });
});

test("has the user's variables, the names of secrets, and nothing that only serves this run", () => {
  const additions: Partial<JobAdditions> = {
    defaults: { environment: { AWS_ENDPOINT_URL: "http://here" }, secrets: { AWS_SECRET_ACCESS_KEY: "made-up" } },
    environment: { SAMPLE: "a", COPY: "hunter2" },
    secrets: { echo: { TOKEN: "hunter2" }, other: { KEY: "other" } },
  };
  expect(describeRequest({}, {}, additions)).toMatchObject({
    environment: { LEVEL: "info", ...MANAGED, SAMPLE: "a", COPY: "***", TOKEN: "***" },
    secrets: ["COPY", "TOKEN"],
  });
});
