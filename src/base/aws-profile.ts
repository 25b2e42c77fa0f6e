/** Finds the region of the AWS profile in use, as the AWS CLI and the SDKs do. */
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
  const { AWS_PROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, HOME, USERPROFILE } = environment;
  const name = AWS_PROFILE || "default";
  const folder = join(HOME ?? USERPROFILE ?? homedir(), ".aws");
  const region =
    // In this file only, `profile` precedes every name except default.
    regionIn(
      AWS_CONFIG_FILE || join(folder, "config"),
      name === "default" ? ["default", "profile default"] : [`profile ${name}`],
    ) ?? regionIn(AWS_SHARED_CREDENTIALS_FILE || join(folder, "credentials"), [name]);
  return { name, region };
}

// --- internal ---

/** Returns the region that a section of a file sets. An unreadable file sets none: the SDK reports it when it matters. */
function regionIn(path: string, sections: readonly string[]): string | null {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch {
    return null;
  }
  let isOurs = false;
  for (const line of content.split(/\r?\n/)) {
    const [, section] = /^\s*\[\s*(.*?)\s*\]/.exec(line) ?? [];
    if (section !== undefined) isOurs = sections.includes(section.replace(/\s+/g, " ").replaceAll(/["']/g, ""));
    // An indented line belongs to the setting above it.
    const [, region] = /^region\s*=\s*([^\s#;]+)/.exec(line) ?? [];
    if (isOurs && region !== undefined) return region;
  }
  return null;
}
