/** Looks at all that deploying and running need. */
import { UsageError } from "../errors";
import type { Clock } from "../execution/clock";
import { printable } from "../execution/terminal-text";
import { loadSettings } from "../settings";
import { type Answers, CHECKS, type Check, type Finding, type Probes, type Question } from "./doctor-checks";
import { printJson, type Surroundings } from "./surroundings";

const PATIENCE_SECONDS = 15;

type Line = Finding & { readonly name: string };

/** Prints a line for each check; gives the exit code, 1 where one fails. */
export async function doctor({ json }: { readonly json?: true }, surroundings: Surroundings): Promise<number> {
  const { clock, environment, context, loadProbes, stdout } = surroundings;
  const settings = loadSettings(environment, context);
  const lines = await diagnose({ settings, environment }, loadProbes(), clock);
  if (json) printJson(surroundings, lines);
  else for (const line of lines) stdout.write(`${describe(line)}\n`);
  return lines.some(({ status }) => status === "failure") ? 1 : 0;
}

/**
 * Looks at what would stop a deploy after it has begun: the failures of the checks that are about AWS and the backend, a line each.
 * Nothing is changed, and no workspace is made.
 */
export async function obstacles(question: Omit<Question, "signal">, probes: Probes, clock: Clock): Promise<string[]> {
  const checks = CHECKS.filter(({ name }) => BEFORE_DEPLOYING.includes(name));
  const lines = await diagnose(question, probes, clock, checks);
  return lines.filter(({ status }) => status === "failure").map(describe);
}

const BEFORE_DEPLOYING = ["credentials", "default VPC", "backend"];

async function diagnose(
  question: Omit<Question, "signal">,
  probes: Probes,
  clock: Clock,
  checks: readonly Check[] = CHECKS,
): Promise<Line[]> {
  const { environment, settings } = question;
  const asked = new Map<keyof Answers, Promise<Answer>>();
  const ask = (probe: keyof Answers) => {
    if (!asked.has(probe))
      asked.set(
        probe,
        patiently((signal) => probes[probe]({ ...question, signal }), clock),
      );
    return asked.get(probe)!;
  };
  const find = async ({ probe, needsLogin, unanswered, judge }: Check): Promise<Finding | null> => {
    if (probe === null) return judge(null, question);
    if (needsLogin && "problem" in (await ask("caller"))) {
      return { status: "warning", message: "not looked at: see credentials" };
    }
    const answer = await ask(probe);
    if (!("problem" in answer)) return judge(answer.value, question);
    return { status: unanswered, message: withoutSecrets(answer.problem, environment) };
  };
  const findings = await Promise.all(
    checks
      .filter(({ applies }) => applies(settings))
      .map(async (check) => ({ name: check.name, finding: await find(check) })),
  );
  return findings.flatMap(({ name, finding }) => (finding === null ? [] : [lineOf(name, finding)]));
}

/** What other programs say may hold anything: it is made printable, and cut. */
function lineOf(name: string, { status, message, fix }: Finding): Line {
  return { name, status, message: printable(message), ...(fix !== undefined && { fix: printable(fix) }) };
}

type Answer = { readonly value: Answers[keyof Answers] } | { readonly problem: string };

/** What a probe answers; what went wrong with it, or that it took too long. */
async function patiently(
  probe: (signal: AbortSignal) => Promise<Answers[keyof Answers]>,
  clock: Clock,
): Promise<Answer> {
  const [late, over] = [new AbortController(), new AbortController()];
  const answer = probe(late.signal).then(
    (value): Answer => ({ value }),
    (error): Answer => ({ problem: whatIsWrong(error) }),
  );
  const patience = clock.sleep(PATIENCE_SECONDS * 1000, over.signal).then((): Answer => {
    late.abort();
    return { problem: `no answer within ${PATIENCE_SECONDS} s; look at the network and the proxy` };
  });
  const first = await Promise.race([answer, patience]);
  over.abort();
  return first;
}

/** What the clients throw that nobody foresaw is told too, in one line. */
function whatIsWrong(error: unknown): string {
  const { message, name } = error as Error;
  return error instanceof UsageError ? message : `${name}: ${message}`;
}

const SECRET = /SECRET|TOKEN|PASSWORD/;
const SHORTEST_SECRET = 8;

/** The first line, without what the environment holds of secrets: a refused signature is explained with what was signed. */
function withoutSecrets(text: string, environment: NodeJS.ProcessEnv): string {
  const secrets = Object.entries(environment).flatMap(([name, value]) =>
    SECRET.test(name) && value !== undefined && value.length >= SHORTEST_SECRET ? [value] : [],
  );
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, "…"), text.split("\n")[0]!);
}

const WIDEST = "failure".length;

function describe({ name, status, message, fix }: Line): string {
  return `${status.padEnd(WIDEST)}  ${name}: ${message}${fix === undefined ? "" : `; ${fix}`}`;
}
