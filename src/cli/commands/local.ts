import { defineCommand } from "../define-command";
import { DOCUMENT } from "../flags";
import { LOCAL } from "../local-flags";

export const local = defineCommand({
  name: "local",
  description: "run the workflow here: the state machine that would be deployed, its jobs in containers or processes",
  arguments: { document: DOCUMENT },
  flags: LOCAL,
  epilogue: `A given document needs no project. Its Batch jobs run in the images of --job.
With --engine process, the Command of each request runs as a process of this
machine, in this folder.`,
  action: async (given, session) => {
    const { runHere } = await import("../run-here");
    const { projectRun } = await import("../run-project");
    const { documentRun } = await import("../run-document");
    const { document, ...options } = given;
    return runHere(
      document === undefined ? projectRun(options, session) : documentRun(document, options, session),
      options,
      session,
    );
  },
});
