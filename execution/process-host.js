/**
 * Starts the processes of the process engine, in a small process of its own: what a fork costs grows with the memory of the one
 * that forks, and a program that has read a whole workflow starts a job at half the speed of this one.
 *
 * Takes `{ id, start: { program, arguments, folder, environment } }` and `{ id, signal }`; gives `{ id, pid }`, then any number
 * of `{ id, source, data }`, its bytes as latin1, then `{ id, exitCode }`; or `{ id, error }` in place of all these. It is JSON:
 * messages with buffers in them take three times as long.
 */
const { spawn } = require("node:child_process");
const { constants } = require("node:os");

/** Where the other end has gone, `disconnect` says so, not each message that was lost. */
const tell = (message, told = () => {}) => process.send(message, told);

/** By id. */
const running = new Map();

process.on("message", ({ id, start, signal }) => {
  if (start) run(id, start);
  else killGroup(running.get(id), signal);
});
process.on("disconnect", () => {
  for (const child of running.values()) killGroup(child, "SIGKILL");
  process.exit();
});

function run(id, start) {
  let child;
  try {
    child = spawn(start.program, start.arguments, {
      cwd: start.folder,
      env: start.environment,
      // A process group of its own: a Ctrl-C at the terminal does not reach it, and it can be killed as a whole.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    // E2BIG and the like; other errors come as an event.
    tell({ id, error: error.message });
    return;
  }
  child.on("error", ({ message }) => tell({ id, error: message }));
  if (child.pid === undefined) return;
  running.set(id, child);
  tell({ id, pid: child.pid });
  for (const source of ["stdout", "stderr"]) {
    const stream = child[source];
    stream.on("data", (data) => {
      // One piece at a time is under way: memory does not grow where the reader is slower.
      stream.pause();
      tell({ id, source, data: data.toString("latin1") }, () => stream.resume());
    });
  }
  // As in a container, what the process leaves running ends with it; else it would hold the log open.
  child.on("exit", () => killGroup(child, "SIGKILL"));
  child.on("close", (code, signal) => {
    running.delete(id);
    tell({ id, exitCode: code ?? 128 + constants.signals[signal] });
  });
}

function killGroup(child, signal) {
  try {
    if (child) process.kill(-child.pid, signal);
  } catch {
    // ESRCH: nothing is left of the group.
  }
}
