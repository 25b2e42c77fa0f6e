/** Says which setting helps a job that failed, by what it or its container said. */

/** The texts about a failed job: the reasons of Batch and the last lines of its log. */
export type Said = Iterable<string | null | undefined>;

/** Returns the hint for the first rule that matches; `null` if none does. */
export function hintFor(said: Said): string | null {
  const texts = [...said].filter((text) => typeof text === "string");
  return RULES.find(([pattern]) => texts.some((text) => pattern.test(text)))?.[1] ?? null;
}

// --- internal ---

/**
 * The texts of the C library, Docker, Amazon ECS, AWS Batch, botocore and the SDK for JavaScript.
 *
 * @see https://man7.org/linux/man-pages/man3/errno.3.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html
 * @see https://github.com/boto/botocore/blob/develop/botocore/exceptions.py
 */
const RULES: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [
    /read-only file system|\bEROFS\b/i,
    "the root of the container is read-only, /tmp too: set `readonlyRootFilesystem` of the job to false",
  ],
  [
    /exec format error/i,
    "the image is built for another processor: set `architecture` of the job, or build the image for the one it has",
  ],
  [
    /no space left on device.*\/dev\/shm|\/dev\/shm.*no space left on device|insufficient shared memory/i,
    "/dev/shm is full: set `sharedMemoryMiB` of the job",
  ],
  [/no space left on device|\bENOSPC\b/i, "the disk is full: set `ephemeralStorageGiB` of the job"],
  [
    /OutOfMemoryError|\bMemoryError\b|cannot allocate memory|heap out of memory/i,
    "the memory is used up: raise `memoryMiB` of the job",
  ],
  [
    /^Host EC2 .* terminated|Spot Task was interrupted/,
    "the job lost its host in its last attempt: raise `attempts` of the job, or add a Retry to its state",
  ],
  [
    /^Canceled by JobStateTimeLimit.*CAPACITY:/,
    "AWS had no room for the job for `stuckJobSeconds`: add on-demand compute to `compute`, or more `instanceTypes`",
  ],
  [
    /^Canceled by JobStateTimeLimit.*COMPUTE_ENVIRONMENT_MAX_RESOURCE/,
    "the job asks for more than `maxVcpus`: raise it, or lower `vcpus` of the job",
  ],
  [
    /^Canceled by JobStateTimeLimit.*JOB_RESOURCE_REQUIREMENT/,
    "no instance holds the job: lower its `vcpus`, `memoryMiB` or `gpus`, or set larger `instanceTypes`",
  ],
  [
    /unable to locate credentials|NoCredentialsError|could not load credentials from any providers/i,
    "the job has no credentials: on AWS its role has those of its `statements`, here `--aws-profile` gives it yours",
  ],
  [
    /\bAccessDenied(Exception)?\b|is not authorized to perform/,
    "the job lacks a right: on AWS, add it to `statements` of the job",
  ],
];
