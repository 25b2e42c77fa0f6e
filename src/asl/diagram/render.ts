/**
 * Draws the document: states as shapes, Map and Parallel as boxes around their inner states. Names appear only in labels.
 * Ids are generated (`s0`, `s1`, … in the order of `walkStates`), so that no name can break a picture.
 */

import { UsageError } from "../../base/errors";
import { TooSlow, withinTime } from "../../base/time-limit";
import type { State, StatesDocument } from "../document";
import { type Arrow, type Block, readFlow, type Shape, walkShapes } from "./flow";
import { withShortArrows } from "./short-arrows";

/** Draws the diagram in Graphviz DOT, in the colours of light mode. */
export function toDot(document: StatesDocument): string {
  return lines([
    "digraph workflow {",
    ...indent([`graph ${attributes(GRAPH)}`, `node ${attributes(NODE)}`, `edge ${attributes(EDGE)}`]),
    ...indent(dotBlock(withShortArrows(readFlow(document)))),
    "}",
  ]);
}

/** Draws the diagram in Mermaid, for Markdown on GitHub. */
export function toMermaid(document: StatesDocument): string {
  const root = readFlow(document);
  const shapes = [...walkShapes(root)];
  const titleLines = Math.max(
    1,
    ...shapes.filter(({ blocks }) => blocks.length > 0).map((box) => mermaidLines(box).length),
  );
  const types = [...new Set(shapes.map(({ type }) => type))];
  return lines([
    // Mermaid draws the first state of a box over the title, except for the first line of the title.
    ...[
      "---",
      "config:",
      "  flowchart:",
      "    subGraphTitleMargin:",
      `      bottom: ${MERMAID_LINE * (titleLines - 1)}`,
      "---",
    ],
    "flowchart TD",
    ...indent(mermaidBlock(root)),
    // Only outlines have a colour. Fill and text follow the reader's theme, light or dark.
    ...indent(types.map((type) => `classDef ${type} stroke:${LOOKS[type].tint.light.line}`)),
    ...indent(
      types.map((type) => `class ${shapes.filter((shape) => shape.type === type).map(({ id }) => id)} ${type}`),
    ),
  ]);
}

/**
 * Draws the diagram as a self-contained SVG, light or dark by the viewer's preference. The same document gives the same
 * text. The group of each state has the id, the name as `data-state`, and the type in lower case as a class.
 */
export async function toSvg(document: StatesDocument): Promise<string> {
  const { instance } = await import("@viz-js/viz");
  const drawn = draw(await instance(), toDot(document));
  const names = new Map([...walkShapes(readFlow(document))].map(({ id, name }) => [id, xml(name)]));
  return drawn
    .slice(drawn.indexOf("<svg"))
    .replaceAll(/<!--.*?-->\n/gs, "")
    .replaceAll(/<title>.*?<\/title>\n/gs, "")
    .replaceAll(/ id="(?:graph|clust|node|edge)\d+"| xml:space="preserve"/g, "")
    .replaceAll(TEXT, (_, look: string, detail: string, text: string) =>
      detail === "" ? `<text${look}>${text}</text>` : `<text class="detail"${look}>${text}</text>`,
    )
    .replaceAll(/<g id="(s\d+)" class="[^"]*"/g, (group, id: string) => `${group} data-state="${names.get(id)}"`)
    .replaceAll(/data-state="([^"]*)">\n/g, (group, name: string) => `${group}<title>${name}</title>\n`)
    .replace(/<svg ([^>]*)>/, (_, rest: string) =>
      [`<svg role="img" class="state-machine" ${rest}>`, `<title>${xml(title(document))}</title>`, STYLE].join("\n"),
    );
}

/** The layout of 2,000 states takes 20 s. */
const DRAWING_SECONDS = 60;

function draw(viz: { renderString(dot: string, options: { format: "svg" }): string }, dot: string): string {
  try {
    return withinTime(DRAWING_SECONDS * 1000, () => viz.renderString(dot, { format: "svg" }));
  } catch (cause) {
    // Graphviz runs in WebAssembly, which has less memory and stack than the process.
    const why = cause instanceof TooSlow ? `takes more than ${DRAWING_SECONDS} s` : "takes more memory than there is";
    throw new UsageError(`the document is too large for a picture: its layout ${why}; use \`--format mermaid\``, {
      cause,
    });
  }
}

function title(document: StatesDocument): string {
  return document.Comment ?? `State machine that starts at ${document.StartAt}`;
}

// --- DOT ---

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
    ...details.flatMap((detail) => wrap(detail, WIDTH).map((line) => DETAIL + line)),
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

/** Returns true if a state does no work. States that only read or shape the input are drawn small. */
function isGlue(block: Block): boolean {
  return block.shapes.every(({ type }) => ["Pass", "Choice", "Succeed", "Fail"].includes(type));
}

function dotArrow({ from, to, label, onError, back }: Arrow, id: string, endMark: string | undefined): string[] {
  if (to === "end" && endMark === undefined) return [];
  const source = exitOf(from);
  const target = to === "end" ? { nodes: [endMark!] } : entryOf(to);
  const look = { ...(onError ? ERROR_EDGE : {}), ...(back ? { weight: "0" } : {}) };
  // An arrow back is written in reverse, so that the layout sees no loop and the start stays on top.
  const [tail, head] = back ? [target, source] : [source, target];
  if (label === "") return dotEdges(tail, head, { ...look, ...(back ? { dir: "back" } : {}) });
  // The label is a separate node, because Graphviz draws edge labels over borders and other edges.
  return [
    `${id} ${attributes({ ...LABEL, label: dotLabel(labelLines(label, WIDTH)) })}`,
    ...dotEdges(tail, { nodes: [id] }, { ...look, ...(back ? { dir: "back" } : { arrowhead: "none" }) }),
    ...dotEdges({ nodes: [id] }, head, { ...look, ...(back ? { arrowhead: "none" } : {}) }),
  ];
}

/**
 * The nodes where edges meet a state: the state, or the outermost nodes of its box. The first one gets the visible edge.
 */
interface Anchor {
  readonly nodes: readonly string[];
  /** The box whose border ends the edge. */
  readonly box?: string;
}

/** Returns the visible edge, and invisible edges that keep the inside of a box on the right side of the other end. */
function dotEdges(tail: Anchor, head: Anchor, look: Record<string, string>): string[] {
  // Makes room for the arrow, because the title of a box fills the space between two rows.
  const length = tail.box || head.box ? { minlen: "2" } : {};
  // The edge out of a box may be long, so that the edges inside stay short.
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

/** Pairs each node with each. With many nodes, pairs each with the first node of the other side, which is enough. */
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

/** Puts the nodes of the middle branch first, because edges meet a box in the middle. */
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

/** Escapes a label, because Graphviz reads backslashes and entities. */
function dotLabel(content: readonly string[]): string {
  return content
    .map((line) => padded(line).replaceAll("&", "&amp;").replaceAll("\\", "\\\\").replaceAll('"', '\\"'))
    .join("\\n");
}

/** Adds blanks on both sides, because Graphviz underestimates characters outside ASCII. `toSvg` removes the blanks. */
function padded(line: string): string {
  const blanks = " ".repeat(Math.ceil((line.match(/[^\p{ASCII}]/gu)?.length ?? 0) / 3));
  return blanks + line + blanks;
}

// --- SVG ---

/** An invisible character that marks each line below the name, because DOT cannot give lines a class. */
const DETAIL = "\u2063";
const TEXT = new RegExp(`<text([^>]*)>\\s*(${DETAIL}?)(.*?)\\s*</text>`, "g");

/** XML 1.0 allows only these three control characters. */
function xml(text: string): string {
  return withoutControls(text.replaceAll(/[&<>"\t\n\r]/g, (character) => `&#${character.codePointAt(0)};`));
}

// --- Mermaid ---

function mermaidBlock({ shapes, arrows, start, startMark, endMark }: Block): string[] {
  return [
    ...(startMark ? [`${startMark}((" "))`] : []),
    ...shapes.flatMap(mermaidShape),
    ...(endMark ? [`${endMark}(((" ")))`] : []),
    ...(startMark ? [`${startMark} --> ${start!.id}`] : []),
    ...arrows.flatMap(({ from, to, label, onError }) => {
      const target = to === "end" ? endMark : to.id;
      const text = label === "" ? "" : `|"${mermaidLabel(labelLines(label, MERMAID_WIDTH))}"|`;
      return target === undefined ? [] : [`${from.id} ${onError ? "-.->" : "-->"}${text} ${target}`];
    }),
  ];
}

function mermaidShape(shape: Shape): string[] {
  const { id, type, blocks } = shape;
  const [open, close] = MERMAID_BRACKETS[type];
  const label = mermaidLabel(mermaidLines(shape));
  if (blocks.length === 0) return [`${id}${open}"${label}"${close}`];
  return mermaidBox(
    id,
    label,
    blocks.flatMap((block) =>
      blocks.length === 1 ? mermaidBlock(block) : mermaidBox(block.id, " ", mermaidBlock(block)),
    ),
  );
}

function mermaidBox(id: string, label: string, content: readonly string[]): string[] {
  return [`subgraph ${id}["${label}"]`, ...indent(["direction TB", ...content]), "end"];
}

function mermaidLines({ name, details }: Shape): string[] {
  return [name, ...details].flatMap((line) => wrap(line, MERMAID_WIDTH));
}

/**
 * Replaces every character that Mermaid's syntax, or the Markdown in its labels, could read by an entity: emphasis, links,
 * and lists such as `1. step`. Uses real line ends, because next to a `<br/>` Mermaid decodes entities before it reads
 * Markdown.
 */
function mermaidLabel(content: readonly string[]): string {
  const special = /[^\p{L}\p{N}\p{M} $_.:;,()?=/-]|(?<!\w)_|_(?!\w)|:(?=\/\/)|(?<=www)\.|^[-=]|(?<=^\d+)[.)]/gu;
  return content.map((line) => line.replaceAll(special, (sign) => `#${sign.codePointAt(0)};`)).join("\n");
}

// --- words and lines ---

/** The maximum length of a line in characters. Mermaid breaks lines at 200 pixels. */
const WIDTH = 28;
const MERMAID_WIDTH = 24;
/** Shorter words are not broken. */
const LONGEST_WORD = 32;
const LONGEST_LABEL = 60;
/** The height of a line in pixels. */
const MERMAID_LINE = 24;

function labelLines(label: string, width: number): string[] {
  const characters = [...oneLine(label)];
  const shown = characters.length > LONGEST_LABEL ? [...characters.slice(0, LONGEST_LABEL - 1), "…"] : characters;
  return wrap(shown.join(""), width);
}

/** Breaks a text into lines at white space, and within long words. */
function wrap(text: string, width: number): string[] {
  const fitting = `\\S.{0,${width - 1}}(?=\\s|$)`;
  const word = `\\S{1,${LONGEST_WORD}}(?=\\s|$)`;
  return oneLine(text).match(new RegExp(`${fitting}|${word}|\\S{1,${width}}`, "gu")) ?? [" "];
}

function oneLine(text: string): string {
  return withoutControls(text.replaceAll(/\s+/g, " "));
}

/** Removes characters that XML 1.0 forbids, marks of writing direction, and the mark of `DETAIL`. */
function withoutControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFE\uFFFF\u2063]/gu, "\uFFFD");
}

function indent(content: readonly string[]): string[] {
  return content.map((line) => `  ${line}`);
}

function lines(content: readonly string[]): string {
  return `${content.join("\n")}\n`;
}

// --- looks ---

const LIGHT = { page: "#ffffff", text: "#1f2328", quiet: "#59636e", line: "#818b98", error: "#cf222e" };
const DARK = { page: "#0d1117", text: "#f0f6fc", quiet: "#9198a1", line: "#656c76", error: "#f85149" };

/** States that do work or contain other states are filled. The others are outlined. */
const WHITE = { light: { fill: LIGHT.page, line: LIGHT.line }, dark: { fill: DARK.page, line: DARK.line } };
const GREY = { light: { fill: "#f6f8fa", line: "#818b98" }, dark: { fill: "#151b23", line: "#656c76" } };
const BLUE = { light: { fill: "#ddf4ff", line: "#0969da" }, dark: { fill: "#121d2f", line: "#4493f8" } };
const YELLOW = { light: { fill: LIGHT.page, line: "#9a6700" }, dark: { fill: DARK.page, line: "#d29922" } };
const PURPLE = { light: { fill: "#fbefff", line: "#8250df" }, dark: { fill: "#221a31", line: "#ab7df8" } };
const GREEN = { light: { fill: LIGHT.page, line: "#1a7f37" }, dark: { fill: DARK.page, line: "#3fb950" } };
const RED = { light: { fill: LIGHT.page, line: LIGHT.error }, dark: { fill: DARK.page, line: DARK.error } };

const FONT = "Helvetica";
/** `compound` ends an edge at the border of a box. `newrank` keeps the next states below the whole box. */
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
const BOX = { style: "rounded,filled", margin: "10" };
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

const LOOKS = {
  Task: { tint: BLUE, shape: "box", style: "rounded,filled", width: "2.4" },
  Pass: { tint: WHITE, shape: "box", style: "filled" },
  Choice: { tint: YELLOW, shape: "hexagon", style: "filled" },
  Wait: { tint: PURPLE, shape: "ellipse", style: "filled", margin: "0.05,0.03" },
  Succeed: { tint: GREEN, shape: "box", style: "rounded,filled", peripheries: "2" },
  Fail: { tint: RED, shape: "octagon", style: "filled", margin: "0.02,0.02" },
  Parallel: { tint: GREY, ...BOX },
  Map: { tint: GREY, ...BOX },
} satisfies Record<State["Type"], { tint: typeof GREY; [attribute: string]: unknown }>;

const MERMAID_BRACKETS: Record<State["Type"], readonly [open: string, close: string]> = {
  Task: ["(", ")"],
  Pass: ["[", "]"],
  Choice: ["{{", "}}"],
  Wait: ["([", "])"],
  Succeed: ["[[", "]]"],
  Fail: ["[/", "\\]"],
  Parallel: ["[", "]"],
  Map: ["[", "]"],
};

/** The drawing has the light colours. A style adds the colours of dark mode. */
const STYLE = [
  "<style>",
  ".state-machine text { font-family: Helvetica, Arial, sans-serif }",
  ".state-machine .state > text { font-weight: 600 }",
  `.state-machine .state > .detail { font-weight: 400; font-size: 9px; fill: ${LIGHT.quiet} }`,
  '.state-machine [fill="none"] { fill: none !important }',
  "@media (prefers-color-scheme: dark) {",
  ...indent([
    `.state-machine .graph > polygon, .state-machine .branch > path { fill: ${DARK.page} }`,
    `.state-machine text { fill: ${DARK.text} }`,
    `.state-machine .label > text, .state-machine .state > .detail { fill: ${DARK.quiet} }`,
    `.state-machine :is(.edge, .branch) > :is(path, polygon) { stroke: ${DARK.line} }`,
    `.state-machine .edge > polygon { fill: ${DARK.line} }`,
    `.state-machine .error > :is(path, polygon) { stroke: ${DARK.error} }`,
    `.state-machine .error > polygon { fill: ${DARK.error} }`,
    `.state-machine .mark > ellipse { stroke: ${DARK.quiet}; fill: ${DARK.quiet} }`,
    ...Object.entries(LOOKS).map(
      ([type, { tint }]) =>
        `.state-machine .${type.toLowerCase()} > :is(path, polygon, ellipse) { fill: ${tint.dark.fill}; stroke: ${tint.dark.line} }`,
    ),
  ]),
  "}",
  "</style>",
].join("\n");
