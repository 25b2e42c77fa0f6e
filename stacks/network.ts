import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Construct } from "constructs";
import { resourceName, type Settings } from "../settings";

/** Where the jobs run: the subnets of the default VPC, and a security group that lets them out and nothing in. */
export class Network extends Construct {
  readonly subnetIds: string[];
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const vpc = new DataAwsVpc(this, "vpc", { default: true });
    const subnets = new DataAwsSubnets(this, "subnets", {
      filter: [
        { name: "vpc-id", values: [vpc.id] },
        { name: "default-for-az", values: ["true"] },
      ],
    });
    const group = new SecurityGroup(this, "security-group", {
      name: resourceName(settings, "jobs"),
      description: "Jobs of the workflow: out to anywhere, nothing in",
      vpcId: vpc.id,
    });
    new VpcSecurityGroupEgressRule(this, "egress", {
      securityGroupId: group.id,
      description: "ECR, CloudWatch Logs and whatever the jobs call",
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
    });
    this.subnetIds = subnets.ids;
    this.securityGroupId = group.id;
  }
}
