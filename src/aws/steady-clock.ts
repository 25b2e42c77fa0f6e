import type { Clock } from "../base/clock";

/** Returns a clock that goes on if the machine's clock is set back. So no wait gets longer. */
export function steadyClock(clock: Clock): Clock {
  let last = clock.now();
  let setBack = 0;
  return {
    now: () => {
      const now = clock.now();
      setBack += Math.max(0, last - now);
      last = now;
      return now + setBack;
    },
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
    every: (milliseconds, callback) => clock.every(milliseconds, callback),
  };
}
