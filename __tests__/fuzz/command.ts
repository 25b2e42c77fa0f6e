/** Runs a command of the product in this process, with the session of a case. */
import { run } from "../../src/cli/program";
import type { Session } from "../../src/cli/session";
import { recordSession } from "../terminal";
import type { Session as Observed } from "./properties";

/** The session of a command. A part that the case does not give throws when the command asks for it. */
export type Around = Partial<Session>;

/** Runs the command. A user would see a thrown error as a stack trace. */
export function runCommand(argv: readonly string[], around: Around): Promise<Observed> {
  return observe(around, (session) => run(argv, session));
}

/** Runs a function in a session and records what it prints. */
export async function observe(
  around: Around,
  act: (session: Session) => Promise<number>,
  { isTTY = false } = {},
): Promise<Observed> {
  const { session, output } = recordSession({ context: {}, ...around }, { isTTY });
  try {
    const code = await act(session);
    return { code, ...output };
  } catch (error) {
    throw thrown(error as Error);
  }
}

/** Returns a text for an error that nothing expects: its place is part of it. */
export function thrown(error: Error): Thrown {
  const { name, message, stack = "" } = error;
  const place = /^\s+at (?:.*\()?(.*?):\d+:\d+\)?$/m.exec(stack)?.[1]?.replace(/^.*?\/(?=[\w-]+\/[^/]*$)/, "") ?? "";
  return new Thrown(`${name} in ${place}: ${message.slice(0, 120)}`, { cause: error });
}

/** An error that a command threw. Nothing catches it, so a user sees its stack trace. */
export class Thrown extends Error {}
