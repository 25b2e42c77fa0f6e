/** Signals a process and the processes that it has started; does nothing if they have gone. */
export function killGroup(leader: number, signal: NodeJS.Signals): void;
/** Signals a process; does nothing if it has gone. */
export function killProcess(pid: number, signal: NodeJS.Signals): void;
