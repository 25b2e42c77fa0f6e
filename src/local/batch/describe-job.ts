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
  const { command, vcpus, memoryMiB, gpus } = plan;
  return { ...sharedFacts(plan, additions), command, vcpus, memoryMiB, gpus };
}

// --- internal ---

type SharedFacts = Omit<JobDescription, "command" | "vcpus" | "memoryMiB" | "gpus">;

/** The last facts of the jobs with the same variables. Most jobs of a run share them. */
const FACTS = new WeakMap<
  JobPlan["environment"],
  { readonly definition: JobPlan["definition"]; readonly additions: JobAdditions; readonly facts: SharedFacts }
>();

function sharedFacts({ definition, environment }: JobPlan, additions: JobAdditions): SharedFacts {
  const known = FACTS.get(environment);
  if (known?.definition === definition && known.additions === additions) return known.facts;
  const facts = factsOf({ definition, environment }, additions);
  FACTS.set(environment, { definition, additions, facts });
  return facts;
}

function factsOf(
  { definition, environment: own }: Pick<JobPlan, "definition" | "environment">,
  additions: JobAdditions,
): SharedFacts {
  const { environment, secrets } = jobVariables(
    { definition: definition.name, environment: own },
    { ...additions, defaults: NO_ADDITIONS.defaults },
    {},
  );
  const names = Object.keys(secrets);
  const { SizeInGiB } = asObject(definition.container.EphemeralStorage);
  return {
    definition: definition.arn.replace(/^.*\//, ""),
    image: definition.image,
    environment: { ...environment, ...Object.fromEntries(names.map((name) => [name, MASK])) },
    secrets: names,
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
