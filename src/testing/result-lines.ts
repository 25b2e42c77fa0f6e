/** Shows the results of tests as lines of a terminal. */
import { counted, cutLine, duration, type Line, padText, type Span, textWidth } from "../base/terminal-text";
import { visible } from "../base/text";
import type { PathDifference } from "./judge-case";
import type { CaseResult } from "./run-tests";

/** Returns the lines of a case: one if it has passed. `file` is the name of the test file. */
export function resultLines({ name, line, run, verdict }: CaseResult, file: string, columns: number): Line[] {
  const { hasPassed, problem, mismatches, paths, path } = verdict;
  const title = ` ${visible(name)}`;
  if (hasPassed) {
    const time = run.duration > 0 ? `, ${duration(run.duration)}` : "";
    const facts = ` (${counted(path.length, "state")}${time})`;
    return [cutLine([{ text: "✓", style: "green" }, { text: title }, { text: facts, style: "dim" }], columns)];
  }
  const heading = cutLine(
    [
      { text: "✗", style: "red" },
      { text: title, style: "bold" },
    ],
    columns,
  );
  const where: Line = cutLine([{ text: `${INDENT}${visible(file)}:${line}`, style: "dim" }], columns);
  const rows = mismatches.slice(0, MOST_ROWS).map(({ place, expected, actual }) => [place, expected, actual] as const);
  const more = mismatches.length - rows.length;
  return [
    heading,
    where,
    ...(problem === null ? [] : [[{ text: INDENT + visible(problem, LONGEST_PROBLEM) }]]),
    ...(rows.length === 0 ? [] : table([["", "expected", "actual"], ...rows], columns)),
    ...(more > 0 ? [[{ text: `${INDENT}… and ${more} more` }]] : []),
    ...(paths === null ? [] : pathLines(paths, columns)),
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
const LONGEST_PROBLEM = 2000;
/** The states that are shown before and after the place where two paths part. */
const AROUND = 3;

type Row = readonly [string, string, string];

/** Lays out rows in three columns. The first row has the titles. */
function table(rows: readonly Row[], columns: number): Line[] {
  const shown = rows.map((row) => row.map((cell) => visible(cell, 2000)));
  const wanted = [0, 1, 2].map((at) => Math.max(...shown.map((row) => textWidth(row[at]!))));
  const free = Math.max(columns - INDENT.length - 2 * GAP, 12);
  const first = Math.min(wanted[0]!, Math.floor(free / 3));
  const [second, third] = shared(wanted[1]!, wanted[2]!, free - first);
  return shown.map(([place, expected, actual], index) => {
    const [left, right] = index === 0 ? [expected!, actual!] : fromDifference(expected!, actual!, second, third);
    const cells: Span[] = [
      { text: INDENT + cell(place!, first) },
      { text: cell(left, second), style: "green" },
      { text: cutTo(right, third), style: "red" },
    ];
    return index === 0 ? cells.map(({ text }) => ({ text, style: "dim" })) : cells;
  });
}

/** Divides the free columns between two texts: one that is short leaves its rest to the other. */
function shared(one: number, other: number, free: number): [number, number] {
  const half = Math.floor(free / 2);
  if (one <= half) return [one, free - one];
  if (other <= half) return [free - other, other];
  return [half, free - half];
}

/** Leaves out the common start of two texts, if their difference would otherwise be cut off. */
function fromDifference(one: string, other: string, first: number, second: number): [string, string] {
  const narrow = Math.min(first, second);
  if (textWidth(one) <= first && textWidth(other) <= second) return [one, other];
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  if (same < narrow / 2) return [one, other];
  const from = same - Math.floor(narrow / 4);
  return [`…${one.slice(from)}`, `…${other.slice(from)}`];
}

function cell(text: string, width: number): string {
  return `${padText(cutTo(text, width), width)}${" ".repeat(GAP)}`;
}

function cutTo(text: string, width: number): string {
  const [span] = cutLine([{ text }], width);
  return span?.text ?? "";
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
  return table(rows, columns).map((line, index) => (index === 0 || isHere(rows[index]!) ? line : line.map(plain)));
}

function isHere([mark]: Row): boolean {
  return mark !== "";
}

function plain({ text }: Span): Span {
  return { text };
}

function nothing(at: number, path: readonly string[]): string {
  return at === path.length ? "(end)" : "";
}
