import { VirtualClock } from "../../../src/base/virtual-clock";

test("sleepers wake in the order of their times, and those of one time in the order in which they came", async () => {
  const clock = new VirtualClock(1000);
  const woken: string[] = [];
  const sleep = (name: string, milliseconds: number) =>
    clock.sleep(milliseconds).then(() => woken.push(`${name} ${clock.now()}`));
  await Promise.all([sleep("c", 20), sleep("a", 10), sleep("d", 20), sleep("b", 10)]);
  expect(woken).toEqual(["a 1010", "b 1010", "c 1020", "d 1020"]);
});

test("the clock does not jump while code asks for the time in each turn of the event loop", async () => {
  const clock = new VirtualClock();
  const sleeping = clock.sleep(10);
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise(setImmediate);
    expect(clock.now()).toBe(0);
  }
  await sleeping;
  expect(clock.now()).toBe(10);
});

test("a sleeper whose signal aborts wakes at once, and time does not pass for it", async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const sleeping = clock.sleep(1e12, controller.signal);
  controller.abort();
  await sleeping;
  await clock.sleep(5);
  expect(clock.now()).toBe(5);
});
