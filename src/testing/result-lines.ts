/** Shows the results of tests as lines of a terminal. */
import { counted, cutText, duration, type Line, padText, type Span, textWidth } from "../base/terminal-text";
import { visible } from "../base/text";
import type { PathDifference } from "./judge-case";
import type { CaseResult } from "./run-tests";

/** Returns the lines of a case: one if it has passed. `file` is the name of the test file. */
export function resultLines({ name, line, run, verdict }: CaseResult, file: string, columns: number): Line[] {
  const { hasPassed, problem, hint, mismatches, paths, path } = verdict;
  const title = ` ${visible(name)}`;
  if (hasPassed) {
    const time = run.duration > 0 ? `, ${duration(run.duration)}` : "";
    const facts = ` (${counted(path.length, "state")}${time})`;
    return [[{ text: "✓", style: "green" }, { text: title }, { text: facts, style: "dim" }]];
  }
  const heading: Line = [
    { text: "✗", style: "red" },
    { text: title, style: "bold" },
  ];
  const where: Line = [{ text: `${INDENT}${visible(file)}:${line}`, style: "dim" }];
  const rows = mismatches.slice(0, MOST_ROWS).map(({ place, expected, actual }) => [place, expected, actual] as const);
  const more = mismatches.length - rows.length;
  return [
    heading,
    where,
    ...(problem === null ? [] : [[{ text: INDENT + visible(problem, LONGEST_PROBLEM) }]]),
    ...(rows.length === 0 ? [] : table([["", "expected", "actual"], ...rows], columns)),
    ...(more > 0 ? [[{ text: `${INDENT}… and ${more} more` }]] : []),
    ...(paths === null ? [] : pathLines(paths, columns)),
    ...(hint === null ? [] : [[{ text: `${INDENT}hint: ${visible(hint, LONGEST_PROBLEM)}` }]]),
  ];
}

/** Returns the last line: how many cases have passed and failed. */
export function summaryLine(results: readonly CaseResult[], leftOut: number): Line {
  const passed = results.filter(({ verdict }) => verdict.hasPassed).length;
  const failed = results.length - passed;
  const parts: Span[] = [
    ...(failed > 0 ? [{ text: `${failed} failed`, style: "red" as const }, { text: ", " }] : []),
    { text: `${passed} passed`, ...(passed > 0 && { style: "green" as const }) },
    ...(leftOut > 0 ? [{ text: `, ${leftOut} left out` }] : []),
  ];
  return parts;
}

// --- internal ---

const INDENT = "    ";
const GAP = 2;
const MOST_ROWS = 20;
/** The longest value, of which only a part is shown. */
const LONGEST_TEXT = 20_000;
const LONGEST_PROBLEM = 2000;
/** The most lines of a value. */
const MOST_LINES = 6;
/** The least columns for the values, on any terminal. */
const NARROWEST = 24;
/** The states that are shown before and after the place where two paths part. */
const AROUND = 3;

type Row = readonly [string, string, string];

/**
 * Lays out rows in three columns. The first row has the titles. A place that is too long has a line of its own. The values of rows
 * that differ have colours.
 */
function table(rows: readonly Row[], columns: number, differs: (row: Row) => boolean = () => true): Line[] {
  const shown = rows.map((row) => row.map((text) => visible(text, LONGEST_TEXT)));
  const free = Math.max(columns - INDENT.length - 2 * GAP, NARROWEST);
  const widest = (at: number) => Math.max(...shown.map((row) => textWidth(row[at]!)));
  const fit = widest(0) + widest(1) + widest(2) <= free;
  const places = shown.map(([place]) => textWidth(place!));
  const first = Math.max(0, ...(fit ? places : places.filter((width) => width <= free / 3)));
  const [second, third] = fit ? [widest(1), widest(2)] : shared(widest(1), widest(2), free - first);
  return shown.flatMap(([place = "", expected = "", actual = ""], index) => {
    const isLong = textWidth(place) > first;
    const [left, right] = fromDifference(expected, actual, Math.min(second, third) * MOST_LINES);
    const cells = [isLong ? [] : [place], wrapped(left, second), wrapped(right, third)];
    const height = Math.max(...cells.map(({ length }) => length));
    const lines = Array.from({ length: height }, (_, line): Line => {
      const [one = "", other = "", last = ""] = cells.map((cell) => cell[line] ?? "");
      const start = INDENT + padded(one, first);
      if (index === 0) return [{ text: start + padded(other, second) + last, style: "dim" }];
      if (!differs(rows[index]!)) return [{ text: start + padded(other, second) + last }];
      return [{ text: start }, { text: padded(other, second), style: "green" }, { text: last, style: "red" }];
    });
    return isLong ? [[{ text: INDENT + cutText(place, columns - INDENT.length) }], ...lines] : lines;
  });
}

/** Divides the free columns between two texts: one that is short leaves its rest to the other. */
function shared(one: number, other: number, free: number): [number, number] {
  const half = Math.floor(free / 2);
  if (one <= half) return [one, free - one];
  if (other <= half) return [free - other, other];
  return [half, free - half];
}

/** Leaves out the common start of two texts if one of them is longer than `room`, so that their difference is seen. */
function fromDifference(one: string, other: string, room: number): [string, string] {
  if (textWidth(one) <= room && textWidth(other) <= room) return [one, other];
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  const from = same - Math.floor(room / 4);
  return from <= 0 ? [one, other] : [`…${one.slice(from)}`, `…${other.slice(from)}`];
}

/** Breaks a text into a few lines. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (lines.length < MOST_LINES - 1 && textWidth(rest) > width) {
    // A text that is cut ends with a sign of its own.
    const line = cutText(`${rest}  `, width + 1).slice(0, -1);
    lines.push(line);
    rest = rest.slice(line.length);
  }
  return [...lines, cutText(rest, width)];
}

function padded(text: string, width: number): string {
  return padText(text, width + GAP);
}

function pathLines({ expected, actual, partsAt }: PathDifference, columns: number): Line[] {
  const first = Math.max(0, partsAt - AROUND);
  const end = Math.min(partsAt + AROUND + 1, Math.max(expected.length, actual.length));
  const rows: Row[] = [["path", "expected", "actual"]];
  if (first > 0) rows.push(["", `… ${counted(first, "state")}`, "…"]);
  for (let at = first; at < end; at += 1) {
    rows.push([
      at === partsAt ? "parts here" : "",
      expected[at] ?? nothing(at, expected),
      actual[at] ?? nothing(at, actual),
    ]);
  }
  return table(rows, columns, ([mark]) => mark !== "");
}

function nothing(at: number, path: readonly string[]): string {
  return at === path.length ? "(end)" : "";
}
