import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { resourceName } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";
import { escapeTemplate } from "../src/terraform/templates";
import type { Deployment } from "./deployment";
import { Role } from "./role";

export interface ObjectTriggerProps {
  readonly settings: Settings;
  /** The start of the keys. Empty: all keys. */
  readonly prefix: string;
  readonly bucket: string;
  readonly deployment: Deployment;
  readonly stateMachineArn: string;
}

/** Starts an execution for each new object in a bucket. The bucket must send its events to EventBridge. */
export class ObjectTrigger extends Construct {
  constructor(scope: Construct, id: string, props: ObjectTriggerProps) {
    super(scope, id);
    const { settings, prefix, bucket, deployment, stateMachineArn } = props;
    const name = resourceName(settings, "object");
    const role = new Role(this, "role", {
      settings,
      name: "object",
      description: "Starts the workflow for each new object",
      service: "events.amazonaws.com",
      accountId: deployment.accountId,
      sourceArns: [deployment.ruleArn(name)],
      statements: [{ sid: "Start", actions: ["states:StartExecution"], resources: [stateMachineArn] }],
    });
    const rule = new CloudwatchEventRule(this, "rule", {
      name,
      description: `Starts ${resourceName(settings)} for each new object`,
      eventPattern: JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: {
          bucket: { name: [bucket] },
          ...(prefix !== "" && { object: { key: [{ prefix: escapeTemplate(prefix) }] } }),
        },
      }),
    });
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      targetId: "state-machine",
      arn: stateMachineArn,
      roleArn: role.arn,
      // The part of the event that S3 writes goes to the execution as it is. A template would have to quote the key again.
      inputPath: "$.detail",
      dependsOn: role.policies,
    });
  }
}
