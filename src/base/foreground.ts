/** Runs a program that takes over the terminal, such as a shell. */
import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";

/** Signals of keys. Only the program reacts to them. */
const KEYS = ["SIGINT", "SIGQUIT", "SIGTSTP"] as const;
/** Requests to end. The program gets them from this process. */
const ENDS = ["SIGTERM", "SIGHUP"] as const;
/** A program that ignores a request to end is killed after this time. */
const KILL_MILLISECONDS = 1500;

/**
 * Runs a program with the standard streams of this process, and waits for its end. The size of the terminal and its keys reach the
 * program directly. Afterwards the terminal is as it was. Resolves to the exit code: 128 plus the number of the signal if a signal
 * ended the program. Rejects if it cannot be started.
 */
export function runInForeground(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const restore = terminalRestorer();
    const child = spawn(program, args, { stdio: "inherit" });
    const ignore = () => {};
    let asked: NodeJS.Signals | null = null;
    const end = (signal: NodeJS.Signals) => {
      asked = signal;
      child.kill(signal);
      setTimeout(() => child.kill("SIGKILL"), KILL_MILLISECONDS).unref();
    };
    const onExit = () => {
      child.kill("SIGKILL");
      restore();
    };
    const stopListening = () => {
      for (const key of KEYS) process.off(key, ignore);
      for (const signal of ENDS) process.off(signal, end);
      process.off("exit", onExit);
      restore();
    };
    for (const key of KEYS) process.on(key, ignore);
    for (const signal of ENDS) process.on(signal, end);
    process.once("exit", onExit);
    child.once("error", (error) => {
      stopListening();
      reject(error);
    });
    child.once("exit", (code, by) => {
      stopListening();
      resolve(asked === null && code !== null ? code : 128 + constants.signals[asked ?? by!]);
    });
  });
}

// --- internal ---

/** Returns the function that gives the terminal back its settings. A program that is killed leaves it without echo and line ends. */
function terminalRestorer(): () => void {
  if (!process.stdin.isTTY) return () => {};
  const { stdout } = spawnSync("stty", ["-g"], { stdio: ["inherit", "pipe", "ignore"], encoding: "utf8" });
  const settings = stdout?.trim();
  if (!settings) return () => {};
  return () => void spawnSync("stty", [settings], { stdio: ["inherit", "ignore", "ignore"] });
}
