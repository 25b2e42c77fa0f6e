/** The timeline, drawn on a canvas. Its layout is in `timeline-layout.ts`. */
import { count, counted, duration } from "../../../base/terminal-text";
import { OUTCOMES, reasonOf } from "../../outcome";
import { create } from "./elements";
import type { PageJob, PageState, ReportData } from "./report-data";
import {
  type Color,
  isSeen,
  LABEL_HEIGHT,
  layOut,
  MOVES,
  moved,
  type Range,
  type Row,
  type Shape,
  type Subject,
  shapesOf,
  ticksOf,
  within,
  zoomed,
} from "./timeline-layout";

export interface TimelineEvents {
  readonly onJob: (job: PageJob) => void;
  readonly onState: (name: string) => void;
  /** Is told the part of the execution that the timeline shows, and how many jobs fall into it. */
  readonly onRange: (range: Range, jobs: number) => void;
}

export interface Timeline {
  readonly move: (how: keyof typeof MOVES) => void;
  /** Shows the states in `chosen`; `null` stands for all. */
  readonly show: (chosen: ReadonlySet<string> | null) => void;
  /** Draws again, in the colours of the style sheet. */
  readonly draw: () => void;
}

/** Draws the timeline into `element` and follows the mouse, fingers and keys there. */
export function createTimeline(element: HTMLElement, data: ReportData, events: TimelineEvents): Timeline {
  const { states, jobs, end } = data;
  const canvas = create("canvas");
  const tooltip = create("div", { className: "tooltip", hidden: true });
  const range = { current: { from: 0, to: end } };
  let rows: readonly Row[] = [];
  let shapes: readonly Shape[] = [];
  let isWaiting = false;

  const draw = () => {
    const buckets = Math.max(20, Math.floor(element.clientWidth / 5));
    shapes = rows.flatMap((row) => shapesOf(row, range.current, buckets, end));
    paint(canvas, { rows, shapes, range: range.current });
    slider.show(range.current);
    tooltip.hidden = true;
    const seen = rows.reduce((sum, row) => sum + row.jobs.filter((job) => isSeen(job, range.current, end)).length, 0);
    events.onRange(range.current, seen);
  };
  const setRange = (wanted: Range) => {
    range.current = within(wanted, end);
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      draw();
    });
  };
  const slider = createSlider(end, setRange);
  element.append(canvas, slider.element, tooltip);

  const subjectAt = (x: number, y: number): Subject | null => {
    const scale = scaleOf(range.current, canvas.clientWidth);
    const isHit = (shape: Shape) => {
      const { left, right } = edgesOf(shape, scale);
      return left <= x && x <= right && shape.top <= y && y <= shape.top + shape.height;
    };
    const shape = shapes.findLast(isHit);
    if (shape !== undefined) return shape.about;
    const row = rows.find(({ top }) => top <= y && y < top + LABEL_HEIGHT);
    return row !== undefined && x <= labelEnd(canvas, row) ? { kind: "state", state: row.state } : null;
  };
  followPointers(canvas, {
    range: () => range.current,
    setRange,
    click: (x, y) => {
      const subject = subjectAt(x, y);
      if (subject?.kind === "job") events.onJob(subject.job);
      else if (subject !== null) events.onState(subject.state.name);
    },
    hover: (x, y) => {
      const subject = subjectAt(x, y);
      canvas.style.cursor = subject === null ? "" : "pointer";
      tooltip.hidden = subject === null;
      if (subject === null) return;
      const [title, ...lines] = describe(subject);
      tooltip.replaceChildren(create("strong", {}, [title!]), ...lines.map((line) => create("div", {}, [line])));
      tooltip.style.left = `${Math.min(x + 14, canvas.clientWidth - tooltip.offsetWidth)}px`;
      tooltip.style.top = `${Math.max(0, y > 90 ? y - tooltip.offsetHeight - 10 : y + 18)}px`;
    },
    leave: () => {
      tooltip.hidden = true;
    },
  });
  element.addEventListener("keydown", (event) => {
    const how = KEYS[event.key];
    if (how === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setRange(MOVES[how](range.current));
  });
  let width = element.clientWidth;
  new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    draw();
  }).observe(element);

  return {
    move: (how) => setRange(MOVES[how](range.current)),
    show: (chosen) => {
      rows = layOut(states, jobs, chosen, end);
      draw();
    },
    draw,
  };
}

// --- internal ---

const AXIS_HEIGHT = 26;
/** Pixels between two moments on the axis. */
const TICK_WIDTH = 90;
const KEYS: Readonly<Record<string, keyof typeof MOVES>> = {
  "+": "in",
  "=": "in",
  "-": "out",
  "0": "all",
  ArrowLeft: "left",
  ArrowRight: "right",
};
const DENSITY_WORDS = {
  succeeded: "running, to succeed",
  failed: "running, to fail",
  stopped: "running, to be stopped",
  running: "running",
  queued: "queued",
  retried: "lost an attempt",
} as const;

/** Turns a moment into pixels. */
type Scale = (at: number) => number;

function scaleOf({ from, to }: Range, width: number): Scale {
  return (at) => ((at - from) / (to - from)) * width;
}

/** A bar is never too thin to be seen. Columns stand side by side on whole pixels, without seams. */
function edgesOf({ from, to, about }: Shape, scale: Scale): { left: number; right: number } {
  if (about.kind === "density") return { left: Math.round(scale(from)), right: Math.round(scale(to)) };
  return { left: scale(from), right: Math.max(scale(to), scale(from) + 2) };
}

function labelFont(canvas: HTMLElement): string {
  return `600 12px ${getComputedStyle(canvas).fontFamily}`;
}

function labelEnd(canvas: HTMLCanvasElement, { label, state }: Row): number {
  const context = canvas.getContext("2d")!;
  context.font = labelFont(canvas);
  return 8 * state.parents.length + context.measureText(label).width;
}

interface Picture {
  readonly rows: readonly Row[];
  readonly shapes: readonly Shape[];
  readonly range: Range;
}

function paint(canvas: HTMLCanvasElement, { rows, shapes, range }: Picture): void {
  const width = canvas.parentElement!.clientWidth;
  const body = rows.reduce((sum, row) => sum + row.height, 0);
  const height = body + AXIS_HEIGHT;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d")!;
  context.scale(devicePixelRatio, devicePixelRatio);
  context.lineWidth = 1;
  const { fontFamily } = getComputedStyle(canvas);
  const color = colorReader(canvas);
  const scale = scaleOf(range, width);
  const line = (x1: number, y1: number, x2: number, y2: number) => {
    context.beginPath();
    context.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
    context.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
    context.stroke();
  };

  context.strokeStyle = color("line");
  context.fillStyle = color("quiet");
  context.font = `12px ${fontFamily}`;
  context.textBaseline = "middle";
  for (const tick of ticksOf(range, Math.max(2, width / TICK_WIDTH))) {
    const x = Math.min(scale(tick), width - 1);
    line(x, 0, x, body);
    context.textAlign = x < 20 ? "left" : x > width - 20 ? "right" : "center";
    context.fillText(duration(tick), x, body + 14);
  }
  line(0, body, width, body);
  for (const { top } of rows.slice(1)) line(0, top, width, top);

  for (const shape of shapes) {
    const { left, right } = edgesOf(shape, scale);
    if (right < 0 || left > width) continue;
    context.fillStyle = color(shape.color);
    context.globalAlpha = shape.about.kind === "state" ? 0.55 : 1;
    context.beginPath();
    const radius = shape.about.kind === "density" ? 0 : Math.min(3, shape.height / 3);
    context.roundRect(left, shape.top, right - left, shape.height, radius);
    context.fill();
    context.globalAlpha = 1;
    if (shape.sign === undefined || shape.height < 6) continue;
    const fits = right - left > 16;
    context.font = `700 ${Math.min(11, shape.height + 2)}px ${fontFamily}`;
    context.textAlign = "center";
    if (fits) context.fillStyle = color("card");
    context.fillText(shape.sign, fits ? right - 8 : right + 7, shape.top + shape.height / 2 + 0.5);
  }

  context.font = labelFont(canvas);
  context.textAlign = "left";
  context.lineWidth = 3;
  context.strokeStyle = color("card");
  context.fillStyle = color("text");
  for (const { label, state, top } of rows) {
    context.strokeText(label, 8 * state.parents.length, top + 12);
    context.fillText(label, 8 * state.parents.length, top + 12);
  }
}

/** Reads the colours of the style sheet, as they are on this screen now. */
function colorReader(element: HTMLElement): (name: Color | "card" | "text" | "quiet" | "line") => string {
  const colors = new Map<string, string>();
  return (name) => {
    if (!colors.has(name)) {
      element.style.color = `var(--${name})`;
      colors.set(name, getComputedStyle(element).color);
    }
    return colors.get(name)!;
  };
}

interface Pointers {
  readonly range: () => Range;
  readonly setRange: (range: Range) => void;
  readonly click: (x: number, y: number) => void;
  readonly hover: (x: number, y: number) => void;
  readonly leave: () => void;
}

/** Dragging moves the range; two fingers, and the wheel with Ctrl, zoom it. */
function followPointers(canvas: HTMLCanvasElement, { range, setRange, click, hover, leave }: Pointers): void {
  const down = new Map<number, { x: number; y: number }>();
  let isDragged = false;
  const momentAt = (x: number) => {
    const { from, to } = range();
    return from + (x / canvas.clientWidth) * (to - from);
  };
  canvas.addEventListener("pointerdown", ({ pointerId, offsetX: x, offsetY: y }) => {
    if (down.size === 0) isDragged = false;
    down.set(pointerId, { x, y });
    canvas.setPointerCapture(pointerId);
  });
  canvas.addEventListener("pointermove", ({ pointerId, offsetX: x, offsetY: y }) => {
    const before = down.get(pointerId);
    if (before === undefined) return hover(x, y);
    if (!isDragged && Math.abs(x - before.x) < 4) return;
    isDragged = true;
    const other = [...down].find(([id]) => id !== pointerId)?.[1];
    if (other === undefined) {
      setRange(moved(range(), momentAt(before.x) - momentAt(x)));
    } else {
      const [was, is] = [Math.abs(before.x - other.x), Math.abs(x - other.x)];
      if (was > 10 && is > 10) setRange(zoomed(range(), was / is, momentAt((x + other.x) / 2)));
    }
    down.set(pointerId, { x, y });
  });
  const release = ({ pointerId }: PointerEvent) => down.delete(pointerId);
  canvas.addEventListener("pointerup", (event) => {
    if (release(event) && !isDragged) click(event.offsetX, event.offsetY);
  });
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      setRange(zoomed(range(), 1.2 ** Math.sign(event.deltaY), momentAt(event.offsetX)));
    },
    { passive: false },
  );
}

/** A strip that stands for the whole execution, with a window that shows the range and can be dragged. */
function createSlider(end: number, setRange: (range: Range) => void) {
  const thumb = create("div", { className: "thumb" });
  const strip = create("div", { className: "slider" }, [thumb]);
  let shown: Range = { from: 0, to: end };
  /** The edge that is dragged, or the distance from the start of the window to the pointer. */
  let grip: "from" | "to" | number | null = null;
  const momentAt = ({ clientX }: PointerEvent) => {
    const { left, width } = strip.getBoundingClientRect();
    return ((clientX - left) / width) * end;
  };
  const drag = (event: PointerEvent) => {
    const at = momentAt(event);
    if (grip === "from") setRange({ from: Math.min(at, shown.to), to: shown.to });
    else if (grip === "to") setRange({ from: shown.from, to: Math.max(at, shown.from) });
    else if (grip !== null) setRange(moved(shown, at - grip - shown.from));
  };
  strip.addEventListener("pointerdown", (event) => {
    const at = momentAt(event);
    const near = (end / strip.clientWidth) * 8;
    if (Math.abs(at - shown.to) < near) grip = "to";
    else if (Math.abs(at - shown.from) < near) grip = "from";
    else grip = shown.from < at && at < shown.to ? at - shown.from : (shown.to - shown.from) / 2;
    strip.setPointerCapture(event.pointerId);
    drag(event);
  });
  strip.addEventListener("pointermove", drag);
  const release = () => {
    grip = null;
  };
  strip.addEventListener("pointerup", release);
  strip.addEventListener("pointercancel", release);
  return {
    element: strip,
    show: (range: Range) => {
      shown = range;
      thumb.style.left = `${(100 * range.from) / end}%`;
      thumb.style.width = `${(100 * (range.to - range.from)) / end}%`;
    },
  };
}

// --- tooltip ---

/** A title, and lines below it. */
function describe(subject: Subject): string[] {
  if (subject.kind === "job") return describeJob(subject.job);
  if (subject.kind === "state") return describeState(subject.state);
  const { from, to, counts } = subject.density;
  const kinds = Object.keys(DENSITY_WORDS) as (keyof typeof DENSITY_WORDS)[];
  const lines = kinds.filter((kind) => counts[kind] > 0).map((kind) => `${count(counts[kind])} ${DENSITY_WORDS[kind]}`);
  return [subject.state.name, `${duration(from)} to ${duration(to)}`, ...lines];
}

function describeJob(job: PageJob): string[] {
  const { name, outcome, exitCode, attempts, submittedAt, startedAt, stoppedAt } = job;
  const { sign, word } = OUTCOMES[outcome];
  const exit = exitCode === null ? "" : `, exit code ${exitCode}`;
  const times =
    startedAt === null
      ? []
      : [`queued ${duration(startedAt - submittedAt)}, ran ${duration((stoppedAt ?? startedAt) - startedAt)}`];
  const reason = outcome === "succeeded" ? "" : reasonOf(job);
  const facts = `${sign} ${word}${exit}, ${counted(attempts.length, "attempt")}`;
  return [name, facts, ...times, ...(reason === "" ? [] : [reason])];
}

function describeState({ name, outcome, items, startedAt, stoppedAt }: PageState): string[] {
  const { sign, word } = OUTCOMES[outcome];
  const facts = `${sign} ${word}${items === null ? "" : `, ${counted(items, "item")}`}`;
  const took = startedAt === null || stoppedAt === null ? [] : [`took ${duration(stoppedAt - startedAt)}`];
  return [name, facts, ...took];
}
