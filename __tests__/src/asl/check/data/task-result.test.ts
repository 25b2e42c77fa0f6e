import { jobDefinition, QUEUE } from "../../../../../scripts/demo/example-job";
import { follow, isDeadEnd, type Shape, shapeOfValue } from "../../../../../src/asl/check/data/data-shape";
import { taskResult } from "../../../../../src/asl/check/data/task-result";
import type { State } from "../../../../../src/asl/document";
import { S3_ACTIONS, type S3Action } from "../../../../../src/asl/s3-calls";
import { isObject, type Json, type JsonObject } from "../../../../../src/base/json";
import { jobDetail } from "../../../../../src/local/batch/job-detail";
import { planJob } from "../../../../../src/local/batch/job-plan";
import { memoryStore } from "../../../../../src/local/data/memory-store";
import { s3Services } from "../../../../../src/local/s3-tasks";

const JOB: State = { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync" };

const PLAN = planJob(
  {
    JobName: "job",
    JobDefinition: "echo",
    JobQueue: QUEUE.name,
    RetryStrategy: { Attempts: 1, EvaluateOnExit: [{ Action: "EXIT", OnReason: "*" }] },
    Tags: { a: "1" },
    Timeout: { AttemptDurationSeconds: 60 },
  },
  [jobDefinition({ user: "1000" })],
  [QUEUE],
);

const DETAIL = jobDetail({
  id: "id",
  plan: PLAN,
  createdAt: 1,
  stoppedAt: 3,
  attempts: [{ taskId: "t", exitCode: 1, reason: "r", statusReason: "s", startedAt: 2, stoppedAt: 3 } as never],
  status: "FAILED",
  statusReason: "Essential container in task exited",
  isTerminated: false,
});

/** Returns the paths of a value that a shape does not know, or knows with another type. */
function unknownPaths(value: Json, shape: Shape, path = ""): string[] {
  const [type] = shapeOfValue(value).types;
  if (!shape.types.has(type!)) return [path];
  const members = isObject(value)
    ? Object.entries(value)
    : Array.isArray(value)
      ? value.slice(0, 1).map((one) => [0, one] as const)
      : [];
  return members.flatMap(([step, inner]) => {
    const found = follow(shape, [step]);
    return isDeadEnd(found) ? [`${path}.${step}`] : unknownPaths(inner, found, `${path}.${step}`);
  });
}

test("the result of a job here has only fields that check knows", () => {
  expect(Object.keys(DETAIL).length).toBeGreaterThan(15);
  expect(unknownPaths(DETAIL, taskResult(JOB))).toEqual([]);
});

test("fields in the case of the API are not known", () => {
  expect(unknownPaths({ jobId: "x", Container: { exitCode: 1 }, Attempts: [{ Reason: "" }] }, taskResult(JOB))).toEqual(
    [".jobId", ".Container.exitCode", ".Attempts.0.Reason"],
  );
});

test("nothing is known of the results of other services", () => {
  const lambda: State = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
  expect(unknownPaths({ anything: { at: ["all"] } }, taskResult(lambda))).toEqual([]);
});

describe("the result of an S3 task", () => {
  const OBJECT = { Bucket: "b", Key: "in/a" };
  const REQUESTS: Readonly<Record<S3Action, JsonObject>> = {
    copyObject: { ...OBJECT, Key: "copy", CopySource: "b/in/a" },
    deleteObject: OBJECT,
    getObject: { ...OBJECT, Range: "bytes=0-0", ResponseCacheControl: "no-cache" },
    headObject: OBJECT,
    listObjectsV2: { Bucket: "b", Delimiter: "/", MaxKeys: 1, StartAfter: "a" },
    putObject: { ...OBJECT, Body: {} },
  };
  const task = (action: S3Action): State => ({ Type: "Task", Resource: `arn:aws:states:::aws-sdk:s3:${action}` });

  test.each(S3_ACTIONS)("of %s has only fields that check knows", async (action) => {
    const service = s3Services(memoryStore({ "b/in/a": "text", "b/z": "" }))[`aws-sdk:s3:${action}`];
    const { signal } = new AbortController();
    const call = { state: "s", indices: [], resource: "", parameters: REQUESTS[action], signal };
    expect(unknownPaths(await service(call), taskResult(task(action)))).toEqual([]);
  });

  test("has no fields in the case of the API, and none of another call", () => {
    const list = { Contents: [{ key: "a", Size: "1" }], Body: "" };
    expect(unknownPaths(list, taskResult(task("listObjectsV2")))).toEqual([
      ".Contents.0.key",
      ".Contents.0.Size",
      ".Body",
    ]);
  });
});
