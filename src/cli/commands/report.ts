import { defineCommand, toggle } from "../define-command";
import { definitionOf, executionConsole, findOne } from "../deployed";
import { EXECUTION, FORCE, ON_AWS, outputArgument } from "../flags";
import { printJson, sayWritten } from "../printing";
import { readExecution } from "../read-execution";

export const report = defineCommand({
  name: "report",
  description: "write a report of an execution",
  arguments: {
    execution: EXECUTION,
    file: outputArgument("ends in .html or .json", ".html", ".json"),
  },
  flags: { ...ON_AWS, force: FORCE, json: toggle("print the name of the file as one JSON document") },
  action: async ({ execution: reference, file, force, json, ...onAws }, session) => {
    const { deployed, execution } = await findOne(reference, onAws, session);
    const document = await definitionOf(deployed, execution);
    const { collectReport } = await import("../../execution/report/formats");
    const { writeReport } = await import("../views");
    const collected = collectReport(document, {
      place: executionConsole(deployed.region, execution),
      pricing: { region: deployed.region, isHere: false },
    });
    await readExecution(deployed, execution, { sink: collected.sink, logs: "all" }, session);
    await writeReport(collected.report(), { option: "file", path: file, force });
    if (json) printJson(session, { file, arn: execution.arn, name: execution.name });
    else sayWritten("report", file, session);
  },
});
