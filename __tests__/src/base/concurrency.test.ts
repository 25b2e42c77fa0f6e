import { getEventListeners } from "node:events";
import { FakeClock } from "../../../scripts/demo/fake-clock";
import type { Clock } from "../../../src/base/clock";
import { Aborted, runAll, withTimeout } from "../../../src/base/concurrency";

const never = () => new AbortController().signal;

describe("runAll", () => {
  test("begins the work in order, at most so many at a time", async () => {
    const clock = new FakeClock();
    const log: string[] = [];
    await runAll(4, 2, never(), async (index) => {
      log.push(`begin ${index}`);
      await clock.sleep(index === 0 ? 5 : 1);
      log.push(`end ${index}`);
    });
    expect(log).toEqual(["begin 0", "begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3", "end 0"]);
  });

  test("throws the first failure, after the rest has ended", async () => {
    const log: string[] = [];
    const work = runAll(5, 3, never(), async (index, signal) => {
      if (index === 1) throw new Error("first");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      log.push(`end ${index}`);
      throw new Error("second");
    });
    await expect(work).rejects.toThrow(new Error("first"));
    expect(log).toEqual(["end 0", "end 2"]);
  });

  test("throws Aborted when the signal aborts, though nothing failed", async () => {
    const stop = new AbortController();
    const begun: number[] = [];
    const work = runAll(3, 1, stop.signal, async (index) => {
      begun.push(index);
      stop.abort();
    });
    await expect(work).rejects.toThrow(Aborted);
    expect(begun).toEqual([0]);
  });

  test("begins nothing if the signal has already aborted", async () => {
    const work = jest.fn();
    await expect(runAll(3, 1, AbortSignal.abort(), work)).rejects.toThrow(Aborted);
    expect(work).not.toHaveBeenCalled();
  });

  test("leaves no listener behind", async () => {
    const signal = never();
    await runAll(3, 2, signal, async () => {});
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("withTimeout", () => {
  const timeout = new Error("too late");

  test("returns the result of the work, and ends its timer", async () => {
    let sleeping = 0;
    const clock: Clock = {
      now: () => 0,
      every: () => () => {},
      sleep: async (_, signal) => {
        sleeping += 1;
        await new Promise((resolve) => signal?.addEventListener("abort", resolve));
        await Promise.resolve().then(() => Promise.resolve());
        sleeping -= 1;
      },
    };
    expect(await withTimeout(1, timeout, clock, never(), async () => "done")).toBe("done");
    expect(sleeping).toBe(0);
  });

  test("throws the error of work that fails in time", async () => {
    const work = withTimeout(1, timeout, new FakeClock(), never(), async () => {
      throw new Error("broken");
    });
    await expect(work).rejects.toThrow(new Error("broken"));
  });

  test("leaves it to the work to say that it was aborted from outside, however long that takes", async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const work = withTimeout(1, timeout, clock, stop.signal, async () => {
      stop.abort();
      await clock.sleep(5000);
      throw new Aborted();
    });
    await expect(work).rejects.toThrow(Aborted);
    expect(clock.now()).toBe(5000);
  });

  test("sets no timer without a limit", async () => {
    const clock = new FakeClock();
    const signal = never();
    expect(await withTimeout(undefined, timeout, clock, signal, async (given) => given)).toBe(signal);
  });
});

test("any number of pieces of work may follow one signal: Node.js takes more than ten listeners for a leak", async () => {
  const signals = [new AbortController().signal];
  await runAll(1, 1, signals[0]!, async (_, inner) => void signals.push(inner));
  for (const signal of signals) {
    const limit = Object.getOwnPropertySymbols(signal).find(({ description }) =>
      description?.includes("maxEventTarget"),
    )!;
    expect(signal).toMatchObject({ [limit]: 0 });
  }
});
