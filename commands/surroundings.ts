/** What the commands have to do with their surroundings; tests give their own. */
import { resolve } from "node:path";
import { say } from "../base/message";
import type { Clock } from "../execution/clock";
import type { Aws } from "./deployed";
import type { Probes } from "./doctor-checks";
import type { LifecycleSurroundings } from "./lifecycle";

export interface Surroundings extends LifecycleSurroundings {
  readonly clock: Clock;
  readonly readStandardInput: () => string;
  readonly stderr: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  /** Asks who sits in front, until `signal` aborts; empty where no answer came. `null` where nobody does. */
  readonly ask: ((question: string, signal?: AbortSignal) => Promise<string>) | null;
  /** Loads AWS's clients, which no other command should pay for. */
  readonly loadAws: () => Aws;
  readonly loadProbes: () => Probes;
}

/** Says where a file is that the command has written. */
export function sayWritten(what: string, path: string, { stderr }: Pick<Surroundings, "stderr">): void {
  say(stderr, `${what} written to ${resolve(path)}`);
}

/** Prints a value as one JSON document. */
export function printJson({ stdout }: Pick<Surroundings, "stdout">, value: unknown): void {
  stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
