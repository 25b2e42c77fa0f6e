import { memoryStore } from "../../../../../src/local/data/memory-store";
import { ObjectStoreError } from "../../../../../src/local/data/object-store";
import type { ChildEnd, ChildResult } from "../../../../../src/local/interpreter/distributed/child-result";
import { resultWriter, startResults } from "../../../../../src/local/interpreter/distributed/write-results";

const RUN = {
  arn: "arn:aws:states:x:1:mapRun:m/Each:r1",
  id: "r1",
  label: "Each",
  stateMachineArn: "arn:aws:states:x:1:stateMachine:m/Each",
};

function child(name: string, end: ChildEnd, started = true): ChildResult {
  const times = started ? { startedAt: 0, stoppedAt: 1500 } : { startedAt: null, stoppedAt: null };
  return { executionArn: `arn:${name}`, name, input: { i: 1 }, ...times, end };
}

const CHILDREN = [
  child("a", { status: "SUCCEEDED", output: [1, 2] }),
  child("b", { status: "FAILED", error: "E", cause: "why" }),
  child("c", { status: "SUCCEEDED", output: "x" }),
  child("d", { status: "PENDING" }, false),
];

const DESCRIBED = {
  a: {
    ...{ ExecutionArn: "arn:a", Input: '{"i":1}', InputDetails: { Included: true }, Name: "a", Output: "[1,2]" },
    ...{ OutputDetails: { Included: true }, RedriveCount: 0, RedriveStatus: "NOT_REDRIVABLE" },
    RedriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
    ...{ StartDate: "1970-01-01T00:00:00.000Z", StateMachineArn: RUN.stateMachineArn, Status: "SUCCEEDED" },
    StopDate: "1970-01-01T00:00:01.500Z",
  },
  b: {
    ...{
      Cause: "why",
      Error: "E",
      ExecutionArn: "arn:b",
      Input: '{"i":1}',
      InputDetails: { Included: true },
      Name: "b",
    },
    ...{ RedriveCount: 0, RedriveStatus: "REDRIVABLE_BY_MAP_RUN", StartDate: "1970-01-01T00:00:00.000Z" },
    ...{ StateMachineArn: RUN.stateMachineArn, Status: "FAILED", StopDate: "1970-01-01T00:00:01.500Z" },
  },
  d: { Input: '{"i":1}', InputDetails: { Included: true }, StateMachineArn: RUN.stateMachineArn, Status: "PENDING" },
};

async function write(request: null | { Bucket: string; Prefix?: string }, config: Record<string, string>) {
  const objects: Record<string, string> = {};
  const results = startResults(resultWriter(request, config), RUN, memoryStore(objects));
  for (const one of CHILDREN) await results.add(one);
  return { result: await results.finish(), objects };
}

test("without a bucket, the results are the outputs, and a failed execution is described", async () => {
  expect((await write(null, {})).result).toEqual([[1, 2], DESCRIBED.b, "x", DESCRIBED.d]);
  expect((await write(null, { Transformation: "FLATTEN" })).result).toEqual([1, 2, DESCRIBED.b, "x", DESCRIBED.d]);
});

test("stores descriptions by status, and a manifest", async () => {
  const { result, objects } = await write({ Bucket: "b", Prefix: "out/" }, {});
  const manifest = { Bucket: "b", Key: "out/r1/manifest.json" };
  expect(result).toEqual({ MapRunArn: RUN.arn, ResultWriterDetails: manifest });
  const parsed = Object.entries(objects).map(([key, text]) => [key, JSON.parse(text)]);
  const size = (key: string) => Buffer.byteLength(objects[`b/${key}`]!);
  expect(Object.fromEntries(parsed)).toEqual({
    "b/out/r1/SUCCEEDED_0.json": [DESCRIBED.a, expect.objectContaining({ Name: "c", Output: '"x"' })],
    "b/out/r1/FAILED_0.json": [DESCRIBED.b],
    "b/out/r1/PENDING_0.json": [DESCRIBED.d],
    "b/out/r1/manifest.json": {
      DestinationBucket: "b",
      MapRunArn: RUN.arn,
      ResultFiles: Object.fromEntries(
        ["FAILED", "PENDING", "SUCCEEDED"].map((kind) => {
          const Key = `out/r1/${kind}_0.json`;
          return [kind, [{ Key, Size: size(Key) }]];
        }),
      ),
    },
  });
});

test("stores outputs as lines, at the top of a bucket without a prefix", async () => {
  const { objects } = await write({ Bucket: "b" }, { Transformation: "FLATTEN", OutputType: "JSONL" });
  expect(objects["b/r1/SUCCEEDED_0.jsonl"]).toBe('1\n2\n"x"\n');
});

test("keeps the order of the fields of AWS", async () => {
  const { objects } = await write({ Bucket: "b" }, {});
  for (const name of ["SUCCEEDED", "FAILED"]) {
    const [first] = JSON.parse(objects[`b/r1/${name}_0.json`]!);
    expect(Object.keys(first)).toEqual(Object.keys(first).toSorted());
  }
});

test("a store that fails is States.ResultWriterFailed, however much there is to write", async () => {
  const put = async () => {
    throw new ObjectStoreError("AccessDenied", "Access Denied.");
  };
  const results = startResults(resultWriter({ Bucket: "b" }, {}), RUN, { ...memoryStore({}), put });
  const writing = async () => {
    const large = child("a", { status: "SUCCEEDED", output: "x".repeat(100_000) });
    for (let count = 0; count < 10; count += 1) await results.add(large);
    return results.finish();
  };
  await expect(writing()).rejects.toMatchObject({
    error: "States.ResultWriterFailed",
    cause: "Access Denied. (Service: Amazon S3; Error Code: AccessDenied)",
  });
});
