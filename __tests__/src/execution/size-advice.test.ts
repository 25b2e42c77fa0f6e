import type { JobAttempt, JobDescription, JobUsage } from "../../../src/execution/events";
import { adviceWords, collectUse } from "../../../src/execution/size-advice";
import { at, attempt, described, status, type Told, usage } from "../../events";

interface Ran {
  readonly job?: Partial<JobDescription>;
  readonly used?: Partial<JobUsage> | null;
  readonly seconds?: number;
  readonly end?: "SUCCEEDED" | "FAILED";
  readonly reason?: string | null;
  readonly attempt?: Partial<JobAttempt>;
}

const FARGATE = { definition: "train:1", compute: "FARGATE_SPOT", vcpus: 1, memoryMiB: 8192 } as const;

/** Returns the advice after these jobs, each in one line. */
function adviceAfter(...jobs: readonly Ran[]): string[] {
  const { sink, advice } = collectUse();
  jobs.forEach(({ job, used = {}, seconds = 10, end = "SUCCEEDED", reason = null, ...facts }, index) => {
    const id = String(index);
    const times = { startedAt: 1000, stoppedAt: 1000 + seconds * 1000 };
    const events: Told[] = [
      described(id, { ...FARGATE, ...job }),
      status(id, "RUNNING"),
      attempt(id, { ...times, ...facts.attempt }),
      ...(used === null ? [] : [usage(id, { peakMemoryMiB: 310, cpuSeconds: null, ...used })]),
      status(id, end, reason),
    ];
    for (const event of events) sink(at(0, event));
  });
  return advice().map(adviceWords);
}

const three = (ran: Ran = {}) => [ran, ran, ran];
const on = (job: Partial<JobDescription>, used: Partial<JobUsage> = {}) => three({ job, used });
const SMALLER = "train:1, 3 jobs: asked 8,192 MiB, used 310 at most: memoryMiB 2048 would do";

test.each<[string, readonly Ran[], readonly string[]]>([
  ["Fargate's next size", three(), [SMALLER]],
  [
    "the job that used the most",
    [{}, {}, { used: { peakMemoryMiB: 3000 } }],
    ["train:1, 3 jobs: asked 8,192 MiB, used 3,000 at most: memoryMiB 4096 would do"],
  ],
  [
    "a multiple of 256 MiB on instances",
    on({ compute: "EC2", memoryMiB: 4096 }),
    ["train:1, 3 jobs: asked 4,096 MiB, used 310 at most: memoryMiB 512 would do"],
  ],
  ["a size of Fargate if the compute is not known", on({ compute: null }), [SMALLER]],
  [
    "a multiple of 256 MiB if the size cannot be one of Fargate",
    on({ compute: null, memoryMiB: 5000 }),
    ["train:1, 3 jobs: asked 5,000 MiB, used 310 at most: memoryMiB 512 would do"],
  ],
  [
    "fewer vCPUs that Fargate offers beside the memory",
    on({ vcpus: 4 }, { peakMemoryMiB: 8000, cpuSeconds: 7.3 }),
    ["train:1, 3 jobs: asked 4 vCPUs, used 0.73 on average: vcpus 1 may do"],
  ],
  [
    "whole vCPUs on instances",
    on({ compute: "SPOT", vcpus: 8 }, { peakMemoryMiB: null, cpuSeconds: 20 }),
    ["train:1, 3 jobs: asked 8 vCPUs, used 2 on average: vcpus 3 may do"],
  ],
])("advises %s", (_, jobs, advice) => {
  expect(adviceAfter(...jobs)).toEqual(advice);
});

test.each<[string, readonly Ran[]]>([
  ["two jobs", [{}, {}]],
  ["jobs whose use is not known", three({ used: null })],
  ["a size that is nearly used up", three({ used: { peakMemoryMiB: 6000 } })],
  ["the smallest size", on({ memoryMiB: 2048 })],
  ["a job that failed among others", [...three(), { end: "FAILED" }]],
  ["a job that was out of memory once", [...three(), { attempt: { reason: "OutOfMemoryError: Container killed" } }]],
  [
    "CPU time of jobs that ran for less than 5 s",
    three({ seconds: 4, used: { peakMemoryMiB: 8000, cpuSeconds: 0.1 } }),
  ],
  ["jobs that did not start", three({ used: { peakMemoryMiB: null, cpuSeconds: 1 }, attempt: { startedAt: null } })],
])("advises nothing about %s", (_, jobs) => {
  expect(adviceAfter(...jobs)).toEqual([]);
});

test("a job that was stopped with its state tells nothing", () => {
  expect(adviceAfter(...three(), { end: "FAILED", reason: "The state was stopped" })).toEqual([SMALLER]);
});

test("each definition and each size has its own advice", () => {
  expect(adviceAfter(...three(), ...on({ definition: "test:1" }), ...on({ memoryMiB: 2048 }))).toEqual([
    SMALLER,
    SMALLER.replace("train", "test"),
  ]);
});
