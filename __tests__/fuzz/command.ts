/** Runs a command of the product in this process, with surroundings of a case. */
import { Writable } from "node:stream";
import { FakeClock } from "../../scripts/demo/fake-clock";
import { run } from "../../src/cli/program";
import type { Surroundings } from "../../src/cli/surroundings";
import type { Session } from "./properties";

/** What a command finds around it; what is not given throws where it is asked for. */
export type Around = Partial<Surroundings>;

/** Runs the command; an error that it throws is what a user would see as a stack trace. */
export function runCommand(argv: readonly string[], around: Around): Promise<Session> {
  return observe(around, (surroundings) => run(argv, surroundings));
}

/** Does what a command does, and writes down what it prints. */
export async function observe(
  around: Around,
  act: (surroundings: Surroundings) => Promise<number>,
  { isTTY = false } = {},
): Promise<Session> {
  const output = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") =>
    new Writable({
      decodeStrings: false,
      write(chunk, _, done) {
        output[name] += chunk;
        done();
      },
    });
  const surroundings: Surroundings = {
    environment: {},
    context: {},
    clock: new FakeClock(),
    stdout: stream("stdout"),
    stderr: Object.assign(stream("stderr"), { isTTY, columns: 80, rows: 24 }),
    readStandardInput: () => "",
    onInterrupt: () => () => {},
    ask: null,
    exclusively: (act) => act(),
    startTerraform: () => unneeded("Terraform"),
    synthesize: () => unneeded("a synth"),
    loadAws: () => unneeded("AWS"),
    loadProbes: () => unneeded("a probe"),
    ...around,
  };
  try {
    const code = await act(surroundings);
    return { code, ...output };
  } catch (error) {
    const { name, message, stack = "" } = error as Error;
    const place = /^\s+at (?:.*\()?(.*?):\d+:\d+\)?$/m.exec(stack)?.[1]?.replace(/^.*?\/(?=[\w-]+\/[^/]*$)/, "") ?? "";
    throw new Thrown(`${name} in ${place}: ${message.slice(0, 120)}`, { cause: error });
  }
}

/** What a command threw: nobody catches it, so a user sees its stack trace. */
export class Thrown extends Error {}

function unneeded(what: string): never {
  throw new Error(`${what} should not be needed`);
}
