/** Signals processes. JavaScript, so that the host of the process engine can load it without a compiler. */

/** Signals a process and its child processes. Does nothing if they have ended. */
function killGroup(leader, signal) {
  killProcess(-leader, signal);
}

/** Signals a process. Does nothing if it has ended. */
function killProcess(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: the process has ended by itself.
  }
}

module.exports = { killGroup, killProcess };
