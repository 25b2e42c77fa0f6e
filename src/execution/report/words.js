/** Words and signs that the parts of the page have in common. */

export const SIGNS = {
  succeeded: "✓",
  failed: "✗",
  caught: "!",
  stopped: "■",
  running: "▸",
  "not-reached": "–",
  retried: "↻",
};

/** Why a job ended as it did. */
export function reasonOf({ attempts, statusReason }) {
  return attempts.at(-1)?.reason ?? statusReason ?? "";
}

/** An element of text and elements: never of markup. */
export function create(name, properties, children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

export function count(number) {
  return number.toLocaleString("en-US");
}

export function counted(number, thing) {
  return `${count(number)} ${thing}${number === 1 ? "" : "s"}`;
}

/** Milliseconds as `25 ms`, `0.4 s`, `1:05`, `2:03:10`. */
export function duration(milliseconds) {
  if (milliseconds < 100) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const tenths = Math.round(milliseconds / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.floor(tenths / 10);
  const two = (value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
