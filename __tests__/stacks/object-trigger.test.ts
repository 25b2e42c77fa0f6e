import { DataStack } from "../../stacks/data-stack";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { only, settingsWith, synth } from "./stacks";

/** A document without a schema, which accepts every input. */
const document = "__tests__/fixtures/echo-jsonpath.asl.json";

test("without a prefix, no rule starts executions", () => {
  expect(synth(WorkflowStack, settingsWith({ data: "create" })).resource).not.toHaveProperty(
    "aws_cloudwatch_event_rule",
  );
});

test.each([
  ["in/", { object: { key: [{ prefix: "in/" }] } }],
  ['in "1"/ü${x}', { object: { key: [{ prefix: 'in "1"/ü$${x}' }] } }],
  ["", {}],
])("the rule takes new objects whose keys start with %j", (onObject, keys) => {
  const { resource } = synth(WorkflowStack, settingsWith({ document, data: "my-bucket", onObject }));
  const rule = only(resource, "aws_cloudwatch_event_rule");
  expect(rule.name).toBe("echo_dev_object");
  expect(JSON.parse(rule.event_pattern as string)).toEqual({
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: ["my-bucket"] }, ...keys },
  });
});

test("the execution gets the part of the event that S3 writes", () => {
  const { resource } = synth(WorkflowStack, settingsWith({ document, data: "create", onObject: "in/" }));
  const target = only(resource, "aws_cloudwatch_event_target");
  expect(target).toMatchObject({
    arn: expect.stringMatching(/^\$\{aws_sfn_state_machine\..*\.arn\}$/),
    role_arn: expect.stringMatching(/^\$\{aws_iam_role\.object_role_.*\.arn\}$/),
    input_path: "$.detail",
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\.object_/)],
  });
  expect(target).not.toHaveProperty("input_transformer");
});

test("the bucket of the deployment sends its events; the rule names it without reading the other stack", () => {
  const settings = settingsWith({ document, data: "create", onObject: "in/" });
  const notification = only(synth(DataStack, settings).resource, "aws_s3_bucket_notification");
  expect(notification).toMatchObject({ eventbridge: true });
  const { event_pattern } = only(synth(WorkflowStack, settings).resource, "aws_cloudwatch_event_rule");
  expect(JSON.parse(event_pattern as string).detail.bucket.name).toEqual([
    expect.stringMatching(/^echo--dev-\$\{data\.aws_caller_identity\.\S+\.account_id\}-euw1$/),
  ]);
});

test("only EventBridge may take the role, for this rule, and start this state machine", () => {
  const { data } = synth(WorkflowStack, settingsWith({ document, data: "my-bucket", onObject: "in/" }));
  const documents = Object.entries(data.aws_iam_policy_document!).filter(([id]) => id.startsWith("object_"));
  const [policy, trust] = documents.map(([, { statement }]) => statement as Record<string, unknown>[]);
  expect(policy).toEqual([
    {
      sid: "Start",
      actions: ["states:StartExecution"],
      resources: [expect.stringMatching(/^\$\{aws_sfn_state_machine\..*\.arn\}$/)],
    },
  ]);
  expect(trust![0]).toMatchObject({
    principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
    condition: [
      { test: "StringEquals", variable: "aws:SourceAccount" },
      { test: "ArnEquals", variable: "aws:SourceArn", values: [expect.stringMatching(/:rule\/echo_dev_object$/)] },
    ],
  });
});
