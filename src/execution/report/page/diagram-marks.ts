/** Marks each state of the diagram with its outcome, and makes it a button. */
import { count } from "../../../base/terminal-text";
import { OUTCOMES } from "../../outcome";
import type { PageState } from "./report-data";

export function markDiagram(states: readonly PageState[]): void {
  for (const state of states) {
    const group = document.querySelector<SVGGElement>(`[data-state=${CSS.escape(state.name)}]`);
    if (group === null) continue;
    group.dataset.outcome = state.outcome;
    group.classList.add(`is-${state.outcome}`);
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "0");
    const kind = [`${state.name}, ${state.type}`, ...(state.mocked > 0 ? ["mocked"] : [])];
    group.setAttribute("aria-label", [...kind, ...countsOf(state)].join(", "));
    if (state.outcome !== "not-reached") group.append(badge(group, "top", badgeText(state)));
    if (state.mocked > 0) group.append(badge(group, "bottom", "mocked"));
  }
}

// --- internal ---

function countsOf(state: PageState): string[] {
  const counts = (["succeeded", "failed", "caught", "stopped", "retries"] as const)
    .filter((kind) => state[kind] > 0)
    .map((kind) => `${count(state[kind])} ${kind}`);
  return counts.length > 0 ? counts : ["not reached"];
}

/** `✓`, `✓ 24`, `✗ 1/24` */
function badgeText(state: PageState): string {
  const { outcome, entered } = state;
  const { sign } = OUTCOMES[outcome];
  if (entered < 2) return sign;
  const number = outcome === "running" || outcome === "not-reached" ? entered : state[outcome];
  return `${sign} ${count(number)}${number === entered ? "" : `/${count(entered)}`}`;
}

/** Draws a text on a right corner of a shape. */
function badge(group: SVGGElement, corner: "top" | "bottom", text: string): SVGElement {
  const box = group.querySelector<SVGGraphicsElement>(":scope > :is(path, polygon, ellipse)")!.getBBox();
  const width = 8 + 6 * text.length;
  const [x, y] = [box.x + box.width - width / 2 + 7, corner === "top" ? box.y : box.y + box.height];
  const label = svg("text", { x, y: y + 3.2, "text-anchor": "middle" });
  label.textContent = text;
  const mark = svg("g", { class: `badge is-${corner}`, "aria-hidden": "true" });
  mark.append(svg("rect", { x: x - width / 2, y: y - 7, width, height: 14, rx: 7 }), label);
  return mark;
}

function svg(name: "g" | "rect" | "text", attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
