/** The variables and mounts that a local run adds to its jobs. */
import type { Mount } from "../engines/engine";

type Variables = Readonly<Record<string, string>>;

/** The parts that a run gives its jobs beside their definitions and requests. */
export interface JobAdditions {
  /** Variables that the run sets unless the job's definition, its request or the user does. */
  readonly defaults: { readonly environment: Variables; readonly secrets: Variables };
  /** Variables of the user, which replace all others except `AWS_BATCH_…`. */
  readonly environment: Variables;
  /** The values of the secrets of each job definition, by the definition's name and the variable. */
  readonly secrets: Readonly<Record<string, Variables>>;
  /** Folders and files for all jobs. */
  readonly mounts: readonly Mount[];
  /** Names of hosts that containers know, and their addresses. */
  readonly hosts: Variables;
}

export const NO_ADDITIONS: JobAdditions = {
  defaults: { environment: {}, secrets: {} },
  environment: {},
  secrets: {},
  mounts: [],
  hosts: {},
};

/**
 * Merges the variables of a job. From the weakest to the strongest: the run's defaults, those of the definition and the request,
 * the user's, the values of the definition's secrets, and Batch's own. The value of a secret of another job stays a secret.
 */
export function jobVariables(
  job: { readonly definition: string; readonly environment: Variables },
  additions: JobAdditions,
  ofBatch: Variables,
): { readonly environment: Variables; readonly secrets: Variables } {
  const { defaults, environment, secrets } = additions;
  const chosen = { ...job.environment, ...environment };
  const hidden = new Set(secretsIn(additions));
  if (hidden.size === 0) return { environment: { ...defaults.environment, ...chosen, ...ofBatch }, secrets: {} };
  const alsoSecret = Object.fromEntries(Object.entries(chosen).filter(([, value]) => hidden.has(value)));
  const secret = { ...without(defaults.secrets, chosen), ...alsoSecret, ...secrets[job.definition] };
  return {
    environment: { ...without({ ...defaults.environment, ...chosen }, secret), ...ofBatch },
    secrets: without(secret, ofBatch),
  };
}

/** Returns the mounts of a job. One of the user replaces the job's own at the same path. */
export function jobMounts(own: readonly Mount[], { mounts }: JobAdditions): readonly Mount[] {
  return [...own.filter((mount) => !mounts.some(({ container }) => container === mount.container)), ...mounts];
}

/** Returns the values that must not be shown. */
export function secretsIn({ defaults, secrets }: JobAdditions): string[] {
  return [defaults.secrets, ...Object.values(secrets)].flatMap((variables) => Object.values(variables));
}

// --- internal ---

function without(variables: Variables, others: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !Object.hasOwn(others, name)));
}
