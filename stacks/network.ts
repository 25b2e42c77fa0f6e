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

/** Address ranges of a created network: a VPC, and two of its subnets. */
const VPC_RANGE = "10.0.0.0/16";
const SUBNET_RANGES = ["10.0.0.0/18", "10.0.64.0/18"];

/** Where jobs may run. */
interface Place {
  readonly vpcId: string;
  readonly subnetIds: string[];
  /** What must be there before a job can reach anything. */
  readonly routes: ITerraformDependable[];
}

/** Where the jobs run: subnets, and a security group that lets them out and nothing in. */
export class Network extends Construct {
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  /** What jobs depend on to reach ECR, their logs and whatever they call. */
  readonly ways: ITerraformDependable[];

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { vpcId, subnetIds, routes } = findPlace(this, settings);
    const group = new SecurityGroup(this, "security-group", {
      // What holds a group must be replaced before the group can go: for a while there are two.
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
    this.ways = [egress, ...routes];
  }
}

function findPlace(scope: Construct, settings: Settings): Place {
  if (settings.network === "default") return defaultPlace(scope);
  if (settings.network === "create") return createPlace(scope, settings);
  return { vpcId: settings.network, subnetIds: [...settings.subnets], routes: [] };
}

function defaultPlace(scope: Construct): Place {
  const vpc = new DataAwsVpc(scope, "vpc", { default: true });
  const subnets = new DataAwsSubnets(scope, "subnets", {
    filter: [
      { name: "vpc-id", values: [vpc.id] },
      { name: "default-for-az", values: ["true"] },
    ],
  });
  return { vpcId: vpc.id, subnetIds: subnets.ids, routes: [] };
}

/** Public subnets in two zones: jobs have public addresses of their own, so there is no NAT gateway to pay for. */
function createPlace(scope: Construct, settings: Settings): Place {
  const tags = { Name: resourceName(settings) };
  const vpc = new Vpc(scope, "vpc", { cidrBlock: VPC_RANGE, enableDnsHostnames: true, tags });
  // Without rules: what is put into the VPC without a group of its own reaches nothing.
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
    // Local zones, which have to be opted in to, have neither Fargate nor every instance type.
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
