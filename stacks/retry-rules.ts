/**
 * The failures of a start or a host after which Batch starts a job again. Everything else ends the job at once: an exit code, an
 * exceeded memory limit, and an unknown failure.
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

/** A rule, what it is for, and the page that names its text. */
interface SourcedRule extends RetryRule {
  readonly help: string;
  readonly source: string;
}

const PULL_ERRORS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html";

/** On instances, the status reason tells that the task did not start, and the reason tells why. The first rule that matches decides. */
const ON_INSTANCES: readonly SourcedRule[] = [
  {
    action: "retry",
    onStatusReason: "Host EC2*",
    help: "The Spot instance was reclaimed, or the instance failed: `Host EC2 (instance i-…) terminated.`",
    source: "https://aws.amazon.com/blogs/compute/introducing-retry-strategies-for-aws-batch/",
  },
  {
    action: "retry",
    onReason: "AGENT",
    help: "The agent of the instance was disconnected when the task was placed.",
    source: "https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html",
  },
  {
    action: "exit",
    onReason: "CannotPullContainerError: The task can*",
    help: "The image does not exist, or nobody may pull it: `The task can’t pull the image. Check that the role has the permissions …`",
    source: PULL_ERRORS,
  },
  {
    action: "retry",
    onStatusReason: "Task failed to start*",
    help: "A time-out of the registry (`CannotPullContainerError`) or of the engine (`DockerTimeoutError`), or a failure of the agent.",
    source: "https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html",
  },
];

/** On Fargate, the status reason itself tells why a task did not start. */
const ON_FARGATE: readonly SourcedRule[] = [
  {
    action: "retry",
    onStatusReason: "Your Spot Task was interrupted*",
    help: "Fargate Spot took the capacity back.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
  },
  {
    action: "retry",
    onStatusReason: "Timeout waiting for*",
    help: "The network interface or the disk was not ready in time: `… network interface provisioning to complete.`",
    source: "https://github.com/apache/airflow/pull/22002",
  },
  {
    action: "retry",
    onStatusReason: "CannotPullContainerError*",
    help: "A time-out or an error of the registry: `pull image manifest has been retried 5 time(s): … i/o timeout`",
    source: PULL_ERRORS,
  },
  {
    action: "retry",
    onStatusReason: "ResourceInitializationError*",
    help: "The network interface, the registry's token, a secret, a log or a file system could not be had.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html",
  },
];

const OTHERWISE: RetryRule = { action: "exit", onReason: "*" };

/** The rules by platform, before the last one. */
export const RETRY_RULES = { Fargate: ON_FARGATE, instances: ON_INSTANCES };

/** Returns the rules of a job, for Fargate or for instances. */
export function retryRules(onFargate: boolean): RetryRule[] {
  const rules = onFargate ? RETRY_RULES.Fargate : RETRY_RULES.instances;
  return [...rules.map(({ help: _help, source: _source, ...rule }) => rule), OTHERWISE];
}
