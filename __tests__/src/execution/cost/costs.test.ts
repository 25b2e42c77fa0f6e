import { collectCosts } from "../../../../src/execution/cost/costs";
import type { JobDescription } from "../../../../src/execution/events";
import * as told from "../../../events";
import { at, type Told } from "../../../events";

type Facts = Partial<JobDescription>;

const FARGATE: Facts = { compute: "FARGATE", architecture: "X86_64", vcpus: 1, memoryMiB: 2048 };

/** The events of a job with attempts of so many seconds. `null`: the host was lost before the start. */
function job(
  id: string,
  state: string,
  facts: Facts,
  seconds: readonly (number | null)[],
  indices: number[] = [],
): Told[] {
  return [
    told.submitted(id, state, indices),
    told.described(id, facts),
    ...seconds.map((time) =>
      told.attempt(id, time === null ? { stoppedAt: 9000 } : { startedAt: 1000, stoppedAt: 1000 + time * 1000 }),
    ),
    told.status(id, "SUCCEEDED"),
  ];
}

function costsOf(region: string | null, events: readonly Told[], isHere = false) {
  const costs = collectCosts({ region, isHere });
  for (const event of events) costs.record(at(0, event));
  return costs;
}

const oneJob = (facts: Facts, ...seconds: (number | null)[]) => [
  told.entered("work"),
  ...job("id", "work", facts, seconds),
];
const items = (number: number, facts: Facts, seconds: number) => [
  ...[told.entered("all"), told.mapStarted(number, "all")],
  ...Array.from({ length: number }, (_, index) => [
    told.entered("each", index),
    ...job(`id-${index}`, "each", facts, [seconds], [index]),
  ]).flat(),
];

// The sums are made by hand from the prices that AWS publishes. Each comment shows how.
const BY_HAND: readonly [run: string, region: string, events: Told[], dollars: number, isMost?: boolean][] = [
  // 0.5 h × (2 × 0.04048 + 4 × 0.004445) + 1 × 0.000025
  ["half an hour on Fargate", "us-east-1", oneJob({ ...FARGATE, vcpus: 2, memoryMiB: 4096 }, 1800), 0.049395],
  // 2 h × (4 × 0.03725 + 8 × 0.00409) + 1 × 0.000025
  [
    "two hours on ARM",
    "eu-central-1",
    oneJob({ ...FARGATE, architecture: "ARM64", vcpus: 4, memoryMiB: 8192 }, 7200),
    0.363465,
  ],
  // 10 × 300 s / 3600 × (0.25 × 0.01224056 + 0.5 × 0.0013441) + 11 × 0.000025
  [
    "ten items on Fargate Spot",
    "eu-west-1",
    items(10, { ...FARGATE, compute: "FARGATE_SPOT", vcpus: 0.25, memoryMiB: 512 }, 300),
    0.00338516,
  ],
  // At most the price on demand: 1 h × (0.04656 + 2 × 0.00511) + 1 × 0.000025
  ["Spot without a price", "eu-central-1", oneJob({ ...FARGATE, compute: "FARGATE_SPOT" }, 3600), 0.056805, true],
  // (600 + 1200) s / 3600 × (0.04048 + 2 × 0.004445) + 1 × 0.000025
  ["three attempts, one without a host", "us-east-1", oneJob(FARGATE, 600, null, 1200), 0.02471],
  // (600 + 600) s / 3600 × 0.04937 + 2 × 0.000025
  [
    "a retry of the state",
    "us-east-1",
    [...oneJob(FARGATE, 600), told.retried("work"), ...job("again", "work", FARGATE, [600])],
    0.01650667,
  ],
  // 2 h × (0.04937 + (100 - 20) × 0.000111) + 1 × 0.000025
  ["100 GiB of scratch space", "us-east-1", oneJob({ ...FARGATE, ephemeralStorageGiB: 100 }, 7200), 0.116525],
  // 60 s / 3600 × 0.04937 + 1 × 0.000025
  ["five seconds, which are billed as a minute", "us-east-1", oneJob(FARGATE, 5), 0.00084783],
  // 61 s / 3600 × 0.04937 + 1 × 0.000025
  ["60.2 seconds, which are billed as 61", "us-east-1", oneJob(FARGATE, 60.2), 0.00086155],
  // 1 h × 1/2 of the vCPUs × 0.126 + 1 × 0.000025
  ["an instance, by its vCPUs", "us-east-1", oneJob({ ...FARGATE, compute: "EC2", memoryMiB: 4096 }, 3600), 0.063025],
  // 20 s / 3600 × 12/16 of the memory × 0.1008 + 1 × 0.000025
  [
    "an ARM instance, by its memory",
    "us-east-1",
    oneJob({ ...FARGATE, compute: "EC2", architecture: "ARM64", memoryMiB: 12_288 }, 20),
    0.000445,
  ],
  // At most the price on demand: 1 h × 2/2 × 0.141 + 1 × 0.000025
  [
    "a Spot instance",
    "eu-west-1",
    oneJob({ ...FARGATE, compute: "SPOT", vcpus: 2, instanceTypes: ["r4.large", "r5.large"] }, 3600),
    0.141025,
    true,
  ],
  // 1 h × 0.04937 + 1 h × 0.063 + 2 × 0.000025
  [
    "Fargate and an instance",
    "us-east-1",
    [...oneJob(FARGATE, 3600), told.entered("more"), ...job("more", "more", { ...FARGATE, compute: "EC2" }, [3600])],
    0.11242,
  ],
];

test.each(BY_HAND)("%s costs the sum made by hand", (_, region, events, dollars, isMost = false) => {
  const { amount, ...cost } = costsOf(region, events).ofRun();
  expect(Math.abs(amount! / dollars - 1)).toBeLessThan(0.001);
  expect(cost).toMatchObject({
    currency: "USD",
    pricesOf: "2026-09",
    region,
    isMost,
    unpricedJobs: 0,
    itemsLeftOut: 0,
    reusedJobs: 0,
  });
});

test("the cost of the jobs and of the states adds up to the run", () => {
  const { ofJob, ofState, ofRun } = costsOf("us-east-1", [...items(2, FARGATE, 3600), told.entered("end")]);
  expect([ofJob("id-0").amount, ofJob("id-1").amount]).toEqual([0.04937, 0.04937]);
  expect([ofState("all").amount, ofState("each").amount, ofState("end").amount]).toEqual([0.000025, 0.09879, 0.000025]);
  expect(ofRun()).toEqual({
    ...{ amount: 0.09884, currency: "USD", pricesOf: "2026-09", isMost: false, unpricedJobs: 0 },
    ...{ region: "us-east-1", measuredHere: false, jobs: 0.09874, transitions: 0.0001, itemsLeftOut: 0, reusedJobs: 0 },
  });
});

test("a region without prices has no amount", () => {
  const { ofJob, ofState, ofRun } = costsOf("me-central-1", oneJob(FARGATE, 3600));
  expect([ofJob("id").amount, ofState("work").amount, ofRun().amount, ofRun().transitions]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(costsOf(null, oneJob(FARGATE, 3600)).ofRun()).toMatchObject({ amount: null, region: null });
});

test.each<[why: string, facts: Facts]>([
  ["compute that is not known", { ...FARGATE, compute: null }],
  ["instance types of one's own", { ...FARGATE, compute: "EC2", instanceTypes: ["c7i.large"] }],
  ["GPUs", { ...FARGATE, compute: "EC2", gpus: 1 }],
  ["ARM without a price in the region", { ...FARGATE, architecture: "ARM64" }],
  ["scratch space without a price in the region", { ...FARGATE, ephemeralStorageGiB: 21 }],
])("a job with %s has no price, and the sum says so", (_, facts) => {
  const { ofJob, ofState, ofRun } = costsOf("ca-central-1", [
    ...oneJob(FARGATE, 3600),
    ...job("other", "work", facts, [3600, 3600]),
  ]);
  expect(ofJob("other").amount).toBe(null);
  // 1 h × (0.04456 + 2 × 0.004865) + 1 × 0.000025
  expect(ofState("work")).toMatchObject({ amount: 0.054315, unpricedJobs: 1 });
  expect(ofRun()).toMatchObject({ amount: 0.054315, unpricedJobs: 1 });
});

test("without the price of any job there is no amount", () => {
  const { ofRun } = costsOf("us-east-1", oneJob({ ...FARGATE, compute: null }, 60));
  expect(ofRun()).toMatchObject({ amount: null, jobs: null, transitions: 0.000025, unpricedJobs: 1 });
});

test("a job that waits costs nothing yet, and a reused job nothing at all", () => {
  const waits = [told.submitted("waits", "work"), told.described("waits", FARGATE), told.status("waits", "RUNNABLE")];
  const reused = [
    ...[told.submitted("old", "work"), told.described("old", { ...FARGATE, compute: null })],
    ...[
      { type: "job-reused", state: "work", indices: [], jobId: "old", execution: "run" } satisfies Told,
      told.status("old", "SUCCEEDED"),
    ],
  ];
  const { ofJob, ofRun } = costsOf("us-east-1", [...waits, ...reused]);
  expect([ofJob("waits").amount, ofJob("old").amount]).toEqual([0, 0]);
  expect(ofRun()).toMatchObject({ amount: 0, unpricedJobs: 0, reusedJobs: 1 });
});

test("an image that cannot be pulled costs a minute of Fargate", () => {
  const { ofJob } = costsOf("us-east-1", [
    ...[told.submitted("id", "work"), told.described("id", FARGATE)],
    told.attempt("id", { stoppedAt: 30_000, reason: "CannotPullContainerError: no such image" }),
  ]);
  expect(ofJob("id").amount).toBeCloseTo(0.04937 / 60, 8);
});

test("an array job has no price, because its children are not seen", () => {
  const { ofJob, ofRun } = costsOf("us-east-1", oneJob(FARGATE));
  expect(ofJob("id").amount).toBe(null);
  expect(ofRun().unpricedJobs).toBe(1);
});

test.each<[string, Told[], number | null]>([
  ["an array job that failed has no price", [told.status("id", "RUNNING")], null],
  ["a job that failed before it started costs nothing", [], 0],
])("%s", (_, started, amount) => {
  const events = [told.submitted("id", "work"), told.described("id", FARGATE), ...started, told.status("id", "FAILED")];
  expect(costsOf("us-east-1", events).ofJob("id").amount).toBe(amount);
});

test("the items of a distributed Map are left out on AWS, where they are executions of their own", () => {
  const events = [
    ...[told.entered("all"), told.mapRun("all", { total: 12, pending: 12 })],
    ...[
      told.mapRun("all", { total: 12, pending: 2, succeeded: 10 }),
      told.mapRun("all", { total: 5, succeeded: 5 }, "b"),
    ],
  ];
  expect(costsOf("us-east-1", events).ofRun()).toMatchObject({ itemsLeftOut: 15, measuredHere: false });
  expect(costsOf("us-east-1", events, true).ofRun()).toMatchObject({
    itemsLeftOut: 0,
    reusedJobs: 0,
    measuredHere: true,
  });
});

test("the sum of many small amounts is exact to a tenth of a cent", () => {
  const { record, ofRun } = collectCosts({ region: "us-east-1", isHere: false });
  for (let index = 0; index < 2000; index += 1) {
    for (const event of job(`id-${index}`, "work", FARGATE, [60])) record(at(0, event));
  }
  expect(ofRun().jobs).toBeCloseTo((2000 * 0.04937) / 60, 3);
});
