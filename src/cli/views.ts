/** What is made of an execution's events: the display, and what `--json`, `--report` and `--trace` ask for. */

import { extname } from "node:path";
import type { StatesDocument } from "../asl/document";
import { FileError } from "../base/errors";
import { say } from "../base/message";
import { type Output, writeOutput } from "../base/output-file";
import { canRedraw, hasColors, sizeOf } from "../base/terminal";
import type { EventSink } from "../execution/events";
import { keepLogs } from "../execution/log-files";
import { createProgress, type Terminal } from "../execution/progress";
import type { Report } from "../execution/report/collect";
import { collectResult } from "../execution/result";
import { printJson, type Surroundings, sayWritten } from "./surroundings";

export interface ViewOptions {
  readonly json?: true;
  readonly quiet?: true;
  /** A file that ends in .html or .json. */
  readonly report?: string;
  /** A file that ends in .csv. */
  readonly trace?: string;
  /** A folder for all that the jobs write. */
  readonly logs?: string;
  /** Whether to overwrite files that no command made. */
  readonly force?: true;
}

/** What is known of an execution before it starts. */
export interface Viewed {
  readonly document: StatesDocument;
  /** Where it runs: `this machine`, or a link. */
  readonly place: string;
  /** What the JSON document says beside the result. */
  readonly about?: object;
}

export interface Views {
  readonly sink: EventSink;
  /** Says something that is no part of the execution. */
  readonly notice: (message: string) => void;
  /** Keeps the display still while somebody is asked something. */
  readonly hold: (ask: () => Promise<string>) => Promise<string>;
  /** Gives the terminal back; may be called twice. */
  readonly close: () => void;
  /** Prints and writes what was asked for; whether all of it could be written. */
  readonly finish: () => Promise<boolean>;
}

export function createViews(
  { document, place, about = {} }: Viewed,
  { json, quiet, report, trace, logs, force }: ViewOptions,
  surroundings: Pick<Surroundings, "environment" | "stdout" | "stderr" | "clock">,
): Views {
  const { clock, environment, stderr } = surroundings;
  const screen = holdable(terminal(stderr, environment));
  const progress = createProgress(document, screen.terminal, { quiet: quiet ?? false }, clock);
  const outcome = json ? collectResult() : null;
  const files = Object.entries({ report, trace }).flatMap(([what, path]) =>
    path === undefined ? [] : [{ what, output: { option: `--${what}`, path, force: force ?? false } }],
  );
  const collected = files.length > 0 ? reports().collectReport(document, { place }) : null;
  const notice = (message: string) => sink({ at: clock.now(), type: "notice", message });
  let lostLogs: string | null = null;
  const failed = (message: string) => {
    lostLogs = message;
    notice(message);
  };
  const keeper = logs === undefined ? null : keepLogs(logs, { force: force ?? false, failed });
  const sink: EventSink = (event) => {
    outcome?.sink(event);
    collected?.sink(event);
    keeper?.sink(event);
    progress.sink(event);
  };
  return {
    sink,
    notice,
    hold: screen.hold,
    close: progress.close,
    finish: async () => {
      progress.close();
      if (outcome !== null) printJson(surroundings, { ...about, ...outcome.result });
      const kept = keeper?.close() ?? { isComplete: true, place: null };
      let isWritten = kept.isComplete;
      // A notice is not shown with `--quiet`, a failure is.
      if (quiet && lostLogs !== null) say(stderr, lostLogs);
      if (isWritten && kept.place !== null && !quiet) sayWritten("logs", kept.place, surroundings);
      for (const { what, output } of files) {
        try {
          await writeReport(collected!.report(), output);
          if (!quiet) sayWritten(what, output.path, surroundings);
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          say(stderr, error.message);
          isWritten = false;
        }
      }
      return isWritten;
    },
  };
}

/**
 * Writes a report in the form that the file's name asks for.
 * @throws FileError when that fails
 */
export async function writeReport(report: Report, output: Output): Promise<void> {
  const { toCsv, toHtml, toJson } = reports();
  const formats: Readonly<Record<string, (report: Report) => string | Promise<string>>> = {
    ".html": toHtml,
    ".json": toJson,
    ".csv": toCsv,
  };
  await writeOutput(output, await formats[extname(output.path).toLowerCase()]!(report));
}

/** Loaded where a report is asked for: it brings its libraries with it. */
export function reports(): typeof import("../execution/report/formats") {
  return require("../execution/report/formats");
}

// --- terminal ---

const UP_ONE_ROW = "\x1b[1A\r\x1b[K";

function terminal(stream: Surroundings["stderr"], environment: NodeJS.ProcessEnv): Terminal {
  return {
    write: (text) => stream.write(text),
    canRedraw: canRedraw(stream, environment),
    columns: () => sizeOf(stream).columns,
    rows: () => sizeOf(stream).rows,
    color: hasColors(stream, environment),
  };
}

/** A terminal that keeps back what is written while somebody is asked something. */
function holdable(shown: Terminal): { terminal: Terminal; hold: Views["hold"] } {
  let held: string | null = null;
  const write = (text: string) => {
    if (held === null) shown.write(text);
    else held += text;
  };
  const hold = async (ask: () => Promise<string>) => {
    held = "";
    const answer = await ask();
    // The answer's Enter has left the row that the display goes on from.
    const text = shown.canRedraw && answer !== "" ? UP_ONE_ROW + held : held;
    held = null;
    if (text !== "") shown.write(text);
    return answer;
  };
  return { terminal: { ...shown, write }, hold };
}
