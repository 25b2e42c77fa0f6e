import type { PageJob } from "../../../../../src/execution/report/page/report-data";
import { describe as describeSubject } from "../../../../../src/execution/report/page/timeline-tooltip";

const JOB = {
  ...{ state: "work", indices: [], name: "train", id: "id", exitCode: null, statusReason: null, log: "" },
  ...{ outcome: "running", submittedAt: 0, startedAt: null, stoppedAt: null, attempts: [] },
} as unknown as PageJob;

test("the tooltip of a job that waits says why and where in the queue", () => {
  const wait = { reason: "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - none", place: 3 };
  expect(describeSubject({ kind: "job", job: { ...JOB, wait } })).toEqual([
    "train",
    "▸ running, 0 attempts",
    "waiting · 3rd in the queue · CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - none",
  ]);
});

test("the tooltip of a job that failed has the reason of its status", () => {
  const job: PageJob = {
    ...JOB,
    outcome: "failed",
    wait: null,
    statusReason: "Canceled",
    startedAt: null,
    stoppedAt: 5,
  };
  expect(describeSubject({ kind: "job", job })).toEqual(["train", "✗ failed, 0 attempts", "Canceled"]);
});
