/**
 * The causes of a job that stays RUNNABLE: one table, for `doctor --queue` and for the documentation.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html
 */
import type { EnvironmentFacts, QueueFacts, SubnetFacts } from "./queue-facts";

/** The answer of a cause: what was found, what hides it from here, or `null` if it is not there. */
type Verdict = { readonly found: string } | { readonly unseen: string } | null;

export interface QueueCause {
  readonly name: string;
  /** The sign of it. */
  readonly seen: string;
  readonly fix: string;
  /** True if the jobs start by themselves after a while. */
  readonly passes?: boolean;
  readonly find: (facts: QueueFacts) => Verdict;
}

/** The causes on AWS's page come first, in its order. */
export const QUEUE_CAUSES: readonly QueueCause[] = [
  {
    name: "capacity",
    seen: "`CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY`: AWS has no room for such instances now",
    fix: "wait, or give Batch more choice: WORKFLOW_COMPUTE with on-demand compute behind Spot, more WORKFLOW_INSTANCE_TYPES, subnets in more zones",
    find: byReason(/^CAPACITY:/),
  },
  {
    name: "maximum of vCPUs",
    seen: "`MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE`, or a job that asks for more vCPUs than `maxVcpus`",
    fix: "raise WORKFLOW_MAX_VCPUS or lower `vcpus` of the job, then run `npx workflow deploy`",
    find: (facts) => byReason(/^MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE/)(facts) ?? largerThanMaximum(facts),
  },
  {
    name: "size of the job",
    seen: "`MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT`: no instance holds its vCPUs, memory and GPUs. Part of the memory is the system's",
    fix: "lower `vcpus`, `memoryMiB` or `gpus` of the job, or set `instanceTypes` to larger ones, then run `npx workflow deploy`",
    find: byReason(/^MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT/),
  },
  {
    name: "service role",
    seen: "`MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS`: the role of Batch lacks a right",
    fix: "run `npx workflow deploy`, which uses the service-linked role AWSServiceRoleForBatch; check that no policy of your organization takes its rights",
    find: byReason(/^MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS/),
  },
  {
    name: "kind of instance",
    seen: "`MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED`: the zones of the subnets do not offer the instance types",
    fix: "set WORKFLOW_INSTANCE_TYPES to types that the zones offer, or WORKFLOW_SUBNETS to subnets in other zones, then run `npx workflow deploy`",
    find: byReason(/^MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED/),
  },
  {
    name: "compute environment",
    seen: "`ACTION_REQUIRED`, or no compute environment that is VALID and ENABLED",
    fix: "mend what the reason says, then run `npx workflow deploy`, which enables it again",
    find: (facts) => unusableEnvironments(facts) ?? byReason(/^ACTION_REQUIRED/)(facts),
  },
  {
    name: "log driver",
    seen: "a machine image of your own without the log driver `awslogs`",
    fix: "use the image of Amazon ECS, as `npx workflow deploy` does; in your own image, add awslogs to ECS_AVAILABLE_LOGGING_DRIVERS",
    find: inOwnImage,
  },
  {
    name: "network",
    seen: "a subnet without a way to Amazon ECS: no public address, no NAT gateway, no VPC endpoints",
    fix: "set WORKFLOW_NETWORK=create, or WORKFLOW_SUBNETS to subnets with a route through a NAT gateway, then run `npx workflow deploy`",
    find: withoutWay,
  },
  {
    name: "quota",
    seen: "the quota of the account for instances or Fargate vCPUs: see Service Quotas in the AWS console",
    fix: "compare the quotas of Amazon EC2 or AWS Fargate with what runs, and request more in Service Quotas; or lower WORKFLOW_MAX_VCPUS",
    find: () => ({ unseen: "Service Quotas has it" }),
  },
  {
    name: "container agent",
    seen: "instances of your own image that do not join the cluster, because the agent of Amazon ECS does not run",
    fix: "use the image of Amazon ECS, as `npx workflow deploy` does; in your own image, install and start the agent",
    find: inOwnImage,
  },
  {
    name: "job queue",
    seen: "a job queue that is not VALID or not ENABLED",
    fix: "run `npx workflow deploy`, which enables it again",
    find: ({ state, status }) => (isUsable({ state, status }) ? null : { found: `it is ${status} and ${state}` }),
  },
  {
    name: "unknown to Batch",
    seen: "`UNDETERMINED`: Batch sees that the queue is blocked, and not why",
    fix: "look at the causes that cannot be seen from here",
    find: byReason(/^UNDETERMINED/),
  },
  {
    name: "other jobs",
    seen: "other jobs that use all vCPUs of the compute environments",
    fix: "wait for your turn, or raise WORKFLOW_MAX_VCPUS and run `npx workflow deploy`",
    passes: true,
    find: allInUse,
  },
];

// --- internal ---

function isUsable({ state, status }: Pick<QueueFacts, "state" | "status">): boolean {
  return state === "ENABLED" && (status === "VALID" || status === "UPDATING");
}

function byReason(pattern: RegExp): QueueCause["find"] {
  return ({ waiting }) => {
    if (waiting === null) return { unseen: "AWS does not show the jobs that wait" };
    const blocked = waiting.filter(({ reason }) => reason !== null && pattern.test(reason));
    if (blocked.length === 0) return null;
    const { name, reason } = blocked[0]!;
    const more = blocked.length > 1 ? ` and ${blocked.length - 1} more` : "";
    return { found: `${name}${more}: ${reason}` };
  };
}

function largerThanMaximum({ waiting, environments }: QueueFacts): Verdict {
  const maxima = environments.map(({ maxVcpus }) => maxVcpus);
  if (waiting === null || maxima.length === 0 || maxima.includes(null)) return null;
  const most = Math.max(...(maxima as number[]));
  const large = waiting.find(({ vcpus }) => vcpus !== null && vcpus > most);
  return large === undefined
    ? null
    : { found: `${large.name} asks for ${large.vcpus} vCPUs, and the maximum is ${most}` };
}

function unusableEnvironments({ environments }: QueueFacts): Verdict {
  if (environments.some(isUsable)) return null;
  const [first] = environments;
  if (first === undefined) return { found: "the queue has none" };
  const because = first.reason === null ? "" : `: ${first.reason}`;
  return { found: `${first.name} is ${first.status} and ${first.state}${because}` };
}

function inOwnImage({ environments }: QueueFacts): Verdict {
  const own = environments.find(({ ownImage }) => ownImage !== null);
  return own === undefined ? null : { unseen: `${own.name} uses ${own.ownImage}` };
}

function withoutWay({ environments }: QueueFacts): Verdict {
  const closed = environments.flatMap((environment) =>
    (environment.subnets ?? []).flatMap((subnet) => obstacleOf(subnet, environment) ?? []),
  );
  if (closed.length > 0) return { found: [...new Set(closed)].join(", ") };
  return environments.some(({ subnets }) => subnets === null) ? { unseen: "AWS does not show the subnets" } : null;
}

/** On Fargate, each job says whether it gets a public address. */
function obstacleOf({ id, route, givesPublicAddresses, endpoints }: SubnetFacts, { isFargate }: EnvironmentFacts) {
  if (ENDPOINTS[isFargate ? "FARGATE" : "EC2"].every((service) => endpoints.includes(service))) return null;
  if (route === "none") return `${id} has no route out`;
  const isHidden = route === "internet-gateway" && !isFargate && !givesPublicAddresses;
  return isHidden ? `${id} has an internet gateway, and gives instances no public address` : null;
}

/**
 * The endpoints that replace a route: for the agent of an instance, for the image of a Fargate job.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
 */
const ENDPOINTS = { EC2: ["ecs", "ecs-agent", "ecs-telemetry"], FARGATE: ["ecr.api", "ecr.dkr"] } as const;

function allInUse({ environments, usedVcpus, waiting }: QueueFacts): Verdict {
  if (waiting?.length === 0 || environments.length === 0) return null;
  const most = environments.reduce((sum, { maxVcpus }) => sum + (maxVcpus ?? Number.POSITIVE_INFINITY), 0);
  const used = usedVcpus ?? environments.reduce((sum, { desiredVcpus }) => sum + (desiredVcpus ?? 0), 0);
  return used >= most ? { found: `${used} of ${most} vCPUs are in use` } : null;
}
