/** The checks of `doctor`: one table. Each row names its probe, and judges the answer. */

import { partitionOf, resourceName } from "../../project/names";
import type { Settings } from "../../project/settings-types";
import { waysToGiveToken } from "../../terraform/terraform-token";
import { judgeBucket, judgeDataBucket } from "./bucket-checks";
import { type Finding, failure, ok, warning } from "./finding";
import type { Answers, BatchResource } from "./probes";
import type { Known } from "./question";

/** A row of the table. */
export interface Check {
  readonly name: string;
  readonly probe: keyof Answers;
  /** Returns true if the check matters with these settings. */
  readonly applies: (settings: Settings) => boolean;
  /** True if the probe needs AWS credentials. */
  readonly needsLogin: boolean;
  /** Status if the probe cannot answer. */
  readonly unanswered: Finding["status"];
  /** `null` if there is nothing to say. */
  readonly judge: (answer: never, known: Known) => Finding | null;
}

const OLDEST_NODE = "20.19.0";
/** The first version with ephemeral resources and with locks in S3. */
const OLDEST_TERRAFORM = { Terraform: "1.10.0", OpenTofu: "1.11.0" } as const;
/** Docker's names of the processors of the setting `architecture`. */
const PROCESSORS = { X86_64: ["x86_64", "amd64"], ARM64: ["aarch64", "arm64"] } as const;
const HERE_ONLY = "give the engine more to run it here; on AWS it does not matter";
const PUT_BACK = "run `npx workflow deploy`, which puts it back";
const PASSING = ["CREATING", "UPDATING", "DELETING"];

/** The name of the check of the bucket for data. A deploy prints its warnings. */
export const DATA_BUCKET = "data bucket";

/** For checks of the deployment. Without an answer, they only warn. */
const DEPLOYED = { needsLogin: true, unanswered: "warning" } as const;

export const CHECKS: readonly Check[] = [
  check("Node.js", "node", {}, (version) =>
    isOlder(version, OLDEST_NODE)
      ? failure(`${version} is older than ${OLDEST_NODE}`, "install a newer one")
      : ok(version),
  ),
  check("Terraform", "terraform", {}, judgeTerraform),
  check("Docker", "docker", {}, judgeDocker),
  check("credentials", "caller", {}, judgeCaller),
  check("region", "profile", {}, judgeRegion),
  check(
    "default VPC",
    "defaultVpc",
    { ...DEPLOYED, applies: ({ network }) => network === "default" },
    (vpc, { settings: { region } }) =>
      vpc === null
        ? failure(
            `${region} has none`,
            "set WORKFLOW_NETWORK=create, give a VPC and its subnets, or run `aws ec2 create-default-vpc`",
          )
        : ok(vpc),
  ),
  // The settings say everything, so the probe is one that always answers.
  check("backend", "node", { applies: ({ backend }) => backend === "local" }, (_, { environment }) =>
    isCi(environment)
      ? warning("local, and CI is set: the state would be lost with the machine", "set WORKFLOW_BACKEND to s3 or cloud")
      : ok("local, in state/"),
  ),
  check("backend", "bucket", { needsLogin: true, applies: ({ backend }) => backend === "s3" }, judgeBucket),
  check("backend", "workspaces", { applies: ({ backend }) => backend === "cloud" }, judgeWorkspaces),
  check(DATA_BUCKET, "dataBucket", DEPLOYED, judgeDataBucket),
  check("state", "state", DEPLOYED, judgeState),
  check("state machine", "stateMachine", { needsLogin: true }, (answer, { settings }) => {
    const name = resourceName(settings);
    if (answer === null) return warning(`${name} is not deployed`, "run `npx workflow deploy`");
    if (answer.status !== "ACTIVE") return warning(`${name} is ${answer.status}`, "wait until it is gone, then deploy");
    return ok(answer.arn);
  }),
  check("job queue", "jobQueue", DEPLOYED, (answer, { settings }) => {
    const name = resourceName(settings);
    if (answer === "not-deployed") return null;
    return answer === "missing" ? failure(`${name} does not exist`, PUT_BACK) : judgeBatch(name, answer);
  }),
  check("compute environment", "computeEnvironments", DEPLOYED, (environments) => {
    const findings = environments.map((one) => judgeBatch(one.name, one));
    return findings.find(({ status }) => status !== "ok") ?? findings[0] ?? null;
  }),
  check("images", "images", DEPLOYED, judgeImages),
];

/** Returns whether this runs in a pipeline, on a machine that does not keep its files. */
export function isCi({ CI }: NodeJS.ProcessEnv): boolean {
  return !["", "0", "false"].includes(CI ?? "");
}

// --- internal ---

function check<K extends keyof Answers>(
  name: string,
  probe: K,
  more: Partial<Pick<Check, "applies" | "needsLogin" | "unanswered">>,
  judge: (answer: Answers[K], known: Known) => Finding | null,
): Check {
  return { name, probe, applies: () => true, needsLogin: false, unanswered: "failure", ...more, judge };
}

function judgeTerraform({ command, found, other }: Answers["terraform"]): Finding {
  if (found === null) {
    return failure(
      `there is no command ${command}`,
      other === null
        ? `install Terraform ${OLDEST_TERRAFORM.Terraform} or OpenTofu ${OLDEST_TERRAFORM.OpenTofu}, or newer`
        : `set TERRAFORM_BINARY_NAME=${other}`,
    );
  }
  const { product, version } = found;
  const oldest = OLDEST_TERRAFORM[product];
  if (!isOlder(version, oldest)) return ok(`${product} ${version}`);
  return failure(`${product} ${version} is older than ${oldest}`, "install a newer one");
}

function judgeDocker(host: Answers["docker"], { settings: { architecture, jobs } }: Known): Finding {
  const engine = `engine ${host.version}`;
  if (host.os !== "linux") return failure(`${engine} runs ${host.os} containers`, "switch it to Linux containers");
  if (!(PROCESSORS[architecture] as readonly string[]).includes(host.architecture)) {
    return warning(
      `${engine} runs on ${host.architecture}, images are built for ${architecture}`,
      "a Dockerfile with RUN needs QEMU, as do jobs that run here; or set WORKFLOW_ARCHITECTURE",
    );
  }
  for (const [name, { vcpus, memoryMiB }] of Object.entries(jobs)) {
    if (vcpus > host.vcpus) {
      return warning(`${engine} has ${host.vcpus} CPUs, the job ${name} asks for ${vcpus}`, HERE_ONLY);
    }
    if (memoryMiB > host.memoryMiB) {
      return warning(`${engine} has ${host.memoryMiB} MiB, the job ${name} asks for ${memoryMiB}`, HERE_ONLY);
    }
  }
  return ok(engine);
}

function judgeCaller({ account, arn }: Answers["caller"], { settings: { region } }: Known): Finding {
  const found = `account ${account}, ${arn}`;
  const [partition, own] = [partitionOf(region), arn.split(":")[1]];
  return own === partition
    ? ok(found)
    : failure(
        `${found}: of the partition ${own}, and ${region} is in ${partition}`,
        "set AWS_REGION to a region of that partition, or use other credentials",
      );
}

/** Terraform and the commands use the same region. The settings of the AWS CLI may name another one. */
function judgeRegion(
  { name, region: ofProfile }: Answers["profile"],
  { settings: { region }, environment: { AWS_REGION, AWS_DEFAULT_REGION } }: Known,
): Finding {
  if (AWS_REGION) return ok(region);
  const [other, source] = AWS_DEFAULT_REGION
    ? [AWS_DEFAULT_REGION, "of AWS_DEFAULT_REGION"]
    : [ofProfile, `of the AWS profile ${name}`];
  if (other === null || other === region) return ok(region);
  return warning(
    `${region}, and not ${other} ${source}`,
    `set AWS_REGION=${other}, or AWS_REGION=${region} if that is right`,
  );
}

function judgeWorkspaces(answer: Answers["workspaces"], { settings, environment }: Known): Finding {
  const { cloudHostname, cloudOrganization } = settings;
  const where = `cloud, ${cloudOrganization} at ${cloudHostname}`;
  switch (answer.found) {
    case "no-token":
      return failure(`${where}: there is no token`, waysToGiveToken(cloudHostname, environment));
    case "refused":
      return failure(`${where}: the token is refused`, waysToGiveToken(cloudHostname, environment));
    case "helper":
      return warning(
        `${where}: the credentials helper ${answer.helper} gives the token, so nothing was checked`,
        "check the execution modes of the workspaces yourself",
      );
    case "no-organization":
      return failure(
        `${where}: there is no such organization, or the token may not see it`,
        "set WORKFLOW_CLOUD_ORGANIZATION",
      );
  }
  const remote = Object.entries(answer.modes).find(([, mode]) => mode !== null && mode !== "local");
  if (remote !== undefined) {
    return failure(
      `${where}: the workspace ${remote[0]} runs in mode ${remote[1]}`,
      "set its execution mode to Local: HCP Terraform's machines have no Docker engine and no AWS credentials",
    );
  }
  const missing = Object.entries(answer.modes).filter(([, mode]) => mode === null);
  if (missing.length > 0 && answer.defaultMode !== "local") {
    return failure(
      `${where}: the first deploy would create ${missing.map(([name]) => name).join(" and ")} in mode ${answer.defaultMode}`,
      "set the organization's default execution mode to Local, or create the workspaces in that mode",
    );
  }
  return ok(where);
}

/** Compares the state with AWS. If the state is lost or elsewhere, a deploy would create everything a second time. */
function judgeState({ isDeployed, local, inBackend }: Answers["state"], { settings }: Known): Finding | null {
  const { backend } = settings;
  const name = resourceName(settings);
  const isElsewhere = backend !== "local" && local !== null && inBackend === false;
  if (isElsewhere) {
    return failure(
      `the backend is ${backend}, and the state of ${name} is in ${local}`,
      "run `npx workflow deploy --migrate-state` to move it, or set WORKFLOW_BACKEND=local",
    );
  }
  if (!isDeployed && backend === "local" && local !== null) {
    return warning(
      `${local} holds resources, and AWS shows no state machine ${name} in ${settings.region}`,
      "check AWS_PROFILE and AWS_REGION; if they are right, it was deleted, and `npx workflow deploy` creates it again",
    );
  }
  const isKept = backend === "local" ? local !== null : inBackend;
  if (!isDeployed || isKept !== false) return null;
  return failure(
    `${name} is deployed, and the backend ${backend} holds no state of it: a deploy would try to create it again`,
    "set WORKFLOW_BACKEND and WORKFLOW_ENVIRONMENT to what it was deployed with; for a lost state, see docs/troubleshooting.md",
  );
}

function judgeBatch(name: string, { state, status, reason }: BatchResource): Finding {
  const because = reason === null ? "" : `: ${reason}`;
  if (PASSING.includes(status)) return warning(`${name} is ${status}${because}`, "wait, and check again");
  if (status !== "VALID") return failure(`${name} is ${status}${because}`, `fix that, then ${PUT_BACK}`);
  if (state !== "ENABLED") return failure(`${name} is ${state}: no job starts`, PUT_BACK);
  return ok(name);
}

function judgeImages(images: Answers["images"]): Finding | null {
  if (images.length === 0) return null;
  const undefinedJob = images.find(({ image }) => image === null);
  if (undefinedJob !== undefined) return failure(`the job ${undefinedJob.job} has no job definition`, PUT_BACK);
  const missing = images.find(({ isThere }) => isThere === false);
  if (missing !== undefined) {
    return failure(`${missing.image} of the job ${missing.job} is not in ECR: no job starts`, PUT_BACK);
  }
  return ok(images.map(({ image }) => image!.replace(/^.*\//, "")).join(", "));
}

function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => text.split(/[.-]/).slice(0, 3).map(Number);
  const [theirs, ours] = [numbers(version), numbers(than)];
  const index = ours.findIndex((number, place) => number !== theirs[place]);
  return index >= 0 && theirs[index]! < ours[index]!;
}
