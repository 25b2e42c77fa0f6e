import {
  BatchComputeEnvironment,
  type BatchComputeEnvironmentComputeResources,
} from "@cdktf/provider-aws/lib/batch-compute-environment";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { Construct } from "constructs";
import { DEFAULT_INSTANCE_TYPES } from "../src/asl/compute-sizes";
import { isFargate, type QueueCompute } from "../src/project/job-compute";
import { resourceName } from "../src/project/names";
import type { Compute, Settings } from "../src/project/settings-types";
import type { Deployment } from "./deployment";
import { Network } from "./network";
import { Role } from "./role";

/** With these strategies AWS can update an environment instead of replacing it, and Spot needs no fleet role. */
const ALLOCATION_STRATEGY = { EC2: "BEST_FIT_PROGRESSIVE", SPOT: "SPOT_PRICE_CAPACITY_OPTIMIZED" };

/** The compute of a queue. */
export interface ComputeProps extends QueueCompute {
  /** The job whose queue it is; `null` for the queue of the workflow. */
  readonly jobName: string | null;
  /** True if jobs of the queue need GPUs. */
  readonly needsGpus: boolean;
}

/**
 * The compute environments of all queues, their network, and the role of their instances. The environments use the service-linked
 * role of Batch, because that outlives them: Batch needs a role to delete an environment.
 */
export class ComputeEnvironments extends Construct {
  private readonly network: Network;
  private instances: Instances | null = null;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: Settings,
    private readonly deployment: Deployment,
  ) {
    super(scope, id);
    this.network = new Network(this, "network", settings);
  }

  /** Creates the environments of a queue, and returns their ARNs in the order in which Batch tries them. */
  add({ jobName, compute, architecture, instanceTypes, needsGpus }: ComputeProps): string[] {
    const scope = jobName === null ? this : new Construct(this, `${jobName}-queue`);
    const id = jobName === null ? workflowId(compute) : lowerCase;
    const onInstances = !isFargate(compute);
    if (onInstances) this.instances ??= new Instances(this, "instances", this.settings, this.deployment);
    return compute.map((type) => {
      const { settings, network } = this;
      const environment = new BatchComputeEnvironment(scope, id(type), {
        namePrefix: `${jobName === null ? resourceName(settings) : resourceName(settings, jobName)}-`,
        type: "MANAGED",
        computeResources: {
          type,
          maxVcpus: settings.maxVcpus,
          subnets: network.subnetIds,
          securityGroupIds: [network.securityGroupId],
          ...(onInstances && {
            ...this.instances!.resources,
            allocationStrategy: ALLOCATION_STRATEGY[type as keyof typeof ALLOCATION_STRATEGY],
            instanceType: [...(instanceTypes.length > 0 ? instanceTypes : DEFAULT_INSTANCE_TYPES[architecture])],
            ec2Configuration: [{ imageType: needsGpus ? "ECS_AL2023_NVIDIA" : "ECS_AL2023" }],
          }),
        },
        // Batch refuses to delete the environment of a queue: the new one must exist before the old one is deleted.
        lifecycle: { createBeforeDestroy: true },
        dependsOn: [...network.connections, ...(onInstances ? this.instances!.role.policies : [])],
      });
      return environment.arn;
    });
  }
}

/**
 * Returns the ids of the environments of the workflow's queue. The only one is `environment`, and so is the one on Spot if there
 * are two. So an environment stays when another one is added to a list that began with Spot, and when the order changes.
 */
function workflowId(compute: readonly Compute[]): (type: Compute) => string {
  const isMain = (type: Compute) => compute.length === 1 || type === "FARGATE_SPOT" || type === "SPOT";
  return (type) => (isMain(type) ? "environment" : `environment-${lowerCase(type)}`);
}

function lowerCase(type: Compute): string {
  return type.toLowerCase().replace("_", "-");
}

/** The common parts of all EC2 instances: a role that lets them join the cluster and pull images. */
class Instances extends Construct {
  readonly role: Role;
  readonly resources: Pick<BatchComputeEnvironmentComputeResources, "minVcpus" | "instanceRole">;

  constructor(scope: Construct, id: string, settings: Settings, { partition }: Deployment) {
    super(scope, id);
    this.role = new Role(this, "role", {
      settings,
      name: "instances",
      description: "What the instances that run the workflow's jobs may do",
      service: "ec2.amazonaws.com",
      managedPolicyArn: `arn:${partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role`,
    });
    const profile = new IamInstanceProfile(this, "profile", {
      name: resourceName(settings, "instances"),
      role: this.role.name,
    });
    this.resources = { minVcpus: 0, instanceRole: profile.arn };
  }
}
