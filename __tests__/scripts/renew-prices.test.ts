import { regionPrices } from "../../scripts/renew-prices";
import type { Json } from "../../src/base/json";

/** An offer file in the shape of AWS, with prices by usage type. */
function offer(prices: Readonly<Record<string, readonly string[]>>): Json {
  const entries = Object.entries(prices).map(([usagetype, usd], index) => ({ sku: `SKU${index}`, usagetype, usd }));
  return {
    products: Object.fromEntries(entries.map(({ sku, usagetype }) => [sku, { sku, attributes: { usagetype } }])),
    terms: {
      OnDemand: Object.fromEntries(
        entries.map(({ sku, usd }) => [
          sku,
          {
            [`${sku}.JRTCKXETXF`]: {
              priceDimensions: Object.fromEntries(
                usd.map((USD, index) => [`${sku}.${index}`, { pricePerUnit: { USD } }]),
              ),
            },
          },
        ]),
      ),
    },
  };
}

const FARGATE = {
  "EUC1-Fargate-Windows-vCPU-Hours:perCPU": ["0.1"],
  "EUC1-Fargate-vCPU-Hours:perCPU": ["0.0465600000"],
  "EUC1-Fargate-GB-Hours": ["0.0051100000"],
  "EUC1-Fargate-ARM-vCPU-Hours:perCPU": ["0.0372500000"],
  "EUC1-Fargate-ARM-GB-Hours": ["0.0040900000"],
  "EUC1-Fargate-EphemeralStorage-GB-Hours": ["0.0001330000"],
};
const spotOf = (region: string, unit: string, USD: string) => ({
  unit,
  price: { USD },
  attributes: { "aws:region": region },
});

test("the prices of a region are read from the lists of AWS", () => {
  const lists = {
    fargate: offer(FARGATE),
    states: offer({
      "EUC1-StateTransition": ["0.0000000000", "0.0000250000"],
      "EUC1-StepFunctions-Request": ["0.000001"],
    }),
    spot: {
      prices: [
        ...[spotOf("eu-central-1", "vCPU-Hours", "0.0140"), spotOf("eu-central-1", "GB-Hours", "0.00154")],
        ...[spotOf("us-east-1", "ARM-vCPU-Hours", "0.01"), spotOf("us-east-1", "ARM-GB-Hours", "0.001")],
      ],
    },
  };
  expect(regionPrices("eu-central-1", lists, { X86_64: 0.152 })).toEqual({
    fargate: { X86_64: { vcpu: 0.04656, gib: 0.00511 }, ARM64: { vcpu: 0.03725, gib: 0.00409 } },
    fargateSpot: { X86_64: { vcpu: 0.014, gib: 0.00154 } },
    ...{ scratchGib: 0.000133, instance: { X86_64: 0.152 }, thousandTransitions: 0.025 },
  });
});

test("what AWS does not list has no price", () => {
  const lists = { fargate: offer({ "Fargate-vCPU-Hours:perCPU": ["0.04"] }), states: {}, spot: {} };
  expect(regionPrices("eu-central-1", lists, undefined)).toEqual({ fargate: {} });
});
