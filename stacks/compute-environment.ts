import {
  BatchComputeEnvironment,
  type BatchComputeEnvironmentComputeResources,
} from "@cdktf/provider-aws/lib/batch-compute-environment";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { Construct } from "constructs";
import { isFargate } from "../src/project/job-compute";
import { resourceName } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";
import type { Deployment } from "./deployment";
import { Network } from "./network";
import { Role } from "./role";

/** Instances that have 2 vCPUs and 16 GiB; older and newer ones, since Spot wants a choice. */
const DEFAULT_INSTANCE_TYPES: Readonly<Record<Settings["architecture"], string[]>> = {
  X86_64: ["r4.large", "r5.large"],
  ARM64: ["r6g.large", "r7g.large"],
};

/** With these strategies AWS can update an environment instead of replacing it, and Spot needs no fleet role. */
const ALLOCATION_STRATEGY = { EC2: "BEST_FIT_PROGRESSIVE", SPOT: "SPOT_PRICE_CAPACITY_OPTIMIZED" };

/**
 * The compute environment of the jobs. It uses the service-linked role of Batch, because that outlives it: Batch needs a
 * role to delete it.
 */
export class ComputeEnvironment extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, settings: Settings, deployment: Deployment) {
    super(scope, id);
    const network = new Network(this, "network", settings);
    const instances = isFargate(settings.compute) ? null : new Instances(this, "instances", settings, deployment);
    const environment = new BatchComputeEnvironment(this, "environment", {
      namePrefix: `${resourceName(settings)}-`,
      type: "MANAGED",
      computeResources: {
        type: settings.compute[0]!,
        maxVcpus: settings.maxVcpus,
        subnets: network.subnetIds,
        securityGroupIds: [network.securityGroupId],
        ...instances?.resources,
      },
      // Batch refuses to delete the environment of a queue: the new one must exist before the old one is deleted.
      lifecycle: { createBeforeDestroy: true },
      dependsOn: [...network.connections, ...(instances?.role.policies ?? [])],
    });
    this.arn = environment.arn;
  }
}

/** EC2 instances, on demand or Spot, with a role that lets them join the cluster and pull images. */
class Instances extends Construct {
  readonly role: Role;
  readonly resources: Partial<BatchComputeEnvironmentComputeResources>;

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
    const { architecture, instanceTypes } = settings;
    this.resources = {
      allocationStrategy: ALLOCATION_STRATEGY[settings.compute[0] as keyof typeof ALLOCATION_STRATEGY],
      minVcpus: 0,
      instanceRole: profile.arn,
      instanceType: instanceTypes.length > 0 ? [...instanceTypes] : DEFAULT_INSTANCE_TYPES[architecture],
      ec2Configuration: [{ imageType: "ECS_AL2023" }],
    };
  }
}
