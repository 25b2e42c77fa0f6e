/** The diagram as an SVG, which Graphviz draws. */
import { UsageError } from "../../base/errors";
import { TooSlow, withinTime } from "../../base/time-limit";
import type { StatesDocument } from "../document";
import { DETAIL, toDot } from "./dot";
import { readFlow, walkShapes } from "./flow";
import { indent, withoutControls } from "./labels";
import { DARK, LIGHT, LOOKS } from "./looks";

/**
 * The diagram as an SVG that needs nothing around it: light and dark by the viewer's preference, the same text for the same
 * document. The group of each state carries the id, the name as `data-state` and the type in lower case as a class.
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

// --- internal ---

/** The layout of a document with 2,000 states takes 20 s. */
const DRAWING_SECONDS = 60;

function draw(viz: { renderString(dot: string, options: { format: "svg" }): string }, dot: string): string {
  try {
    return withinTime(DRAWING_SECONDS * 1000, () => viz.renderString(dot, { format: "svg" }));
  } catch (cause) {
    // Graphviz runs in WebAssembly, whose memory and stack end before those of the process.
    const why = cause instanceof TooSlow ? `takes more than ${DRAWING_SECONDS} s` : "takes more memory than there is";
    throw new UsageError(`the document is too large for a picture: its layout ${why}; use \`--format mermaid\``, {
      cause,
    });
  }
}

function title(document: StatesDocument): string {
  return document.Comment ?? `State machine that starts at ${document.StartAt}`;
}

const TEXT = new RegExp(`<text([^>]*)>\\s*(${DETAIL}?)(.*?)\\s*</text>`, "g");

/** Escapes a text for XML 1.0, which cannot hold other control characters than these three. */
function xml(text: string): string {
  return withoutControls(text.replaceAll(/[&<>"\t\n\r]/g, (character) => `&#${character.codePointAt(0)};`));
}

/** The drawing has the light colours. Dark mode overrides them. */
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
