/** Describes what a job runs, for the views. */
import { MASK } from "../../base/hidden-values";
import { asObject } from "../../base/json";
import type { JobDescription } from "../../execution/events";
import { type JobAdditions, jobVariables, NO_ADDITIONS } from "./job-additions";
import type { JobPlan } from "./job-plan";

/**
 * Describes the job of a plan, with the user's variables, and without those that only serve this run, such as the address of the
 * local bucket.
 */
export function describeJob(plan: JobPlan, additions: JobAdditions): JobDescription {
  const { definition } = plan;
  const { environment, secrets } = jobVariables(
    { definition: definition.name, environment: plan.environment },
    { ...additions, defaults: NO_ADDITIONS.defaults },
    {},
  );
  const names = Object.keys(secrets);
  const { SizeInGiB } = asObject(definition.container.EphemeralStorage);
  return {
    definition: definition.arn.replace(/^.*\//, ""),
    image: definition.image,
    command: plan.command,
    environment: { ...environment, ...Object.fromEntries(names.map((name) => [name, MASK])) },
    secrets: names,
    vcpus: plan.vcpus,
    memoryMiB: plan.memoryMiB,
    gpus: plan.gpus,
    compute: definition.compute?.compute[0] ?? null,
    architecture: definition.compute?.architecture ?? null,
    instanceTypes: definition.compute?.instanceTypes ?? [],
    ephemeralStorageGiB: typeof SizeInGiB === "number" ? SizeInGiB : null,
    sharedMemoryMiB: definition.sharedMemoryMiB,
    user: definition.user,
    readonlyRootFilesystem: definition.readonlyRootFilesystem,
    initProcess: definition.initProcess,
  };
}
