import type { AwsExecution } from "../aws/executions";
import { type Deployed, definitionOf, describeExecution, executionConsole } from "./deployed";
import { type FoundExecution, redriven } from "./found-execution";

/** Returns an execution on AWS as the commands use it. */
export function deployedExecution(deployed: Deployed, execution: AwsExecution): FoundExecution {
  const { aws, clients, region, settings } = deployed;
  const { arn, name, status, startedAt, stoppedAt, redriveCount } = execution;
  const console = executionConsole(region, execution);
  return {
    ...{ name, status, startedAt, stoppedAt, redriveCount },
    remarks: redriven(redriveCount),
    described: describeExecution(region, execution),
    named: { arn, name },
    about: { arn, console },
    link: console,
    place: console,
    pricing: { region, isHere: false },
    cost: null,
    definition: () => definitionOf(deployed, execution),
    watch: (options) => aws.watchExecution(clients, arn, options),
    stop: (cause, signal) => aws.stopExecution(clients, arn, { cause }, signal),
    quietSeconds: 3,
    howToFollow: `follow it with \`npx workflow watch ${settings === null ? arn : name}\``,
    page: async () => ({ link: console, described: { arn, name, console } }),
  };
}
