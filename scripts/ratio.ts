/** A ratio that the benchmark measures. */
export interface Ratio {
  readonly name: string;
  /** The largest ratio that is good enough. */
  readonly goal: number;
  readonly rounds: number;
  /** The requirement that this machine lacks: the ratio is skipped. @default none */
  readonly missing?: string | null;
  /** Both return milliseconds. */
  readonly measured: () => Promise<number>;
  readonly against: () => Promise<number>;
}
