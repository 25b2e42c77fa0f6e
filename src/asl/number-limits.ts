import { type Field, whole } from "./fields";

/** The least and the greatest value of a field. */
interface NumberLimits {
  readonly minimum: number;
  /** @default Infinity */
  readonly maximum?: number;
}

/**
 * The limits of numbers that a state may also compute, by field.
 *
 * @see https://states-language.net/spec.html#task-state ("Timeouts"), #wait-state, #map-state
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
 */
export const NUMBER_LIMITS = {
  Seconds: { minimum: 0, maximum: 99_999_999 },
  TimeoutSeconds: { minimum: 1, maximum: 99_999_999 },
  HeartbeatSeconds: { minimum: 1, maximum: 99_999_999 },
  MaxConcurrency: { minimum: 0 },
  ToleratedFailureCount: { minimum: 0 },
  ToleratedFailurePercentage: { minimum: 0, maximum: 100 },
  MaxItemsPerBatch: { minimum: 1 },
  MaxInputBytesPerBatch: { minimum: 1, maximum: 262_144 },
} satisfies Readonly<Record<string, NumberLimits>>;

/** Returns the limits of a field in words, if a number passes them; otherwise `null`. */
export function limitsPassed(field: string, value: number): string | null {
  if (!Object.hasOwn(NUMBER_LIMITS, field)) return null;
  const { minimum, maximum = Number.POSITIVE_INFINITY }: NumberLimits =
    NUMBER_LIMITS[field as keyof typeof NUMBER_LIMITS];
  if (value >= minimum && value <= maximum) return null;
  return maximum === Number.POSITIVE_INFINITY ? `from ${minimum} on` : `from ${minimum} to ${maximum}`;
}

/** Returns a field for a whole number within its limits. */
export function limited(name: keyof typeof NUMBER_LIMITS): Field {
  const { minimum, maximum }: NumberLimits = NUMBER_LIMITS[name];
  return whole(minimum, maximum);
}
