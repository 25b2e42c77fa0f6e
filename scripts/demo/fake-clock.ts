import { VirtualClock } from "../../src/base/virtual-clock";

/** A virtual clock with interval callbacks, which a test can also move by hand. */
export class FakeClock extends VirtualClock {
  private readonly tickers = new Set<{ next: number; every: number; callback: () => void }>();

  override every(milliseconds: number, callback: () => void): () => void {
    const ticker = { next: this.time + milliseconds, every: milliseconds, callback };
    this.tickers.add(ticker);
    return () => this.tickers.delete(ticker);
  }

  /** Lets time pass and runs the interval callbacks. Wakes no sleeper. */
  advance(milliseconds: number): void {
    this.passUntil(this.time + milliseconds);
  }

  /** True while an interval callback is registered. */
  get isTicking(): boolean {
    return this.tickers.size > 0;
  }

  protected override passUntil(time: number): void {
    for (;;) {
      const [due] = [...this.tickers].sort((a, b) => a.next - b.next);
      if (due === undefined || due.next > time) break;
      this.time = due.next;
      due.next += due.every;
      due.callback();
    }
    super.passUntil(time);
  }
}
