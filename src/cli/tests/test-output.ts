import { createColors } from "picocolors";
import { UsageError } from "../../base/errors";
import { hasColors } from "../../base/terminal";
import { type Line, paint } from "../../base/terminal-text";
import { firstLines } from "../../base/text";
import { describeProblem } from "../../project/file-problem";
import type { LoadedTests } from "../../testing/load-tests";
import type { Project, Terminal } from "../session";

/** @throws UsageError with all problems of the tests, if there are any */
export function refuseProblems({ problems }: LoadedTests): void {
  if (problems.length > 0) throw new UsageError(firstLines(problems, describeProblem).join("\n"));
}

/** Returns the function that prints a line to standard error. */
export function printer({ stderr, environment }: Project & Terminal): (line: Line) => void {
  const colors = createColors(hasColors(stderr, environment));
  return (line) => stderr.write(`${paint(line, colors)}\n`);
}
