/** Signals a process and its child processes. Does nothing if they have ended. */
export function killGroup(leader: number, signal: NodeJS.Signals): void;
/** Signals a process. Does nothing if it has ended. */
export function killProcess(pid: number, signal: NodeJS.Signals): void;
