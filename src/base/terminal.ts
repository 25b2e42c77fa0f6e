/** Decides what a terminal can do. */

type Stream = Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows">>;

/**
 * Returns true if a stream allows overwriting earlier lines. The log of a CI job gets plain lines, even if the CI system
 * provides a terminal.
 */
export function canRedraw({ isTTY }: Stream, { TERM, CI }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && TERM !== "dumb" && isUnset(CI);
}

/** Returns whether a stream shows colours. */
export function hasColors({ isTTY }: Stream, { TERM, NO_COLOR }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && TERM !== "dumb" && !NO_COLOR;
}

/** Returns the size of a terminal; the usual size if the terminal does not report it. */
export function sizeOf({ columns, rows }: Stream): { readonly columns: number; readonly rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

function isUnset(variable: string | undefined): boolean {
  return variable === undefined || variable === "" || variable === "false" || variable === "0";
}
