/** The roles that jobs of GitHub Actions take, and what they may do. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
  type DataAwsIamPolicyDocumentStatementCondition,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import type { Settings } from "../src/project/settings-types";

/** Who signs the tokens of GitHub's jobs, and for whom. */
export const GITHUB_TOKENS = "token.actions.githubusercontent.com";
export const AUDIENCE = "sts.amazonaws.com";

export interface GithubRoleProps {
  readonly description: string;
  readonly providerArn: string;
  /** Of GitHub's token: which of its jobs may take the role. */
  readonly subjects: string[];
  readonly statements: DataAwsIamPolicyDocumentStatement[];
}

/** A role that jobs of GitHub Actions take. */
export class GithubRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, settings: Settings, props: GithubRoleProps) {
    super(scope, id);
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        {
          actions: ["sts:AssumeRoleWithWebIdentity"],
          principals: [{ type: "Federated", identifiers: [props.providerArn] }],
          condition: [
            { test: "StringEquals", variable: `${GITHUB_TOKENS}:aud`, values: [AUDIENCE] },
            { test: "StringEquals", variable: `${GITHUB_TOKENS}:sub`, values: props.subjects },
          ],
        },
      ],
    });
    const role = new IamRole(this, "role", {
      // With dashes: the deployer may change the roles whose names start with `<workflow>_`, and so not this one.
      name: `${settings.name}-github-${id}`,
      description: props.description,
      assumeRolePolicy: trust.json,
      ...(settings.permissionsBoundary && { permissionsBoundary: settings.permissionsBoundary }),
    });
    const policy = new DataAwsIamPolicyDocument(this, "policy", { statement: props.statements });
    new IamRolePolicy(this, "attached", { name: "policy", role: role.id, policy: policy.json });
    this.arn = role.arn;
  }
}

/** What a plan needs: of the deployer's actions those that change nothing, orphans by their tags, and the states. */
export function planStatements(
  settings: Settings,
  partition: string,
  bucketArn: string | null,
): DataAwsIamPolicyDocumentStatement[] {
  return [
    ...keep(deployerStatements(settings, partition), (action) => READING.test(action)),
    { sid: "Orphans", actions: ["tag:GetResources"], resources: ["*"] },
    ...(bucketArn === null ? [] : readingStates(settings, bucketArn)),
  ];
}

/** What a deployment needs, under the permissions boundary of the settings if they have one, and the states. */
export function applyStatements(
  settings: Settings,
  partition: string,
  bucketArn: string | null,
): DataAwsIamPolicyDocumentStatement[] {
  const { name, permissionsBoundary } = settings;
  const deployer = deployerStatements(settings, partition);
  return [
    ...(permissionsBoundary === null ? deployer : underBoundary(deployer, permissionsBoundary)),
    ...(bucketArn === null
      ? []
      : [
          ...readingStates(settings, bucketArn),
          {
            sid: "WriteStates",
            actions: ["s3:DeleteObject", "s3:PutObject"],
            resources: [`${bucketArn}/${name}/*`],
          },
        ]),
  ];
}

// --- internal ---

/** Actions that change nothing. */
const READING = /^[a-z0-9]+:(BatchCheck|BatchGet|Describe|Get|List|Validate)/;

/** Actions that could give a role rights beyond a permissions boundary. What takes rights away needs no condition. */
const WIDENING = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"];
const UNBINDING = "iam:DeleteRolePermissionsBoundary";

/** A statement of src/terraform/deployer-policy.json, as Terraform has it. */
interface Allowed extends DataAwsIamPolicyDocumentStatement {
  readonly sid: string;
  readonly actions: string[];
  readonly condition: DataAwsIamPolicyDocumentStatementCondition[];
}

/** The same, as it stands there. */
interface DeployerStatement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/**
 * Lets the deployer tag, and so take over, any security group without the workflow's tag. That is needed for the default group of
 * a VPC that the workflow makes, and for nothing else: no condition of IAM tells that group from another.
 */
const TAKES_OVER_GROUPS = "NetworkDefaultGroup";

/** What src/terraform/deployer-policy.json, which is about a workflow named `echo`, allows for this workflow. */
function deployerStatements({ name, network }: Settings, partition: string): Allowed[] {
  const text = readFileSync(join(PROJECT_FOLDER, "src", "terraform", "deployer-policy.json"), "utf8")
    .replaceAll("echo_", `${name}_`)
    .replaceAll('"echo"', `"${name}"`)
    .replaceAll('"arn:aws:', `"arn:${partition}:`);
  const { Statement } = JSON.parse(text) as { Statement: DeployerStatement[] };
  return Statement.filter(({ Sid }) => Sid !== TAKES_OVER_GROUPS || network === "create").map(
    ({ Sid, Action, Resource, Condition = {} }) => ({
      sid: Sid,
      actions: [Action].flat(),
      resources: [Resource].flat(),
      condition: Object.entries(Condition).flatMap(([test, variables]) =>
        Object.entries(variables).map(([variable, values]) => ({ test, variable, values: [values].flat() })),
      ),
    }),
  );
}

/**
 * The statements with the boundary as a condition of all that gives a role rights: else a role could be made that is not held by it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
function underBoundary(statements: readonly Allowed[], boundary: string): Allowed[] {
  const condition = { test: "ArnEquals", variable: "iam:PermissionsBoundary", values: [boundary] };
  const widening = keep(statements, (action) => WIDENING.includes(action));
  return [
    ...keep(statements, (action) => action !== UNBINDING && !WIDENING.includes(action)),
    ...widening.map((one) => ({ ...one, sid: `${one.sid}UnderBoundary`, condition: [...one.condition, condition] })),
  ];
}

/** The statements with those actions alone; without those that have none left. */
function keep(statements: readonly Allowed[], isKept: (action: string) => boolean): Allowed[] {
  return statements
    .map((statement) => ({ ...statement, actions: statement.actions.filter(isKept) }))
    .filter(({ actions }) => actions.length > 0);
}

/**
 * Finding and reading the states of the workflow. That a state is not there yet S3 says only to whoever may list its key: it
 * takes the key for the prefix. `env:/` is where Terraform's own workspaces would be, at which it looks when initialized.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions
 */
function readingStates({ name }: Settings, bucketArn: string): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      sid: "FindStates",
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
      condition: [{ test: "StringLike", variable: "s3:prefix", values: [`${name}/*`, "env:/"] }],
    },
    { sid: "ReadStates", actions: ["s3:GetObject"], resources: [`${bucketArn}/${name}/*`] },
  ];
}
