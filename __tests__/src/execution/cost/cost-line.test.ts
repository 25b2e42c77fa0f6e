import { costLine } from "../../../../src/execution/cost/cost-line";

test("the cost of a run", () => {
  const run = {
    ...{ amount: 0.0123 as number | null, currency: "USD" as const, pricesOf: "2026-09", isMost: false },
    ...{ region: "eu-west-1" as string | null, measuredHere: false, jobs: 0.0123, transitions: 0 },
    ...{ unpricedJobs: 0, itemsLeftOut: 0, reusedJobs: 0 },
  };
  const words = (facts: Partial<typeof run>) => costLine({ ...run, ...facts });
  expect(words({})).toBe("about $0.0123 at list prices of 2026-09");
  expect(words({ measuredHere: true })).toBe(
    "would cost about $0.0123 on AWS, at these times and list prices of 2026-09",
  );
  expect(words({ isMost: true, unpricedJobs: 2, itemsLeftOut: 10 })).toBe(
    "up to $0.0123 at list prices of 2026-09, without 2 jobs, without 10 items of distributed Maps",
  );
  expect(words({ reusedJobs: 2 })).toBe("about $0.0123 at list prices of 2026-09, without 2 reused jobs");
  expect(words({ amount: 0.000025, jobs: 0, reusedJobs: 2 })).toBe(null);
  expect(words({ amount: null, region: "me-central-1" })).toBe("no price for me-central-1");
  expect(words({ amount: null, unpricedJobs: 1 })).toBe("no price for 1 job");
  expect(words({ amount: null, region: null })).toBe(null);
});
