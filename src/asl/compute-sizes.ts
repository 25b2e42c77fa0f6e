/** The sizes of jobs that Batch's compute offers. */

/** The size of a job. */
export interface JobSize {
  readonly vcpus: number;
  readonly memoryMiB: number;
}

/** The compute behind a job queue. */
export interface ComputeLimits {
  /** True if the jobs run on Fargate, and not on instances. */
  readonly isFargate: boolean;
  /** The most vCPUs that all jobs together may use. */
  readonly maxVcpus: number;
  /** The largest job that the instances hold; `null` if it is unknown. Fargate has no instances. */
  readonly instance: JobSize | null;
}

/** The instances of queues that name no types. They have 2 vCPUs and 16 GiB; older and newer ones, since Spot wants a choice. */
export const DEFAULT_INSTANCE_TYPES: Readonly<Record<"X86_64" | "ARM64", readonly string[]>> = {
  X86_64: ["r4.large", "r5.large"],
  ARM64: ["r6g.large", "r7g.large"],
};

/** The size that a default instance offers to a job: 2 vCPUs, and 16 GiB without the part that the system uses. */
export const DEFAULT_INSTANCE: JobSize = { vcpus: 2, memoryMiB: 15_360 };

/** A value of a job that Fargate does not offer, and the values that it offers instead. */
interface Misfit {
  readonly field: keyof JobSize;
  readonly offered: readonly number[];
}

/** Returns the part of a size that Fargate does not offer; `null` if it offers the size. */
export function fargateMisfit({ vcpus, memoryMiB }: JobSize): Misfit | null {
  const memory = FARGATE_MEMORY.get(vcpus);
  if (memory === undefined) return { field: "vcpus", offered: [...FARGATE_MEMORY.keys()] };
  return memory.includes(memoryMiB) ? null : { field: "memoryMiB", offered: memory };
}

/** Returns the smallest memory in MiB, of at least `least`, that Fargate offers beside these vCPUs; `null` if there is none. */
export function fargateMemory(vcpus: number, least: number): number | null {
  return FARGATE_MEMORY.get(vcpus)?.find((memory) => memory >= least) ?? null;
}

/** Returns the fewest vCPUs, at least `least`, that Fargate offers beside this memory; `null` if there are none. */
export function fargateVcpus(memoryMiB: number, least: number): number | null {
  const fits = [...FARGATE_MEMORY].find(([vcpus, memory]) => vcpus >= least && memory.includes(memoryMiB));
  return fits?.[0] ?? null;
}

// --- internal ---

/**
 * The memory sizes of Fargate in MiB, by the number of vCPUs.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html
 */
const FARGATE_MEMORY: ReadonlyMap<number, readonly number[]> = new Map([
  [0.25, [512, 1024, 2048]],
  [0.5, steps(1, 4)],
  [1, steps(2, 8)],
  [2, steps(4, 16)],
  [4, steps(8, 30)],
  [8, steps(16, 60, 4)],
  [16, steps(32, 120, 8)],
]);

/** Returns the sizes from `least` to `most` GiB, in MiB. */
function steps(least: number, most: number, step = 1): number[] {
  return Array.from({ length: (most - least) / step + 1 }, (_, index) => (least + index * step) * 1024);
}
