import { getEventListeners } from "node:events";
import { FakeClock } from "../../../../scripts/demo/fake-clock";
import type { JobWait } from "../../../../src/execution/events";
import { Slots } from "../../../../src/local/batch/slots";

const { signal: never } = new AbortController();

/** Lets promises that are resolved already be seen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("places jobs while there is room, then in the order in which they came", async () => {
  const slots = new Slots(2);
  const placed: string[] = [];
  const take = (name: string, vcpus: number) => void slots.take(vcpus, never).then(() => placed.push(name));
  take("a", 1);
  take("b", 1);
  take("large", 2);
  take("small", 0.25);
  await settle();
  expect(placed).toEqual(["a", "b"]);
  slots.give(1);
  await settle();
  expect(placed).toEqual(["a", "b"]);
  slots.give(1);
  await settle();
  expect(placed).toEqual(["a", "b", "large"]);
  slots.give(2);
  await settle();
  expect(placed).toEqual(["a", "b", "large", "small"]);
});

test("places no more jobs than may run at the same time", async () => {
  const slots = new Slots(8, 2);
  const placed: string[] = [];
  for (const name of ["a", "b", "c"]) void slots.take(0.25, never).then(() => placed.push(name));
  await settle();
  expect(placed).toEqual(["a", "b"]);
  slots.give(0.25);
  await settle();
  expect(placed).toEqual(["a", "b", "c"]);
});

test("runs a job that needs more than there is alone", async () => {
  const slots = new Slots(2);
  expect(await slots.take(16, never)).toBe(true);
  let placed = false;
  void slots.take(0.25, never).then(() => {
    placed = true;
  });
  await settle();
  expect(placed).toBe(false);
  slots.give(16);
  await settle();
  expect(placed).toBe(true);
});

test("does not lose room to fractions that binary numbers cannot hold", async () => {
  const slots = new Slots(1);
  const tenths = Array.from({ length: 10 }, () => slots.take(0.1, never));
  expect(await Promise.all(tenths)).toEqual(Array(10).fill(true));
  for (const _ of tenths) slots.give(0.1);
  expect(await slots.take(1, never)).toBe(true);
});

test("drops the jobs whose signal aborts and goes on with the others", async () => {
  const slots = new Slots(1);
  const stop = new AbortController();
  await slots.take(1, never);
  const dropped = slots.take(1, stop.signal);
  const kept = slots.take(1, never);
  stop.abort();
  expect(await dropped).toBe(false);
  expect(await slots.take(1, stop.signal)).toBe(false);
  slots.give(1);
  expect(await kept).toBe(true);
});

test("listens once to a signal, however many jobs wait", async () => {
  const slots = new Slots(1);
  const stop = new AbortController();
  const waiting = Array.from({ length: 10_000 }, () => slots.take(1, stop.signal));
  expect(getEventListeners(stop.signal, "abort")).toHaveLength(1);
  stop.abort();
  const placed = await Promise.all(waiting);
  expect(placed.filter(Boolean)).toHaveLength(1);
});

describe("a job that waits", () => {
  type Told = [at: number, job: string, reason: string | null, place: number | null];

  /** A queue whose jobs run for so many seconds. */
  function queue(vcpus: number, maxJobs?: number) {
    const clock = new FakeClock();
    const { signal: unstopped } = new AbortController();
    const slots = new Slots(vcpus, maxJobs, clock);
    const told: Told[] = [];
    const run = async (name: string, needed: number, seconds: number, signal = unstopped) => {
      const tell = ({ reason, place }: JobWait) => told.push([clock.now(), name, reason, place]);
      if (!(await slots.take(needed, signal, tell))) return;
      await clock.sleep(seconds * 1000);
      slots.give(needed);
    };
    return { clock, told, run };
  }

  test("learns after a second what it waits for and its place, and again when that changes", async () => {
    const { told, run } = queue(2);
    await Promise.all([run("a", 1, 5), run("b", 1, 8), run("large", 2, 4), run("small", 0.5, 1)]);
    expect(told).toEqual([
      [1000, "large", "waiting for 2 of 2 vCPUs", 1],
      [1000, "small", "waiting for 0.5 of 2 vCPUs", 2],
      [5000, "small", "waiting for the jobs before it", 2],
      [8000, "small", "waiting for 0.5 of 2 vCPUs", 1],
    ]);
  });

  test("learns that it runs alone if it asks for more than there is", async () => {
    const { told, run } = queue(2);
    await Promise.all([run("a", 1, 5), run("huge", 8, 1)]);
    expect(told).toEqual([[1000, "huge", "waiting for 2 of 2 vCPUs: the job asks for 8, so it runs alone", 1]]);
  });

  test("learns of the limit of --max-jobs", async () => {
    const { told, run } = queue(8, 1);
    await Promise.all([run("a", 1, 5), run("b", 1, 1)]);
    expect(told).toEqual([[1000, "b", "waiting for a job to end: --max-jobs is 1", 1]]);
  });

  test("learns nothing if it starts within a second", async () => {
    const { told, run, clock } = queue(1);
    await Promise.all([run("a", 1, 0.9), run("b", 1, 5)]);
    expect(told).toEqual([]);
    // No timer is left.
    expect(clock.now()).toBe(5900);
  });

  test("does not keep a run going whose other jobs are gone", async () => {
    const { told, run, clock } = queue(1);
    const stop = new AbortController();
    const running = run("a", 1, 0.5);
    const dropped = run("b", 1, 1, stop.signal);
    stop.abort();
    await Promise.all([running, dropped]);
    expect([told, clock.now()]).toEqual([[], 500]);
  });

  test("is one of ten that are told, once a second at most, however many wait", async () => {
    const { told, run } = queue(2);
    await Promise.all(Array.from({ length: 1000 }, (_, index) => run(String(index), 1, 0.1)));
    const times = [...new Set(told.map(([at]) => at))];
    // They take 50 s. All ten have another place each time.
    expect(times).toHaveLength(49);
    expect(told).toHaveLength(490);
    expect(told.slice(0, 10).map(([, , , place]) => place)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
