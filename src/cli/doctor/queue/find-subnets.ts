/** Finds the way of subnets to the services of AWS. */
import type { RouteTable, Subnet } from "@aws-sdk/client-ec2";
import { listOf, textOf } from "../../../aws/answers";
import type { SubnetFacts } from "./queue-facts";

const EVERYWHERE = "0.0.0.0/0";

/** Returns the facts about subnets. Throws the error of AWS. */
export async function findSubnets(ids: readonly string[], region: string): Promise<SubnetFacts[]> {
  const { DescribeRouteTablesCommand, DescribeSubnetsCommand, DescribeVpcEndpointsCommand, EC2Client } = await import(
    "@aws-sdk/client-ec2"
  );
  const ec2 = new EC2Client({ region });
  const subnets = listOf((await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...ids] }))).Subnets);
  const vpcs = [...new Set(subnets.flatMap(({ VpcId }) => textOf(VpcId) ?? []))];
  const Filters = [{ Name: "vpc-id", Values: vpcs }];
  const [{ RouteTables }, { VpcEndpoints }] = await Promise.all([
    ec2.send(new DescribeRouteTablesCommand({ Filters })),
    ec2.send(new DescribeVpcEndpointsCommand({ Filters })),
  ]);
  return subnets.map((subnet) => ({
    id: textOf(subnet.SubnetId) ?? "a subnet",
    route: routeOf(tableOf(subnet, listOf(RouteTables))),
    givesPublicAddresses: subnet.MapPublicIpOnLaunch === true,
    endpoints: listOf(VpcEndpoints).flatMap(({ VpcId, ServiceName }) =>
      VpcId === subnet.VpcId ? (textOf(ServiceName)?.replace(/^.*\.amazonaws\.[^.]+\./, "") ?? []) : [],
    ),
  }));
}

// --- internal ---

/** A subnet without a route table of its own has the main one of its VPC. */
function tableOf({ SubnetId, VpcId }: Subnet, tables: readonly RouteTable[]): RouteTable | undefined {
  const own = tables.find(({ Associations }) => listOf(Associations).some((one) => one.SubnetId === SubnetId));
  return own ?? tables.find((table) => table.VpcId === VpcId && listOf(table.Associations).some(({ Main }) => Main));
}

function routeOf(table: RouteTable | undefined): SubnetFacts["route"] {
  if (table === undefined) return null;
  const out = listOf(table.Routes).find(
    ({ DestinationCidrBlock, State }) => DestinationCidrBlock === EVERYWHERE && State !== "blackhole",
  );
  if (out === undefined) return "none";
  return textOf(out.GatewayId)?.startsWith("igw-") ? "internet-gateway" : "other";
}
