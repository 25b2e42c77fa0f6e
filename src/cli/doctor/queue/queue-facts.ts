/** The facts about a job queue, the compute behind it, and the jobs that wait in it. */

export interface QueueFacts {
  readonly name: string;
  readonly state: string;
  readonly status: string;
  /** The compute environments, in the order in which Batch tries them. */
  readonly environments: readonly EnvironmentFacts[];
  /** The first jobs that wait, the one at the front first; `null` if AWS does not show them. */
  readonly waiting: readonly WaitingJob[] | null;
  /** The vCPUs that the running jobs of the queue use; `null` if AWS does not tell. */
  readonly usedVcpus: number | null;
}

/** A compute environment. Fields are `null` where AWS does not tell. */
export interface EnvironmentFacts {
  readonly name: string;
  readonly state: string;
  readonly status: string;
  readonly reason: string | null;
  readonly isFargate: boolean;
  readonly maxVcpus: number | null;
  /** The vCPUs of the instances that run or start; `null` on Fargate. */
  readonly desiredVcpus: number | null;
  /** The machine image or the launch template that replaces the image of Amazon ECS; `null` for that one. */
  readonly ownImage: string | null;
  /** `null` if AWS does not show them. */
  readonly subnets: readonly SubnetFacts[] | null;
}

/** The ways of a subnet to the services of AWS. */
export interface SubnetFacts {
  readonly id: string;
  /** `null` if AWS does not show its route table. */
  readonly route: "internet-gateway" | "other" | "none" | null;
  /** True if instances get public addresses. */
  readonly givesPublicAddresses: boolean;
  /** The services with an endpoint in the VPC, such as `ecs-agent`. */
  readonly endpoints: readonly string[];
}

export interface WaitingJob {
  readonly name: string;
  readonly reason: string | null;
  /** The time of its submission, in milliseconds since 1970. */
  readonly since: number | null;
  readonly vcpus: number | null;
}
