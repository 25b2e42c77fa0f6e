/** The timeline, drawn on a canvas. Its layout is in `timeline-layout.ts`. */
import { create } from "./elements";
import type { PageJob, ReportData } from "./report-data";
import { edgesOf, labelEnd, paint, scaleOf } from "./timeline-drawing";
import {
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
  within,
  zoomed,
} from "./timeline-layout";
import { createSlider } from "./timeline-slider";
import { describe } from "./timeline-tooltip";

export interface TimelineEvents {
  readonly onJob: (job: PageJob) => void;
  readonly onState: (name: string) => void;
  /** Receives the visible part of the execution, and the number of jobs in it. */
  readonly onRange: (range: Range, jobs: number) => void;
}

export interface Timeline {
  readonly move: (how: keyof typeof MOVES) => void;
  /** Shows the states in `chosen`; `null` shows all. */
  readonly show: (chosen: ReadonlySet<string> | null) => void;
  /** Redraws in the current colours of the style sheet. */
  readonly draw: () => void;
}

/** Draws the timeline into `element` and handles the mouse, touch and keys there. */
export function createTimeline(element: HTMLElement, data: ReportData, events: TimelineEvents): Timeline {
  const { states, jobs, end } = data;
  const canvas = create("canvas");
  const tooltip = create("div", { className: "tooltip", hidden: true });
  let range: Range = { from: 0, to: end };
  let rows: readonly Row[] = [];
  let shapes: readonly Shape[] = [];
  let isWaiting = false;

  const draw = () => {
    const buckets = Math.max(20, Math.floor(element.clientWidth / 5));
    shapes = rows.flatMap((row) => shapesOf(row, range, buckets, end));
    paint(canvas, { rows, shapes, range });
    slider.show(range);
    tooltip.hidden = true;
    const seen = rows.reduce((sum, row) => sum + row.jobs.filter((job) => isSeen(job, range, end)).length, 0);
    events.onRange(range, seen);
  };
  const setRange = (wanted: Range) => {
    range = within(wanted, end);
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
    const scale = scaleOf(range, canvas.clientWidth);
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
    range: () => range,
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
    setRange(MOVES[how](range));
  });
  let width = element.clientWidth;
  new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    draw();
  }).observe(element);

  return {
    move: (how) => setRange(MOVES[how](range)),
    show: (chosen) => {
      rows = layOut(states, jobs, chosen, end);
      draw();
    },
    draw,
  };
}

// --- internal ---

const KEYS: Readonly<Record<string, keyof typeof MOVES>> = {
  "+": "in",
  "=": "in",
  "-": "out",
  "0": "all",
  ArrowLeft: "left",
  ArrowRight: "right",
};
interface Pointers {
  readonly range: () => Range;
  readonly setRange: (range: Range) => void;
  readonly click: (x: number, y: number) => void;
  readonly hover: (x: number, y: number) => void;
  readonly leave: () => void;
}

/** Dragging moves the range. Two fingers, or the wheel with Ctrl, zoom it. */
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
