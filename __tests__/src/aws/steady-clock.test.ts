import { steadyClock } from "../../../src/aws/steady-clock";

test("a clock that is set back goes on from where it was, and as fast as before", () => {
  const times = [1000, 2000, 500, 700, 100, 100_000];
  const clock = steadyClock({ now: () => times.shift()!, sleep: async () => {}, every: () => () => {} });
  expect([1, 2, 3, 4, 5].map(() => clock.now())).toEqual([2000, 2000, 2200, 2200, 102_100]);
});
