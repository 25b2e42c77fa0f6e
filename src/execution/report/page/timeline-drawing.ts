/** Draws the shapes of the timeline on a canvas, with labels and an axis. */
import { duration } from "../../../base/terminal-text";
import type { PageState } from "./report-data";
import { type Color, type Range, type Row, type Shape, ticksOf } from "./timeline-layout";

export interface Picture {
  readonly rows: readonly Row[];
  readonly shapes: readonly Shape[];
  readonly range: Range;
}

/** Draws a picture and makes the canvas as high as its rows. */
export function paint(canvas: HTMLCanvasElement, { rows, shapes, range }: Picture): void {
  const width = canvas.parentElement!.clientWidth;
  const body = rows.reduce((sum, row) => sum + row.height, 0);
  const height = body + AXIS_HEIGHT;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d")!;
  context.scale(devicePixelRatio, devicePixelRatio);
  context.textBaseline = "middle";
  const { fontFamily } = getComputedStyle(canvas);
  const sheet: Sheet = { context, color: colorReader(canvas), fontFamily, width, body };
  const scale = scaleOf(range, width);
  paintAxis(sheet, range, scale);
  for (const { top } of rows.slice(1)) paintLine(sheet, 0, top, width, top);
  for (const shape of shapes) paintShape(sheet, shape, scale);
  for (const row of rows) paintLabel(sheet, row);
}

/** Converts a time to pixels. */
export type Scale = (at: number) => number;

export function scaleOf({ from, to }: Range, width: number): Scale {
  return (at) => ((at - from) / (to - from)) * width;
}

/** A bar is at least two pixels wide. Columns use whole pixels, so that there are no gaps between them. */
export function edgesOf({ from, to, about }: Shape, scale: Scale): { left: number; right: number } {
  if (about.kind === "density") return { left: Math.round(scale(from)), right: Math.round(scale(to)) };
  return { left: scale(from), right: Math.max(scale(to), scale(from) + 2) };
}

/** Returns the right end of the label of a row. */
export function labelEnd(canvas: HTMLCanvasElement, { label, state }: Row): number {
  const context = canvas.getContext("2d")!;
  context.font = labelFont(getComputedStyle(canvas).fontFamily);
  return indentOf(state) + context.measureText(label).width;
}

// --- internal ---

const AXIS_HEIGHT = 26;
/** The minimum of pixels between two times on the axis. */
const TICK_WIDTH = 90;

interface Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly color: (name: Color | "card" | "text" | "quiet" | "line") => string;
  readonly fontFamily: string;
  readonly width: number;
  /** The height of all rows. */
  readonly body: number;
}

function paintAxis(sheet: Sheet, range: Range, scale: Scale): void {
  const { context, color, fontFamily, width, body } = sheet;
  context.font = `12px ${fontFamily}`;
  context.fillStyle = color("quiet");
  for (const tick of ticksOf(range, Math.max(2, width / TICK_WIDTH))) {
    const x = Math.min(scale(tick), width - 1);
    paintLine(sheet, x, 0, x, body);
    context.textAlign = x < 20 ? "left" : x > width - 20 ? "right" : "center";
    context.fillText(duration(tick), x, body + 14);
  }
  paintLine(sheet, 0, body, width, body);
}

function paintLine({ context, color }: Sheet, x1: number, y1: number, x2: number, y2: number): void {
  context.lineWidth = 1;
  context.strokeStyle = color("line");
  context.beginPath();
  context.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  context.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
  context.stroke();
}

function paintShape({ context, color, fontFamily, width }: Sheet, shape: Shape, scale: Scale): void {
  const { top, height, sign, about } = shape;
  const { left, right } = edgesOf(shape, scale);
  if (right < 0 || left > width) return;
  context.fillStyle = color(shape.color);
  context.globalAlpha = about.kind === "state" ? 0.55 : 1;
  context.beginPath();
  context.roundRect(left, top, right - left, height, about.kind === "density" ? 0 : Math.min(3, height / 3));
  context.fill();
  context.globalAlpha = 1;
  if (sign === undefined || height < 6) return;
  const fits = right - left > 16;
  context.font = `700 ${Math.min(11, height + 2)}px ${fontFamily}`;
  context.textAlign = "center";
  if (fits) context.fillStyle = color("card");
  context.fillText(sign, fits ? right - 8 : right + 7, top + height / 2 + 0.5);
}

/** The outline keeps the label readable on top of other shapes. */
function paintLabel({ context, color, fontFamily }: Sheet, { label, state, top }: Row): void {
  context.font = labelFont(fontFamily);
  context.textAlign = "left";
  context.lineWidth = 3;
  context.strokeStyle = color("card");
  context.fillStyle = color("text");
  context.strokeText(label, indentOf(state), top + 12);
  context.fillText(label, indentOf(state), top + 12);
}

function labelFont(fontFamily: string): string {
  return `600 12px ${fontFamily}`;
}

function indentOf({ parents }: PageState): number {
  return 8 * parents.length;
}

/** Reads the current colours of the style sheet. */
function colorReader(element: HTMLElement): Sheet["color"] {
  const colors = new Map<string, string>();
  return (name) => {
    if (!colors.has(name)) {
      element.style.color = `var(--${name})`;
      colors.set(name, getComputedStyle(element).color);
    }
    return colors.get(name)!;
  };
}
