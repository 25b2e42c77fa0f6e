/**
 * The failures of a start or a host after which Batch starts a job again. Everything else ends the job at once: an exit code, an
 * exceeded memory limit, and a failure that nobody knows.
 *
 * Batch allows five rules, and the last one must end the job: Batch retries an exit that no rule matches. A pattern has only letters,
 * digits, periods, colons and white space, and may end in `*`. So a rule can compare the start of a text only, up to its first dash
 * or parenthesis.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html
 */

/** A rule, as Terraform writes it. */
export interface RetryRule {
  readonly action: "retry" | "exit";
  readonly onReason?: string;
  readonly onStatusReason?: string;
}

/** A rule, and the page that names its text. */
interface SourcedRule extends RetryRule {
  readonly source: string;
}

const PULL_ERRORS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html";
const STOPPED_TASKS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html";

/** On instances, the status reason tells that the task did not start, and the reason tells why. The first rule that matches decides. */
const ON_INSTANCES: readonly SourcedRule[] = [
  {
    // "Host EC2 (instance i-…) terminated.": the Spot instance was reclaimed, or the instance failed.
    action: "retry",
    onStatusReason: "Host EC2*",
    source: "https://aws.amazon.com/blogs/compute/introducing-retry-strategies-for-aws-batch/",
  },
  {
    // The agent of the instance was disconnected when the task was placed.
    action: "retry",
    onReason: "AGENT",
    source: "https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html",
  },
  {
    // "The task can’t pull the image. Check that the role has the permissions …", "… Check whether the image exists."
    action: "exit",
    onReason: "CannotPullContainerError: The task can*",
    source: PULL_ERRORS,
  },
  {
    // Time-outs of the registry (CannotPullContainerError) and of the engine (DockerTimeoutError), and failures of the agent.
    action: "retry",
    onStatusReason: "Task failed to start*",
    source: "https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html",
  },
];

/** On Fargate, the status reason itself tells why a task did not start. */
const ON_FARGATE: readonly SourcedRule[] = [
  {
    action: "retry",
    onStatusReason: "Your Spot Task was interrupted*",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
  },
  {
    // "… network interface provisioning to complete.", "… EphemeralStorage provisioning to complete."
    action: "retry",
    onStatusReason: "Timeout waiting for*",
    source: STOPPED_TASKS,
  },
  {
    // "… pull image manifest has been retried 5 time(s): … i/o timeout". A missing right stands behind the same start.
    action: "retry",
    onStatusReason: "CannotPullContainerError*",
    source: PULL_ERRORS,
  },
  {
    // The network interface, the registry's token, a secret or a file system was not ready. A missing right has the same start.
    action: "retry",
    onStatusReason: "ResourceInitializationError*",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html",
  },
];

const OTHERWISE: RetryRule = { action: "exit", onReason: "*" };

/** Returns the rules of a job, for Fargate or for instances. */
export function retryRules(onFargate: boolean): RetryRule[] {
  const rules = (onFargate ? ON_FARGATE : ON_INSTANCES).map(({ source: _, ...rule }) => rule);
  return [...rules, OTHERWISE];
}
