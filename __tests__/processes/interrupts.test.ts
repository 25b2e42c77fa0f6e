import { onInterrupt } from "../../processes/interrupts";

test("a Ctrl-C that comes twice, from the terminal and from npm, counts once; a second one counts again", () => {
  let time = 0;
  const interrupted = jest.fn();
  const stopListening = onInterrupt(interrupted, () => time);
  const calls = [0, 20, 499, 500, 2000].map((at) => {
    time = at;
    process.emit("SIGINT");
    return interrupted.mock.calls.length;
  });
  stopListening();
  expect(calls).toEqual([1, 1, 1, 2, 3]);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s is heard until nobody listens any more", (signal) => {
  const before = process.listenerCount(signal);
  const interrupted = jest.fn();
  const stopListening = onInterrupt(interrupted);
  process.emit(signal);
  expect(interrupted).toHaveBeenCalledTimes(1);
  stopListening();
  expect(process.listenerCount(signal)).toBe(before);
});
