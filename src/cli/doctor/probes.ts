/** The probes of `doctor`: each asks the machine or a service one thing. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  type JobQueueDetail,
} from "@aws-sdk/client-batch";
import { connect } from "../../aws/clients";
import { stateMachineStatus } from "../../aws/definition";
import { stateMachineArn } from "../../aws/executions";
import { explain, explained } from "../../aws/failures";
import { awsProfile } from "../../base/aws-profile";
import { UsageError } from "../../base/errors";
import { hasOwnQueue } from "../../project/job-compute";
import { resourceName, stateKey, WORKFLOW_STACK } from "../../project/names";
import { findWorkspaces } from "../../terraform/hcp";
import { terraformCommand } from "../../terraform/run-terraform";
import { holdsResources, statesFolder } from "../../terraform/stack-states";
import { findBucket, findDataBucket } from "./bucket-probes";
import { findCaller } from "./find-caller";
import type { Question } from "./question";

/** The probes, by name. A probe throws a UsageError if it gets no answer. */
export const PROBES = {
  /** The version, such as 20.19.0. */
  node: async (): Promise<string> => process.versions.node,
  terraform: findTerraform,
  docker: findDocker,
  caller: findCaller,
  /** `null` if the region has none. */
  defaultVpc: findDefaultVpc,
  bucket: findBucket,
  dataBucket: findDataBucket,
  workspaces: (question: Question) => findWorkspaces(question),
  profile: async ({ environment }: Question) => awsProfile(environment),
  /** `null` if it does not exist. */
  stateMachine: findStateMachine,
  /** The state of the workflow stack. */
  state: findState,
  /** `missing`: the state machine exists, its queue does not. */
  jobQueue: findJobQueue,
  /** The compute environments of all job queues. */
  computeEnvironments: findComputeEnvironments,
  /** The image of each job's newest job definition. */
  images: findImages,
};

type AnswerOf<P> = P extends (question: Question) => Promise<infer A> ? A : never;

/** The answers of the probes. */
export type Answers = { readonly [K in keyof typeof PROBES]: AnswerOf<(typeof PROBES)[K]> };

export type Probes = { readonly [K in keyof Answers]: (question: Question) => Promise<Answers[K]> };

/** A job queue or a compute environment, in the words of AWS Batch. */
export type BatchResource = ReturnType<typeof batchResource>;

// --- internal ---

async function findDefaultVpc({ settings: { region }, signal }: Question): Promise<string | null> {
  const { DescribeVpcsCommand, EC2Client } = await import("@aws-sdk/client-ec2");
  const request = new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["true"] }] });
  const { Vpcs } = await explained(new EC2Client({ region }).send(request, { abortSignal: signal }));
  return Vpcs?.[0]?.VpcId ?? null;
}

async function findStateMachine({ settings, signal }: Question) {
  const aws = connect(settings.region);
  const arn = await stateMachineArn(aws, settings);
  const status = await stateMachineStatus(aws, arn, signal);
  return status === null ? null : { arn, status };
}

async function findState(question: Question) {
  const { settings } = question;
  const [machine, inBackend] = await Promise.all([findStateMachine(question), isInBackend(question)]);
  return {
    isDeployed: machine !== null,
    /** The files of the backend local that hold resources; `null` if there are none. */
    local: holdsResources(settings, WORKFLOW_STACK) ? `${statesFolder(settings)}/` : null,
    /** True if the backend of the settings holds a state; `null` if that is not known. */
    inBackend,
  };
}

async function isInBackend(question: Question): Promise<boolean | null> {
  const { settings, signal } = question;
  if (settings.backend === "cloud") {
    const workspaces = await findWorkspaces(question);
    if (workspaces.found !== "organization") return null;
    return workspaces.modes[resourceName(settings, WORKFLOW_STACK)] !== null;
  }
  if (settings.backend !== "s3") return null;
  const { HeadObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const s3 = new S3Client({ region: settings.stateRegion ?? settings.region });
  const Key = stateKey(settings, WORKFLOW_STACK);
  try {
    await s3.send(new HeadObjectCommand({ Bucket: settings.stateBucket!, Key }), { abortSignal: signal });
    return true;
  } catch (error) {
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    // The check of the bucket tells if it is missing or refused. Without s3:ListBucket, S3 refuses missing files too.
    return $metadata?.httpStatusCode === 404 ? false : null;
  }
}

async function findJobQueue(question: Question): Promise<BatchResource | "not-deployed" | "missing"> {
  const [queue] = await describeQueues(question, [resourceName(question.settings)]);
  if (queue !== undefined) return batchResource(queue);
  return (await findStateMachine(question)) === null ? "not-deployed" : "missing";
}

async function describeQueues({ settings, signal }: Question, names: string[]): Promise<JobQueueDetail[]> {
  const request = new DescribeJobQueuesCommand({ jobQueues: names });
  const { jobQueues = [] } = await explained(connect(settings.region).batch.send(request, { abortSignal: signal }));
  return jobQueues.filter(({ status }) => status !== "DELETED");
}

/** A compute environment that does not exist, in the words of AWS Batch. */
const GONE = { state: "DISABLED", status: "DELETED", reason: null };

async function findComputeEnvironments(question: Question) {
  const { settings } = question;
  const own = Object.keys(settings.jobs).filter((job) => hasOwnQueue(settings, job));
  const names = [resourceName(settings), ...own.map((job) => resourceName(settings, job))];
  const queues = await describeQueues(question, names);
  const order = queues.flatMap(({ computeEnvironmentOrder = [] }) => computeEnvironmentOrder);
  const computeEnvironments = order.map(({ computeEnvironment }) => computeEnvironment!);
  if (computeEnvironments.length === 0) return [];
  const request = new DescribeComputeEnvironmentsCommand({ computeEnvironments });
  const { batch } = connect(settings.region);
  const answer = await explained(batch.send(request, { abortSignal: question.signal }));
  return computeEnvironments.map((arn) => {
    const name = arn.replace(/^.*\//, "");
    const found = answer.computeEnvironments?.find((one) => one.computeEnvironmentName === name);
    return { name, ...(found === undefined ? GONE : batchResource(found)) };
  });
}

function batchResource(found: {
  state?: string | undefined;
  status?: string | undefined;
  statusReason?: string | undefined;
}) {
  return { state: String(found.state), status: String(found.status), reason: found.statusReason ?? null };
}

/** An image in ECR: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`, or `@<digest>`. */
const ECR_IMAGE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^@]+)|@(.+))$/;

async function findImages(question: Question) {
  if ((await findStateMachine(question)) === null) return [];
  return Promise.all(
    Object.keys(question.settings.jobs).map(async (job) => {
      /** `null` if the job has no job definition. */
      const image = await imageOf(job, question);
      /** `null` if the image is not in a registry of ECR. */
      const isThere = image === null ? null : await isInRegistry(image, question);
      return { job, image, isThere };
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
  const { BatchGetImageCommand, ECRClient } = await import("@aws-sdk/client-ecr");
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

/** Finds the command that the stacks use; if it does not exist, another command that could replace it. */
async function findTerraform({ environment, signal }: Question) {
  const command = terraformCommand(environment);
  const found = await terraformVersion(command, environment, signal);
  const others = found === null ? ["terraform", "tofu"].filter((name) => name !== command) : [];
  for (const other of others) {
    if ((await terraformVersion(other, environment, signal)) !== null) return { command, found, other };
  }
  return { command, found, other: null };
}

async function terraformVersion(command: string, environment: NodeJS.ProcessEnv, signal: AbortSignal) {
  // Terraform would look for a newer version of itself.
  const printed = await output(command, ["version"], { ...environment, CHECKPOINT_DISABLE: "1" }, signal);
  if (printed === null) return null;
  const [, product, version] = /^(Terraform|OpenTofu) v(\S+)/.exec(printed.stdout) ?? [];
  if (version === undefined) throw new UsageError(`\`${command} version\` says: ${firstLine(printed)}`);
  return { product: product as "Terraform" | "OpenTofu", version };
}

async function findDocker({ environment, signal }: Question) {
  const without = "a Docker engine; without one, `npm start` runs plain processes, and no image can be deployed";
  const printed = await output("docker", ["info", "--format", "{{json .}}"], environment, signal);
  if (printed === null) throw new UsageError(`there is no command docker; install ${without}`);
  const info = dockerInfo(printed);
  // If no engine answers, new CLIs say so on standard output, old ones on standard error.
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

/** @throws UsageError with the first line, if it is not JSON */
function dockerInfo(printed: Printed): Record<string, unknown> & { ServerErrors?: string[] } {
  try {
    return JSON.parse(printed.stdout || "{}");
  } catch (cause) {
    throw new UsageError(`\`docker info\` says: ${firstLine(printed)}`, { cause });
  }
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

function firstLine({ stdout, stderr }: Printed): string {
  return (stdout || stderr).trim().split("\n")[0]!;
}

/** Returns the output of a command, however it ends; `null` if the command does not exist. */
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
