/** Redrives a kept run of this machine: goes on from where it failed. */
import { join } from "node:path";
import { UsageError } from "../base/errors";
import { findRun } from "../local/runs/find-run";
import { readUnfinishedRun, refuseUnlessRedrivable } from "../local/runs/redrive-run";
import { RUN_FILES } from "../local/runs/run-folder";
import type { Values } from "./define-command";
import type { VIEWS } from "./flags";
import { keptDefinition } from "./kept-execution";
import { LOCAL, type REDRIVE_HERE } from "./local-flags";
import { documentRun } from "./run-document";
import { runHere } from "./run-here";
import { projectRun } from "./run-project";
import type { LocalFlags, LocalSession, Runnable } from "./runnable";

type RedriveFlags = Values<typeof REDRIVE_HERE> & Values<typeof VIEWS>;

/**
 * Redrives a run. Flags that are not given are those of its start. Returns the exit code.
 * @throws UsageError if the run cannot be redriven, or not here
 */
export async function redriveHere(reference: string, given: RedriveFlags, session: LocalSession): Promise<number> {
  const run = findRun(session.runsFolders, reference);
  refuseUnlessRedrivable(run);
  const { folder, head } = run;
  const { source } = head;
  if (source.document !== null && source.folder !== process.cwd()) {
    throw new UsageError(`\`${head.name}\` goes on in the folder where it was started; change to ${source.folder}`);
  }
  const options: LocalFlags = {
    ...(Object.fromEntries(Object.entries(LOCAL).map(([key, { fallback }]) => [key, fallback])) as LocalFlags),
    ...given,
    engine: given.engine ?? source.engine,
    job: given.job.length > 0 ? given.job : source.images,
    mock: given.mock ?? source.mock ?? undefined,
    ...{ name: head.name, input: join(folder, RUN_FILES.input), validate: false },
  };
  const document = keptDefinition(run);
  const unfinished = await readUnfinishedRun(run, document);
  const runnable =
    source.document === null
      ? projectRun(options, session)
      : documentRun(join(folder, RUN_FILES.definition), options, session, head.workflow);
  if (runnable.workflow !== head.workflow) {
    throw new UsageError(
      `\`${head.name}\` is a run of ${head.workflow}, and the settings are those of ${runnable.workflow}; check WORKFLOW_ENVIRONMENT and cdktf.json`,
    );
  }
  return runHere(withDocument(runnable, document), options, session, unfinished);
}

// --- internal ---

/** The definition is that of the run, and the jobs are those of today, as on AWS. */
function withDocument(runnable: Runnable, document: Runnable["document"]): Runnable {
  return {
    ...runnable,
    document,
    prepare: async (preparation) => {
      const prepared = await runnable.prepare(preparation);
      const { workflow } = prepared;
      return {
        ...prepared,
        workflow: { ...workflow, stateMachine: { ...workflow.stateMachine, definition: document } },
      };
    },
  };
}
