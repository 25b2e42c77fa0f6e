import { defineCommand, toggle } from "../define-command";
import { findExecution } from "../find-execution";
import { ANYWHERE, EXECUTION, FORCE, outputArgument } from "../flags";
import { printJson, sayWritten } from "../printing";
import { readExecution } from "../read-execution";

export const report = defineCommand({
  name: "report",
  description: "write a report of an execution",
  arguments: {
    execution: EXECUTION,
    file: outputArgument("ends in .html or .json", ".html", ".json"),
  },
  flags: { ...ANYWHERE, force: FORCE, json: toggle("print the name of the file as one JSON document") },
  action: async ({ execution: reference, file, force, json, ...where }, session) => {
    const execution = await findExecution(reference, where, session);
    const document = await execution.definition();
    const { collectReport } = await import("../../execution/report/formats");
    const { writeReport } = await import("../views");
    const collected = collectReport(document, { place: execution.place, pricing: execution.pricing });
    await readExecution(execution, { sink: collected.sink, logs: "all" }, session);
    await writeReport(collected.report(), { option: "file", path: file, force });
    if (json) printJson(session, { file, ...execution.named });
    else sayWritten("report", file, session);
  },
});
