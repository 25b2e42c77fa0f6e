import { WorkflowStack } from "../../stacks/workflow-stack";
import { inventory, only, settingsWith, synth } from "./stacks";

test("there are none where none are wanted", () => {
  expect(inventory(synth(WorkflowStack, settingsWith()).resource)).not.toHaveProperty("aws_cloudwatch_metric_alarm");
});

test("each end but success has an alarm, told to one topic", () => {
  const { resource } = synth(WorkflowStack, settingsWith({ notify: ["ops@example.com"] }));
  const alarms = Object.values(resource.aws_cloudwatch_metric_alarm!);
  expect(alarms.map(({ alarm_name, metric_name }) => [alarm_name, metric_name])).toEqual([
    ["echo_dev_aborted", "ExecutionsAborted"],
    ["echo_dev_failed", "ExecutionsFailed"],
    ["echo_dev_timed-out", "ExecutionsTimedOut"],
  ]);
  for (const alarm of alarms) {
    expect(alarm).toMatchObject({
      namespace: "AWS/States",
      dimensions: { StateMachineArn: expect.stringMatching(/^\$\{aws_sfn_state_machine\..*\.arn\}$/) },
      statistic: "Sum",
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      treat_missing_data: "notBreaching",
      alarm_actions: [expect.stringMatching(/^\$\{aws_sns_topic\..*\.arn\}$/)],
    });
  }
  expect(only(resource, "aws_sns_topic").name).toBe("echo_dev_alarms");
});

test("an e-mail address is subscribed to the topic", () => {
  const { resource } = synth(WorkflowStack, settingsWith({ notify: ["ops@example.com"] }));
  expect(only(resource, "aws_sns_topic_subscription")).toMatchObject({
    protocol: "email",
    endpoint: "ops@example.com",
  });
});
