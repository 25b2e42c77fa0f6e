/** An engine that injects the failures of AWS Batch into another engine, so that retries can be seen before AWS shows them. */
import { createHash } from "node:crypto";
import type { Clock } from "../../base/clock";
import { CHAOS_FAILURES, type FailureName } from "./chaos-failures";
import type { Container, ContainerEnd, ContainerListener, ContainerSpec, Engine } from "./engine";

/** The failures to inject. */
export interface Chaos {
  /** The probability of each failure in an attempt, from 0 to 1. Their sum is at most 1: an attempt has one failure at most. */
  readonly probabilities: Readonly<Partial<Record<FailureName, number>>>;
  /** Two runs with the same seed inject the same failures at the same places. */
  readonly seed: number;
}

/**
 * Wraps an engine. The failure of an attempt depends on the seed, the place of the job and the number of its attempts there, not on
 * the order in which jobs start.
 */
export function chaosEngine(inner: Engine, { probabilities, seed }: Chaos, clock: Clock): Engine {
  const attempts = new Map<string, number>();
  const run = (spec: ContainerSpec, listener: ContainerListener): Container => {
    const attempt = (attempts.get(spec.place) ?? 0) + 1;
    attempts.set(spec.place, attempt);
    const [draw, moment] = randomPair(`${seed} ${spec.place} ${attempt}`);
    const name = failureAt(draw, probabilities);
    if (name === null) return inner.run(spec, listener);
    const { when, end } = CHAOS_FAILURES[name];
    const injected = { ...end, injected: name };
    if (when === "before") return { ended: Promise.resolve(injected), kill: () => {} };
    return runUntil(inner, spec, listener, { clock, milliseconds: momentAt(moment), injected });
  };
  return { name: inner.name, run, close: () => inner.close() };
}

// --- internal ---

const EARLIEST_MILLISECONDS = 10;
const LATEST_MILLISECONDS = 100_000;

/** Returns a moment of an attempt. Each order of magnitude is equally likely, because nothing is known about the length of a job. */
function momentAt(random: number): number {
  return EARLIEST_MILLISECONDS * (LATEST_MILLISECONDS / EARLIEST_MILLISECONDS) ** random;
}

/** Runs a container, kills it after a time, and ends as `injected`, even if the container has ended by then. */
function runUntil(
  inner: Engine,
  spec: ContainerSpec,
  listener: ContainerListener,
  { clock, milliseconds, injected }: { clock: Clock; milliseconds: number; injected: ContainerEnd },
): Container {
  const over = new AbortController();
  let isLost = false;
  const container = inner.run(spec, {
    started: () => listener.started(),
    line: (...line) => {
      if (!isLost) listener.line(...line);
    },
  });
  const lose = async () => {
    await clock.sleep(milliseconds, over.signal);
    if (over.signal.aborted) return;
    isLost = true;
    container.kill("SIGKILL");
  };
  void lose();
  const ended = container.ended.then((end) => {
    over.abort();
    // A container that could not start has a failure of its own.
    return end.kind === "not-started" ? end : injected;
  });
  return { ended, kill: (signal) => container.kill(signal) };
}

/** Returns the failure of a draw from 0 to 1; `null` for none. */
function failureAt(draw: number, probabilities: Chaos["probabilities"]): FailureName | null {
  let sum = 0;
  for (const name of Object.keys(CHAOS_FAILURES) as FailureName[]) {
    sum += probabilities[name] ?? 0;
    if (draw < sum) return name;
  }
  return null;
}

/** Returns two numbers from 0 to 1, without 1, that look random and depend on a text. */
function randomPair(text: string): readonly [number, number] {
  const hash = createHash("sha256").update(text).digest();
  return [hash.readUInt32BE(0) / 2 ** 32, hash.readUInt32BE(4) / 2 ** 32];
}
