import { stateMachineConsole, stateMachineName } from "../../project/names";
import { defineCommand, toggle, type Values } from "../define-command";
import { executionConsole, findDeployed, findOne } from "../deployed";
import { executionOr, ON_AWS } from "../flags";
import { printJson } from "../printing";
import type { AwsAccess, Project } from "../session";

export const open = defineCommand({
  name: "open",
  description: "print the link to the AWS console",
  arguments: { execution: executionOr("the state machine") },
  flags: { ...ON_AWS, json: toggle("print it as one JSON document") },
  action: async ({ execution, json, ...onAws }, session) => {
    const page = await pageOf(execution, onAws, session);
    if (json) printJson(session, page);
    else session.stdout.write(`${page.console}\n`);
  },
});

/** The page of an execution; without one, the page of the state machine. */
async function pageOf(reference: string | undefined, onAws: Values<typeof ON_AWS>, session: Project & AwsAccess) {
  if (reference === undefined) {
    const { region, stateMachineArn: arn } = await findDeployed(onAws, session);
    return { arn, name: stateMachineName(arn), console: stateMachineConsole(region, arn) };
  }
  const { deployed, execution } = await findOne(reference, onAws, session);
  const { arn, name } = execution;
  return { arn, name, console: executionConsole(deployed.region, execution) };
}
