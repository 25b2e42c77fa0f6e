import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { jobDefinitionPlaceholder, resourceName, stateMachineConsole } from "../src/project/names";
import { DATA_BUCKET_PLACEHOLDER } from "../src/project/project-placeholders";
import type { Settings } from "../src/project/settings-types";
import { loadWorkflow } from "../src/project/workflow-files";
import { Alarms } from "./alarms";
import { keepState } from "./backend";
import { Batch } from "./batch";
import { Deployment } from "./deployment";
import { addAwsProvider } from "./providers";
import { StateMachine } from "./state-machine";

/** The workflow: Batch, the state machine of the document, and alarms if the settings ask for them. */
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
        Partition: deployment.partition,
        Region: deployment.region,
        AccountId: deployment.accountId,
        StateMachineName: resourceName(settings),
        JobQueueArn: batch.queueArn,
        ...(deployment.dataBucket !== null && { [DATA_BUCKET_PLACEHOLDER]: deployment.dataBucket }),
        ...Object.fromEntries(definitions.map(([placeholder, { arn }]) => [placeholder, arn])),
      },
      policyValues: Object.fromEntries(
        definitions.map(([placeholder, { arnWithoutRevision }]) => [placeholder, arnWithoutRevision]),
      ),
    });

    if (settings.notify.length > 0) new Alarms(this, "alarms", settings, stateMachine.arn);

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
