/** The command that runs the container of a job again. */
import type { JobDescription } from "./events";

/** The minimum of Docker. Batch accepts 4. */
const MINIMUM_MEMORY_MIB = 6;

/**
 * Returns a line for a POSIX shell that runs the job by itself; `null` if the job has no image. The values of secrets come from the
 * user's environment. The job gets no credentials, no file systems and no variables of Batch.
 */
export function dockerRun(job: JobDescription): string | null {
  if (job.image === "") return null;
  const { environment, secrets } = job;
  const words = [
    ...["docker", "run", "--rm"],
    ...["--memory", `${Math.max(job.memoryMiB, MINIMUM_MEMORY_MIB)}m`, "--cpus", String(job.vcpus)],
    ...(job.gpus === 0 ? [] : ["--gpus", String(job.gpus)]),
    ...(job.sharedMemoryMiB === null ? [] : ["--shm-size", `${job.sharedMemoryMiB}m`]),
    ...(job.user === null ? [] : ["--user", job.user]),
    ...(job.readonlyRootFilesystem ? ["--read-only"] : []),
    ...(job.initProcess ? ["--init"] : []),
    ...Object.entries(environment).flatMap(([name, value]) => [
      "--env",
      secrets.includes(name) ? name : `${name}=${value}`,
    ]),
    job.image,
    ...job.command,
  ];
  return words.map(shellWord).join(" ");
}

/** Quotes a word for a POSIX shell. */
export function shellWord(word: string): string {
  // Some shells replace a word that begins with "=".
  if (/^[\w/:.,@%+-][\w/:=.,@%+-]*$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
