/** What deploying and running need: a table of checks, each a pure judgement of what its probe answers. */

import type { AwsProfile } from "../../base/aws-profile";
import { partitionOf, resourceName } from "../../project/names";
import type { Settings } from "../../project/settings-types";
import type { CloudWorkspaces } from "../../terraform/hcp";
import { waysToGiveToken } from "../../terraform/terraform-token";

/** What was found of one thing. */
export interface Finding {
  readonly status: "ok" | "warning" | "failure";
  readonly message: string;
  /** @default none: nothing is to be done, or the message says it */
  readonly fix?: string;
}

/** What every probe is given; it ends when `signal` aborts. */
export interface Question {
  readonly settings: Settings;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** What the probes answer. */
export interface Answers {
  /** Version, such as 20.19.0. */
  readonly node: string;
  readonly terraform: TerraformCommand;
  readonly docker: DockerHost;
  readonly caller: { readonly account: string; readonly arn: string };
  /** `null` where the region has none. */
  readonly defaultVpc: string | null;
  readonly bucket: StateBucket;
  readonly workspaces: CloudWorkspaces;
  readonly profile: AwsProfile;
  /** `null` where it is not there. */
  readonly stateMachine: { readonly arn: string; readonly status: string } | null;
  /** The state of the workflow stack. */
  readonly state: DeployedState;
  readonly jobQueue: JobQueue;
  /** Those of the job queue. */
  readonly computeEnvironments: readonly ComputeEnvironment[];
  /** By job, the image of its newest job definition. */
  readonly images: readonly JobImage[];
}

/** What is deployed, against what Terraform knows of it. */
export interface DeployedState {
  /** Whether the state machine is there. */
  readonly isDeployed: boolean;
  /** The file of the backend local that holds resources; `null` where there is none. */
  readonly local: string | null;
  /** Whether the backend of the settings holds a state; `null` where it is not known. */
  readonly inBackend: boolean | null;
}

export type JobQueue =
  /** `missing`: the state machine is there, its queue is not. */
  { readonly found: "not-deployed" | "missing" } | ({ readonly found: "queue" } & BatchResource);

/** A job queue or a compute environment, in the words of AWS Batch. */
export interface BatchResource {
  /** ENABLED or DISABLED. */
  readonly state: string;
  /** Such as VALID, INVALID or DELETING. */
  readonly status: string;
  readonly reason: string | null;
}

export interface ComputeEnvironment extends BatchResource {
  readonly name: string;
}

export interface JobImage {
  readonly job: string;
  /** Its address, with its tag; `null` where the job has no job definition. */
  readonly image: string | null;
  /** `null` where it is in no registry of ECR. */
  readonly isThere: boolean | null;
}

export interface TerraformCommand {
  readonly command: string;
  /** `null` where there is no such command. */
  readonly found: { readonly product: "Terraform" | "OpenTofu"; readonly version: string } | null;
  /** Another command that could be used in its place. */
  readonly other: string | null;
}

/** What containers would run on. */
export interface DockerHost {
  readonly version: string;
  readonly os: string;
  /** As Docker calls it, such as x86_64. */
  readonly architecture: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
}

export type StateBucket =
  | { readonly found: "none" }
  | { readonly found: "refused" }
  | { readonly found: "bucket"; readonly region: string | null; readonly versioned: boolean };

export type Probes = { readonly [K in keyof Answers]: (question: Question) => Promise<Answers[K]> };

/** One line of `doctor`. */
export interface Check {
  readonly name: string;
  /** `null`: the settings say it all. */
  readonly probe: keyof Answers | null;
  /** Whether it matters with these settings. */
  readonly applies: (settings: Settings) => boolean;
  /** Whether its probe can answer without AWS credentials. */
  readonly needsLogin: boolean;
  /** What to say where the probe cannot answer. */
  readonly unanswered: Finding["status"];
  /** `null` where there is nothing to say. */
  readonly judge: (answer: Answers[keyof Answers], question: Omit<Question, "signal">) => Finding | null;
}

type Judge<K extends keyof Answers> = (answer: Answers[K], question: Omit<Question, "signal">) => Finding | null;

const ok = (message: string): Finding => ({ status: "ok", message });
const warning = (message: string, fix: string): Finding => ({ status: "warning", message, fix });
const failure = (message: string, fix: string): Finding => ({ status: "failure", message, fix });

const OLDEST_NODE = "20.19.0";
/** The first with ephemeral resources and with locks in S3. */
const OLDEST_TERRAFORM = { Terraform: "1.10.0", OpenTofu: "1.11.0" } as const;
/** As Docker calls the processors of the setting `architecture`. */
const PROCESSORS = { X86_64: ["x86_64", "amd64"], ARM64: ["aarch64", "arm64"] } as const;

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
    { needsLogin: true, unanswered: "warning", applies: ({ network }) => network === "default" },
    (vpc, { settings: { region } }) =>
      vpc === null
        ? failure(
            `${region} has none`,
            "set WORKFLOW_NETWORK=create, give a VPC and its subnets, or run `aws ec2 create-default-vpc`",
          )
        : ok(vpc),
  ),
  {
    name: "backend",
    probe: null,
    applies: ({ backend }) => backend === "local",
    needsLogin: false,
    unanswered: "failure",
    judge: (_, { environment }) =>
      isCi(environment)
        ? warning(
            "local, and CI is set: the state would be lost with the machine",
            "set WORKFLOW_BACKEND to s3 or cloud",
          )
        : ok("local, in state/"),
  },
  check("backend", "bucket", { needsLogin: true, applies: ({ backend }) => backend === "s3" }, judgeBucket),
  check("backend", "workspaces", { applies: ({ backend }) => backend === "cloud" }, judgeWorkspaces),
  check("state", "state", { needsLogin: true, unanswered: "warning" }, judgeState),
  check("state machine", "stateMachine", { needsLogin: true }, judgeStateMachine),
  check("job queue", "jobQueue", { needsLogin: true, unanswered: "warning" }, judgeJobQueue),
  check(
    "compute environment",
    "computeEnvironments",
    { needsLogin: true, unanswered: "warning" },
    judgeComputeEnvironments,
  ),
  check("images", "images", { needsLogin: true, unanswered: "warning" }, judgeImages),
];

function check<K extends keyof Answers>(
  name: string,
  probe: K,
  {
    applies = () => true,
    needsLogin = false,
    unanswered = "failure",
  }: Partial<Pick<Check, "applies" | "needsLogin" | "unanswered">>,
  judge: Judge<K>,
): Check {
  return { name, probe, applies, needsLogin, unanswered, judge: judge as Check["judge"] };
}

/** Whether this runs in a pipeline, on a machine that goes with it. */
export function isCi({ CI }: NodeJS.ProcessEnv): boolean {
  return !["", "0", "false"].includes(CI ?? "");
}

/** Judges whether there is a Terraform, and one that is new enough. */
function judgeTerraform({ command, found, other }: TerraformCommand): Finding {
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

function judgeDocker(host: DockerHost, { settings: { architecture, jobs } }: Omit<Question, "signal">): Finding {
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

const HERE_ONLY = "give the engine more to run it here; on AWS it does not matter";

function judgeCaller({ account, arn }: Answers["caller"], { settings: { region } }: Omit<Question, "signal">): Finding {
  const found = `account ${account}, ${arn}`;
  const [partition, own] = [partitionOf(region), arn.split(":")[1]];
  return own === partition
    ? ok(found)
    : failure(
        `${found}: of the partition ${own}, and ${region} is in ${partition}`,
        "set AWS_REGION to a region of theirs, or use other credentials",
      );
}

/** Terraform and the commands use one region. The AWS CLI may use another, if its own settings say so. */
function judgeRegion(
  { name, region: ofProfile }: AwsProfile,
  { settings: { region }, environment: { AWS_REGION, AWS_DEFAULT_REGION } }: Omit<Question, "signal">,
): Finding {
  if (AWS_REGION) return ok(region);
  const [other, source] = AWS_DEFAULT_REGION
    ? [AWS_DEFAULT_REGION, "of AWS_DEFAULT_REGION"]
    : [ofProfile, `of the AWS profile ${name}`];
  if (other === null || other === region) return ok(region);
  return warning(
    `${region}, and not ${other} ${source}`,
    `set AWS_REGION=${other}, or AWS_REGION=${region} if that is meant`,
  );
}

function judgeBucket(bucket: StateBucket, { settings }: Omit<Question, "signal">): Finding {
  const name = `s3, bucket ${settings.stateBucket}`;
  const region = settings.stateRegion ?? settings.region;
  if (bucket.found === "none") return failure(`${name}: there is none`, "create it, or set WORKFLOW_STATE_BUCKET");
  if (bucket.found === "refused") {
    return failure(`${name}: AWS refuses to show it`, "grant these credentials s3:ListBucket on it, or use others");
  }
  if (bucket.region !== null && bucket.region !== region) {
    return failure(`${name} is in ${bucket.region}, not in ${region}`, `set WORKFLOW_STATE_REGION=${bucket.region}`);
  }
  if (!bucket.versioned) {
    return warning(`${name} keeps no versions`, "switch its versioning on, so that a lost state can be had back");
  }
  return ok(name);
}

function judgeWorkspaces(answer: CloudWorkspaces, { settings, environment }: Omit<Question, "signal">): Finding {
  const { cloudHostname, cloudOrganization } = settings;
  const where = `cloud, ${cloudOrganization} at ${cloudHostname}`;
  switch (answer.found) {
    case "no-token":
      return failure(`${where}: there is no token`, waysToGiveToken(cloudHostname, environment));
    case "refused":
      return failure(`${where}: the token is refused`, waysToGiveToken(cloudHostname, environment));
    case "helper":
      return warning(
        `${where}: the credentials helper ${answer.helper} gives the token, so nothing was looked at`,
        "look at the execution modes of the workspaces yourself",
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
      "set its execution mode to Local: elsewhere there is no Docker engine and there are no AWS credentials",
    );
  }
  const missing = Object.entries(answer.modes).filter(([, mode]) => mode === null);
  if (missing.length > 0 && answer.defaultMode !== "local") {
    return failure(
      `${where}: the first deploy would make ${missing.map(([name]) => name).join(" and ")} in mode ${answer.defaultMode}`,
      "set the organization's default execution mode to Local, or make the workspaces in that mode",
    );
  }
  return ok(where);
}

function judgeStateMachine(answer: Answers["stateMachine"], { settings }: Omit<Question, "signal">): Finding {
  const name = resourceName(settings);
  if (answer === null) return warning(`${name} is not deployed`, "run `npx workflow deploy`");
  if (answer.status !== "ACTIVE") return warning(`${name} is ${answer.status}`, "wait until it is gone, then deploy");
  return ok(answer.arn);
}

/** A deployment whose state is lost or elsewhere would be made a second time. */
function judgeState(
  { isDeployed, local, inBackend }: DeployedState,
  { settings }: Omit<Question, "signal">,
): Finding | null {
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
      "look at AWS_PROFILE and AWS_REGION; if they are right, it was deleted, and `npx workflow deploy` makes it again",
    );
  }
  const isKept = backend === "local" ? local !== null : inBackend;
  if (!isDeployed || isKept !== false) return null;
  return failure(
    `${name} is deployed, and the backend ${backend} holds no state of it: a deploy would try to make it again`,
    "set WORKFLOW_BACKEND and WORKFLOW_ENVIRONMENT to what it was deployed with; of a lost state see docs/troubleshooting.md",
  );
}

const PUT_BACK = "run `npx workflow deploy`, which puts it back";
const PASSING = ["CREATING", "UPDATING", "DELETING"];

function judgeJobQueue(answer: JobQueue, { settings }: Omit<Question, "signal">): Finding | null {
  const name = resourceName(settings);
  if (answer.found === "not-deployed") return null;
  return answer.found === "queue" ? judgeBatch(name, answer) : failure(`${name} is not there`, PUT_BACK);
}

function judgeComputeEnvironments(environments: readonly ComputeEnvironment[]): Finding | null {
  const findings = environments.map((one) => judgeBatch(one.name, one));
  return findings.find(({ status }) => status !== "ok") ?? findings[0] ?? null;
}

function judgeBatch(name: string, { state, status, reason }: BatchResource): Finding {
  const because = reason === null ? "" : `: ${reason}`;
  if (PASSING.includes(status)) return warning(`${name} is ${status}${because}`, "wait, and look again");
  if (status !== "VALID") return failure(`${name} is ${status}${because}`, `mend that, then ${PUT_BACK}`);
  if (state !== "ENABLED") return failure(`${name} is ${state}: no job starts`, PUT_BACK);
  return ok(name);
}

function judgeImages(images: readonly JobImage[]): Finding | null {
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
