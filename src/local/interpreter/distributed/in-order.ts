/** Hands over values in the order of their indices, although they arrive in any order. */
export class InOrder<T> {
  private readonly waiting = new Map<number, T>();
  private next = 0;
  private isHandingOver = false;

  constructor(private readonly handOver: (value: T) => Promise<void>) {}

  /** Adds a value, and hands over all values that are next. Each index comes once. */
  async add(index: number, value: T): Promise<void> {
    this.waiting.set(index, value);
    if (this.isHandingOver) return;
    this.isHandingOver = true;
    try {
      while (this.waiting.has(this.next)) {
        const ready = this.waiting.get(this.next)!;
        this.waiting.delete(this.next);
        this.next += 1;
        await this.handOver(ready);
      }
    } finally {
      this.isHandingOver = false;
    }
  }
}
