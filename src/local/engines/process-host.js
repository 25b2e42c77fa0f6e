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
const { killGroup } = require("../../base/kill");
const { endLeftovers, jobMark } = require("./process-leftovers");

/** What a process wrote before it ended is in a buffer of the kernel, which holds less than this. */
const LAST_BYTES = 1024 * 1024;
/** How often a process that has ended is looked at, until nothing holds its output open. */
const LEFT_MILLISECONDS = 100;
/** How often in a row nothing may be read before the output counts as ended. */
const QUIET_LOOKS = 10;

/** Where the other end has gone, `disconnect` says so, not each message that was lost. */
const tell = (message, told = () => {}) => process.send(message, told);

/** By id: the child process, and the mark of all that it starts. */
const running = new Map();

process.on("message", ({ id, start, signal }) => {
  if (start) run(id, start);
  else if (running.has(id)) killGroup(running.get(id).child.pid, signal);
});
process.on("disconnect", () => {
  for (const { child } of running.values()) killGroup(child.pid, "SIGKILL");
  endLeftovers([...running.values()].flatMap(({ marks }) => marks));
  process.exit();
});

function run(id, start) {
  const tellError = ({ message, code }) => tell({ id, error: { message, code } });
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
    tellError(error);
    return;
  }
  child.on("error", tellError);
  if (child.pid === undefined) return;
  const mark = jobMark(start.environment);
  const marks = mark === null ? [] : [mark];
  running.set(id, { child, marks });
  tell({ id, pid: child.pid });

  const last = { isOver: false, bytes: 0, quietLooks: 0, waiting: 0 };
  const streams = [child.stdout, child.stderr];
  const closeOutput = () => {
    for (const stream of streams) stream.destroy();
  };
  for (const source of ["stdout", "stderr"]) {
    const stream = child[source];
    stream.on("data", (data) => {
      // One piece at a time is under way: memory does not grow where the reader is slower.
      stream.pause();
      last.waiting += 1;
      tell({ id, source, data: data.toString("latin1") }, () => {
        last.waiting -= 1;
        stream.resume();
      });
      if (!last.isOver) return;
      last.quietLooks = 0;
      last.bytes += data.length;
      if (last.bytes > LAST_BYTES) closeOutput();
    });
  }
  let looks;
  child.on("exit", () => {
    last.isOver = true;
    // As in a container, all that the process has started ends with it.
    killGroup(child.pid, "SIGKILL");
    endLeftovers(marks);
    looks = setInterval(() => {
      endLeftovers(marks);
      last.quietLooks = last.waiting > 0 ? 0 : last.quietLooks + 1;
      // Only a process that has cleared its environment can hold the output open.
      if (last.quietLooks >= QUIET_LOOKS) closeOutput();
    }, LEFT_MILLISECONDS);
  });
  child.on("close", (code, signal) => {
    clearInterval(looks);
    running.delete(id);
    tell({ id, exitCode: code ?? 128 + constants.signals[signal] });
  });
}
