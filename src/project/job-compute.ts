/** The compute of each job: the workflow's, or its own. */
import { type ComputeLimits, DEFAULT_INSTANCE } from "../asl/compute-sizes";
import type { Architecture, Compute, Settings } from "./settings-types";

/** The compute behind a queue. */
export interface QueueCompute {
  /** In the order in which Batch tries them; all on Fargate, or all on instances. */
  readonly compute: readonly Compute[];
  readonly architecture: Architecture;
  /** Empty: the defaults for the architecture. */
  readonly instanceTypes: readonly string[];
}

/** All kinds of compute. */
export const COMPUTES = ["FARGATE_SPOT", "FARGATE", "EC2", "SPOT"] as const satisfies readonly Compute[];

/** Returns the compute that AWS or a plan names; `null` for any other value. */
export function readCompute(value: unknown): Compute | null {
  return COMPUTES.find((one) => one === value) ?? null;
}

/** Returns the compute of a job. */
export function jobCompute(settings: Settings, jobName: string): QueueCompute {
  const { compute, architecture, instanceTypes } = settings.jobs[jobName]!;
  const own = { compute: compute ?? settings.compute, architecture: architecture ?? settings.architecture };
  // The workflow's types have the workflow's architecture.
  const fits = !isFargate(own.compute) && own.architecture === settings.architecture;
  return { ...own, instanceTypes: instanceTypes ?? (fits ? settings.instanceTypes : []) };
}

/** Returns whether a job has a queue of its own, because its compute differs from the workflow's. */
export function hasOwnQueue(settings: Settings, jobName: string): boolean {
  const { compute, architecture, instanceTypes } = settings;
  return JSON.stringify(jobCompute(settings, jobName)) !== JSON.stringify({ compute, architecture, instanceTypes });
}

/** Returns whether jobs run on Fargate, and not on instances. */
export function isFargate(compute: readonly Compute[]): boolean {
  return compute.every((one) => one === "FARGATE" || one === "FARGATE_SPOT");
}

/** Returns the limits of compute. */
export function computeLimits({ compute, instanceTypes }: QueueCompute, maxVcpus: number): ComputeLimits {
  return {
    isFargate: isFargate(compute),
    maxVcpus,
    instance: isFargate(compute) || instanceTypes.length > 0 ? null : DEFAULT_INSTANCE,
  };
}
