/** The views of an execution: the display, and the outputs of `--json`, `--report`, `--trace` and `--logs`. */
import { extname } from "node:path";
import type { StatesDocument } from "../asl/document";
import { FileError } from "../base/errors";
import { say } from "../base/message";
import { type Output, writeOutput } from "../base/output-file";
import { canRedraw, hasColors, sizeOf } from "../base/terminal";
import type { Pricing } from "../execution/cost/costs";
import type { EventSink } from "../execution/events";
import { hideSecrets } from "../execution/hide-secrets";
import { keepLogs } from "../execution/log-files";
import { createProgress, type Terminal as Screen } from "../execution/progress";
import type { Report } from "../execution/report/collect";
import { collectResult } from "../execution/result";
import type { Values } from "./define-command";
import type { LOGS, VIEWS } from "./flags";
import { printJson, sayWritten } from "./printing";
import type { Project, Terminal, Timed } from "./session";

type ViewFlags = Values<typeof VIEWS> & Partial<Values<typeof LOGS>>;

/** Facts about an execution that are known before it starts. */
export interface Viewed {
  readonly document: StatesDocument;
  /** The place of the execution: `this machine`, or a link. */
  readonly place: string;
  /** @default null: without costs */
  readonly pricing?: Pricing | null;
  /** Fields of the JSON document beside the result. */
  readonly about?: object;
  /** Takes each event before it is shown. */
  readonly keep?: EventSink;
}

export interface Views {
  readonly sink: EventSink;
  /** Hides these values in everything that is shown or written from now on. */
  readonly hide: (values: readonly string[]) => void;
  /** Shows a message that is not an event of the execution. */
  readonly notice: (message: string) => void;
  /** Holds the display while the user is asked a question. */
  readonly hold: (ask: () => Promise<string>) => Promise<string>;
  /** Gives the terminal back. May be called twice. */
  readonly close: () => void;
  /** Prints and writes the outputs. Returns whether all could be written. */
  readonly finish: () => Promise<boolean>;
}

export async function createViews(
  { document, place, pricing = null, about = {}, keep }: Viewed,
  { json, quiet, report, trace, logs, force }: ViewFlags,
  session: Pick<Project & Terminal & Timed, "environment" | "stdout" | "stderr" | "clock">,
): Promise<Views> {
  const { clock, environment, stderr } = session;
  const { screen, hold } = holdable(screenOf(stderr, environment));
  const progress = createProgress(document, screen, { quiet, pricing }, clock);
  const outcome = json ? collectResult(document, pricing) : null;
  const files = Object.entries({ report, trace }).flatMap(([what, path]) =>
    path === undefined ? [] : [{ what, output: { option: `--${what}`, path, force } }],
  );
  const collected = files.length > 0 ? (await loadReports()).collectReport(document, { place, pricing }) : null;
  const notice = (message: string) => sink({ at: clock.now(), type: "notice", message });
  let lostLogs: string | null = null;
  const failed = (message: string) => {
    lostLogs = message;
    notice(message);
  };
  const keeper = logs === undefined ? null : keepLogs(logs, { force, failed });
  const { sink, hide } = hideSecrets((event) => {
    keep?.(event);
    outcome?.sink(event);
    collected?.sink(event);
    keeper?.sink(event);
    progress.sink(event);
  });
  return {
    sink,
    hide,
    notice,
    hold,
    close: progress.close,
    finish: async () => {
      progress.close();
      if (outcome !== null) printJson(session, { ...about, ...outcome.result });
      const kept = keeper?.close() ?? { isComplete: true, place: null };
      let isWritten = kept.isComplete;
      // A notice is not shown with `--quiet`, a failure is.
      if (quiet && lostLogs !== null) say(stderr, lostLogs);
      if (isWritten && kept.place !== null && !quiet) sayWritten("logs", kept.place, session);
      for (const { what, output } of files) {
        try {
          await writeReport(collected!.report(), output);
          if (!quiet) sayWritten(what, output.path, session);
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
  const { toCsv, toHtml, toJson } = await loadReports();
  const formats: Readonly<Record<string, (report: Report) => string | Promise<string>>> = {
    ".html": toHtml,
    ".json": toJson,
    ".csv": toCsv,
  };
  await writeOutput(output, await formats[extname(output.path).toLowerCase()]!(report));
}

// --- internal ---

/** Loads the module that writes reports. It brings large libraries with it. */
function loadReports() {
  return import("../execution/report/formats");
}

const UP_ONE_ROW = "\x1b[1A\r\x1b[K";

function screenOf(stream: Terminal["stderr"], environment: NodeJS.ProcessEnv): Screen {
  return {
    write: (text) => stream.write(text),
    canRedraw: canRedraw(stream, environment),
    columns: () => sizeOf(stream).columns,
    rows: () => sizeOf(stream).rows,
    color: hasColors(stream, environment),
  };
}

/** Makes a screen that keeps its text back while the user is asked a question. */
function holdable(shown: Screen): { screen: Screen; hold: Views["hold"] } {
  let held: string | null = null;
  const write = (text: string) => {
    if (held === null) shown.write(text);
    else held += text;
  };
  const hold = async (ask: () => Promise<string>) => {
    held = "";
    const answer = await ask();
    // The Enter of the answer moved the cursor below the row where the display continues.
    const text = shown.canRedraw && answer !== "" ? UP_ONE_ROW + held : held;
    held = null;
    if (text !== "") shown.write(text);
    return answer;
  };
  return { screen: { ...shown, write }, hold };
}
