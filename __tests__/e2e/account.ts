import {
  BatchClient,
  paginateDescribeComputeEnvironments,
  paginateDescribeJobDefinitions,
  paginateDescribeJobQueues,
} from "@aws-sdk/client-batch";
import { CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import {
  EC2Client,
  paginateDescribeInternetGateways,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
} from "@aws-sdk/client-ec2";
import { ECRClient, paginateDescribeImages, paginateDescribeRepositories } from "@aws-sdk/client-ecr";
import { IAMClient, paginateListInstanceProfiles, paginateListPolicies, paginateListRoles } from "@aws-sdk/client-iam";
import { paginateListExecutions, paginateListStateMachines, SFNClient } from "@aws-sdk/client-sfn";
import { paginateListSubscriptions, paginateListTopics, SNSClient } from "@aws-sdk/client-sns";
import { clientConfiguration } from "./environment";
import { listRules, listSchedules } from "./event-services";

/** The resources of a deployment in an account, by kind. Kinds without a resource are left out. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

/**
 * Finds every resource whose name or tags contain `environment`. The description of a resource differs after a replacement.
 * Leaves out what AWS keeps for a while: inactive job definitions, and jobs and executions that have ended.
 */
export async function inventory(environment: string, region: string): Promise<Inventory> {
  const found = await Promise.all(
    Object.entries(kinds(region)).map(async ([kind, list]) => {
      const described = (await list()).filter((description) => description.includes(environment));
      return [kind, described.sort()] as const;
    }),
  );
  return Object.fromEntries(found.filter(([, described]) => described.length > 0));
}

/** Describes all resources of the account, by kind. */
function kinds(region: string): Record<string, () => Promise<string[]>> {
  const configuration = clientConfiguration(region);
  const batch = { client: new BatchClient(configuration) };
  const cloudWatch = { client: new CloudWatchClient(configuration) };
  const ec2 = { client: new EC2Client(configuration) };
  const ecr = { client: new ECRClient(configuration) };
  const iam = { client: new IAMClient(configuration) };
  const logs = { client: new CloudWatchLogsClient(configuration) };
  const sfn = { client: new SFNClient(configuration) };
  const sns = { client: new SNSClient(configuration) };

  const stateMachines = () => all(paginateListStateMachines(sfn, {}), (page) => page.stateMachines);
  const repositories = () => all(paginateDescribeRepositories(ecr, {}), (page) => page.repositories);
  const activeOnly = { status: "ACTIVE" };
  const ownOnly = { Scope: "Local" } as const;
  return {
    stateMachines: async () => (await stateMachines()).map((one) => text(one.name, one.creationDate)),
    runningExecutions: async () => {
      const running = (stateMachineArn: string) =>
        all(paginateListExecutions(sfn, { stateMachineArn, statusFilter: "RUNNING" }), (page) => page.executions);
      const executions = (await stateMachines()).map((one) => running(one.stateMachineArn!));
      return (await Promise.all(executions)).flat().map((one) => text(one.executionArn));
    },
    computeEnvironments: async () =>
      (await all(paginateDescribeComputeEnvironments(batch, {}), (page) => page.computeEnvironments)).map((one) =>
        text(one.computeEnvironmentName, one.uuid),
      ),
    jobQueues: async () =>
      (await all(paginateDescribeJobQueues(batch, {}), (page) => page.jobQueues)).map((one) => text(one.jobQueueName)),
    activeJobDefinitions: async () =>
      (await all(paginateDescribeJobDefinitions(batch, activeOnly), (page) => page.jobDefinitions)).map((one) =>
        text(one.jobDefinitionName, one.revision),
      ),
    repositories: async () => (await repositories()).map((one) => text(one.repositoryName, one.createdAt)),
    images: async () => {
      const images = (repositoryName: string) =>
        all(paginateDescribeImages(ecr, { repositoryName }), (page) => page.imageDetails);
      return (await Promise.all((await repositories()).map((one) => images(one.repositoryName!))))
        .flat()
        .map((one) => text(one.repositoryName, one.imageTags, one.imageDigest, one.imagePushedAt));
    },
    roles: async () =>
      (await all(paginateListRoles(iam, {}), (page) => page.Roles)).map((one) => text(one.RoleName, one.RoleId)),
    policies: async () =>
      (await all(paginateListPolicies(iam, ownOnly), (page) => page.Policies)).map((one) => text(one.PolicyName)),
    instanceProfiles: async () =>
      (await all(paginateListInstanceProfiles(iam, {}), (page) => page.InstanceProfiles)).map((one) =>
        text(one.InstanceProfileName, one.InstanceProfileId),
      ),
    logGroups: async () =>
      (await all(paginateDescribeLogGroups(logs, {}), (page) => page.logGroups)).map((one) =>
        text(one.logGroupName, one.creationTime),
      ),
    alarms: async () =>
      (await all(paginateDescribeAlarms(cloudWatch, {}), (page) => page.MetricAlarms)).map((one) =>
        text(one.AlarmName, one.AlarmConfigurationUpdatedTimestamp),
      ),
    rules: async () => (await listRules(region)).map((one) => text(one.Name)),
    schedules: async () => (await listSchedules(region)).map((one) => text(one.Name)),
    topics: async () =>
      (await all(paginateListTopics(sns, {}), (page) => page.Topics)).map((one) => text(one.TopicArn)),
    subscriptions: async () =>
      (await all(paginateListSubscriptions(sns, {}), (page) => page.Subscriptions)).map((one) =>
        text(one.SubscriptionArn, one.TopicArn),
      ),
    vpcs: async () =>
      (await all(paginateDescribeVpcs(ec2, {}), (page) => page.Vpcs)).map((one) => text(one.VpcId, one.Tags)),
    subnets: async () =>
      (await all(paginateDescribeSubnets(ec2, {}), (page) => page.Subnets)).map((one) => text(one.SubnetId, one.Tags)),
    routeTables: async () =>
      (await all(paginateDescribeRouteTables(ec2, {}), (page) => page.RouteTables)).map((one) =>
        text(one.RouteTableId, one.Tags),
      ),
    internetGateways: async () =>
      (await all(paginateDescribeInternetGateways(ec2, {}), (page) => page.InternetGateways)).map((one) =>
        text(one.InternetGatewayId, one.Tags),
      ),
    securityGroups: async () =>
      (await all(paginateDescribeSecurityGroups(ec2, {}), (page) => page.SecurityGroups)).map((one) =>
        text(one.GroupName, one.GroupId),
      ),
  };
}

async function all<Page, Item>(pages: AsyncIterable<Page>, items: (page: Page) => Item[] | undefined): Promise<Item[]> {
  const found: Item[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

/** Joins the known facts of a resource into one text. */
function text(...known: unknown[]): string {
  return JSON.stringify(known);
}
