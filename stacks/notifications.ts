import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import {
  CloudwatchEventTarget,
  type CloudwatchEventTargetConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { executionPage, resourceName, stateMachineConsole } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";
import { isTopic } from "../src/project/trigger-kinds";
import type { Deployment } from "./deployment";
import { Role } from "./role";
import type { StateMachine } from "./state-machine";

/** An event of AWS, and the message about it. */
interface News {
  /** Id of the rule. */
  readonly id: string;
  readonly description: string;
  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
  readonly pattern: object;
  readonly message: NonNullable<CloudwatchEventTargetConfig["inputTransformer"]>;
}

/** Namespace of the metric of all workflows. */
const METRIC_NAMESPACE = "Workflows";

/**
 * Tells recipients when an execution does not succeed, and when one succeeds again. EventBridge tells which execution it was. Only an
 * alarm remembers that an earlier one failed.
 */
export class Notifications extends Construct {
  private readonly settings: Settings;

  constructor(scope: Construct, id: string, settings: Settings, deployment: Deployment, stateMachine: StateMachine) {
    super(scope, id);
    this.settings = settings;
    const topics = this.topics();
    const news = [
      notSucceeded(settings, stateMachine.arn),
      recovered(settings, stateMachine.arn, this.alarm(deployment, stateMachine)),
    ];
    const role = new Role(this, "role", {
      settings,
      name: "notify",
      description: "Tells how executions end",
      service: "events.amazonaws.com",
      accountId: deployment.accountId,
      sourceArns: news.map((one) => deployment.ruleArn(resourceName(settings, one.id))),
      statements: [{ sid: "Publish", actions: ["sns:Publish"], resources: Object.values(topics) }],
    });
    for (const { id: newsId, description, pattern, message } of news) {
      const rule = new CloudwatchEventRule(this, newsId, {
        name: resourceName(settings, newsId),
        description,
        eventPattern: JSON.stringify(pattern),
      });
      for (const [topicId, arn] of Object.entries(topics)) {
        new CloudwatchEventTarget(this, `${newsId}-${topicId}`, {
          rule: rule.name,
          arn,
          roleArn: role.arn,
          inputTransformer: message,
          dependsOn: role.policies,
        });
      }
    }
  }

  /** Returns the ARNs of the topics by construct id: those of the settings, and one for the e-mail addresses. */
  private topics(): Record<string, string> {
    const { notify } = this.settings;
    const addresses = notify.filter((recipient) => !isTopic(recipient));
    const topics = Object.fromEntries(notify.filter(isTopic).map((arn) => [arn, arn]));
    if (addresses.length === 0) return topics;
    const topic = new SnsTopic(this, "topic", { name: resourceName(this.settings, "alarms") });
    const [first] = addresses.map(
      (address) =>
        new SnsTopicSubscription(this, address, { topicArn: topic.arn, protocol: "email", endpoint: address }),
    );
    keepSubscription(first!);
    return { ...topics, topic: topic.arn };
  }

  /** Returns the alarm that is on from an execution that does not succeed until one does. */
  private alarm({ partition, region, accountId }: Deployment, { logGroupName }: StateMachine): CloudwatchMetricAlarm {
    const name = resourceName(this.settings);
    // The children of a distributed Map write to the same log. Their state machine is `<name>/<label>`.
    const execution = `arn:${partition}:states:${region}:${accountId}:execution:${name}:*`;
    for (const { id, types, value } of ENDS) {
      const isOfType = types.map((type) => `($.type = "${type}")`).join(" || ");
      new CloudwatchLogMetricFilter(this, id, {
        name: resourceName(this.settings, id),
        logGroupName,
        pattern: `{ ($.execution_arn = "${execution}") && (${isOfType}) }`,
        metricTransformation: { name, namespace: METRIC_NAMESPACE, value },
      });
    }
    return new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: resourceName(this.settings, "failing"),
      alarmDescription: `The last executions of ${name} did not succeed`,
      namespace: METRIC_NAMESPACE,
      metricName: name,
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      // Without executions, the alarm stays as it is.
      treatMissingData: "ignore",
    });
  }
}

// --- internal ---

/**
 * The ends of executions in the log, and their values in the metric of the alarm. CloudWatch's own metrics of Step Functions do not
 * do: a metric of failures has no value when an execution succeeds.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
const ENDS = [
  { id: "not-succeeded", types: ["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"], value: "1" },
  { id: "succeeded", types: ["ExecutionSucceeded"], value: "0" },
];

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
function notSucceeded(settings: Settings, stateMachineArn: string): News {
  return {
    id: "failed",
    description: `Executions of ${resourceName(settings)} that fail, time out or are aborted`,
    pattern: {
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      detail: { stateMachineArn: [stateMachineArn], status: ["FAILED", "TIMED_OUT", "ABORTED"] },
    },
    message: {
      inputPaths: { name: "$.detail.name", status: "$.detail.status", arn: "$.detail.executionArn", time: "$.time" },
      inputTemplate: lines(
        `${resourceName(settings)}: execution <name> ended as <status> at <time>.`,
        executionPage(settings.region, "<arn>"),
      ),
    },
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
function recovered(settings: Settings, stateMachineArn: string, alarm: CloudwatchMetricAlarm): News {
  return {
    id: "recovered",
    description: `The first execution of ${resourceName(settings)} that succeeds again`,
    pattern: {
      source: ["aws.cloudwatch"],
      "detail-type": ["CloudWatch Alarm State Change"],
      resources: [alarm.arn],
      // A new alarm also changes to OK, from INSUFFICIENT_DATA.
      detail: { state: { value: ["OK"] }, previousState: { value: ["ALARM"] } },
    },
    message: {
      inputPaths: { time: "$.time" },
      inputTemplate: lines(
        `${resourceName(settings)}: recovered at <time>. An execution succeeded after others did not.`,
        stateMachineConsole(settings.region, stateMachineArn),
      ),
    },
  };
}

/** Returns a template of EventBridge for a text of several lines: each is a text in quotes. */
function lines(...texts: string[]): string {
  return texts.map((text) => `"${text}"`).join("\n");
}

/**
 * Keeps the subscription of earlier versions, which had one address. A second subscription of the same address is the same in SNS, so
 * Terraform would delete it as the old one after it "created" it.
 */
function keepSubscription(first: SnsTopicSubscription): void {
  const to = `${first.terraformResourceType}.${first.friendlyUniqueId}`;
  TerraformStack.of(first).addOverride("moved", [{ from: "aws_sns_topic_subscription.alarms_e-mail_323B0ACE", to }]);
}
