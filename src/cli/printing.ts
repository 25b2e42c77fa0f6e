/** Output that several commands print in the same way. */
import { resolve } from "node:path";
import { formatJson } from "../base/json";
import { say } from "../base/message";
import { visible } from "../base/text";
import type { Terminal } from "./session";

/** The time between two lines about the progress of long work. */
export const PROGRESS_MILLISECONDS = 5000;

/** Prints a value as one JSON document. */
export function printJson({ stdout }: Pick<Terminal, "stdout">, value: unknown): void {
  stdout.write(formatJson(value));
}

/** Prints the path of a written file. */
export function sayWritten(what: string, path: string, { stderr }: Pick<Terminal, "stderr">): void {
  say(stderr, `${what} written to ${visible(resolve(path), 1000)}`);
}
