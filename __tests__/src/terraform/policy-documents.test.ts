import type { JsonObject } from "../../../src/base/json";
import { policyDocuments } from "../../../src/terraform/policy-documents";
import { WorkflowStack } from "../../../stacks/workflow-stack";
import { settingsWith, synth } from "../../stacks/stacks";

const RESOURCES = {
  aws_batch_job_definition: { job: { name: "echo_dev_echo" } },
  aws_batch_job_queue: { queue: { name: "echo_dev" } },
  aws_cloudwatch_log_group: { "jobs-log": { name: "/aws/batch/echo_dev" } },
  aws_sfn_state_machine: { machine: { name: "echo_dev" } },
  aws_sns_topic: { topic: { name: "echo_dev" } },
};

/** A stack with one policy. */
function stackWith(policy: JsonObject): JsonObject {
  return { resource: RESOURCES, data: { aws_iam_policy_document: { role_policy: { "//": {}, ...policy } } } };
}

function statementOf(statement: JsonObject): unknown {
  return policyDocuments(stackWith({ statement: [statement] }))[0]!.json.Statement[0];
}

test("a statement is rendered as IAM has it", () => {
  expect(
    policyDocuments(
      stackWith({
        statement: [
          { sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"] },
          { effect: "Deny", actions: ["s3:*"], resources: ["*"] },
        ],
      }),
    ),
  ).toEqual([
    {
      name: "role_policy",
      trust: false,
      json: {
        Version: "2012-10-17",
        Statement: [
          { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::b/*"] },
          { Effect: "Deny", Action: ["s3:*"], Resource: ["*"] },
        ],
      },
    },
  ]);
});

test("a trust policy is given the role itself for a resource; principals and conditions of one kind are joined", () => {
  const account = "${data.aws_caller_identity.caller.account_id}";
  const [policy] = policyDocuments(
    stackWith({
      statement: [
        {
          actions: ["sts:AssumeRole"],
          principals: [
            { type: "Service", identifiers: ["states.amazonaws.com"] },
            { type: "Service", identifiers: ["batch.amazonaws.com"] },
          ],
          condition: [
            { test: "StringEquals", variable: "aws:SourceAccount", values: [account] },
            { test: "StringEquals", variable: "aws:SourceOrgID", values: ["o-1", "o-2"] },
            { test: "Bool", variable: "aws:SecureTransport", values: ["true"] },
          ],
        },
      ],
    }),
  );
  expect(policy!.trust).toBe(true);
  expect(policy!.json.Statement).toEqual([
    {
      Effect: "Allow",
      Action: ["sts:AssumeRole"],
      Resource: "arn:aws:iam::123456789012:role/the-role-itself",
      Principal: { Service: ["states.amazonaws.com", "batch.amazonaws.com"] },
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012", "aws:SourceOrgID": ["o-1", "o-2"] },
        Bool: { "aws:SecureTransport": "true" },
      },
    },
  ]);
});

const ARN =
  "arn:${data.aws_partition.p.partition}:ecr:${data.aws_region.r.region}:${data.aws_caller_identity.c.account_id}";

test.each([
  [`${ARN}:repository/x`, "arn:aws:ecr:eu-west-1:123456789012:repository/x"],
  ["sqs.${data.aws_partition.p.dns_suffix}", "sqs.amazonaws.com"],
  ["${aws_batch_job_definition.job.arn}", "arn:aws:batch:eu-west-1:123456789012:job-definition/echo_dev_echo:1"],
  [
    "${aws_batch_job_definition.job.arn_prefix}:*",
    "arn:aws:batch:eu-west-1:123456789012:job-definition/echo_dev_echo:*",
  ],
  ["${aws_batch_job_queue.queue.arn}", "arn:aws:batch:eu-west-1:123456789012:job-queue/echo_dev"],
  ["${aws_cloudwatch_log_group.jobs-log.arn}:*", "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/batch/echo_dev:*"],
  [
    "${aws_iam_openid_connect_provider.github.arn}",
    "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
  ],
  ["${aws_sfn_state_machine.machine.arn}", "arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev"],
  ["${aws_sns_topic.topic.arn}", "arn:aws:sns:eu-west-1:123456789012:echo_dev"],
  ["arn:aws:s3:::home/$${aws:username}", "arn:aws:s3:::home/${aws:username}"],
])("the resource %s becomes %s", (resource, expected) => {
  expect(statementOf({ actions: ["x:Y"], resources: [resource] })).toEqual(
    expect.objectContaining({ Resource: [expected] }),
  );
});

test.each<[string, JsonObject]>([
  ["not_actions", { statement: [{ not_actions: ["s3:*"], resources: ["*"] }] }],
  ["source_policy_documents", { source_policy_documents: ["{}"], statement: [] }],
  ["aws_kms_key.key.arn", { statement: [{ actions: ["x:Y"], resources: ["${aws_kms_key.key.arn}"] }] }],
])("`%s` has no rule: it is refused by name rather than left out of a scan", (what, policy) => {
  expect(() => policyDocuments(stackWith(policy))).toThrow(
    `role_policy: no rule for \`${what}\`; add one to src/terraform/policy-documents.ts`,
  );
});

test("every policy of the workflow stack is rendered, without a reference left", () => {
  const stack = synth(WorkflowStack, settingsWith()) as unknown as JsonObject;
  const rendered = policyDocuments(stack);
  expect(rendered.map(({ name, trust }) => [name.replace(/_[0-9A-F]{8}$/, ""), trust])).toEqual([
    ["batch_execution-role_policy", false],
    ["batch_execution-role_trust", true],
    ["batch_job-role_trust", true],
    ["state-machine_role_policy", false],
    ["state-machine_role_trust", true],
  ]);
  expect(JSON.stringify(rendered)).not.toContain("${");
});
