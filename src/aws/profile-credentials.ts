/** The credentials of an AWS profile, for programs that this one starts. */
import { STSClient } from "@aws-sdk/client-sts";
import { awsProfiles } from "../base/aws-profile";
import { UsageError } from "../base/errors";
import { suggest } from "../base/suggest";
import { clientConfiguration } from "./clients";

/** Variables that AWS's tools read. */
export interface ProfileVariables {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Returns the variables of a profile: its credentials, also those of a role or of IAM Identity Center, and its region, or `region`
 * if it has none. Credentials of a session expire, usually after an hour.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
 * @throws UsageError if there is no such profile, or it has no credentials
 */
export async function profileVariables(
  profile: string,
  region: string,
  environment: NodeJS.ProcessEnv,
): Promise<ProfileVariables> {
  const profiles = awsProfiles(environment);
  // Without this check, the SDK would take the credentials of the machine instead.
  if (!profiles.has(profile)) {
    throw new UsageError(
      `\`--aws-profile\` must name a profile of this machine, got: ${profile}; ${suggest(profile, profiles.keys(), "profiles")}`,
    );
  }
  const used = profiles.get(profile) ?? region;
  const credentials = await new STSClient({ ...clientConfiguration(used), profile, logger: SILENT }).config
    .credentials()
    .catch((error: Error) => {
      const fix = `run \`aws sso login --profile ${profile}\`, or check the profile`;
      throw new UsageError(`the profile ${profile} has no credentials: ${error.message}; ${fix}`, { cause: error });
    });
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    environment: { AWS_REGION: used, AWS_DEFAULT_REGION: used },
    secrets: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
    },
  };
}

// --- internal ---

const ignore = () => {};

/** The SDK warns that the environment has credentials too. The user has named the profile. */
const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
