/** Returns the mark of all processes of a job; `null` for an environment without a job's id. */
export function jobMark(environment: Readonly<Record<string, string>>): string | null;
/** Kills every process that carries one of the marks, in whatever session or process group it is. */
export function endLeftovers(marks: readonly string[]): void;
