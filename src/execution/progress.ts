/** Shows the progress of an execution in the terminal. */
import { createColors } from "picocolors";
import type { StatesDocument } from "../asl/document";
import type { Clock } from "../base/clock";
import { type Line, lineWidth, paint, type Span } from "../base/terminal-text";
import type { Pricing } from "./cost/costs";
import type { EventSink, ExecutionEvent } from "./events";
import { eventLines, finalLines, liveLines, tenthsOf } from "./progress-view";
import { record, startTally } from "./tally";
import { needsAction } from "./waits";

/** The terminal. The view asks for its size before each frame, because the size can change. */
export interface Terminal {
  write(text: string): void;
  /** True if lines can be overwritten. */
  readonly canRedraw: boolean;
  columns(): number;
  rows(): number;
  /** False if NO_COLOR is set. */
  readonly color: boolean;
}

/** The display of one execution. */
export interface Progress {
  readonly sink: EventSink;
  /** Draws the last state and restores the terminal. A second call does nothing. */
  close(): void;
}

/**
 * Shows the execution in one of three ways:
 *
 * - on a terminal: a table at the bottom, redrawn ten times a second at most, and the output of the jobs above it;
 * - elsewhere: one line for each important event;
 * - `quiet`: nothing, unless the execution fails or a person must act. Then the failures, the end of their logs and the last
 *   line, or the reason why a job waits.
 */
export function createProgress(
  document: StatesDocument,
  terminal: Terminal,
  { quiet, pricing = null }: { readonly quiet: boolean; readonly pricing?: Pricing | null },
  clock: Clock,
): Progress {
  const tally = startTally(document, pricing);
  const paintLine = painter(terminal);
  const print = (lines: readonly Line[]) => {
    if (lines.length > 0) terminal.write(lines.map((line) => `${paintLine(line)}\n`).join(""));
  };

  if (quiet) {
    const sink = (event: ExecutionEvent) => {
      record(tally, event);
      if (isUrgent(event)) print(eventLines(tally, event));
    };
    return { sink, close: () => {} };
  }

  const limit = limitOutput();
  if (!terminal.canRedraw) {
    const tenths = new Map<string, number>();
    const sink = (event: ExecutionEvent) => {
      record(tally, event);
      print(limit(event, () => eventLines(tally, event)));
      const passed = tenthsOf(tally, event);
      if (passed === null || passed.tenths <= (tenths.get(passed.map) ?? 0)) return;
      tenths.set(passed.map, passed.tenths);
      print([passed.line]);
    };
    return { sink, close: () => {} };
  }

  const screen = createScreen(terminal, paintLine);
  let above: Line[] = [];
  let over = false;
  const draw = () => {
    screen.draw(above, liveLines(tally, clock.now(), terminal.columns() - 1, terminal.rows() - 1));
    above = [];
  };
  const stopTicking = clock.every(1000 / FRAMES_PER_SECOND, draw);
  const close = () => {
    if (over) return;
    over = true;
    stopTicking();
    // If the execution never started, nothing stays on the terminal.
    screen.end(above, tally.startedAt === null ? [] : finalLines(tally, clock.now(), terminal.columns() - 1));
  };
  const sink = (event: ExecutionEvent) => {
    record(tally, event);
    if (ABOVE_THE_TABLE.has(event.type) || isStuck(event)) {
      const lines = limit(event, () => eventLines(tally, event));
      // A line can arrive after the end.
      if (over) print(lines);
      else above.push(...lines);
    }
    if (event.type === "execution-ended") close();
  };
  return { sink, close };
}

function isUrgent(event: ExecutionEvent): boolean {
  if (event.type === "execution-ended") return event.status !== "SUCCEEDED";
  return event.type === "state-failed" || isStuck(event);
}

/** Returns whether a job waits until a person acts. */
function isStuck(event: ExecutionEvent): boolean {
  return event.type === "job-waiting" && needsAction(event.wait.reason);
}

const FRAMES_PER_SECOND = 10;
/** The limit of lines for events that each item can have. */
const OUTPUT_LINES = 300;
const LINES_OF_A_JOB = 100;

type EventType = ExecutionEvent["type"];

const ABOVE_THE_TABLE: ReadonlySet<EventType> = new Set([
  "notice",
  "execution-redriven",
  "job-submitted",
  "job-log",
  "state-retried",
  "state-caught",
]);
const LIMITED: ReadonlySet<EventType> = new Set(["job-log", "state-retried", "state-caught", "task-mocked"]);

/** Limits the lines of all jobs and of each job, so that other lines stay visible. A last line says that more are left out. */
function limitOutput(): (event: ExecutionEvent, lines: () => Line[]) => Line[] {
  let left = OUTPUT_LINES;
  const ofJobs = new Map<string, number>();
  return (event, lines) => {
    if (!LIMITED.has(event.type)) return lines();
    if (left === 0) return [];
    if (event.type === "job-log") {
      const used = (ofJobs.get(event.jobId) ?? 0) + 1;
      ofJobs.set(event.jobId, used);
      if (used > LINES_OF_A_JOB + 1) return [];
      if (used > LINES_OF_A_JOB) return lines().map(([name]) => [name!, leftOut("", LINES_OF_A_JOB)]);
    }
    left -= 1;
    return left > 0 ? lines() : [[leftOut("of all jobs ", OUTPUT_LINES)]];
  };
}

function leftOut(whose: string, lines: number): Span {
  return { text: `… more output ${whose}is left out after ${lines} lines`, style: "dim" };
}

function painter({ color }: Terminal): (line: Line) => string {
  const colors = createColors(color);
  return (line) => paint(line, colors);
}

// --- screen ---

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR_TO_END_OF_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/** Draws lines at the bottom of the terminal that are overwritten, and lines above them that stay. */
function createScreen(terminal: Terminal, paintLine: (line: Line) => string) {
  let drawn: readonly Line[] = [];
  let last = "";
  let isHidden = false;

  const frame = (above: readonly Line[], below: readonly Line[]): string => {
    const text = [...above, ...below].map((line) => `${paintLine(line) + CLEAR_TO_END_OF_LINE}\n`).join("");
    const height = heightNow(drawn, terminal);
    return `${height > 0 ? `\x1b[${height}A` : ""}\r${text}${height > above.length + below.length ? CLEAR_BELOW : ""}`;
  };
  return {
    draw(above: readonly Line[], below: readonly Line[]): void {
      const painted = below.map(paintLine).join("\n");
      if (above.length === 0 && painted === last) return;
      terminal.write((isHidden ? "" : HIDE_CURSOR) + frame(above, below));
      [drawn, last, isHidden] = [below, painted, true];
    },
    end(above: readonly Line[], below: readonly Line[]): void {
      terminal.write(frame(above, below) + (isHidden ? SHOW_CURSOR : ""));
    },
  };
}

/** Returns the number of rows that the lines take now. A terminal that became narrower has wrapped them. */
function heightNow(lines: readonly Line[], terminal: Terminal): number {
  const columns = Math.max(terminal.columns(), 1);
  const height = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(lineWidth(line) / columns)), 0);
  return Math.min(height, Math.max(terminal.rows() - 1, 0));
}
