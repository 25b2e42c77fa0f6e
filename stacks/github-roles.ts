/** The roles that jobs of GitHub Actions take, and their rights. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
  type DataAwsIamPolicyDocumentStatementCondition,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import type { Settings } from "../src/project/settings-types";
import { conditions } from "./iam-statement";

/** Issuer and audience of the tokens of GitHub's jobs. */
export const GITHUB_TOKENS = "token.actions.githubusercontent.com";
export const AUDIENCE = "sts.amazonaws.com";

export interface GithubRoleProps {
  readonly description: string;
  readonly providerArn: string;
  /** Subjects of the tokens of the jobs that may take the role. */
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
    // Has dashes: the deployer may change roles and policies whose names start with `<workflow>_`, but not these.
    const name = `${settings.name}-github-${id}`;
    const role = new IamRole(this, "role", {
      name,
      description: props.description,
      assumeRolePolicy: trust.json,
      ...(settings.permissionsBoundary && { permissionsBoundary: settings.permissionsBoundary }),
    });
    for (const [index, statement] of policiesOf(props.statements).entries()) {
      const part = index + 1;
      const { json } = new DataAwsIamPolicyDocument(this, `policy-${part}`, { statement });
      const policy = new IamPolicy(this, `part-${part}`, { name: `${name}-${part}`, policy: json });
      new IamRolePolicyAttachment(this, `attached-${part}`, { role: role.id, policyArn: policy.arn });
    }
    this.arn = role.arn;
  }
}

/** Returns the rights of a plan: the deployer's actions that change nothing, finding orphans by their tags, and reading the states. */
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

/** Returns the rights of a deployment, under the permissions boundary of the settings if there is one, with access to the states. */
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

/**
 * Characters of one policy, counted in the form of Terraform, which is longer. IAM allows 6,144 in a managed policy, and 10,240 in all
 * inline policies of a role, which is too little for a deployer.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 */
const LONGEST_POLICY = 6000;

/** Divides statements into policies that are short enough. */
function policiesOf(statements: readonly DataAwsIamPolicyDocumentStatement[]): DataAwsIamPolicyDocumentStatement[][] {
  const policies: DataAwsIamPolicyDocumentStatement[][] = [];
  let length = LONGEST_POLICY;
  for (const statement of statements) {
    const more = JSON.stringify(statement).length;
    length += more;
    if (length > LONGEST_POLICY) {
      policies.push([]);
      length = more;
    }
    policies.at(-1)!.push(statement);
  }
  return policies;
}

/** Actions that change nothing. */
const READING = /^[a-z0-9]+:(BatchCheck|BatchGet|Describe|Get|List|Validate)/;

/** Actions that could give a role rights beyond a permissions boundary. Actions that take rights away need no condition. */
const WIDENING = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"];
const UNBINDING = "iam:DeleteRolePermissionsBoundary";

/** A statement of src/terraform/deployer-policy.json, in the form of Terraform. */
interface Allowed extends DataAwsIamPolicyDocumentStatement {
  readonly sid: string;
  readonly actions: string[];
  readonly condition: DataAwsIamPolicyDocumentStatementCondition[];
}

/** A statement of src/terraform/deployer-policy.json, in the form of IAM. */
interface DeployerStatement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/**
 * Statement that lets the deployer tag, and so take over, any security group without the workflow's tag. Only the default group of a
 * VPC that the workflow creates needs it. No condition of IAM can tell that group from another.
 */
const TAKES_OVER_GROUPS = "NetworkDefaultGroup";

/** Returns the statements of src/terraform/deployer-policy.json for this workflow. The file is about a workflow named `echo`. */
function deployerStatements({ name, network }: Settings, partition: string): Allowed[] {
  const text = readFileSync(join(PROJECT_FOLDER, "src", "terraform", "deployer-policy.json"), "utf8")
    .replaceAll("echo_", `${name}_`)
    .replaceAll("echo--", `${name}--`)
    .replaceAll('"echo"', `"${name}"`)
    .replaceAll('"arn:aws:', `"arn:${partition}:`);
  const { Statement } = JSON.parse(text) as { Statement: DeployerStatement[] };
  return Statement.filter(({ Sid }) => Sid !== TAKES_OVER_GROUPS || network === "create").map(
    ({ Sid, Action, Resource, Condition = {} }) => ({
      sid: Sid,
      actions: [Action].flat(),
      resources: [Resource].flat(),
      condition: conditions(Condition),
    }),
  );
}

/**
 * Returns the statements with the boundary as a condition of all actions that give a role rights. Otherwise the deployer could
 * create a role without the boundary.
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

/** Returns the statements with only these actions. Leaves out statements without any. */
function keep(statements: readonly Allowed[], isKept: (action: string) => boolean): Allowed[] {
  return statements
    .map((statement) => ({ ...statement, actions: statement.actions.filter(isKept) }))
    .filter(({ actions }) => actions.length > 0);
}

/**
 * Returns the rights to find and read the states of the workflow. S3 only says that a state does not exist yet if the caller may list
 * its key as a prefix. Terraform looks at `env:/`, the place of its own workspaces, when it is initialized.
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
