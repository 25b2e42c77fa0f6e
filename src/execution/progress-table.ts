/** The table of states that the terminal shows. */
import {
  count,
  counted,
  cutText,
  duration,
  type Line,
  padText,
  printable,
  type Span,
  type Style,
  stopwatch,
  textWidth,
} from "../base/terminal-text";
import { OUTCOMES, type Outcome, REUSED_SIGN } from "./outcome";
import { outcomeOf, type StateCounts } from "./state-counts";
import type { Tally } from "./tally";

/** Returns whether a state has a row. A state that takes no time has one only if it fails. */
export function isShown({ type, failed }: StateCounts): boolean {
  return failed > 0 || ["Task", "Map", "Parallel", "Wait"].includes(type);
}

/** Returns the rows of states, at most `most`, and a line for the number of the others. */
export function tableLines(
  { waiting }: Tally,
  rows: readonly StateCounts[],
  now: number,
  columns: number,
  most: number,
): Line[] {
  const chosen = chooseRows(rows, most);
  const cells = chosen.map((row) => countCells(row, waiting.get(row.name) ?? 0, columns < NARROW));
  const times = chosen.map((row) => timeCell(row, now));
  const widths = [0, 1, 2].map((index) => widest(cells.map((texts) => texts[index]!.text)));
  const names = chosen.map(nameCell);
  const others = [...widths, widest(times)]
    .filter((width) => width > 0)
    .reduce((sum, width) => sum + GAP.length + width, 2);
  const nameWidth = Math.min(widest(names), Math.max(columns - others, SHORTEST_NAME));
  const lines = chosen.map((row, index): Line => {
    const outcome = liveOutcome(row);
    const style = STYLES[outcome];
    const counts = cells[index]!.flatMap((cell, column): Span[] =>
      widths[column] === 0 ? [] : [{ text: GAP }, { ...cell, text: padText(cell.text, widths[column]!, true) }],
    );
    return withoutBlankEnd([
      { text: OUTCOMES[outcome].sign, style },
      { text: ` ${padText(cutText(names[index]!, nameWidth), nameWidth)}`, style: style === "dim" ? style : undefined },
      ...counts,
      { text: GAP + padText(times[index]!, widest(times), true), style: "dim" },
    ]);
  });
  const left = rows.length - chosen.length;
  return left > 0 && most > 0 ? [...lines, [{ text: `… ${counted(left, "more state")}`, style: "dim" }]] : lines;
}

// --- internal ---

const GAP = "  ";
/** In fewer columns than this, counts have signs in place of words. */
const NARROW = 60;
const SHORTEST_NAME = 8;

const STYLES: Readonly<Record<Outcome, Style>> = {
  failed: "red",
  running: "cyan",
  caught: "yellow",
  stopped: "yellow",
  succeeded: "green",
  "not-reached": "dim",
};

/** The most important first. If there is too little room, the others have no row. */
const PRIORITY: readonly Outcome[] = ["running", "failed", "caught", "stopped", "succeeded", "not-reached"];

/** A state that runs is shown as running, whatever happened to other items. */
function liveOutcome(state: StateCounts): Outcome {
  return state.running.size > 0 ? "running" : outcomeOf(state);
}

function nameCell({ name, parents, mocked }: StateCounts): string {
  return "  ".repeat(parents.length) + printable(name) + (mocked > 0 ? " (mocked)" : "");
}

function withoutBlankEnd(line: Line): Line {
  const last = line.findLastIndex(({ text }) => text.trim() !== "");
  return line.slice(0, last + 1).map((span, index) => (index === last ? { ...span, text: span.text.trimEnd() } : span));
}

/** Chooses the most important rows that fit, in the order of the document. One line is kept for the number of the others. */
function chooseRows(rows: readonly StateCounts[], most: number): readonly StateCounts[] {
  if (rows.length <= most) return rows;
  const byPriority = PRIORITY.flatMap((outcome) => rows.filter((row) => liveOutcome(row) === outcome));
  const chosen = new Set(byPriority.slice(0, Math.max(most - 1, 0)));
  return rows.filter((row) => chosen.has(row));
}

/** Returns three cells: the running, the finished and the failed items. */
function countCells(row: StateCounts, waiting: number, narrow: boolean): Span[] {
  const { items } = row;
  const running = items ? items.running.size + items.runningApart : row.running.size - waiting;
  const done =
    items && items.total > 0
      ? `${count(items.done)}/${count(items.total)}`
      : row.succeeded > 0
        ? count(row.succeeded)
        : "";
  const tolerated = items?.tolerated ?? 0;
  const failed = items && items.failed > 0 ? items.failed - tolerated : row.failed;
  const number = (value: number, word: string, sign: string) =>
    value > 0 ? [narrow ? `${count(value)}${sign}` : `${count(value)} ${word}`] : [];
  return [
    {
      text: [...number(waiting, "waiting", "⋯"), ...number(running, "running", OUTCOMES.running.sign)].join(GAP),
      style: STYLES.running,
    },
    {
      text: [...(done === "" || narrow ? [done] : [`${done} done`]), ...number(row.reused, "reused", REUSED_SIGN)].join(
        GAP,
      ),
      style: STYLES.succeeded,
    },
    {
      text: [
        ...number(failed, "failed", OUTCOMES.failed.sign),
        ...number(tolerated, "tolerated", OUTCOMES.caught.sign),
        ...number(row.caught, "caught", OUTCOMES.caught.sign),
        // A Map would count its own runs here, next to counts of its items.
        ...(row.items === null ? number(row.stopped, "stopped", OUTCOMES.stopped.sign) : []),
      ].join(GAP),
      style: failed > 0 ? STYLES.failed : STYLES.caught,
    },
  ];
}

function timeCell({ startedAt, stoppedAt, running }: StateCounts, now: number): string {
  if (startedAt === null) return "";
  return running.size > 0 || stoppedAt === null ? stopwatch(now - startedAt) : duration(stoppedAt - startedAt);
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(textWidth));
}
