import type { LaunchOptions } from "playwright-core";
import { findExecutable } from "../../src/base/executables";

/** How to start the browser of this machine; `null` where there is none. */
export function findChromium(): LaunchOptions | null {
  const executablePath = findExecutable(["chromium", "chromium-browser", "google-chrome"], process.env.PATH);
  if (executablePath === undefined) return null;
  // Chromium's sandbox refuses to run as root.
  return { executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] };
}
