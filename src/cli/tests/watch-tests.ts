import { relative } from "node:path";
import { UsageError } from "../../base/errors";
import { say } from "../../base/message";
import { visible } from "../../base/text";
import type { Terminal, Timed } from "../session";
import { untilInterrupted } from "../until-interrupted";
import { nextChange, stampsOf } from "./file-changes";

/**
 * Runs tests, and again after each change of a file, until Ctrl-C. `run` tells the paths of further files to watch. Returns the exit
 * code of the last run. A mistake of the user is shown, and the next change may correct it.
 */
export function watchTests(
  run: (used: (paths: readonly string[]) => void) => Promise<number>,
  files: readonly string[],
  session: Terminal & Timed,
): Promise<number> {
  const { stderr, clock } = session;
  let exitCode = 0;
  const watchUntil = async (signal: AbortSignal): Promise<number> => {
    let used: readonly string[] = [];
    for (;;) {
      let stamps = stampsOf([...files, ...used]);
      try {
        exitCode = await run((paths) => {
          used = paths;
          stamps = new Map([...stampsOf(paths), ...stamps]);
        });
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        say(stderr, error.message);
        exitCode = 2;
      }
      stderr.write("waiting for a change; Ctrl-C ends\n");
      const changed = await nextChange(stamps, { clock, signal });
      if (changed === null) return exitCode;
      stderr.write(`\n${visible(relative("", changed))} has changed\n`);
    }
  };
  return untilInterrupted(session, watchUntil, () => exitCode);
}
