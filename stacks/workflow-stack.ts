import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { loadWorkflow } from "../project";
import { jobDefinitionPlaceholder, resourceName, type Settings } from "../settings";
import { keepState } from "./backend";
import { Batch } from "./batch";
import { Deployment } from "./deployment";
import { addAwsProvider } from "./providers";
import { StateMachine } from "./state-machine";

/** The workflow: Batch, and the state machine of the document. */
export class WorkflowStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { document } = loadWorkflow(settings);
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
      document,
      values: {
        Partition: deployment.partition,
        Region: deployment.region,
        AccountId: deployment.accountId,
        StateMachineName: resourceName(settings),
        JobQueueArn: batch.queueArn,
        ...Object.fromEntries(definitions.map(([placeholder, { arn }]) => [placeholder, arn])),
      },
      policyValues: Object.fromEntries(
        definitions.map(([placeholder, { arnWithoutRevision }]) => [placeholder, arnWithoutRevision]),
      ),
    });

    new TerraformOutput(this, "state-machine-arn", { value: stateMachine.arn });
    new TerraformOutput(this, "job-queue-arn", { value: batch.queueArn });
  }
}
