import { UsageError } from "../../base/errors";
import { defineCommand, type Values } from "../define-command";
import { DETACH, EXECUTION, FOLLOWING, LOCAL_RUN } from "../flags";
import { REDRIVE_HERE } from "../local-flags";

export const redrive = defineCommand({
  name: "redrive",
  description: "run the failed part of an execution again, and follow it to its end",
  arguments: { execution: EXECUTION },
  flags: {
    ...DETACH,
    ...FOLLOWING,
    local: { ...LOCAL_RUN.local, conflicts: ["stateMachine", "detach", "timeout", "onInterrupt"] },
    ...REDRIVE_HERE,
  },
  epilogue: `With --local, the run goes on with its definition and its input. The flags for
jobs are those of local. --engine, --job and --mock stay as they were, unless
given.`,
  action: async ({ local, ...given }, session) => {
    if (local) return (await import("../redrive-here")).redriveHere(given.execution, given, session);
    refuseFlagsOfHere(given);
    return (await import("../follow")).redrive(given, session);
  },
});

/** @throws UsageError if a flag says how jobs run here, and they run on AWS */
function refuseFlagsOfHere(given: Values<typeof REDRIVE_HERE>): void {
  for (const [key, { fallback }] of Object.entries(REDRIVE_HERE)) {
    if (given[key as keyof typeof given] === fallback) continue;
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new UsageError(`\`${flag}\` needs \`--local\`: on AWS, the deployment says how jobs run`);
  }
}
