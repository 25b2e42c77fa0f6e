/** The failures that `--chaos` can inject: one entry for each. */
import { type ContainerEnd, hostLost } from "./engine";

/** A failure that can be injected. */
interface Failure {
  readonly meaning: string;
  /** Batch's text for it, in Markdown. */
  readonly text: string;
  /** `before`: the container never starts. `during`: it is killed at a random moment, at the latest when it ends. */
  readonly when: "before" | "during";
  readonly end: ContainerEnd;
  /** The page that names its text. */
  readonly source: string;
}

const STOPPED_TASKS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html";

/** The failures, with the texts that retry rules match. `runAttempt` puts a text where the platform of the job tells it. */
export const CHAOS_FAILURES = {
  "lost-host": {
    meaning: "The Spot host is taken back, or the instance fails.",
    text: "`Your Spot Task was interrupted.` on Fargate, `Host EC2 (instance chaos) terminated.` on instances",
    when: "during",
    end: hostLost("chaos"),
    source: "https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html",
  },
  pull: {
    meaning: "The registry does not answer in time.",
    text: "`CannotPullContainerError: …`",
    when: "before",
    end: notStarted(
      "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref: i/o timeout",
    ),
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html",
  },
  start: {
    meaning: "A secret or the registry's token cannot be read in time.",
    text: "`ResourceInitializationError: …`",
    when: "before",
    end: notStarted(
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: context deadline exceeded",
    ),
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html",
  },
  "out-of-memory": {
    meaning: "The container is killed because of its memory.",
    text: "`OutOfMemoryError: Container killed due to memory usage`, exit code 137",
    when: "during",
    end: { kind: "exited", exitCode: 137, outOfMemory: true },
    source: STOPPED_TASKS,
  },
  exit: {
    meaning: "The program fails.",
    text: "exit code 1",
    when: "during",
    end: { kind: "exited", exitCode: 1, outOfMemory: false },
    source: STOPPED_TASKS,
  },
} as const satisfies Readonly<Record<string, Failure>>;

/** The name of a failure. */
export type FailureName = keyof typeof CHAOS_FAILURES;

// --- internal ---

function notStarted(reason: string): ContainerEnd {
  return { kind: "not-started", reason };
}
