import { systemClock } from "../../../src/base/clock";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const DAY = 24 * 3600 * 1000;

test("sleeps longer than a timer of Node can", async () => {
  const woken = jest.fn();
  void systemClock.sleep(60 * DAY).then(woken);
  await jest.advanceTimersByTimeAsync(60 * DAY - 1);
  expect(woken).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  expect(woken).toHaveBeenCalled();
});

test.each([0, 30 * DAY])("wakes when the signal aborts, after %d ms, and leaves no timer behind", async (after) => {
  const controller = new AbortController();
  const woken = jest.fn();
  void systemClock.sleep(60 * DAY, controller.signal).then(woken);
  await jest.advanceTimersByTimeAsync(after);
  controller.abort();
  await jest.advanceTimersByTimeAsync(0);
  expect(woken).toHaveBeenCalled();
  expect(jest.getTimerCount()).toBe(0);
});

test("does not sleep at all when the signal has aborted", async () => {
  await systemClock.sleep(DAY, AbortSignal.abort());
  expect(jest.getTimerCount()).toBe(0);
});

test("runs evenly when the system time changes", () => {
  const before = systemClock.now();
  jest.setSystemTime(Date.now() - 30 * DAY);
  jest.advanceTimersByTime(2000);
  expect(systemClock.now() - before).toBe(2000);
});
