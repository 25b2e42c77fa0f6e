/**
 * Decides which Retry or Catch of a state takes an error.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
import type { Json } from "../../base/json";
import { NOT_MOCKED } from "../mocks";
import type { StatesError } from "./states-error";

/** An item of `Retry`. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  /** @default 1 */
  readonly IntervalSeconds?: number;
  /** 0: never. @default 3 */
  readonly MaxAttempts?: number;
  /** @default 2 */
  readonly BackoffRate?: number;
  /** @default no limit */
  readonly MaxDelaySeconds?: number;
  /** @default "NONE" */
  readonly JitterStrategy?: "FULL" | "NONE";
}

/** An item of `Catch`. */
export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: Json;
}

/** Counts the retries of one visit to a state, each retrier by itself. */
export class Retries {
  private readonly spent = new Map<Retrier, number>();

  constructor(
    private readonly retriers: readonly Retrier[],
    private readonly random: () => number,
  ) {}

  /** Returns the seconds until the next attempt, and the index of the retrier; `null` if there is no further attempt. */
  after(error: StatesError): { readonly delaySeconds: number; readonly index: number } | null {
    const index = this.retriers.findIndex(({ ErrorEquals }) => isAmong(error, ErrorEquals));
    const retrier = this.retriers[index];
    if (!retrier) return null;
    const {
      IntervalSeconds = 1,
      MaxAttempts = 3,
      BackoffRate = 2,
      MaxDelaySeconds = Infinity,
      JitterStrategy,
    } = retrier;
    const spent = this.spent.get(retrier) ?? 0;
    if (spent >= MaxAttempts) return null;
    this.spent.set(retrier, spent + 1);
    const delay = Math.min(IntervalSeconds * BackoffRate ** spent, MaxDelaySeconds);
    return { delaySeconds: JitterStrategy === "FULL" ? this.random() * delay : delay, index };
  }
}

/** Returns the first catcher that takes an error. */
export function findCatcher(catchers: readonly Catcher[], error: StatesError): Catcher | undefined {
  return catchers.find(({ ErrorEquals }) => isAmong(error, ErrorEquals));
}

/** Errors of the state machine that always fail the execution. AWS ignored a catcher that names States.Runtime. */
const FINAL: ReadonlySet<string> = new Set(["States.Runtime", NOT_MOCKED]);

function isAmong({ error, alsoNamed, isOfTask }: StatesError, names: readonly string[]): boolean {
  if (FINAL.has(error) && !isOfTask) return false;
  return names.some((name) => name === error || name === alsoNamed || (WILDCARDS.get(name)?.(error) ?? false));
}

/** AWS was recorded to take States.DataLimitExceeded for States.ALL, which its documentation rules out. */
const WILDCARDS = new Map<string, (error: string) => boolean>([
  ["States.ALL", () => true],
  ["States.TaskFailed", (error) => error !== "States.Timeout"],
]);
