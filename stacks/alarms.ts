import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { resourceName } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";

/**
 * Ends of an execution that need attention, and the metrics that count them.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 */
const ALARMS = [
  { id: "failed", metricName: "ExecutionsFailed", end: "failed" },
  { id: "timed-out", metricName: "ExecutionsTimedOut", end: "timed out" },
  { id: "aborted", metricName: "ExecutionsAborted", end: "was stopped" },
];

/** A topic for executions that did not succeed, and its subscription by e-mail. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, settings: Settings, stateMachineArn: string) {
    super(scope, id);
    const topic = new SnsTopic(this, "topic", { name: resourceName(settings, "alarms") });
    for (const { id: alarmId, metricName, end } of ALARMS) {
      new CloudwatchMetricAlarm(this, alarmId, {
        alarmName: resourceName(settings, alarmId),
        alarmDescription: `An execution of ${resourceName(settings)} ${end}`,
        namespace: "AWS/States",
        metricName,
        dimensions: { StateMachineArn: stateMachineArn },
        statistic: "Sum",
        period: 60,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        treatMissingData: "notBreaching",
        alarmActions: [topic.arn],
      });
    }
    for (const endpoint of settings.notify) {
      new SnsTopicSubscription(this, endpoint, { topicArn: topic.arn, protocol: "email", endpoint });
    }
  }
}
