import { WorkflowStack } from "../../stacks/workflow-stack";
import { inventory, only, type StackJson, settingsWith, synth } from "./stacks";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts";
const stack = synth(WorkflowStack, settingsWith({ notify: ["ops@example.com", "dev@example.com", TOPIC] }));

/** Returns the rule of this name, with its pattern parsed, and its targets. */
function ruleOf({ resource }: StackJson, name: string) {
  const [id, rule] = Object.entries(resource.aws_cloudwatch_event_rule!).find(([, one]) => one.name === name)!;
  const targets = Object.values(resource.aws_cloudwatch_event_target!).filter(
    (target) => target.rule === `\${aws_cloudwatch_event_rule.${id}.name}`,
  );
  return { pattern: JSON.parse(rule.event_pattern as string), targets };
}

test("without recipients, nothing watches the executions", () => {
  const types = Object.keys(inventory(synth(WorkflowStack, settingsWith()).resource));
  expect(types.filter((type) => /sns|event|alarm|metric/.test(type))).toEqual([]);
});

test("each address is subscribed to one topic, which keeps the name that it had", () => {
  expect(only(stack.resource, "aws_sns_topic").name).toBe("echo_dev_alarms");
  const topic = `\${aws_sns_topic.${Object.keys(stack.resource.aws_sns_topic!)[0]}.arn}`;
  expect(Object.values(stack.resource.aws_sns_topic_subscription!)).toEqual([
    expect.objectContaining({ topic_arn: topic, protocol: "email", endpoint: "dev@example.com" }),
    expect.objectContaining({ topic_arn: topic, protocol: "email", endpoint: "ops@example.com" }),
  ]);
});

test("the subscription of earlier versions becomes that of the first address", () => {
  const [to] = Object.entries(stack.resource.aws_sns_topic_subscription!).find(
    ([, { endpoint }]) => endpoint === "ops@example.com",
  )!;
  expect((stack as unknown as { moved: unknown }).moved).toEqual([
    { from: "aws_sns_topic_subscription.alarms_e-mail_323B0ACE", to: `aws_sns_topic_subscription.${to}` },
  ]);
});

test("an execution that does not succeed is told to the topics, with its name and its page", () => {
  const { pattern, targets } = ruleOf(stack, "echo_dev_failed");
  expect(pattern).toEqual({
    source: ["aws.states"],
    "detail-type": ["Step Functions Execution Status Change"],
    detail: {
      stateMachineArn: [expect.stringMatching(/^\$\{aws_sfn_state_machine\..*\.arn\}$/)],
      status: ["FAILED", "TIMED_OUT", "ABORTED"],
    },
  });
  expect(targets.map(({ arn }) => arn).sort()).toEqual([expect.stringMatching(/^\$\{aws_sns_topic\./), TOPIC]);
  expect(targets[0]!.input_transformer).toEqual({
    input_paths: { name: "$.detail.name", status: "$.detail.status", arn: "$.detail.executionArn", time: "$.time" },
    input_template: [
      '"echo_dev: execution <name> ended as <status> at <time>."',
      '"https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/<arn>"',
    ].join("\n"),
  });
});

test("a recovery is told when the alarm goes off, and not when it is new", () => {
  const { pattern, targets } = ruleOf(stack, "echo_dev_recovered");
  expect(pattern).toEqual({
    source: ["aws.cloudwatch"],
    "detail-type": ["CloudWatch Alarm State Change"],
    resources: [expect.stringMatching(/^\$\{aws_cloudwatch_metric_alarm\..*\.arn\}$/)],
    detail: { state: { value: ["OK"] }, previousState: { value: ["ALARM"] } },
  });
  expect(targets).toHaveLength(2);
  expect(targets[0]!.input_transformer).toMatchObject({
    input_template: expect.stringMatching(
      /^"echo_dev: recovered at <time>\. An execution succeeded after others did not\."\n"https:[^"]*"$/,
    ),
  });
});

test("the alarm is on from an execution that does not succeed until one succeeds", () => {
  const filters = Object.values(stack.resource.aws_cloudwatch_log_metric_filter!);
  expect(filters.map(({ pattern, metric_transformation }) => [pattern, metric_transformation])).toEqual([
    [
      expect.stringMatching(
        /^\{ \(\$\.execution_arn = "arn:\S+:execution:echo_dev:\*"\) && \(\(\$\.type = "ExecutionFailed"\) \|\| \(\$\.type = "ExecutionTimedOut"\) \|\| \(\$\.type = "ExecutionAborted"\)\) \}$/,
      ),
      { name: "echo_dev", namespace: "Workflows", value: "1" },
    ],
    [
      expect.stringMatching(/ && \(\(\$\.type = "ExecutionSucceeded"\)\) \}$/),
      { name: "echo_dev", namespace: "Workflows", value: "0" },
    ],
  ]);
  expect(only(stack.resource, "aws_cloudwatch_metric_alarm")).toMatchObject({
    alarm_name: "echo_dev_failing",
    namespace: "Workflows",
    metric_name: "echo_dev",
    statistic: "Maximum",
    comparison_operator: "GreaterThanThreshold",
    threshold: 0,
    treat_missing_data: "ignore",
  });
});

test("only EventBridge may take the role, for these two rules, and publish to these topics", () => {
  const documents = Object.entries(stack.data.aws_iam_policy_document!).filter(([id]) => id.startsWith("alarms_"));
  const [policy, trust] = documents.map(([, { statement }]) => statement as Record<string, unknown>[]);
  expect(policy).toEqual([
    { sid: "Publish", actions: ["sns:Publish"], resources: [TOPIC, expect.stringMatching(/^\$\{aws_sns_topic\./)] },
  ]);
  expect(trust![0]!.principals).toEqual([{ type: "Service", identifiers: ["events.amazonaws.com"] }]);
  expect(trust![0]!.condition).toEqual([
    { test: "StringEquals", variable: "aws:SourceAccount", values: [expect.any(String)] },
    {
      test: "ArnEquals",
      variable: "aws:SourceArn",
      values: [expect.stringMatching(/:rule\/echo_dev_failed$/), expect.stringMatching(/:rule\/echo_dev_recovered$/)],
    },
  ]);
});

test("topics alone need no topic of the workflow", () => {
  const { resource } = synth(WorkflowStack, settingsWith({ notify: [TOPIC] }));
  expect(resource).not.toHaveProperty("aws_sns_topic");
  expect(Object.values(resource.aws_cloudwatch_event_target!).map(({ arn }) => arn)).toEqual([TOPIC, TOPIC]);
});
