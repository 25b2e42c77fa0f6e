import { type JobAdditions, NO_ADDITIONS } from "../local/batch/job-additions";
import type { LocalSession, Preparation } from "./runnable";

/**
 * Returns the credentials and the region of the profile that `--aws-profile` names, and warns that the jobs now act on AWS. Without
 * the flag, the jobs get nothing.
 *
 * @throws UsageError if there is no such profile, or it has no credentials
 */
export async function profileDefaults(
  profile: string | undefined,
  region: string,
  { environment }: LocalSession,
  { notice }: Pick<Preparation, "notice">,
): Promise<JobAdditions["defaults"]> {
  if (profile === undefined) return NO_ADDITIONS.defaults;
  const { profileVariables } = await import("../aws/profile-credentials");
  const variables = await profileVariables(profile, region, environment);
  const used = variables.environment.AWS_REGION;
  notice(`the jobs have the credentials of the profile ${profile}: what they do with AWS is real (region ${used})`);
  return variables;
}
