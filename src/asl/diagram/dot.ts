/**
 * The diagram in DOT, the language of Graphviz. Names stand in labels only. Ids are `s0`, `s1`, … in the order of `walkStates`, so no
 * name can break the picture.
 */
import type { StatesDocument } from "../document";
import { type Arrow, type Block, readFlow, type Shape } from "./flow";
import { indent, labelLines, lines, wrap } from "./labels";
import { BOX, LIGHT, LOOKS } from "./looks";
import { withShortArrows } from "./short-arrows";

/** Returns the diagram in DOT, in the colours of light mode. */
export function toDot(document: StatesDocument): string {
  return lines([
    "digraph workflow {",
    ...indent([`graph ${attributes(GRAPH)}`, `node ${attributes(NODE)}`, `edge ${attributes(EDGE)}`]),
    ...indent(dotBlock(withShortArrows(readFlow(document)))),
    "}",
  ]);
}

/** Marks each line of a label that is not the name: DOT has no way to give a line a class. The character is invisible. */
export const DETAIL = "\u2063";

// --- internal ---

function dotBlock(block: Block): string[] {
  const { start, startMark, endMark } = block;
  return [
    ...(startMark ? [`${startMark} ${attributes({ ...MARK, shape: "circle" })}`] : []),
    ...block.shapes.flatMap(dotShape),
    ...(endMark ? [`${endMark} ${attributes({ ...MARK, shape: "doublecircle" })}`] : []),
    ...(startMark ? dotEdges({ nodes: [startMark] }, entryOf(start!), {}) : []),
    ...block.arrows.flatMap((arrow, index) => dotArrow(arrow, `${block.id}_${index}`, endMark)),
  ];
}

function dotShape({ id, name, type, details, blocks }: Shape): string[] {
  const { tint, ...shape } = LOOKS[type];
  const label = [
    ...wrap(name, WIDTH),
    ...details.flatMap((detail) => wrap(detail, DETAIL_WIDTH).map((line) => DETAIL + line)),
  ];
  const look = {
    id,
    class: `state ${type.toLowerCase()}`,
    label: dotLabel(label),
    color: tint.light.line,
    fillcolor: tint.light.fill,
  };
  if (blocks.length === 0) return [`${id} ${attributes({ ...look, ...shape })}`];
  return subgraph(`cluster_${id}`, [
    `graph ${attributes({ ...look, ...shape })}`,
    ...(blocks.every(isGlue) ? [`node ${attributes(SMALL)}`] : []),
    ...blocks.flatMap((block) =>
      blocks.length === 1
        ? dotBlock(block)
        : subgraph(`cluster_${block.id}`, [`graph ${attributes({ ...BRANCH, id: block.id })}`, ...dotBlock(block)]),
    ),
  ]);
}

function subgraph(id: string, content: readonly string[]): string[] {
  return [`subgraph ${id} {`, ...indent(content), "}"];
}

/** Returns whether a block only inspects or shapes data. Such blocks are drawn small. */
function isGlue(block: Block): boolean {
  return block.shapes.every(({ type }) => ["Pass", "Choice", "Succeed", "Fail"].includes(type));
}

function dotArrow({ from, to, label, onError, back }: Arrow, id: string, endMark: string | undefined): string[] {
  if (to === "end" && endMark === undefined) return [];
  const source = exitOf(from);
  const target = to === "end" ? { nodes: [endMark!] } : entryOf(to);
  const look = { ...(onError ? ERROR_EDGE : {}), ...(back ? { weight: "0" } : {}) };
  // A way back is written in reverse, so that the layout sees no loop and the start stays on top.
  const [tail, head] = back ? [target, source] : [source, target];
  if (label === "") return dotEdges(tail, head, { ...look, ...(back ? { dir: "back" } : {}) });
  // The label is a node halfway: Graphviz puts an edge's own label over borders and other edges.
  return [
    `${id} ${attributes({ ...LABEL, label: dotLabel(labelLines(label, WIDTH)) })}`,
    ...dotEdges(tail, { nodes: [id] }, { ...look, ...(back ? { dir: "back" } : { arrowhead: "none" }) }),
    ...dotEdges({ nodes: [id] }, head, { ...look, ...(back ? { arrowhead: "none" } : {}) }),
  ];
}

/** The nodes where edges meet a state: its own, or the outermost nodes inside its box. The first node gets the visible edge. */
interface Anchor {
  readonly nodes: readonly string[];
  /** The box at whose border the edge ends. */
  readonly box?: string;
}

/** Returns the visible edge, and invisible edges that keep all nodes of a box above or below the node at the other end. */
function dotEdges(tail: Anchor, head: Anchor, look: Record<string, string>): string[] {
  // Room for the arrow: the title of a box takes up all of the distance between two rows.
  const length = tail.box || head.box ? { minlen: "2" } : {};
  // The edge out of a box is the first to be long, so that the edges inside stay short.
  const slack = tail.box ? { weight: "1" } : {};
  const within = tail.box !== undefined && tail.box === head.box;
  const ends = {
    ...(tail.box && !within ? { ltail: tail.box } : {}),
    ...(head.box && !within ? { lhead: head.box } : {}),
  };
  const pairs = pairsOf(tail.nodes, head.nodes).map(([from, to]) => `${from} -> ${to}`);
  const invisible = { style: "invis", weight: tail.box ? "0" : "2", ...length };
  return pairs.map(
    (pair, index) => `${pair} ${attributes(index === 0 ? { ...ends, ...length, ...slack, ...look } : invisible)}`,
  );
}

/** Pairs all nodes. If there are too many pairs, each node is paired with the first node on the other side. */
function pairsOf(from: readonly string[], to: readonly string[]): (readonly [string, string])[] {
  const all = from.length * to.length <= MOST_PAIRS;
  return from.flatMap((one, i) => to.filter((_, j) => all || i === 0 || j === 0).map((other) => [one, other] as const));
}

const MOST_PAIRS = 100;

function entryOf(shape: Shape): Anchor {
  return anchor(shape, ({ start, startMark }) => {
    if (startMark) return [startMark];
    return start ? entryOf(start).nodes : [];
  });
}

function exitOf(shape: Shape): Anchor {
  return anchor(shape, ({ shapes, arrows, endMark }) => {
    const left = new Set(arrows.filter(({ to }) => to !== "end" || endMark).map(({ from }) => from));
    const last = shapes.filter((inner) => !left.has(inner));
    const [failed, ended] = [last.filter(({ type }) => type === "Fail"), last.filter(({ type }) => type !== "Fail")];
    return [...(endMark ? [endMark] : []), ...[...ended, ...failed].flatMap((inner) => exitOf(inner).nodes)];
  });
}

/** Returns the anchor of a shape. The nodes of the middle branch come first: edges meet a box in the middle. */
function anchor(shape: Shape, nodesOf: (block: Block) => readonly string[]): Anchor {
  const middle = shape.blocks[Math.floor((shape.blocks.length - 1) / 2)];
  const others = shape.blocks.filter((block) => block !== middle);
  const nodes = middle ? [middle, ...others].flatMap(nodesOf) : [];
  return nodes.length > 0 ? { nodes, box: `cluster_${shape.id}` } : { nodes: [shape.id] };
}

function attributes(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}="${value}"`);
  return `[${pairs.join(", ")}]`;
}

/** Escapes a label: Graphviz reads backslash escapes and entities. */
function dotLabel(content: readonly string[]): string {
  return content
    .map((line) => padded(line).replaceAll("&", "&amp;").replaceAll("\\", "\\\\").replaceAll('"', '\\"'))
    .join("\\n");
}

/** Adds blanks on both sides, because Graphviz underestimates the width of characters outside ASCII. `toSvg` removes them. */
function padded(line: string): string {
  const blanks = " ".repeat(Math.ceil((line.match(/[^\p{ASCII}]/gu)?.length ?? 0) / 3));
  return blanks + line + blanks;
}

/** The width of a line in characters. Details are printed smaller. */
const WIDTH = 28;
const DETAIL_WIDTH = 34;

const FONT = "Helvetica";
/** `compound` lets an edge end at the border of a box; `newrank` keeps what follows a box below all of it. */
const GRAPH = {
  compound: "true",
  newrank: "true",
  bgcolor: LIGHT.page,
  pad: "0.2",
  ranksep: "0.28",
  nodesep: "0.25",
  fontname: FONT,
  fontsize: "11",
  fontcolor: LIGHT.text,
};
const NODE = { fontname: FONT, fontsize: "11", fontcolor: LIGHT.text, height: "0.4", margin: "0.18,0.07" };
const EDGE = { color: LIGHT.line, arrowsize: "0.6", weight: "2" };
const LABEL = { class: "label", height: "0", shape: "plain", fontsize: "9", fontcolor: LIGHT.quiet };
const ERROR_EDGE = { class: "error", style: "dashed", color: LIGHT.error, weight: "1" };
const SMALL = { fontsize: "9", height: "0.25", margin: "0.1,0.04" };
const BRANCH = { ...BOX, class: "branch", label: "", color: LIGHT.line, fillcolor: LIGHT.page };
const MARK = {
  class: "mark",
  label: "",
  width: "0.12",
  height: "0.12",
  fixedsize: "true",
  style: "filled",
  color: LIGHT.quiet,
  fillcolor: LIGHT.quiet,
};
