import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Returns the first program with one of these names. Looks in the folders of `first`, then in those of `searchPath`. */
export function findExecutable(
  names: readonly string[],
  searchPath: string | undefined,
  first: readonly string[] = [],
): string | undefined {
  const folders = [...first, ...(searchPath ?? "").split(delimiter).filter(Boolean)];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
