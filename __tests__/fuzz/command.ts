/** Runs a command of the product in this process, with the session of a case. */
import { run } from "../../src/cli/program";
import type { Session } from "../../src/cli/session";
import { recordSession } from "../terminal";
import type { Session as Observed } from "./properties";

/** The surroundings of a command. Parts that are not given throw when the command uses them. */
export type Around = Partial<Session>;

/** Runs the command; an error that it throws is what a user would see as a stack trace. */
export function runCommand(argv: readonly string[], around: Around): Promise<Observed> {
  return observe(around, (session) => run(argv, session));
}

/** Does what a command does, and writes down what it prints. */
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
    const { name, message, stack = "" } = error as Error;
    const place = /^\s+at (?:.*\()?(.*?):\d+:\d+\)?$/m.exec(stack)?.[1]?.replace(/^.*?\/(?=[\w-]+\/[^/]*$)/, "") ?? "";
    throw new Thrown(`${name} in ${place}: ${message.slice(0, 120)}`, { cause: error });
  }
}

/** The error that a command threw. A user would see its stack trace. */
export class Thrown extends Error {}
