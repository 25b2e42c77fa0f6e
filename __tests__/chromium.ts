import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { LaunchOptions } from "playwright-core";

/** How to start the browser of this machine; `null` where there is none. */
export function findChromium(): LaunchOptions | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const executablePath = folders
    .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
    .find(isExecutable);
  if (executablePath === undefined) return null;
  // Chromium's sandbox refuses to run as root.
  return { executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
