import type { Clock } from "../base/clock";

/** A clock that goes on where the machine's is set back: nothing waits until it is as late again. */
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
