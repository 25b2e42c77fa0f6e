/** The list price of a job's size, from the dated table in `price-list.json`. */
import { DEFAULT_INSTANCE_TYPES } from "../../asl/compute-sizes";
import type { Architecture } from "../../project/settings-types";
import type { JobDescription } from "../events";
import LIST from "./price-list.json";

/** The prices of a region in US dollars. A price that is absent is not known. */
export interface RegionPrices {
  readonly fargate: BySize;
  /** Spot prices vary. These are the ones that AWS published on the date of the table. */
  readonly fargateSpot?: BySize;
  /** An hour of one GiB of scratch space on Fargate beyond the first 20 GiB. */
  readonly scratchGib?: number;
  /** An hour of the cheapest default instance: r5.large or r6g.large, with 2 vCPUs and 16 GiB. */
  readonly instance?: Readonly<Partial<Record<Architecture, number>>>;
  /** 1,000 state transitions of a Standard workflow. */
  readonly thousandTransitions?: number;
}

/** The price of a job of one size. */
export interface JobPrice {
  /** US dollars. */
  readonly perHour: number;
  /** The least time that AWS bills for one attempt. */
  readonly leastSeconds: number;
  /** True for Spot capacity without a known price: it never costs more than this price of the same compute on demand. */
  readonly isMost: boolean;
}

export type JobSize = Pick<
  JobDescription,
  "vcpus" | "memoryMiB" | "gpus" | "compute" | "architecture" | "ephemeralStorageGiB" | "instanceTypes"
>;

/** The month of the prices: `2026-09`. */
export const PRICES_OF: string = LIST.date;

/** Returns the prices of a region; `null` if the table does not have it. */
export function pricesOf(region: string): RegionPrices | null {
  return Object.hasOwn(REGIONS, region) ? REGIONS[region]! : null;
}

/** Returns the price of a job; `null` if it is not known. */
export function priceOf(size: JobSize, prices: RegionPrices): JobPrice | null {
  const { compute } = size;
  if (compute === null) return null;
  return compute === "FARGATE" || compute === "FARGATE_SPOT"
    ? fargatePrice(size, prices, compute === "FARGATE_SPOT")
    : instancePrice(size, prices, compute === "SPOT");
}

// --- internal ---

/** The prices of an hour of one vCPU and of one GiB of memory. */
type BySize = Readonly<Partial<Record<Architecture, { readonly vcpu: number; readonly gib: number }>>>;

const REGIONS: Readonly<Record<string, RegionPrices>> = LIST.regions;

/** @see https://aws.amazon.com/fargate/pricing/ */
const FARGATE_LEAST_SECONDS = 60;
const FREE_SCRATCH_GIB = 20;

/** The size that the price of a default instance pays for. */
const INSTANCE = { vcpus: 2, memoryMiB: 16 * 1024 };

function fargatePrice(size: JobSize, prices: RegionPrices, onSpot: boolean): JobPrice | null {
  const { vcpus, memoryMiB, architecture, ephemeralStorageGiB } = size;
  const spot = onSpot ? prices.fargateSpot?.[architecture ?? "X86_64"] : undefined;
  const unit = spot ?? prices.fargate[architecture ?? "X86_64"];
  const scratchGiB = Math.max(0, (ephemeralStorageGiB ?? FREE_SCRATCH_GIB) - FREE_SCRATCH_GIB);
  const { scratchGib } = prices;
  if (unit === undefined || (scratchGiB > 0 && scratchGib === undefined)) return null;
  return {
    perHour: vcpus * unit.vcpu + (memoryMiB / 1024) * unit.gib + scratchGiB * (scratchGib ?? 0),
    leastSeconds: FARGATE_LEAST_SECONDS,
    isMost: onSpot && spot === undefined,
  };
}

/** Returns the job's share of a default instance: of its vCPUs or of its memory, whichever is larger. */
function instancePrice(size: JobSize, prices: RegionPrices, onSpot: boolean): JobPrice | null {
  const { vcpus, memoryMiB, gpus } = size;
  const architecture = instanceArchitecture(size);
  const instance = architecture === null ? undefined : prices.instance?.[architecture];
  if (instance === undefined || gpus > 0) return null;
  const share = Math.max(vcpus / INSTANCE.vcpus, memoryMiB / INSTANCE.memoryMiB);
  return { perHour: share * instance, leastSeconds: 0, isMost: onSpot };
}

/** Returns the architecture of the default instances; `null` for other instances. */
function instanceArchitecture({ architecture, instanceTypes }: JobSize): Architecture | null {
  if (instanceTypes.length === 0) return architecture ?? "X86_64";
  const isDefault = (one: Architecture) => instanceTypes.every((type) => DEFAULT_INSTANCE_TYPES[one].includes(type));
  return (["X86_64", "ARM64"] as const).find(isDefault) ?? null;
}
