/** Hands over values in the order of their indices, although they arrive in any order. */
export class InOrder<T> {
  private readonly waiting = new Map<number, T>();
  private next = 0;
  private handingOver: Promise<void> | null = null;

  constructor(private readonly handOver: (value: T) => Promise<void>) {}

  /**
   * Adds a value. Each index comes once. Hands over all values that are next, and waits for that: a slow receiver slows down
   * those who add. Does not wait for values that are missing.
   */
  async add(index: number, value: T): Promise<void> {
    this.waiting.set(index, value);
    if (this.handingOver === null && this.waiting.has(this.next)) this.handingOver = this.handOverAll();
    await this.handingOver;
  }

  private async handOverAll(): Promise<void> {
    try {
      for (let value = this.take(); value !== undefined; value = this.take()) await this.handOver(value);
    } finally {
      this.handingOver = null;
    }
  }

  private take(): T | undefined {
    const value = this.waiting.get(this.next);
    if (this.waiting.delete(this.next)) this.next += 1;
    return value;
  }
}
