/** The probes of `doctor`: what they ask, they ask the machine and the services themselves. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GetBucketVersioningCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { UsageError } from "../errors";
import { connect, explain, explained } from "../execution/aws/clients";
import { stateMachineArn } from "../execution/aws/executions";
import { resourceName } from "../names";
import { terraformCommand } from "../processes/terraform";
import { stateMachineStatus } from "./definition";
import {
  type CloudWorkspaces,
  type DockerHost,
  type Probes,
  type Question,
  type StateBucket,
  type TerraformCommand,
  tokenVariable,
} from "./doctor-checks";

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
  workspaces: (question) => findWorkspaces(question),
  stateMachine: async ({ settings, signal }) => {
    const aws = connect(settings.region);
    const arn = await stateMachineArn(aws, settings);
    const status = await stateMachineStatus(aws, arn, signal);
    return status === null ? null : { arn, status };
  },
};

/** The command that is started, and another one that could be. */
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
  const info = JSON.parse(printed.stdout || "{}") as Record<string, unknown> & { ServerErrors?: string[] };
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

/** The workspaces of the two stacks, by HCP Terraform's own interface. */
export async function findWorkspaces(
  { settings, environment, signal }: Question,
  ask: typeof fetch = fetch,
): Promise<CloudWorkspaces> {
  const { cloudHostname, cloudOrganization } = settings;
  const token = environment[tokenVariable(cloudHostname)] || storedToken(cloudHostname, environment);
  if (token === null) return { found: "no-token" };
  const organization = `https://${cloudHostname}/api/v2/organizations/${encodeURIComponent(cloudOrganization!)}`;
  const get = async (url: string): Promise<{ status: number; attributes: Record<string, unknown> }> => {
    const { status, json } = await answered(ask, url, token, signal);
    return { status, attributes: status === 200 ? (await json()).data.attributes : {} };
  };
  const { status, attributes } = await get(organization);
  if (status === 401) return { found: "refused" };
  if (status === 404) return { found: "no-organization" };
  const names = ["image", "workflow"].map((stack) => resourceName(settings, stack));
  const modes = await Promise.all(
    names.map(async (name): Promise<[string, string | null]> => {
      const workspace = await get(`${organization}/workspaces/${name}`);
      return [name, workspace.status === 404 ? null : String(workspace.attributes["execution-mode"])];
    }),
  );
  return {
    found: "organization",
    defaultMode: String(attributes["default-execution-mode"] ?? "remote"),
    modes: Object.fromEntries(modes),
  };
}

interface Resource {
  readonly data: { readonly attributes: Record<string, unknown> };
}

/** @throws UsageError when the host cannot be reached, or fails */
async function answered(ask: typeof fetch, url: string, token: string, signal: AbortSignal) {
  const host = new URL(url).host;
  let response: Response;
  try {
    response = await ask(url, { headers: { Authorization: `Bearer ${token}` }, signal });
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new UsageError(`${host} cannot be reached: ${why}; look at the network and WORKFLOW_CLOUD_HOSTNAME`, {
      cause: error,
    });
  }
  const { status } = response;
  if (![200, 401, 404].includes(status)) throw new UsageError(`${host} answers with ${status}; try again later`);
  return { status, json: async () => (await response.json()) as Resource };
}

/** What `terraform login` has left. */
export function storedToken(hostname: string, { APPDATA, HOME }: NodeJS.ProcessEnv): string | null {
  const folder = APPDATA ? join(APPDATA, "terraform.d") : join(HOME ?? homedir(), ".terraform.d");
  const path = join(folder, "credentials.tfrc.json");
  if (!existsSync(path)) return null;
  const { credentials } = JSON.parse(readFileSync(path, "utf8")) as {
    credentials?: Record<string, { token?: string }>;
  };
  return credentials?.[hostname]?.token ?? null;
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
    return await promisify(execFile)(command, args, { env: environment, signal });
  } catch (error) {
    const { code, stdout, stderr } = error as NodeJS.ErrnoException & Partial<Printed>;
    if (code === "ENOENT") return null;
    if (stdout || stderr) return { stdout: stdout ?? "", stderr: stderr ?? "" };
    throw error;
  }
}
