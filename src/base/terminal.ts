/** The one place that decides what a terminal can do. */

type Stream = Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows">>;

/**
 * Returns whether lines that were written to a stream can be written over. A log of a CI job is read afterwards, so it gets plain
 * lines even where the CI system gives the command a terminal.
 */
export function canRedraw({ isTTY }: Stream, { TERM, CI }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && TERM !== "dumb" && isUnset(CI);
}

/** Returns whether a stream shows colours. */
export function hasColors({ isTTY }: Stream, { TERM, NO_COLOR }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && TERM !== "dumb" && !NO_COLOR;
}

/** Returns the size of a terminal; of one that does not tell it, the usual one. */
export function sizeOf({ columns, rows }: Stream): { readonly columns: number; readonly rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

function isUnset(variable: string | undefined): boolean {
  return variable === undefined || variable === "" || variable === "false" || variable === "0";
}
