import { runChild } from "../../../src/base/children";
import { gone } from "../local/container-log";

/** Runs a shell script; `told` has its output by then. */
function shell(script: string, options: { signal?: AbortSignal; milliseconds?: number; onData?: () => void } = {}) {
  const told: string[] = [];
  const { onData = () => {}, ...limits } = options;
  const ended = runChild("/bin/sh", ["-c", script], {
    ...limits,
    read: ({ stdout, stderr }) => {
      for (const stream of [stdout, stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          told.push(text);
          onData();
        });
      }
    },
  });
  return { ended, told };
}

test("returns the exit code and the output; 128 plus the number of a signal that ended the program", async () => {
  const { ended, told } = shell("echo out; exit 3");
  expect([await ended, told]).toEqual([3, ["out\n"]]);
  expect(await shell("kill -TERM $$").ended).toBe(143);
});

test("kills the program and its children when the signal aborts, even if they ignore signals, and does not wait", async () => {
  const controller = new AbortController();
  const { ended, told } = shell("trap '' TERM INT HUP; sleep 60 & echo $!; wait; wait", {
    signal: controller.signal,
    onData: () => controller.abort(),
  });
  expect(await ended).toBe(137);
  await gone(told[0]!.trim());
});

test("kills a program that is stopped", async () => {
  const { ended } = shell("kill -STOP $$", { milliseconds: 50 });
  expect(await ended).toBe(137);
});

test("starts nothing if the signal has already aborted", async () => {
  const { ended, told } = shell("echo never", { signal: AbortSignal.abort() });
  expect([await ended, told]).toEqual([137, []]);
});

test("rejects a program that does not exist", async () => {
  await expect(runChild("/no/such/program", [], { read: () => {} })).rejects.toMatchObject({ code: "ENOENT" });
});
