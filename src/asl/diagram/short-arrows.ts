/**
 * Shortens arrows, so that a picture with many long arrows can be laid out and read. An arrow takes a place in each row
 * that it passes. With too many long arrows, states get arrows only to the next row, and name the other targets.
 */
import { listed } from "../../base/text";
import type { Arrow, Block, Shape } from "./flow";

/** Returns a block, with short arrows if it has too many long ones. Does the same for its inner blocks. */
export function withShortArrows(block: Block): Block {
  const rows = rowsOf(block);
  const isDense = isTooDense(block, rows);
  const drawn = isDense ? shortArrows(block.arrows, rows) : block.arrows;
  const inWords = isDense ? describeOthers(block.arrows, new Set(drawn)) : new Map<Shape, string[]>();
  const renewed = new Map(
    block.shapes.map((shape): [Shape, Shape] => [
      shape,
      {
        ...shape,
        details: [...shape.details, ...(inWords.get(shape) ?? [])],
        blocks: shape.blocks.map(withShortArrows),
      },
    ]),
  );
  return {
    ...block,
    shapes: [...renewed.values()],
    arrows: drawn.map((arrow) => ({
      ...arrow,
      from: renewed.get(arrow.from)!,
      to: arrow.to === "end" ? "end" : renewed.get(arrow.to)!,
    })),
    start: block.start && renewed.get(block.start),
  };
}

// --- internal ---

/** The rows that all arrows of a block may pass together. Twice as many take the layout ten seconds. */
const MOST_ROWS_PASSED = 600;
/** The arrows that a block may have beyond three per state. */
const MOST_ARROWS = 200;
const MOST_NAMES = 3;

type Rows = ReadonlyMap<Shape | "end", number>;

/** Returns the row of each state in the layout: below its predecessors, without loops. */
function rowsOf({ shapes, arrows }: Block): Rows {
  const ahead = arrows.filter(({ back }) => !back);
  const leaving = new Map<Shape, Arrow[]>(shapes.map((shape) => [shape, []]));
  const arriving = new Map<Shape | "end", number>();
  for (const arrow of ahead) {
    leaving.get(arrow.from)!.push(arrow);
    arriving.set(arrow.to, (arriving.get(arrow.to) ?? 0) + 1);
  }
  const rows = new Map<Shape | "end", number>(shapes.map((shape) => [shape, 0]));
  const ready = shapes.filter((shape) => !arriving.has(shape));
  for (const shape of ready) {
    for (const { to } of leaving.get(shape)!) {
      rows.set(to, Math.max(rows.get(to) ?? 0, rows.get(shape)! + 1));
      arriving.set(to, arriving.get(to)! - 1);
      if (to !== "end" && arriving.get(to) === 0) ready.push(to);
    }
  }
  return rows;
}

function rowsPassed({ from, to }: Arrow, rows: Rows): number {
  return Math.abs(rows.get(to)! - rows.get(from)!) - 1;
}

function isTooDense({ shapes, arrows }: Block, rows: Rows): boolean {
  const passed = arrows.reduce((sum, arrow) => sum + Math.max(0, rowsPassed(arrow, rows)), 0);
  return passed > MOST_ROWS_PASSED || arrows.length > 3 * shapes.length + MOST_ARROWS;
}

/** Returns the arrows to the next row, at most one for two states. */
function shortArrows(arrows: readonly Arrow[], rows: Rows): Arrow[] {
  const targets = new Map<Shape, Set<Shape | "end">>();
  return arrows.filter((arrow) => {
    if (arrow.back || rowsPassed(arrow, rows) !== 0) return false;
    const seen = targets.get(arrow.from) ?? new Set();
    targets.set(arrow.from, seen);
    return seen.size < seen.add(arrow.to).size;
  });
}

/** Describes the targets of the omitted arrows: `also to a, b, c and 12 more`. */
function describeOthers(arrows: readonly Arrow[], drawn: ReadonlySet<Arrow>): Map<Shape, string[]> {
  const others = new Map<Shape, { next: Set<string>; onError: Set<string> }>();
  const shown = new Map<Shape, Set<Shape | "end">>();
  for (const { from, to } of drawn) shown.set(from, (shown.get(from) ?? new Set()).add(to));
  for (const { from, to, onError } of arrows) {
    if (shown.get(from)?.has(to)) continue;
    const names = others.get(from) ?? { next: new Set(), onError: new Set() };
    others.set(from, names);
    names[onError ? "onError" : "next"].add(to === "end" ? "the end" : to.name);
  }
  const inWords = (words: string, names: ReadonlySet<string>) =>
    names.size === 0 ? [] : [`${words} ${listed([...names], MOST_NAMES)}`];
  return new Map(
    [...others].map(([shape, { next, onError }]) => [
      shape,
      [...inWords("also to", next), ...inWords("on errors to", onError)],
    ]),
  );
}
