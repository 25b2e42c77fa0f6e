import { keepIgnoring, onInterrupt, wasHangUpIgnored } from "../../../src/base/interrupts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Listens with a clock of its own; `interrupt` is a signal at a certain time. */
function listening({ ignoresHangUp = false } = {}) {
  let time = 0;
  const late: { milliseconds: number; isCancelled: boolean; callback: () => void }[] = [];
  const [interrupted, endNow] = [jest.fn(), jest.fn()];
  const after = (milliseconds: number, callback: () => void) => {
    const waiting = { milliseconds, isCancelled: false, callback };
    late.push(waiting);
    return () => {
      waiting.isCancelled = true;
    };
  };
  const stopListening = onInterrupt(interrupted, { now: () => time, after, endNow, ignoresHangUp });
  const interrupt = (at: number, signal: (typeof SIGNALS)[number] = "SIGINT") => {
    time = at;
    process.emit(signal);
    return interrupted.mock.calls.length;
  };
  return { interrupt, interrupted, endNow, late, stopListening };
}

test("a Ctrl-C that comes twice, from the terminal and from npm, counts once; a second one counts again", () => {
  const { interrupt, stopListening } = listening();
  const calls = [0, 20, 499, 500, 2000].map((at) => interrupt(at));
  stopListening();
  expect(calls).toEqual([1, 1, 1, 2, 3]);
});

test.each(SIGNALS)("%s is heard until nobody listens any more", (signal) => {
  const before = process.listenerCount(signal);
  const { interrupt, stopListening } = listening();
  expect(interrupt(0, signal)).toBe(1);
  stopListening();
  expect(process.listenerCount(signal)).toBe(before);
});

test("two seconds after the second interrupt the process ends, unless the command is over by then", () => {
  const { interrupt, endNow, late, stopListening } = listening();
  interrupt(0);
  expect(late).toEqual([]);
  interrupt(1000);
  interrupt(2000);
  expect(late).toMatchObject([{ milliseconds: 1800, isCancelled: false }]);
  late[0]!.callback();
  expect(endNow).toHaveBeenCalledTimes(1);
  stopListening();
  expect(late).toMatchObject([{ isCancelled: true }]);
});

describe("a hang-up that was ignored at the start", () => {
  test("is no interrupt, as the other signals are", () => {
    const before = process.listenerCount("SIGHUP");
    const { interrupted, interrupt, stopListening } = listening({ ignoresHangUp: true });
    expect(process.listenerCount("SIGHUP")).toBe(before);
    expect([interrupt(0, "SIGTERM"), interrupt(1000, "SIGINT")]).toEqual([1, 2]);
    stopListening();
    expect(interrupted).toHaveBeenCalledTimes(2);
  });

  test.each([
    [true, 1],
    [false, 0],
  ])("stays ignored: %s", (ignores, more) => {
    const before = process.listeners("SIGHUP");
    keepIgnoring(ignores);
    const added = process.listeners("SIGHUP").filter((listener) => !before.includes(listener));
    for (const listener of added) process.off("SIGHUP", listener);
    expect(added).toHaveLength(more);
  });

  test.each([
    ["behind nohup", { command: "/usr/bin/nohup" }, true],
    ["behind any other command", { command: "/usr/bin/node" }, false],
    ["under a parent that ignores it", { ignoredByParent: "0000000000000001" }, true],
    ["under a parent that ignores other signals", { ignoredByParent: "0000000010001006" }, false],
    ["where all output goes to files", { isWatched: false }, true],
    ["where nothing is known", {}, false],
  ])("is recognised %s", (_, started, expected) => {
    const nothing = { command: undefined, ignoredByParent: null, isWatched: true };
    expect(wasHangUpIgnored({ ...nothing, ...started })).toBe(expected);
  });
});
