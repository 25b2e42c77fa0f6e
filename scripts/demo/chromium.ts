import type { LaunchOptions } from "playwright-core";
import { findExecutable } from "../../src/base/executables";

/** Returns the options that start the machine's Chromium; `null` if it is not installed. */
export function findChromium(): LaunchOptions | null {
  const executablePath = findExecutable(["chromium", "chromium-browser", "google-chrome"], process.env.PATH);
  if (executablePath === undefined) return null;
  // Chromium's sandbox refuses to run as root.
  return { executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] };
}
