import { DataStack } from "../../stacks/data-stack";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { only, type StackJson, settingsWith, synth } from "./stacks";

/** A document without a schema, which accepts every input. */
const document = "__tests__/fixtures/echo-jsonpath.asl.json";

const settings = settingsWith({ document, data: "create", onObject: 'in "1"/ü${x}' });
const stack = synth(WorkflowStack, settings);

function patternOf({ resource }: StackJson) {
  return JSON.parse(only(resource, "aws_cloudwatch_event_rule").event_pattern as string);
}

test("without a prefix, no rule starts executions", () => {
  expect(synth(WorkflowStack, settingsWith()).resource).not.toHaveProperty("aws_cloudwatch_event_rule");
});

test("the rule takes new objects in the bucket whose keys start with the prefix, which Terraform does not read as a template", () => {
  expect(only(stack.resource, "aws_cloudwatch_event_rule").name).toBe("echo_dev_object");
  expect(patternOf(stack)).toEqual({
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: {
      bucket: {
        name: [expect.stringMatching(/^echo--dev-\$\{data\.aws_caller_identity\.\S+\.account_id\}-euw1$/)],
      },
      object: { key: [{ prefix: 'in "1"/ü$${x}' }] },
    },
  });
});

test("an empty prefix takes every object of a bucket", () => {
  const every = synth(WorkflowStack, settingsWith({ document, data: "my-bucket", onObject: "" }));
  expect(patternOf(every).detail).toEqual({ bucket: { name: ["my-bucket"] } });
});

test("the execution gets the part of the event that S3 writes", () => {
  const target = only(stack.resource, "aws_cloudwatch_event_target");
  expect(target).toMatchObject({
    arn: expect.stringMatching(/^\$\{aws_sfn_state_machine\..*\.arn\}$/),
    role_arn: expect.stringMatching(/^\$\{aws_iam_role\.object_role_.*\.arn\}$/),
    input_path: "$.detail",
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\.object_/)],
  });
  expect(target).not.toHaveProperty("input_transformer");
});

test("the bucket of the deployment sends its events", () => {
  const notification = only(synth(DataStack, settings).resource, "aws_s3_bucket_notification");
  expect(notification).toMatchObject({ eventbridge: true });
});

test("only EventBridge may take the role, for this rule, and start this state machine", () => {
  const documents = Object.entries(stack.data.aws_iam_policy_document!).filter(([id]) => id.startsWith("object_"));
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
