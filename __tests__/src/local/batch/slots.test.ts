import { getEventListeners } from "node:events";
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
