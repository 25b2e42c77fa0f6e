/** Decides what a terminal can do. */

type Stream = Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows">>;

/**
 * Returns whether a stream can overwrite its own lines. The log of a CI job is read later, so it gets plain lines even if the CI
 * system provides a terminal.
 */
export function canRedraw({ isTTY }: Stream, { TERM, CI }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && TERM !== "dumb" && isUnset(CI);
}

/** Returns whether a stream shows colours. */
export function hasColors({ isTTY }: Stream, { TERM, NO_COLOR }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && TERM !== "dumb" && !NO_COLOR;
}

/** Returns the size of a terminal. The default is 80 by 24. */
export function sizeOf({ columns, rows }: Stream): { readonly columns: number; readonly rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

function isUnset(variable: string | undefined): boolean {
  return variable === undefined || variable === "" || variable === "false" || variable === "0";
}
