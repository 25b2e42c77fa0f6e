/** The probes of `doctor`: what they ask, they ask the machine and the services themselves. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  type JobQueueDetail,
} from "@aws-sdk/client-batch";
import { BatchGetImageCommand, ECRClient } from "@aws-sdk/client-ecr";
import { GetBucketVersioningCommand, HeadBucketCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { connect } from "../../aws/clients";
import { stateMachineStatus } from "../../aws/definition";
import { stateMachineArn } from "../../aws/executions";
import { explain, explained } from "../../aws/failures";
import { awsProfile } from "../../base/aws-profile";
import { UsageError } from "../../base/errors";
import { resourceName } from "../../project/names";
import { findWorkspaces } from "../../terraform/hcp";
import { terraformCommand } from "../../terraform/run-terraform";
import { holdsResources, statesFolder } from "../../terraform/stack-states";
import type {
  BatchResource,
  ComputeEnvironment,
  DeployedState,
  DockerHost,
  JobImage,
  JobQueue,
  Probes,
  Question,
  StateBucket,
  TerraformCommand,
} from "./doctor-checks";

const STATE_MACHINE_STACK = "workflow";

export const PROBES: Probes = {
  node: async () => process.versions.node,
  terraform: findTerraform,
  docker: findDocker,
  caller: async ({ settings, signal }) => {
    const { Account, Arn } = await explained(
      connect(settings.region).sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
    );
    return { account: Account!, arn: Arn! };
  },
  defaultVpc: async ({ settings: { region }, signal }) => {
    // Loaded here: it takes 0.2 s, and no other probe needs it.
    const { DescribeVpcsCommand, EC2Client } = require("@aws-sdk/client-ec2") as typeof import("@aws-sdk/client-ec2");
    const request = new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["true"] }] });
    const { Vpcs } = await explained(new EC2Client({ region }).send(request, { abortSignal: signal }));
    return Vpcs?.[0]?.VpcId ?? null;
  },
  bucket: findBucket,
  workspaces: findWorkspaces,
  profile: async ({ environment }) => awsProfile(environment),
  stateMachine: findStateMachine,
  state: findState,
  jobQueue: async (question) => {
    const queue = await findQueue(question);
    if (queue !== undefined) return { found: "queue", ...batchResource(queue) };
    return { found: (await findStateMachine(question)) === null ? "not-deployed" : "missing" } satisfies JobQueue;
  },
  computeEnvironments: findComputeEnvironments,
  images: findImages,
};

async function findStateMachine({ settings, signal }: Question): Promise<{ arn: string; status: string } | null> {
  const aws = connect(settings.region);
  const arn = await stateMachineArn(aws, settings);
  const status = await stateMachineStatus(aws, arn, signal);
  return status === null ? null : { arn, status };
}

async function findState(question: Question): Promise<DeployedState> {
  const { settings } = question;
  const [machine, inBackend] = await Promise.all([findStateMachine(question), isInBackend(question)]);
  const local = holdsResources(settings, STATE_MACHINE_STACK) ? `${statesFolder(settings)}/` : null;
  return { isDeployed: machine !== null, local, inBackend };
}

async function isInBackend(question: Question): Promise<boolean | null> {
  const { settings, signal } = question;
  if (settings.backend === "cloud") {
    const workspaces = await findWorkspaces(question);
    if (workspaces.found !== "organization") return null;
    return workspaces.modes[resourceName(settings, STATE_MACHINE_STACK)] !== null;
  }
  if (settings.backend !== "s3") return null;
  const s3 = new S3Client({ region: settings.stateRegion ?? settings.region });
  const Key = `${settings.name}/${settings.environment}/${STATE_MACHINE_STACK}.tfstate`;
  try {
    await s3.send(new HeadObjectCommand({ Bucket: settings.stateBucket!, Key }), { abortSignal: signal });
    return true;
  } catch (error) {
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    // A bucket that is missing or refused is told as such. Without s3:ListBucket, S3 refuses what is not there, too.
    return $metadata?.httpStatusCode === 404 ? false : null;
  }
}

async function findQueue({ settings, signal }: Question): Promise<JobQueueDetail | undefined> {
  const request = new DescribeJobQueuesCommand({ jobQueues: [resourceName(settings)] });
  const { jobQueues } = await explained(connect(settings.region).batch.send(request, { abortSignal: signal }));
  return jobQueues?.find(({ status }) => status !== "DELETED");
}

async function findComputeEnvironments(question: Question): Promise<ComputeEnvironment[]> {
  const order = (await findQueue(question))?.computeEnvironmentOrder ?? [];
  const computeEnvironments = order.map(({ computeEnvironment }) => computeEnvironment!);
  if (computeEnvironments.length === 0) return [];
  const request = new DescribeComputeEnvironmentsCommand({ computeEnvironments });
  const answer = await explained(
    connect(question.settings.region).batch.send(request, { abortSignal: question.signal }),
  );
  const nameOf = (arn: string) => arn.replace(/^.*\//, "");
  return computeEnvironments.map((arn) => {
    const name = nameOf(arn);
    const found = answer.computeEnvironments?.find((one) => one.computeEnvironmentName === name);
    return found === undefined
      ? { name, state: "DISABLED", status: "DELETED", reason: null }
      : { name, ...batchResource(found) };
  });
}

function batchResource(found: {
  readonly state?: string | undefined;
  readonly status?: string | undefined;
  readonly statusReason?: string | undefined;
}): BatchResource {
  return { state: String(found.state), status: String(found.status), reason: found.statusReason ?? null };
}

/** Of ECR: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`, or `@<digest>`. */
const ECR_IMAGE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^@]+)|@(.+))$/;

async function findImages(question: Question): Promise<JobImage[]> {
  const { settings } = question;
  if ((await findStateMachine(question)) === null) return [];
  return Promise.all(
    Object.keys(settings.jobs).map(async (job): Promise<JobImage> => {
      const image = await imageOf(job, question);
      return { job, image, isThere: image === null ? null : await isInRegistry(image, question) };
    }),
  );
}

/** The image of a job's newest definition. */
async function imageOf(job: string, { settings, signal }: Question): Promise<string | null> {
  const jobDefinitionName = resourceName(settings, job);
  const request = new DescribeJobDefinitionsCommand({ jobDefinitionName, status: "ACTIVE" });
  const { jobDefinitions = [] } = await explained(
    connect(settings.region).batch.send(request, { abortSignal: signal }),
  );
  const newest = [...jobDefinitions].sort((one, other) => other.revision! - one.revision!)[0];
  return newest?.containerProperties?.image ?? null;
}

async function isInRegistry(image: string, { signal }: Question): Promise<boolean | null> {
  const [, registryId, region, repositoryName, imageTag, imageDigest] = ECR_IMAGE.exec(image) ?? [];
  if (registryId === undefined) return null;
  const request = new BatchGetImageCommand({
    registryId,
    repositoryName,
    imageIds: [imageTag === undefined ? { imageDigest } : { imageTag }],
  });
  try {
    const { images = [] } = await new ECRClient({ region: region! }).send(request, { abortSignal: signal });
    return images.length > 0;
  } catch (error) {
    if ((error as Error).name === "RepositoryNotFoundException") return false;
    throw explain(error);
  }
}

/** What the cdktf CLI would start, or what it could be told to. */
async function findTerraform({ environment, signal }: Question): Promise<TerraformCommand> {
  const command = terraformCommand(environment);
  const found = await terraformVersion(command, environment, signal);
  const others = found === null ? ["terraform", "tofu"].filter((name) => name !== command) : [];
  for (const other of others) {
    if ((await terraformVersion(other, environment, signal)) !== null) return { command, found, other };
  }
  return { command, found, other: null };
}

async function terraformVersion(
  command: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<TerraformCommand["found"]> {
  // It would look for a newer version of itself.
  const printed = await output(command, ["version"], { ...environment, CHECKPOINT_DISABLE: "1" }, signal);
  if (printed === null) return null;
  const [, product, version] = /^(Terraform|OpenTofu) v(\S+)/.exec(printed.stdout) ?? [];
  if (version === undefined) throw new UsageError(`\`${command} version\` says: ${firstLine(printed)}`);
  return { product: product as "Terraform" | "OpenTofu", version };
}

async function findDocker({ environment, signal }: Question): Promise<DockerHost> {
  const without = "a Docker engine; without one, `npm start` runs plain processes, and no image can be deployed";
  const printed = await output("docker", ["info", "--format", "{{json .}}"], environment, signal);
  if (printed === null) throw new UsageError(`there is no command docker; install ${without}`);
  const info = dockerInfo(printed);
  // Where no engine answers, new CLIs say so in what they print, old ones beside it.
  if (!info.ServerVersion) {
    throw new UsageError(
      `no engine answers: ${info.ServerErrors?.[0] ?? firstLine({ ...printed, stdout: "" })}; start ${without}`,
    );
  }
  return {
    version: String(info.ServerVersion),
    os: String(info.OSType),
    architecture: String(info.Architecture),
    vcpus: Number(info.NCPU),
    memoryMiB: Math.floor(Number(info.MemTotal) / 2 ** 20),
  };
}

/** @throws UsageError with what is printed in place of JSON */
function dockerInfo(printed: Printed): Record<string, unknown> & { ServerErrors?: string[] } {
  try {
    return JSON.parse(printed.stdout || "{}");
  } catch (cause) {
    throw new UsageError(`\`docker info\` says: ${firstLine(printed)}`, { cause });
  }
}

async function findBucket({ settings, signal }: Question): Promise<StateBucket> {
  const s3 = new S3Client({ region: settings.stateRegion ?? settings.region });
  const Bucket = settings.stateBucket!;
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal });
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }), { abortSignal: signal });
    return { found: "bucket", region: BucketRegion ?? null, versioned: Status === "Enabled" };
  } catch (error) {
    const { $metadata, $response } = error as {
      $metadata?: { httpStatusCode?: number };
      $response?: { headers: Record<string, string> };
    };
    const region = $response?.headers["x-amz-bucket-region"];
    if ($metadata?.httpStatusCode === 301 && region !== undefined) return { found: "bucket", region, versioned: true };
    if ($metadata?.httpStatusCode === 404) return { found: "none" };
    if ($metadata?.httpStatusCode === 403) return { found: "refused" };
    throw explain(error);
  }
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

function firstLine({ stdout, stderr }: Printed): string {
  return (stdout || stderr).trim().split("\n")[0]!;
}

/** What a command prints, however it ends; `null` where there is no such command. */
async function output(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Printed | null> {
  try {
    return await promisify(execFile)(command, args, { env: environment, signal, killSignal: "SIGKILL" });
  } catch (error) {
    const { code, stdout, stderr } = error as NodeJS.ErrnoException & Partial<Printed>;
    if (code === "ENOENT") return null;
    if (stdout || stderr) return { stdout: stdout ?? "", stderr: stderr ?? "" };
    throw error;
  }
}
