/**
 * Renews `src/execution/cost/price-list.json` from the price lists of AWS: `npm run prices`. The prices of instances stay, because
 * their list is very large: compare them with the page of AWS by hand.
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
 */
import { join } from "node:path";
import { runScript, UsageError } from "../src/base/errors";
import { asObject, type Json, objectsOf } from "../src/base/json";
import { replaceFile } from "../src/base/output-file";
import LIST from "../src/execution/cost/price-list.json";
import type { RegionPrices } from "../src/execution/cost/prices";
import { PROJECT_FOLDER } from "../src/project/project-folder";

const OFFERS = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws";
/** The prices that the page of Fargate shows. */
const SPOT = "https://dftu77xade0tc.cloudfront.net/fargate-spot-prices.json";

/** The lists of one region, as AWS publishes them. */
interface Published {
  /** The offer file of AmazonECS. */
  readonly fargate: Json;
  /** The offer file of AmazonStates. */
  readonly states: Json;
  /** The prices of Fargate Spot in all regions. */
  readonly spot: Json;
}

/** Returns the prices of a region. `instance` is kept. */
export function regionPrices(
  region: string,
  { fargate, states, spot }: Published,
  instance: RegionPrices["instance"],
): RegionPrices {
  const onSpot = new Map(
    objectsOf(asObject(spot).prices)
      .filter(({ attributes }) => asObject(attributes)["aws:region"] === region)
      .map(({ unit, price }) => [String(unit), Number(asObject(price).USD)]),
  );
  const ofSpot = (unit: string) => onSpot.get(unit);
  const ofFargate = (unit: string) => offered(fargate, `Fargate-${unit}`);
  const fargateSpot = sizes(ofSpot);
  const scratchGib = offered(fargate, "Fargate-EphemeralStorage-GB-Hours");
  const transition = offered(states, "StateTransition");
  return {
    fargate: sizes(ofFargate),
    ...(Object.keys(fargateSpot).length > 0 && { fargateSpot }),
    ...(scratchGib !== undefined && { scratchGib }),
    ...(instance !== undefined && { instance }),
    ...(transition !== undefined && { thousandTransitions: Number((transition * 1000).toPrecision(6)) }),
  };
}

// --- internal ---

/** Returns the prices of both architectures, as far as they are known. */
function sizes(priceOf: (unit: string) => number | undefined): RegionPrices["fargate"] {
  const size = (start: string) => {
    const [vcpu, gib] = [priceOf(`${start}vCPU-Hours`), priceOf(`${start}GB-Hours`)];
    return vcpu === undefined || gib === undefined ? null : { vcpu, gib };
  };
  const [X86_64, ARM64] = [size(""), size("ARM-")];
  return { ...(X86_64 && { X86_64 }), ...(ARM64 && { ARM64 }) };
}

/** Returns the on-demand price of a usage type, which begins with a short name of the region. */
function offered(offer: Json, usage: string): number | undefined {
  const { products, terms } = asObject(offer);
  const pattern = new RegExp(`^(?:[A-Z0-9]+-)?${usage}(?::perCPU)?$`);
  const sku = Object.entries(asObject(products)).find(([, product]) =>
    pattern.test(String(asObject(asObject(product).attributes).usagetype)),
  )?.[0];
  if (sku === undefined) return undefined;
  const [term] = Object.values(asObject(asObject(asObject(terms).OnDemand)[sku]));
  // Step Functions has a free tier, with the price 0.
  const prices = Object.values(asObject(asObject(term).priceDimensions)).map((dimension) =>
    Number(asObject(asObject(dimension).pricePerUnit).USD),
  );
  return prices.find((price) => price > 0);
}

async function download(url: string): Promise<Json> {
  const answer = await fetch(url).catch((cause) => {
    throw new UsageError(`${url} cannot be read: no answer`, { cause });
  });
  if (!answer.ok) throw new UsageError(`${url} cannot be read: HTTP status ${answer.status}`);
  return (await answer.json()) as Json;
}

async function renew(): Promise<void> {
  const spot = await download(SPOT);
  const regions: Record<string, RegionPrices> = {};
  for (const [region, { instance }] of Object.entries(LIST.regions as Readonly<Record<string, RegionPrices>>)) {
    process.stderr.write(`reading the prices of ${region}\n`);
    const [fargate, states] = await Promise.all(
      ["AmazonECS", "AmazonStates"].map((service) => download(`${OFFERS}/${service}/current/${region}/index.json`)),
    );
    regions[region] = regionPrices(region, { fargate: fargate!, states: states!, spot }, instance);
  }
  const list = { ...LIST, date: new Date().toISOString().slice(0, "2026-01".length), regions };
  replaceFile(join(PROJECT_FOLDER, "src/execution/cost/price-list.json"), `${JSON.stringify(list, null, 2)}\n`);
}

if (require.main === module) void runScript(renew, { exitCode: 2 });
