// RFC 3339 with an upper-case "T" and "Z".
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Parses a timestamp of Amazon States Language into nanoseconds since 1970. Returns `null` for any other text.
 *
 * @see https://states-language.net/spec.html#timestamps
 */
export function parseTimestamp(text: string): bigint | null {
  const [, date, time, fraction = "", zone] = TIMESTAMP.exec(text) ?? [];
  const milliseconds = Date.parse(`${date}T${time}${zone}`);
  // Date.parse reads February 30 as March 2, and 24:00 as the next day.
  const exists = Number.isFinite(milliseconds) && new Date(`${date}T${time}Z`).toJSON().startsWith(`${date}T${time}`);
  return exists ? BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0")) : null;
}
