/** The strip below the timeline. It covers the whole execution, and marks the visible range of the timeline. */
import { create } from "./elements";
import { moved, type Range } from "./timeline-layout";

export interface Slider {
  readonly element: HTMLElement;
  readonly show: (range: Range) => void;
}

/** Creates a strip for the whole execution. The thumb on it shows the range and can be dragged. */
export function createSlider(end: number, setRange: (range: Range) => void): Slider {
  const thumb = create("div", { className: "thumb" });
  const strip = create("div", { className: "slider" }, [thumb]);
  let shown: Range = { from: 0, to: end };
  /** The edge that is dragged, or the distance from the start of the thumb to the pointer. */
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
