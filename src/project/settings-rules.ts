/** The rules between settings. Each setting has already passed its own rule. */
import { FILLED_RULES } from "./filled-rules";
import { isFargate } from "./job-compute";
import { MOST_POLICY_CHARACTERS, SHORTER_POLICY } from "./job-limits";
import { foreignTypes, isOnePlatform, JOB_RULES, ONE_PLATFORM } from "./job-rules";
import { PLACEHOLDER_RULES } from "./placeholder-rules";
import type { Settings } from "./settings-types";
import { isTopic } from "./trigger-kinds";
import type { Rule, UnmetRule } from "./unmet-rule";

/** Returns the rules that the settings break. Skips a rule if one of its settings is missing because it is wrong by itself. */
export function unmetRules(settings: Partial<Settings>): UnmetRule[] {
  return RULES.filter(({ among }) => among.every((name) => name in settings)).flatMap(({ unmet }) =>
    unmet(settings as Settings),
  );
}

// --- internal ---

/** A rule of EventBridge has five targets. One is the topic of the e-mail addresses. */
const MOST_TOPICS = 4;

const RULES: readonly Rule[] = [
  rule(
    "instanceTypes",
    ["compute"],
    ({ compute, instanceTypes }) => !isFargate(compute) || instanceTypes.length === 0,
    "be unset unless `compute` is EC2 or SPOT",
  ),
  {
    among: ["architecture", "instanceTypes"],
    unmet: (settings) => {
      const must = foreignTypes(settings);
      return must === null ? [] : [{ setting: "instanceTypes", path: [], must }];
    },
  },
  rule(
    "statements",
    [],
    ({ statements }) => JSON.stringify(statements).length <= MOST_POLICY_CHARACTERS,
    SHORTER_POLICY,
  ),
  rule("compute", [], ({ compute }) => isOnePlatform(compute), ONE_PLATFORM),
  rule(
    "subnets",
    ["network"],
    ({ network, subnets }) => isGivenNetwork(network) === subnets.length > 0,
    "name subnets of the VPC in `network`, and be unset if `network` is not the id of a VPC",
  ),
  rule(
    "assignPublicIp",
    ["compute", "network"],
    ({ compute, network, assignPublicIp }) => assignPublicIp || network !== "create" || !isFargate(compute),
    "be true if `network` is create: its subnets have no NAT gateway",
  ),
  rule(
    "onObject",
    ["data"],
    ({ onObject, data }) => onObject === null || data !== "none",
    "be unset unless `data` is create or the name of a bucket",
  ),
  rule("notify", [], ({ notify }) => new Set(notify).size === notify.length, "name each recipient once"),
  rule(
    "notify",
    ["region"],
    ({ notify, region }) => topicsOf(notify).every((arn) => arn.split(":")[3] === region),
    "name only topics in the region of the deployment: EventBridge sends to no other region",
  ),
  rule(
    "notify",
    [],
    ({ notify }) => topicsOf(notify).length <= MOST_TOPICS,
    `name at most ${MOST_TOPICS} topics, beside any number of e-mail addresses`,
  ),
  rule(
    "stateBucket",
    ["backend"],
    ({ backend, stateBucket }) => backend !== "s3" || stateBucket !== null,
    "be the name of an S3 bucket if `backend` is s3",
  ),
  rule(
    "cloudOrganization",
    ["backend"],
    ({ backend, cloudOrganization }) => backend !== "cloud" || cloudOrganization !== null,
    "be the name of an organization if `backend` is cloud",
  ),
  ...JOB_RULES,
  ...PLACEHOLDER_RULES,
  ...FILLED_RULES,
];

function rule(
  setting: keyof Settings,
  others: readonly (keyof Settings)[],
  isMet: (settings: Settings) => boolean,
  must: string,
): Rule {
  return {
    among: [setting, ...others],
    unmet: (settings) => (isMet(settings) ? [] : [{ setting, path: [], must }]),
  };
}

/** Returns whether the jobs run in an existing VPC that the settings name by its id. */
function isGivenNetwork(network: string): boolean {
  return network.startsWith("vpc-");
}

function topicsOf(recipients: readonly string[]): string[] {
  return recipients.filter(isTopic);
}
