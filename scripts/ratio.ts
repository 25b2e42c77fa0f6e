/** A ratio that the benchmark measures. */
export interface Ratio {
  readonly name: string;
  /** The largest ratio that is good enough. */
  readonly goal: number;
  readonly rounds: number;
  /** What this machine lacks. The ratio is then skipped. @default nothing */
  readonly missing?: string | null;
  /** Both return milliseconds. */
  readonly measured: () => Promise<number>;
  readonly against: () => Promise<number>;
}
