import { existsSync, type FSWatcher, statSync, watch } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../../base/clock";

/** The state of files at one moment. */
export type Stamps = ReadonlyMap<string, string>;

/** The time in which an editor writes all parts of a change. */
const SETTLE_MILLISECONDS = 50;

/** Returns the state of files. A file need not exist. */
export function stampsOf(paths: readonly string[]): Stamps {
  return new Map(paths.map((path) => [path, stampOf(path)]));
}

/**
 * Waits until a file differs from an earlier state. Watches the folders, not the files, because an editor may replace a file when it
 * saves it. For a folder that does not exist yet, watches the one in which it would be. Resolves to the file, or to `null` if
 * `signal` aborts.
 */
export async function nextChange(
  earlier: Stamps,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<string | null> {
  let wake = () => {};
  const watchers = new Map<string, FSWatcher>();
  const watchAll = () => {
    for (const path of earlier.keys()) {
      const folder = existingFolder(dirname(path));
      const watcher = watchers.has(folder) ? null : watchFolder(folder, () => wake());
      if (watcher !== null) watchers.set(folder, watcher);
    }
  };
  const stop = () => wake();
  signal.addEventListener("abort", stop, { once: true });
  try {
    while (!signal.aborted) {
      const event = new Promise<void>((resolve) => {
        wake = resolve;
      });
      watchAll();
      const changed = [...earlier].find(([path, stamp]) => stampOf(path) !== stamp);
      if (changed !== undefined) {
        await clock.sleep(SETTLE_MILLISECONDS, signal);
        return signal.aborted ? null : changed[0];
      }
      await event;
    }
    return null;
  } finally {
    signal.removeEventListener("abort", stop);
    for (const watcher of watchers.values()) watcher.close();
  }
}

// --- internal ---

function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
}

/** Returns the innermost folder on a path that exists. */
function existingFolder(folder: string): string {
  const outer = dirname(folder);
  return outer === folder || existsSync(folder) ? folder : existingFolder(outer);
}

/** Returns `null` if the folder was removed in the meantime. */
function watchFolder(folder: string, changed: () => void): FSWatcher | null {
  try {
    // A folder that is removed ends its watcher.
    return watch(folder, changed).on("error", () => {});
  } catch {
    return null;
  }
}
