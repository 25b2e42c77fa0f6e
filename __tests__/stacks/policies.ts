/** Renders the IAM policies of a stack as Terraform renders `aws_iam_policy_document` data sources. */

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A statement in Terraform's JSON. */
interface TerraformStatement {
  readonly sid?: string;
  readonly effect?: string;
  readonly actions: string[];
  /** A trust policy has none. */
  readonly resources?: string[];
  readonly condition?: readonly { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

/** Plausible values of the attributes that policies refer to. `*` stands for the name of the resource: its id in the stack. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  "data.aws_caller_identity.account_id": "123456789012",
  "data.aws_partition.partition": "aws",
  "data.aws_region.region": "eu-west-1",
  "aws_batch_job_definition.arn_prefix": "arn:aws:batch:eu-west-1:123456789012:job-definition/*",
  "aws_batch_job_queue.arn": "arn:aws:batch:eu-west-1:123456789012:job-queue/*",
  "aws_sfn_state_machine.arn": "arn:aws:states:eu-west-1:123456789012:stateMachine:*",
  "aws_cloudwatch_log_group.arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*",
  "aws_sns_topic.arn": "arn:aws:sns:eu-west-1:123456789012:*",
};

/** Returns each policy of a stack's Terraform JSON with its name. Trust policies are left out. */
export function policiesOf(stack: { data?: object }): [name: string, statements: PolicyStatement[]][] {
  const { aws_iam_policy_document: documents = {} } = (stack.data ?? {}) as {
    aws_iam_policy_document?: Record<string, { statement: TerraformStatement[] }>;
  };
  return Object.entries(documents)
    .filter(([, { statement }]) => statement.some(({ resources }) => resources !== undefined))
    .map(([name, { statement }]) => [name, statement.map(rendered)]);
}

/** The rights of a role: the statements of its inline policies, and the policies that are attached to it. */
export interface RoleRights {
  readonly statements: readonly PolicyStatement[];
  readonly attached: readonly string[];
}

type Named = Record<string, Record<string, string>>;

/** Returns the rights of each role of a stack's Terraform JSON, by the role's id in it. */
export function rolesOf(stack: { data: object; resource: object }): Map<string, RoleRights> {
  const policies = new Map(policiesOf(stack));
  const {
    aws_iam_role = {},
    aws_iam_role_policy = {},
    aws_iam_role_policy_attachment = {},
  } = stack.resource as {
    [type: string]: Named;
  };
  const ofRole = (resources: Named, id: string) =>
    Object.values(resources).filter(({ role }) => role!.startsWith(`\${aws_iam_role.${id}.`));
  return new Map(
    Object.keys(aws_iam_role).map((id) => [
      id,
      {
        statements: ofRole(aws_iam_role_policy, id).flatMap(
          ({ policy }) => policies.get(/^\$\{data\.aws_iam_policy_document\.(.+)\.json\}$/.exec(policy!)![1]!)!,
        ),
        attached: ofRole(aws_iam_role_policy_attachment, id).map(({ policy_arn }) => policy_arn!),
      },
    ]),
  );
}

/**
 * Returns statements as lines such as `Allow s3:GetObject on arn:aws:s3:::bucket/*`, sorted. It does not matter then how the rights are
 * grouped.
 */
export function rightLines(statements: readonly PolicyStatement[]): string[] {
  const lines = statements.flatMap(({ Effect, Action, Resource, Condition = {} }) => {
    const condition = Object.keys(Condition).length === 0 ? "" : ` if ${JSON.stringify(Condition)}`;
    return [Action]
      .flat()
      .flatMap((action) => [Resource].flat().map((resource) => `${Effect} ${action} on ${resource}${condition}`));
  });
  return [...new Set(lines)].sort();
}

/** Returns a text of Terraform with plausible values in place of its references. */
function withValues(text: string): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, path: string) => attributeValue(path));
}

function rendered({ sid, effect = "Allow", actions, resources = [], condition = [] }: TerraformStatement) {
  const Condition: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of condition) {
    Condition[test] = { ...Condition[test], [variable]: values.map(withValues) };
  }
  const Resource = resources.map(withValues);
  return { ...(sid !== undefined && { Sid: sid }), Effect: effect, Action: actions, Resource, Condition };
}

/** @param path such as `data.aws_region.deployment_region_1234.region` */
function attributeValue(path: string): string {
  const [attribute, id, ...type] = path.split(".").reverse();
  const value = ATTRIBUTES[[...type.reverse(), attribute].join(".")];
  if (value === undefined) throw new Error(`no value for ${path}; add one to ${__filename}`);
  return value.replace("*", id!.replace(/_[0-9A-F]{8}$/, ""));
}
