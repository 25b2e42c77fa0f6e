/** The diagram in Mermaid, as GitHub draws it in Markdown. */
import type { State, StatesDocument } from "../document";
import { type Block, readFlow, type Shape, walkShapes } from "./flow";
import { indent, labelLines, lines, wrap } from "./labels";
import { LOOKS } from "./looks";

/** Returns the diagram in Mermaid. */
export function toMermaid(document: StatesDocument): string {
  const root = readFlow(document);
  const shapes = [...walkShapes(root)];
  const titleLines = Math.max(
    1,
    ...shapes.filter(({ blocks }) => blocks.length > 0).map((box) => mermaidLines(box).length),
  );
  const types = [...new Set(shapes.map(({ type }) => type))];
  return lines([
    // Mermaid draws the first state of a box over all lines of the box's title but the first.
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
    // Only outlines have a colour: fill and text are those of the reader's theme, light or dark.
    ...indent(types.map((type) => `classDef ${type} stroke:${LOOKS[type].tint.light.line}`)),
    ...indent(
      types.map((type) => `class ${shapes.filter((shape) => shape.type === type).map(({ id }) => id)} ${type}`),
    ),
  ]);
}

// --- internal ---

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
 * Entities for all that Mermaid's syntax could read, or the Markdown in its labels: emphasis, links, and lists such as
 * `1. step`. Real line ends: next to a `<br/>` Mermaid decodes entities before it reads Markdown.
 */
function mermaidLabel(content: readonly string[]): string {
  const special = /[^\p{L}\p{N}\p{M} $_.:;,()?=/-]|(?<!\w)_|_(?!\w)|:(?=\/\/)|(?<=www)\.|^[-=]|(?<=^\d+)[.)]/gu;
  return content.map((line) => line.replaceAll(special, (sign) => `#${sign.codePointAt(0)};`)).join("\n");
}

/** The width of a line in characters. Mermaid itself breaks lines at 200 pixels. */
const MERMAID_WIDTH = 24;
/** Height of a line in pixels. */
const MERMAID_LINE = 24;

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
