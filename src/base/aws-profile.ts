/** Reads the AWS profiles of this machine, as the AWS CLI and the SDKs do. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface AwsProfile {
  readonly name: string;
  readonly region: string | null;
}

/**
 * Returns the profile in use.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export function awsProfile(environment: NodeJS.ProcessEnv): AwsProfile {
  const name = environment.AWS_PROFILE || "default";
  return { name, region: awsProfiles(environment).get(name) ?? null };
}

/** Returns the region of each profile; `null` for a profile without one. */
export function awsProfiles(environment: NodeJS.ProcessEnv): ReadonlyMap<string, string | null> {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, HOME, USERPROFILE } = environment;
  const folder = join(HOME ?? USERPROFILE ?? homedir(), ".aws");
  const profiles = new Map<string, string | null>();
  const add = (name: string, region: string | null) => profiles.set(name, profiles.get(name) ?? region);
  for (const [section, region] of regionsIn(AWS_CONFIG_FILE || join(folder, "config"))) {
    // In this file only, `profile` precedes every name except default.
    const [, name] =
      /^(?:profile )?(default)$|^profile (.*)$/.exec(section)?.filter((part) => part !== undefined) ?? [];
    if (name !== undefined) add(name, region);
  }
  for (const [name, region] of regionsIn(AWS_SHARED_CREDENTIALS_FILE || join(folder, "credentials"))) add(name, region);
  return profiles;
}

// --- internal ---

/** Returns the region that each section of a file sets. An unreadable file has no sections: the SDK reports it when it matters. */
function regionsIn(path: string): Map<string, string | null> {
  const regions = new Map<string, string | null>();
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch {
    return regions;
  }
  let current: string | null = null;
  for (const line of content.split(/\r?\n/)) {
    const [, section] = /^\s*\[\s*(.*?)\s*\]/.exec(line) ?? [];
    if (section !== undefined) {
      current = section.replace(/\s+/g, " ").replaceAll(/["']/g, "");
      regions.set(current, regions.get(current) ?? null);
    }
    // An indented line belongs to the setting above it.
    const [, region] = /^region\s*=\s*([^\s#;]+)/.exec(line) ?? [];
    if (current !== null && region !== undefined) regions.set(current, regions.get(current) ?? region);
  }
  return regions;
}
