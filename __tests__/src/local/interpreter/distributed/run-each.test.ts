import { Aborted } from "../../../../../src/base/concurrency";
import { runEach } from "../../../../../src/local/interpreter/distributed/run-each";

async function* upTo(count: number, read: number[] = []) {
  for (let value = 0; value < count; value += 1) {
    read.push(value);
    yield value;
  }
}

const signal = new AbortController().signal;

test("runs at most `limit` at a time, and reads no further than needed", async () => {
  const read: number[] = [];
  let running = 0;
  let most = 0;
  await runEach(upTo(20, read), 3, signal, async (value, index) => {
    expect(index).toBe(value);
    running += 1;
    most = Math.max(most, running);
    expect(read.length).toBeLessThanOrEqual(index + 3);
    await new Promise(setImmediate);
    running -= 1;
  });
  expect([most, running, read.length]).toEqual([3, 0, 20]);
});

test("after a failure nothing more starts, and the rest is aborted", async () => {
  const ended: string[] = [];
  const running = runEach(upTo(9), 2, signal, async (value, _, stop) => {
    if (value === 1) throw new Error("one");
    await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
    ended.push(`${value} aborted`);
  });
  await expect(running).rejects.toThrow("one");
  expect(ended).toEqual(["0 aborted"]);
});

test("a list that cannot be read on aborts what runs", async () => {
  async function* broken() {
    yield 0;
    throw new Error("unreadable");
  }
  const running = runEach(broken(), 2, signal, async (_, __, stop) => {
    await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
  });
  await expect(running).rejects.toThrow("unreadable");
});

test("throws Aborted when the parent aborts", async () => {
  const parent = new AbortController();
  const started: number[] = [];
  const running = runEach(upTo(9), 9, parent.signal, async (value) => {
    started.push(value);
    if (value === 1) parent.abort();
  });
  await expect(running).rejects.toThrow(Aborted);
  expect(started).toEqual([0, 1]);
});
