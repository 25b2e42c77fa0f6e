import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { jobDefinitionPlaceholder, jobQueuePlaceholder, stateMachineConsole } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";
import { loadWorkflow } from "../src/project/workflow-files";
import { namedValues } from "../src/terraform/placeholder-values";
import { keepState } from "./backend";
import { Batch } from "./batch";
import { Deployment } from "./deployment";
import { Notifications } from "./notifications";
import { ObjectTrigger } from "./object-trigger";
import { addAwsProvider } from "./providers";
import { Schedule } from "./schedule";
import { StateMachine } from "./state-machine";

/** The workflow: Batch, the state machine of the document, and what starts executions and tells how they end. */
export class WorkflowStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const workflow = loadWorkflow(settings);
    keepState(this, settings);
    addAwsProvider(this, settings);

    const deployment = new Deployment(this, "deployment", settings);
    const batch = new Batch(this, "batch", settings, deployment);
    const definitions = Object.entries(batch.jobDefinitions).map(
      ([jobName, arns]) => [jobDefinitionPlaceholder(jobName), arns] as const,
    );
    const stateMachine = new StateMachine(this, "state-machine", {
      settings,
      deployment,
      workflow,
      values: {
        ...namedValues(settings, deployment),
        JobQueueArn: batch.queueArn,
        ...Object.fromEntries(
          Object.entries(batch.jobQueues).map(([jobName, arn]) => [jobQueuePlaceholder(jobName), arn]),
        ),
        ...Object.fromEntries(definitions.map(([placeholder, { arn }]) => [placeholder, arn])),
      },
      policyValues: Object.fromEntries(
        definitions.map(([placeholder, { arnWithoutRevision }]) => [placeholder, arnWithoutRevision]),
      ),
    });

    const { schedule, onObject } = settings;
    const trigger = { settings, deployment, stateMachineArn: stateMachine.arn };
    if (schedule !== null) new Schedule(this, "schedule", { ...trigger, schedule });
    if (onObject !== null) {
      new ObjectTrigger(this, "object", { ...trigger, prefix: onObject, bucket: deployment.dataBucket! });
    }
    // The id is that of earlier versions: another one would replace the topic.
    if (settings.notify.length > 0) new Notifications(this, "alarms", settings, deployment, stateMachine);

    const outputs = {
      "state-machine-arn": stateMachine.arn,
      "state-machine-console": stateMachineConsole(settings.region, stateMachine.arn),
      "state-machine-log-group": stateMachine.logGroupName,
      "job-queue-arn": batch.queueArn,
      "job-log-group": batch.logGroupName,
    };
    for (const [output, value] of Object.entries(outputs)) new TerraformOutput(this, output, { value });
  }
}
