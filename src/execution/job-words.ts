/** The facts of a job in words, in the terminal and in the report. */
import { count, counted } from "../base/terminal-text";
import type { JobDescription, JobUsage } from "./events";

type Size = Pick<JobDescription, "vcpus" | "memoryMiB" | "gpus" | "compute" | "architecture">;

/** Returns the size of a job, and where it runs: `0.25 vCPUs, 512 MiB, FARGATE_SPOT`. */
export function sizeWords({ vcpus, memoryMiB, gpus, compute, architecture }: Size): string {
  return [
    counted(vcpus, "vCPU"),
    `${count(memoryMiB)} MiB`,
    ...(gpus === 0 ? [] : [counted(gpus, "GPU")]),
    ...[compute, architecture].flatMap((word) => word ?? []),
  ].join(", ");
}

/** Returns what a job has used: `310 MiB at most, 12.5 s of CPU time`. Empty if nothing is known. */
export function usageWords(usage: JobUsage | null): string {
  return [
    ...(usage?.peakMemoryMiB == null ? [] : [`${count(usage.peakMemoryMiB)} MiB at most`]),
    ...(usage?.cpuSeconds == null ? [] : [`${usage.cpuSeconds} s of CPU time`]),
  ].join(", ");
}
