/** Signals processes. JavaScript, so that the host of the process engine can load it without a compiler. */

/** Signals a process and the processes that it has started; does nothing if they have gone. */
function killGroup(leader, signal) {
  killProcess(-leader, signal);
}

/** Signals a process; does nothing if it has gone. */
function killProcess(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: the process has ended by itself.
  }
}

module.exports = { killGroup, killProcess };
