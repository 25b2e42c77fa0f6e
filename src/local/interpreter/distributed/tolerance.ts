/** The number of failed items that a distributed Map tolerates. */
export interface Tolerance {
  /** ToleratedFailureCount. @default 0 */
  readonly count: number;
  /** ToleratedFailurePercentage, from 0 to 100. @default 0 */
  readonly percentage: number;
}

/**
 * Returns whether a distributed Map fails. Any failure is too many without a tolerance. If both fields are set, the first one that
 * is exceeded counts.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html#maprun-fail-threshold
 */
export function isExceeded({ count, percentage }: Tolerance, failed: number, total: number): boolean {
  if (percentage === 0) return failed > count;
  return failed * 100 > percentage * total || (count > 0 && failed > count);
}
