import LIST from "../../../../src/execution/cost/price-list.json";
import { PRICES_OF, pricesOf } from "../../../../src/execution/cost/prices";

const REGIONS = Object.keys(LIST.regions).map((region) => [region, pricesOf(region)!] as const);

test("the table has its month, its currency and its sources", () => {
  expect(PRICES_OF).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
  expect(LIST.currency).toBe("USD");
  expect(LIST.sources.every((source) => source.startsWith("https://"))).toBe(true);
});

test.each(REGIONS)(
  "the prices of %s are plausible",
  (_, { fargate, fargateSpot, scratchGib, instance, thousandTransitions }) => {
    const { X86_64, ARM64 } = fargate;
    const isBetween = (least: number, price: number | undefined, most: number) =>
      expect(price === undefined || (least < price && price < most)).toBe(true);
    isBetween(0.03, X86_64!.vcpu, 0.08);
    isBetween(0.003, X86_64!.gib, 0.009);
    isBetween(0.5 * X86_64!.vcpu, ARM64?.vcpu, X86_64!.vcpu);
    isBetween(0.5 * X86_64!.gib, ARM64?.gib, X86_64!.gib);
    for (const architecture of ["X86_64", "ARM64"] as const) {
      const [spot, full] = [fargateSpot?.[architecture], fargate[architecture]];
      isBetween(0.2 * (full?.vcpu ?? 0), spot?.vcpu, full?.vcpu ?? 0);
      isBetween(0.2 * (full?.gib ?? 0), spot?.gib, full?.gib ?? 0);
      // The cheapest is ap-south-1 on ARM64: AWS has cut its price in half.
      isBetween(0.06, instance?.[architecture], 0.3);
    }
    isBetween(0.0001, scratchGib, 0.0003);
    isBetween(0.02, thousandTransitions, 0.05);
  },
);

test("a name that is no region has no prices", () => {
  expect(["me-central-1", "constructor", ""].map(pricesOf)).toEqual([null, null, null]);
});
