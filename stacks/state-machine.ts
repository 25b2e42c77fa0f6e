import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import { permissions } from "../src/asl/permissions/document-permissions";
import { fillInJson, jsonPart, type PlaceholderValues } from "../src/asl/substitution";
import type { Workflow } from "../src/project/checked-workflow";
import { resourceName } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";
import { filler, withSubstitutions } from "../src/terraform/placeholder-values";
import { escapeTemplate } from "../src/terraform/templates";
import type { Deployment } from "./deployment";
import { policyStatement } from "./iam-statement";
import { Role } from "./role";

export interface StateMachineProps {
  readonly settings: Settings;
  readonly deployment: Deployment;
  readonly workflow: Workflow;
  /** References for the placeholders of the project in the definition of the state machine. */
  readonly values: PlaceholderValues;
  /** References for the placeholders in the policy of the role, if they differ. */
  readonly policyValues: PlaceholderValues;
}

/**
 * To write to a log group, Step Functions needs permissions on the log deliveries of the account, which are not resources.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
const LOGGING_STATEMENT = {
  sid: "Logging",
  actions: [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
  ],
  resources: ["*"],
};

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html */
const TRACING_STATEMENT = {
  sid: "Tracing",
  actions: ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"],
  resources: ["*"],
};

/** The state machine of a document, with its log group and a role that has the rights that the document needs. */
export class StateMachine extends Construct {
  readonly arn: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: StateMachineProps) {
    super(scope, id);
    const { settings, deployment, workflow, values } = props;
    const name = resourceName(settings);
    const logGroup = new CloudwatchLogGroup(this, "logs", {
      // Log groups under /aws/vendedlogs/ do not count towards the size limit of the account's resource policy.
      name: `/aws/vendedlogs/states/${name}`,
      retentionInDays: settings.logRetentionDays,
    });
    const fill = filler(settings, { ...values, ...props.policyValues });
    const own = [
      ...permissions(workflow.document).statements.map(({ sid, actions, resources, conditions = [] }) => ({
        sid,
        actions: [...actions],
        resources: resources.map(fill),
        ...(conditions.length > 0 && {
          condition: conditions.map((one) => ({ ...one, values: one.values.map(fill) })),
        }),
      })),
      LOGGING_STATEMENT,
      ...(settings.tracing ? [TRACING_STATEMENT] : []),
    ];
    const role = new Role(this, "role", {
      settings,
      name: "states",
      description: "What the workflow's document does, and writing its log",
      service: "states.amazonaws.com",
      accountId: deployment.accountId,
      statements: [...own, ...settings.statements.map((statement) => policyStatement(statement, fill))],
    });
    const stateMachine = new SfnStateMachine(this, "state-machine", {
      name,
      type: "STANDARD",
      roleArn: role.arn,
      definition: fillInJson(workflow.text, withSubstitutions(settings, values, jsonPart), escapeTemplate),
      loggingConfiguration: {
        level: "ALL",
        // Inputs stay out of the log: a user who may read the log need not be allowed to see them.
        includeExecutionData: false,
        logDestination: `${logGroup.arn}:*`,
      },
      tracingConfiguration: { enabled: settings.tracing },
      // Running executions keep it in DELETING. By default the provider would give up after five minutes.
      timeouts: { delete: "30m" },
      dependsOn: role.policies,
    });
    this.arn = stateMachine.arn;
    this.logGroupName = logGroup.name;
  }
}
