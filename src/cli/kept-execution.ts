import { chmodSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { asDocument, type StatesDocument } from "../asl/document";
import { type KeptRun, readContent } from "../local/runs/run-folder";
import { watchRun } from "../local/runs/watch-run";
import { type FoundExecution, redriven } from "./found-execution";

/** The place of a local run, as a report says it. */
export const THIS_MACHINE = "this machine";

/** Returns a kept run as the commands use it. */
export function keptExecution(run: KeptRun): FoundExecution {
  const { folder, head, wasKilled } = run;
  const { name, workflow, status, startedAt, stoppedAt, redriveCount } = head;
  const pricing = { region: head.region, isHere: true };
  const definition = async () => keptDefinition(run);
  return {
    ...{ name, status, startedAt, stoppedAt, redriveCount },
    remarks: [workflow, ...redriven(redriveCount), ...(wasKilled ? ["its process ended"] : [])],
    described: {
      ...{ name, workflow, status, wasKilled },
      startedAt: new Date(startedAt).toISOString(),
      stoppedAt: stoppedAt === null ? null : new Date(stoppedAt).toISOString(),
      ...{ redriveCount, folder },
    },
    named: { name, folder },
    about: { folder },
    link: folder,
    place: THIS_MACHINE,
    pricing,
    cost: head.cost,
    definition,
    watch: (options) => watchRun(folder, options),
    stop: null,
    quietSeconds: 0,
    howToFollow: `follow it with \`npx workflow watch --local ${name}\``,
    page: async () => {
      const { collectReport } = await import("../execution/report/formats");
      const { writeReport } = await import("./views");
      const collected = collectReport(await definition(), { place: THIS_MACHINE, pricing });
      await watchRun(folder, { emit: collected.sink, logs: "all", untilNow: true });
      const path = join(folder, "report.html");
      await writeReport(collected.report(), { option: "open", path, force: true });
      chmodSync(path, 0o600);
      const report = pathToFileURL(path).href;
      return { link: report, described: { name, folder, report } };
    },
  };
}

/** Returns the document of a run. @throws UsageError if the run is no longer kept, or its file is damaged */
export function keptDefinition(run: KeptRun): StatesDocument {
  return asDocument(readContent(run, "definition"));
}
