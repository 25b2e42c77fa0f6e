/**
 * Answers requests of the recordings' own comparer: one JSON request per line on standard input, one JSON answer per line on
 * standard output.
 */
import { createInterface } from "node:readline";
import { stringifyJson } from "../../src/base/json";
import { parseMachineJson } from "../../src/base/read-json";
import { type ReplayRequest, replay } from "./replay";

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await replay(parseMachineJson(line) as unknown as ReplayRequest);
    process.stdout.write(`${stringifyJson(answer)}\n`);
  }
}

void main();
