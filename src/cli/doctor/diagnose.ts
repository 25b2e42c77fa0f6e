/** Asks the probes of `doctor`, and collects the findings of its checks. */
import type { Clock } from "../../base/clock";
import { UsageError } from "../../base/errors";
import { printable } from "../../base/terminal-text";
import { secretsIn } from "../../project/secrets";
import { CHECKS, type Check } from "./checks";
import type { Finding } from "./finding";
import type { Answers, Probes } from "./probes";
import type { Known } from "./question";

const PATIENCE_SECONDS = 15;

type Line = Finding & { readonly name: string };

/**
 * Returns the lines of the named checks: what would stop a command after it has started, and what it should say. Changes nothing,
 * and creates no workspace. Ends early when `signal` aborts.
 */
export function diagnoseNamed(
  question: Known,
  probes: Probes,
  clock: Clock,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Line[]> {
  const checks = CHECKS.filter(({ name }) => names.includes(name));
  return diagnose(question, probes, clock, checks, signal);
}

/** Returns the findings of the checks. Asks each probe once, and all probes at the same time. */
export async function diagnose(
  question: Known,
  probes: Probes,
  clock: Clock,
  checks: readonly Check[] = CHECKS,
  signal?: AbortSignal,
): Promise<Line[]> {
  const { environment, settings } = question;
  const asked = new Map<keyof Answers, Promise<Answer>>();
  const ask = (probe: keyof Answers) => {
    if (!asked.has(probe))
      asked.set(
        probe,
        patiently((late) => probes[probe]({ ...question, signal: late }), clock, signal),
      );
    return asked.get(probe)!;
  };
  const find = async ({ probe, needsLogin, unanswered, judge }: Check): Promise<Finding | null> => {
    if (needsLogin && "problem" in (await ask("caller"))) {
      return { status: "warning", message: "not checked: see credentials" };
    }
    const answer = await ask(probe);
    if (!("problem" in answer)) return judge(answer.value as never, question);
    return { status: unanswered, message: withoutSecrets(answer.problem, environment) };
  };
  const findings = await Promise.all(
    checks
      .filter(({ applies }) => applies(settings))
      .map(async (check) => ({ name: check.name, finding: await find(check) })),
  );
  return findings.flatMap(({ name, finding }) => (finding === null ? [] : [lineOf(name, finding)]));
}

/** Makes texts of other programs printable, and cuts long ones. */
function lineOf(name: string, { status, message, fix }: Finding): Line {
  return { name, status, message: printable(message), ...(fix !== undefined && { fix: printable(fix) }) };
}

type Answer = { readonly value: Answers[keyof Answers] } | { readonly problem: string };

/** Returns the answer of a probe, or the problem: it failed, or it took too long. */
async function patiently(
  probe: (signal: AbortSignal) => Promise<Answers[keyof Answers]>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Answer> {
  const [late, over] = [new AbortController(), new AbortController()];
  signal?.addEventListener("abort", () => {
    late.abort();
    over.abort();
  });
  const answer = probe(late.signal).then(
    (value): Answer => ({ value }),
    (error): Answer => ({ problem: whatIsWrong(error) }),
  );
  const patience = clock.sleep(PATIENCE_SECONDS * 1000, over.signal).then((): Answer => {
    late.abort();
    return { problem: `no answer within ${PATIENCE_SECONDS} s; check the network and the proxy` };
  });
  const first = await Promise.race([answer, patience]);
  over.abort();
  return first;
}

/** Describes an error. Unexpected errors of the clients are shown with their names. */
function whatIsWrong(error: unknown): string {
  const { message, name } = error as Error;
  return error instanceof UsageError ? message : `${name}: ${message}`;
}

/** Returns the first line without the secrets of the environment. AWS explains a refused signature with the text that was signed. */
function withoutSecrets(text: string, environment: NodeJS.ProcessEnv): string {
  return secretsIn(environment).reduce((shown, secret) => shown.replaceAll(secret, "…"), text.split("\n")[0]!);
}

/** Writes a finding with its advice. */
export function sentence({ name, message, fix }: Line): string {
  return `${name}: ${message}${fix === undefined ? "" : `; ${fix}`}`;
}
