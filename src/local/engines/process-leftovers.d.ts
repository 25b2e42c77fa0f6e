/** Returns the mark of all processes of a job; `null` for an environment without a job's id. */
export function jobMark(environment: Readonly<Record<string, string>>): string | null;
/** Kills every process with one of the marks, in any session or process group. */
export function endLeftovers(marks: readonly string[]): void;
