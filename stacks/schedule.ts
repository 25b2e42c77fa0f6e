import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { Construct } from "constructs";
import { resourceName } from "../src/project/names";
import { scheduleInput } from "../src/project/schedule-input";
import type { Schedule as ScheduleSettings, Settings } from "../src/project/settings-types";
import { escapeTemplate } from "../src/terraform/templates";
import type { Deployment } from "./deployment";
import { Role } from "./role";

export interface ScheduleProps {
  readonly settings: Settings;
  readonly schedule: ScheduleSettings;
  readonly deployment: Deployment;
  readonly stateMachineArn: string;
}

/** Starts executions by the clock, with the input of a file. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, { settings, schedule, deployment, stateMachineArn }: ScheduleProps) {
    super(scope, id);
    const { partition, region, accountId } = deployment;
    const role = new Role(this, "role", {
      settings,
      name: "schedule",
      description: "Starts the workflow by the clock",
      service: "scheduler.amazonaws.com",
      accountId,
      // EventBridge Scheduler names the group of the schedule, never the schedule itself.
      // @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      sourceArns: [`arn:${partition}:scheduler:${region}:${accountId}:schedule-group/default`],
      statements: [{ sid: "Start", actions: ["states:StartExecution"], resources: [stateMachineArn] }],
    });
    new SchedulerSchedule(this, "schedule", {
      name: resourceName(settings, "schedule"),
      description: `Starts ${resourceName(settings)}`,
      scheduleExpression: schedule.expression,
      scheduleExpressionTimezone: schedule.timeZone,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: stateMachineArn,
        roleArn: role.arn,
        input: escapeTemplate(scheduleInput(schedule)),
        // After an outage of Step Functions, a start that is an hour late is given up. AWS would make up for a whole day.
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
      },
      dependsOn: role.policies,
    });
  }
}
