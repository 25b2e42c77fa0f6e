import type { JobDefinition } from "../../src/local/batch/job-definition";

/** A job queue. */
export const QUEUE = { name: "queue", arn: "arn:aws:batch:eu-west-1:123456789012:job-queue/queue" };

/** Returns the job definition `echo:1`, with the given changes. */
export function jobDefinition(properties: Partial<JobDefinition> = {}): JobDefinition {
  return {
    arn: "arn:aws:batch:eu-west-1:123456789012:job-definition/echo:1",
    name: "echo",
    image: "registry/echo:tag",
    command: ["Ref::greeting"],
    parameters: { greeting: "hello" },
    environment: [{ name: "LEVEL", value: "info" }],
    vcpus: 1,
    memoryMiB: 512,
    user: null,
    gpus: 0,
    sharedMemoryMiB: null,
    readonlyRootFilesystem: true,
    initProcess: false,
    secrets: {},
    mounts: [],
    timeoutSeconds: null,
    attempts: 1,
    evaluateOnExit: [],
    container: {},
    platformCapabilities: ["FARGATE"],
    propagateTags: false,
    compute: null,
    localCommand: ["/bin/sh", "image/echo.sh"],
    ...properties,
  };
}
