import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { resourceName } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";

/** Address ranges of a created VPC and its two subnets. */
const VPC_RANGE = "10.0.0.0/16";
const SUBNET_RANGES = ["10.0.0.0/18", "10.0.64.0/18"];

/** The part of a VPC that jobs run in. */
interface Subnets {
  readonly vpcId: string;
  readonly subnetIds: string[];
  /** Resources that a job needs to reach anything. */
  readonly routes: ITerraformDependable[];
}

/** The subnets that the jobs run in, and a security group that lets them out and nothing in. */
export class Network extends Construct {
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  /** Resources that a job needs to reach ECR, its logs and the services that it calls. */
  readonly connections: ITerraformDependable[];

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { vpcId, subnetIds, routes } = findSubnets(this, settings);
    const group = new SecurityGroup(this, "security-group", {
      // A resource that uses the group is replaced before the group can be deleted. Until then there are two groups.
      namePrefix: `${resourceName(settings, "jobs")}-`,
      description: "Jobs of the workflow: out to anywhere, nothing in",
      vpcId,
    });
    const egress = new VpcSecurityGroupEgressRule(this, "egress", {
      securityGroupId: group.id,
      description: "ECR, CloudWatch Logs and whatever the jobs call",
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
    });
    this.subnetIds = subnetIds;
    this.securityGroupId = group.id;
    this.connections = [egress, ...routes];
  }
}

function findSubnets(scope: Construct, settings: Settings): Subnets {
  if (settings.network === "default") return defaultSubnets(scope);
  if (settings.network === "create") return createSubnets(scope, settings);
  return { vpcId: settings.network, subnetIds: [...settings.subnets], routes: [] };
}

function defaultSubnets(scope: Construct): Subnets {
  const vpc = new DataAwsVpc(scope, "vpc", { default: true });
  const subnets = new DataAwsSubnets(scope, "subnets", {
    filter: [
      { name: "vpc-id", values: [vpc.id] },
      { name: "default-for-az", values: ["true"] },
    ],
  });
  return { vpcId: vpc.id, subnetIds: subnets.ids, routes: [] };
}

/** Creates public subnets in two zones. Jobs get public addresses, so there is no NAT gateway to pay for. */
function createSubnets(scope: Construct, settings: Settings): Subnets {
  const tags = { Name: resourceName(settings) };
  const vpc = new Vpc(scope, "vpc", { cidrBlock: VPC_RANGE, enableDnsHostnames: true, tags });
  // Has no rules, so a resource in the VPC without its own group reaches nothing.
  new DefaultSecurityGroup(scope, "default-security-group", { vpcId: vpc.id, tags });
  const gateway = new InternetGateway(scope, "gateway", { vpcId: vpc.id, tags });
  const table = new RouteTable(scope, "routes", { vpcId: vpc.id, tags });
  const route = new Route(scope, "route", {
    routeTableId: table.id,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway.id,
  });
  const zones = new DataAwsAvailabilityZones(scope, "zones", {
    state: "available",
    // Local zones need an opt-in. They have neither Fargate nor all instance types.
    filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
  });
  const subnets = SUBNET_RANGES.map(
    (cidrBlock, index) =>
      new Subnet(scope, `subnet-${index}`, {
        vpcId: vpc.id,
        cidrBlock,
        availabilityZone: Fn.element(zones.names, index),
        mapPublicIpOnLaunch: true,
        tags,
      }),
  );
  const associations = subnets.map(
    ({ id }, index) =>
      new RouteTableAssociation(scope, `association-${index}`, { routeTableId: table.id, subnetId: id }),
  );
  return { vpcId: vpc.id, subnetIds: subnets.map(({ id }) => id), routes: [route, ...associations] };
}
