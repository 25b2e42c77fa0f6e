/** The looks of the states, which all formats share. */
import type { State } from "../document";

/** The colours of light mode. */
export const LIGHT = { page: "#ffffff", text: "#1f2328", quiet: "#59636e", line: "#818b98", error: "#cf222e" };
/** The colours of dark mode. */
export const DARK = { page: "#0d1117", text: "#f0f6fc", quiet: "#9198a1", line: "#656c76", error: "#f85149" };

// States that do work or hold other states are filled. The others have an outline only.
const WHITE = { light: { fill: LIGHT.page, line: LIGHT.line }, dark: { fill: DARK.page, line: DARK.line } };
const GREY = { light: { fill: "#f6f8fa", line: "#818b98" }, dark: { fill: "#151b23", line: "#656c76" } };
const BLUE = { light: { fill: "#ddf4ff", line: "#0969da" }, dark: { fill: "#121d2f", line: "#4493f8" } };
const YELLOW = { light: { fill: LIGHT.page, line: "#9a6700" }, dark: { fill: DARK.page, line: "#d29922" } };
const PURPLE = { light: { fill: "#fbefff", line: "#8250df" }, dark: { fill: "#221a31", line: "#ab7df8" } };
const GREEN = { light: { fill: LIGHT.page, line: "#1a7f37" }, dark: { fill: DARK.page, line: "#3fb950" } };
const RED = { light: { fill: LIGHT.page, line: LIGHT.error }, dark: { fill: DARK.page, line: DARK.error } };

/** A box that holds states. */
export const BOX = { style: "rounded,filled", margin: "10" };

/** The look of each type of state. `tint` holds its colours; the rest are attributes of DOT. */
export const LOOKS = {
  Task: { tint: BLUE, shape: "box", style: "rounded,filled", width: "2.4" },
  Pass: { tint: WHITE, shape: "box", style: "filled" },
  Choice: { tint: YELLOW, shape: "hexagon", style: "filled" },
  Wait: { tint: PURPLE, shape: "ellipse", style: "filled", margin: "0.05,0.03" },
  Succeed: { tint: GREEN, shape: "box", style: "rounded,filled", peripheries: "2" },
  Fail: { tint: RED, shape: "octagon", style: "filled", margin: "0.02,0.02" },
  Parallel: { tint: GREY, ...BOX },
  Map: { tint: GREY, ...BOX },
} satisfies Record<State["Type"], { tint: typeof GREY; [attribute: string]: unknown }>;
