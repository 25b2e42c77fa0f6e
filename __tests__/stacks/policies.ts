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

/** Plausible values of the attributes that policies refer to. `*` stands for the name of the resource. */
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

function rendered({ sid, effect = "Allow", actions, resources = [], condition = [] }: TerraformStatement) {
  const Condition: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of condition) Condition[test] = { ...Condition[test], [variable]: values };
  const Resource = resources.map((resource) =>
    resource.replace(/\$\{([^}]*)\}/g, (_, path: string) => attributeValue(path)),
  );
  return { ...(sid !== undefined && { Sid: sid }), Effect: effect, Action: actions, Resource, Condition };
}

/** @param path such as `data.aws_region.deployment_region_1234.region` */
function attributeValue(path: string): string {
  const [attribute, , ...type] = path.split(".").reverse();
  const value = ATTRIBUTES[[...type.reverse(), attribute].join(".")];
  if (value === undefined) throw new Error(`no value for ${path}; add one to ${__filename}`);
  return value;
}
