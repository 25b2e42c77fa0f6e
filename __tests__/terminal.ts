/** The terminal of the tests: a session that records what happens in it. */
import { Writable } from "node:stream";
import { FakeClock } from "../scripts/demo/fake-clock";
import type { Command, DefinedCommand, Values } from "../src/cli/define-command";
import type { Session } from "../src/cli/session";
import { CONTEXT } from "./example";

export interface RecordedSession {
  readonly session: Session;
  /** The printed text. */
  readonly output: { stdout: string; stderr: string };
  /** The printed text and the entries of a test, in order. */
  readonly happened: string[];
  /** Presses Ctrl-C. */
  readonly interrupt: () => void;
}

/** Opens a session. A part that `changes` does not give throws when a command asks for it. */
export function recordSession(
  changes: Partial<Session> = {},
  { isTTY = false }: { readonly isTTY?: boolean } = {},
): RecordedSession {
  const output = { stdout: "", stderr: "" };
  const happened: string[] = [];
  const stream = (name: "stdout" | "stderr") => {
    const writable = new Writable({
      decodeStrings: false,
      write(chunk, _, done) {
        output[name] += chunk;
        happened.push(`${name}: ${chunk}`);
        done();
      },
    });
    return Object.assign(writable, { isTTY, columns: 80, rows: 24 });
  };
  let interrupted = () => {};
  const session: Session = {
    environment: {},
    context: CONTEXT,
    runsFolders: [],
    clock: new FakeClock(),
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    readStandardInput: () => "",
    ask: null,
    onInterrupt: (callback) => {
      interrupted = callback;
      return () => {};
    },
    inForeground: () => unneeded("a program in the foreground"),
    exclusively: (act) => act(),
    startTerraform: () => unneeded("Terraform"),
    synthesize: () => unneeded("a synth"),
    loadAws: () => unneeded("AWS"),
    loadProbes: () => unneeded("a probe"),
    ...changes,
  };
  return { session, output, happened, interrupt: () => interrupted() };
}

/** Returns the values of flags and arguments. A test gives some of them. */
export function valuesOf<P extends NonNullable<Command["flags"]>>(parameters: P, given: Partial<Values<P>>): Values<P> {
  const defaults = Object.entries(parameters).map(([key, { fallback }]) => [key, fallback]);
  return { ...Object.fromEntries(defaults), ...given } as Values<P>;
}

/** Runs the action of a command with the given values. */
export async function act<A, F>(
  command: DefinedCommand<A, F>,
  given: Partial<Values<A> & Values<F>>,
  session: Session,
): Promise<number> {
  const defaults = valuesOf({ ...(command as Command).arguments, ...(command as Command).flags }, {});
  return (await command.action({ ...defaults, ...given } as Values<A> & Values<F>, session)) ?? 0;
}

function unneeded(what: string): never {
  throw new Error(`${what} should not be needed`);
}
