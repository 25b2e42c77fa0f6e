/** The session of this process: its streams, its signals, and the real AWS and Terraform. */
import { createInterface } from "node:readline";
import { systemClock } from "../base/clock";
import { keepIgnoring, onInterrupt } from "../base/interrupts";
import { guardStandardStreams } from "../base/standard-streams";
import { readStandardInput } from "../base/text-file";
import { runsFolders } from "../local/runs/runs-folders";
import { startTerraform } from "../terraform/run-terraform";
import { loadAws } from "./aws";
import type { Session } from "./session";

/** After the command ends, the process waits so long for streams and child processes to close. */
const LONGEST_END_MILLISECONDS = 500;

/** Opens the session. `end` leaves the exit code to the process. */
export function processSession(): { readonly session: Session; readonly end: (exitCode: number) => void } {
  keepIgnoring();
  const { endWith, ...streams } = guardStandardStreams();
  const session: Session = {
    environment: process.env,
    runsFolders: runsFolders(process.cwd()),
    ...streams,
    readStandardInput,
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
    onInterrupt,
    inForeground: async (...args) => (await import("../base/foreground")).runInForeground(...args),
    clock: systemClock,
    loadAws,
    startTerraform,
    synthesize: async (...args) => (await import("../terraform/synthesis")).synthesizeStacks(...args),
    exclusively: async (act) => (await import("../terraform/project-lock")).exclusively(act),
    loadProbes: async () => (await import("./doctor/probes")).PROBES,
  };
  return {
    session,
    end: (exitCode) => {
      endWith(exitCode);
      // A child process that cannot be killed must not keep this one from ending. Output to a slow reader arrives first.
      setTimeout(() => process.stdout.write("", () => process.exit()), LONGEST_END_MILLISECONDS).unref();
    },
  };
}

// --- internal ---

/** Returns the answer to a question; empty if there is none, as after Ctrl-C, and as soon as `signal` aborts. */
function ask(question: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const close = () => terminal.close();
    // The terminal may be gone.
    terminal.on("error", close);
    let isOpen = false;
    terminal.once("close", () => {
      signal?.removeEventListener("abort", close);
      // Further output begins on a new line.
      if (isOpen) process.stderr.write("\n");
      resolve("");
    });
    if (signal?.aborted) return close();
    signal?.addEventListener("abort", close);
    isOpen = true;
    terminal.question(question, (answer) => {
      isOpen = false;
      resolve(answer);
      close();
    });
  });
}
