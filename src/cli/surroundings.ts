/** What the commands have to do with their surroundings; tests give their own. */
import { resolve } from "node:path";
import { formatJson } from "../base/json";
import { say } from "../base/message";
import { visible } from "../base/text";
import type { Aws } from "./deployed";
import type { LifecycleSurroundings } from "./lifecycle/lifecycle-surroundings";

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
  say(stderr, `${what} written to ${visible(resolve(path), 1000)}`);
}

/** Prints a value as one JSON document. */
export function printJson({ stdout }: Pick<Surroundings, "stdout">, value: unknown): void {
  stdout.write(formatJson(value));
}
