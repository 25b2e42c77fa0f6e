/** What the commands have to do with their surroundings; tests give their own. */
import { resolve } from "node:path";
import type { Aws } from "./deployed";
import type { LifecycleSurroundings } from "./lifecycle-surroundings";

export interface Surroundings extends LifecycleSurroundings {
  readonly readStandardInput: () => string;
  readonly stderr: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  /** Loads AWS's clients, which no other command should pay for. */
  readonly loadAws: () => Aws;
}

/** Says where a file is that the command has written. */
export function sayWritten(what: string, path: string, { stderr }: Pick<LifecycleSurroundings, "stderr">): void {
  stderr.write(`${what} written to ${resolve(path)}\n`);
}

/** Prints a value as one JSON document. */
export function printJson({ stdout }: Pick<Surroundings, "stdout">, value: unknown): void {
  stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
