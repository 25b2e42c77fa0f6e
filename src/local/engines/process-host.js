/**
 * Starts the processes of the process engine in a small process of its own. A fork is slower when the forking process uses more
 * memory: a program that has read a whole workflow starts jobs at half the speed.
 *
 * Takes `{ id, start: { program, arguments, folder, environment } }` and `{ id, signal }`. Answers with `{ id, pid }`, then any
 * number of `{ id, source, data }` with bytes as latin1, then `{ id, exitCode }`; or with `{ id, error }` alone. Messages are
 * JSON: messages with buffers take three times as long.
 */
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { killGroup } = require("../../base/kill");
const { endLeftovers, jobMark } = require("./process-leftovers");

/** The last output of a process is in a buffer of the kernel, which is smaller than this. */
const LAST_BYTES = 1024 * 1024;
/** The time between two checks of an ended process while another process holds its output open. */
const LEFT_MILLISECONDS = 100;
/** After this many checks in a row without output, the output counts as ended. */
const QUIET_LOOKS = 10;

/** Ignores the errors of lost messages. If the engine has ended, `disconnect` reports it. */
const tell = (message, told = () => {}) => process.send(message, told);

/** The child processes by id, each with the mark of all processes that it starts. */
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
      // A process group of its own can be killed as a whole, and a Ctrl-C at the terminal does not reach it.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    // E2BIG and the like. Other errors come as an event.
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
      // One piece at a time is under way, so memory does not grow if the reader is slower.
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
    // As in a container, all its child processes end with it.
    killGroup(child.pid, "SIGKILL");
    endLeftovers(marks);
    looks = setInterval(() => {
      endLeftovers(marks);
      last.quietLooks = last.waiting > 0 ? 0 : last.quietLooks + 1;
      // Only a process that has cleared its environment can still hold the output open.
      if (last.quietLooks >= QUIET_LOOKS) closeOutput();
    }, LEFT_MILLISECONDS);
  });
  child.on("close", (code, signal) => {
    clearInterval(looks);
    running.delete(id);
    tell({ id, exitCode: code ?? 128 + constants.signals[signal] });
  });
}
