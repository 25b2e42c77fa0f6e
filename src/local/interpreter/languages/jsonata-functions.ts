/**
 * The functions that Step Functions adds to JSONata, and those that it changes.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html ("JSONata functions provided by Step Functions")
 */
import type { Expression } from "jsonata";
import type { Clock } from "../../../base/clock";
import { ExactNumber } from "../../../base/exact-number";
import { type Json, stringifyJson } from "../../../base/json";
import { parseMachineJson } from "../../../base/read-json";
import { chunksOf, digest, HASHES, MAX_RANGE, rangeLength, seeded } from "../shared-functions";

/** The source of random values. */
export interface Chance {
  /** Returns a number from 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly uuid: () => string;
}

/** Returns the functions by name, without the `$`. `undefined` takes a function of JSONata away. */
export async function stepFunctionsFunctions(
  compile: (expression: string) => Expression,
  clock: Pick<Clock, "now">,
  { random, uuid }: Chance,
): Promise<Record<string, unknown>> {
  const millis = () => clock.now();
  return {
    partition,
    range,
    hash,
    random: (seed?: unknown) => (seed === undefined ? random() : seeded(integer("random", "the seed", seed))),
    uuid: () => uuid(),
    parse: (text: unknown) => (text === undefined ? undefined : parseMachineJson(string("parse", text))),
    // The clock of the execution, which tests replace.
    millis,
    now: await compile(NOW).evaluate(undefined, { millis }),
    eval: undefined,
  };
}

// --- internal ---

const NOW = "function($picture, $timezone) { $fromMillis($millis(), $picture, $timezone) }";

function partition(list: unknown, size: unknown): Json[][] | undefined {
  if (list === undefined) return undefined;
  const items = (Array.isArray(list) ? list : [list]) as Json[];
  const length = integer("partition", "the size", size);
  if (length < 1) refuse("partition", "the size must be at least 1", size);
  return chunksOf(items, length);
}

/** Recorded: as in every sequence of JSONata, a single number stands for itself. */
function range(first: unknown, last: unknown, step: unknown): number | number[] | undefined {
  const [start, end, delta] = [first, last, step].map((value) => integer("range", "each argument", value)) as [
    number,
    number,
    number,
  ];
  if (delta === 0) refuse("range", "the step must not be 0", step);
  const length = rangeLength(start, end, delta);
  if (length > MAX_RANGE) refuse("range", `the range must not hold more than ${MAX_RANGE} numbers`, length);
  const numbers = Array.from({ length }, (_, index) => start + index * delta);
  return numbers.length < 2 ? numbers[0] : numbers;
}

function hash(data: unknown, algorithm: unknown): string | undefined {
  if (data === undefined) return undefined;
  const name = string("hash", algorithm);
  if (!HASHES.includes(name)) refuse("hash", `the algorithm must be one of ${HASHES.join(", ")}`, name);
  return digest(string("hash", data), name);
}

/** Returns a whole number. As documented, a fraction is rounded down. */
function integer(name: string, what: string, value: unknown): number {
  const number = value instanceof ExactNumber ? value.toNumber() : value;
  const whole = typeof number === "number" ? Math.floor(number) : Number.NaN;
  return Number.isSafeInteger(whole) ? whole : refuse(name, `${what} must be a whole number`, value);
}

function string(name: string, value: unknown): string {
  return typeof value === "string" ? value : refuse(name, "the argument must be a string", value);
}

function refuse(name: string, rule: string, value: unknown): never {
  throw new Error(`$${name}: ${rule}, got: ${stringifyJson(value)}`);
}
