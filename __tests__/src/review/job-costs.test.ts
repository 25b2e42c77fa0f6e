import { costsInWords } from "../../../src/review/job-costs";
import { readPlan } from "../../../src/review/plan";

interface Values {
  readonly name: string;
  readonly vcpus?: number;
  readonly memoryMiB?: number;
  readonly more?: object;
}

function job({ name, vcpus = 1, memoryMiB = 2048, more = {} }: Values): object {
  const resourceRequirements = [
    { type: "VCPU", value: String(vcpus) },
    { type: "MEMORY", value: String(memoryMiB) },
  ];
  return { name: `echo_dev_${name}`, container_properties: JSON.stringify({ resourceRequirements, ...more }) };
}

const environment = (type: string, instanceTypes: string[] | null = null, name_prefix = "echo_dev-") => ({
  ...{ name_prefix, compute_resources: [{ type, instance_type: instanceTypes }] },
});

type Change = readonly [before: object | null, after: object | null];

/** Returns the lines about jobs and compute environments that change so. */
function said(jobs: readonly Change[], environments: readonly Change[], region = "us-east-1"): string[] {
  const resources = (type: string, changes: readonly Change[]) =>
    changes.map(([before, after], index) => ({
      ...{ address: `${type}.x${index}`, type },
      change: {
        actions: [before === null ? "create" : after === null ? "delete" : "update"],
        before,
        after,
        after_unknown: {},
      },
    }));
  const resource_changes = [
    ...resources("aws_batch_job_definition", jobs),
    ...resources("aws_batch_compute_environment", environments),
  ];
  return costsInWords([readPlan({ format_version: "1.2", resource_changes })], "echo_dev", region);
}

const stays = (values: object): Change => [values, values];
const FARGATE = stays(environment("FARGATE"));

test("a job that grows", () => {
  // 0.04048 + 2 × 0.004445, and 4 × 0.04048 + 8 × 0.004445
  const change: Change = [job({ name: "train" }), job({ name: "train", vcpus: 4, memoryMiB: 8192 })];
  expect(said([change], [FARGATE])).toEqual([
    "cost of job `train`: about $0.0494 to about $0.197 an hour at list prices of 2026-09",
  ]);
});

test("a new job, and one that goes", () => {
  expect(
    said(
      [
        [null, job({ name: "new" })],
        [job({ name: "old" }), null],
      ],
      [FARGATE],
    ),
  ).toEqual(["cost of job `new`: about $0.0494 an hour at list prices of 2026-09"]);
});

test("a job that stays the same on other compute", () => {
  const change: Change = [environment("FARGATE_SPOT"), environment("EC2", ["r4.large", "r5.large"])];
  // 0.01288871 + 2 × 0.00141527, and half of 0.126
  expect(said([stays(job({ name: "train" }))], [change])).toEqual([
    "cost of job `train`: about $0.0157 to about $0.0630 an hour at list prices of 2026-09",
  ]);
});

test("another processor, and ARM instances", () => {
  const arm = { runtimePlatform: { cpuArchitecture: "ARM64" } };
  // 0.03238 + 2 × 0.00356
  expect(said([[job({ name: "train" }), job({ name: "train", more: arm })]], [FARGATE])).toEqual([
    "cost of job `train`: about $0.0494 to about $0.0395 an hour at list prices of 2026-09",
  ]);
  // Half of 0.1008
  expect(said([[null, job({ name: "train" })]], [stays(environment("EC2", ["r6g.large", "r7g.large"]))])).toEqual([
    "cost of job `train`: about $0.0504 an hour at list prices of 2026-09",
  ]);
});

test("a job with a queue of its own has the price of its own compute", () => {
  const own = stays(environment("EC2", ["r4.large", "r5.large"], "echo_dev_train-"));
  expect(
    said(
      [
        [null, job({ name: "train" })],
        [null, job({ name: "other" })],
      ],
      [FARGATE, own],
    ),
  ).toEqual([
    "cost of job `train`: about $0.0630 an hour at list prices of 2026-09",
    "cost of job `other`: about $0.0494 an hour at list prices of 2026-09",
  ]);
});

test("with several kinds of compute, the highest price counts", () => {
  const both = [stays(environment("FARGATE_SPOT")), FARGATE];
  expect(said([[null, job({ name: "train" })]], both)).toEqual([
    "cost of job `train`: up to $0.0494 an hour at list prices of 2026-09",
  ]);
});

test.each<[why: string, jobs: Change[], environments: Change[], region: string]>([
  [
    "the price stays",
    [[job({ name: "train" }), job({ name: "train", more: { command: ["x"] } })]],
    [FARGATE],
    "us-east-1",
  ],
  ["the region has no prices", [[null, job({ name: "train" })]], [FARGATE], "me-central-1"],
  [
    "the instances have no price",
    [[null, job({ name: "train" })]],
    [stays(environment("EC2", ["c7i.large"]))],
    "us-east-1",
  ],
  ["the compute is not in the plan", [[null, job({ name: "train" })]], [], "us-east-1"],
  ["the size is not known", [[null, { name: "echo_dev_train" }]], [FARGATE], "us-east-1"],
])("nothing is said if %s", (_, jobs, environments, region) => {
  expect(said(jobs, environments, region)).toEqual([]);
});

test.each([
  [7, "the cost of 1 more job changes"],
  [9, "the cost of 3 more jobs changes"],
])("%i jobs are cut short", (number, last) => {
  const jobs = Array.from({ length: number }, (_, index): Change => [null, job({ name: `job${index}` })]);
  const lines = said(jobs, [FARGATE]);
  expect([lines.length, lines.at(-1)]).toEqual([7, last]);
});
