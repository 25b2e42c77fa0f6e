/**
 * Ends the processes that a job leaves behind in their own sessions and process groups. The job's id marks them, in the
 * environment that every process inherits. Only a process that clears its environment is not found.
 */
const { spawnSync } = require("node:child_process");
const { readdirSync, readFileSync } = require("node:fs");
const { killProcess } = require("../../base/kill");

/** A process may start others during the search. They are found in the next rounds; more rounds would not help. */
const ROUNDS = 10;

/** Returns the mark of all processes of a job. Batch sets this variable, and a job's definition cannot change it. */
function jobMark(environment) {
  const id = environment.AWS_BATCH_JOB_ID;
  return id === undefined ? null : `AWS_BATCH_JOB_ID=${id}`;
}

/** Kills every process with one of the marks. */
function endLeftovers(marks) {
  const wanted = new Set(marks);
  for (let round = 0; wanted.size > 0 && round < ROUNDS; round += 1) {
    const found = process.platform === "linux" ? markedOnLinux(wanted) : markedElsewhere(wanted);
    if (found.length === 0) return;
    for (const pid of found) killProcess(pid, "SIGKILL");
  }
}

/** Ids of processes that belong to no job. They expire after a while, because the system reuses ids. */
const foreign = { pids: new Set(), until: 0 };
const FOREIGN_MILLISECONDS = 1000;

/** Reads the environment of new processes only. A job that leaves nothing behind costs a tenth of a millisecond. */
function markedOnLinux(wanted) {
  const now = performance.now();
  if (now > foreign.until) {
    foreign.pids.clear();
    foreign.until = now + FOREIGN_MILLISECONDS;
  }
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!(pid > 0) || pid === process.pid || foreign.pids.has(pid)) return [];
    let variables;
    try {
      variables = readFileSync(`/proc/${name}/environ`, "latin1").split("\0");
    } catch {
      // The process has ended, or is another user's.
      return [];
    }
    if (variables.some((variable) => wanted.has(variable))) return [pid];
    // A process of another job is not remembered: it may have to end later.
    if (!variables.some((variable) => variable.startsWith("AWS_BATCH_JOB_ID="))) foreign.pids.add(pid);
    return [];
  });
}

/** Searches with `ps`, which takes a hundred times as long. */
function markedElsewhere(wanted) {
  const { stdout } = spawnSync("ps", ["-AEww", "-o", "pid=,command="], { encoding: "latin1", maxBuffer: 2 ** 28 });
  return (stdout ?? "").split("\n").flatMap((line) => {
    const [pid, ...words] = line.trim().split(/\s+/);
    return words.some((word) => wanted.has(word)) && Number(pid) !== process.pid ? [Number(pid)] : [];
  });
}

module.exports = { jobMark, endLeftovers };
