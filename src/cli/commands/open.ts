import { stateMachineConsole, stateMachineName } from "../../project/names";
import { defineCommand, toggle } from "../define-command";
import { findDeployed } from "../deployed";
import { findExecution } from "../find-execution";
import { ANYWHERE, executionOr } from "../flags";
import { printJson } from "../printing";
import type { Session } from "../session";

export const open = defineCommand({
  name: "open",
  description: "print the link to the AWS console, or with --local to a report of a run of this machine",
  arguments: { execution: executionOr("the state machine; with --local, latest") },
  flags: { ...ANYWHERE, json: toggle("print it as one JSON document") },
  action: async ({ execution, json, ...where }, session) => {
    const { link, described } =
      execution === undefined && !where.local
        ? await stateMachinePage(where.stateMachine, session)
        : await (await findExecution(execution ?? "latest", where, session)).page();
    if (json) printJson(session, described);
    else session.stdout.write(`${link}\n`);
  },
});

async function stateMachinePage(stateMachine: string | undefined, session: Session) {
  const { region, stateMachineArn: arn } = await findDeployed({ stateMachine }, session);
  const link = stateMachineConsole(region, arn);
  return { link, described: { arn, name: stateMachineName(arn), console: link } };
}
