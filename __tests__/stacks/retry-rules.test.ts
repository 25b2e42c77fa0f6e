import { type EvaluateOnExit, isRetried } from "../../src/local/batch/job-definition";
import { retryRules } from "../../stacks/retry-rules";

/** The end of an attempt, as DescribeJobs tells it. */
interface End {
  readonly statusReason: string;
  readonly reason?: string;
  readonly exitCode?: number;
}

function retries(onFargate: boolean, { statusReason, reason, exitCode }: End): boolean {
  const rules = retryRules(onFargate).map(
    ({ action, onReason, onStatusReason }): EvaluateOnExit => ({
      Action: action,
      ...(onReason && { OnReason: onReason }),
      ...(onStatusReason && { OnStatusReason: onStatusReason }),
    }),
  );
  return isRetried({ statusReason, reason: reason ?? null, exitCode: exitCode ?? null }, rules);
}

const NOT_STARTED = "Task failed to start";
const EXITED = "Essential container in task exited";

describe.each([
  [true, "Fargate"],
  [false, "instances"],
])("onFargate %s", (onFargate) => {
  test("Batch accepts the rules: at most five, patterns of few characters, and the last one ends the job", () => {
    const rules = retryRules(onFargate);
    expect(rules.length).toBeLessThanOrEqual(5);
    for (const { onReason, onStatusReason } of rules) {
      expect(onReason ?? onStatusReason).toMatch(/^[0-9A-Za-z.:\s]*\*?$/);
    }
    expect(rules.at(-1)).toEqual({ action: "exit", onReason: "*" });
  });

  test.each<End>([
    { statusReason: EXITED, exitCode: 1 },
    { statusReason: EXITED, exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
    { statusReason: "OutOfMemoryError: Container killed due to memory usage", exitCode: 137 },
    { statusReason: "Something that nobody knows" },
    { statusReason: "CannotStartContainerError: exec: no such file" },
  ])("%j ends the job at once", (end) => {
    expect(retries(onFargate, end)).toBe(false);
  });
});

test.each<End>([
  { statusReason: "Your Spot Task was interrupted.", exitCode: 137 },
  { statusReason: "Timeout waiting for network interface provisioning to complete." },
  { statusReason: "Timeout waiting for EphemeralStorage provisioning to complete." },
  { statusReason: "CannotPullContainerError: pull image manifest has been retried 5 time(s): dial tcp: i/o timeout" },
  { statusReason: "CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker" },
  { statusReason: "CannotPullContainerError: inspect image has been retried 5 time(s): EOF" },
  { statusReason: "ResourceInitializationError: failed to configure ENI: failed to setup regular eni" },
  { statusReason: "ResourceInitializationError: unable to pull secrets or registry auth: pull command failed" },
])("on Fargate, %j is retried", (end) => {
  expect(retries(true, end)).toBe(true);
});

test.each<End>([
  { statusReason: "Host EC2 (instance i-0123456789abcdef0) terminated." },
  { statusReason: NOT_STARTED, reason: "CannotPullContainerError: context canceled" },
  {
    statusReason: NOT_STARTED,
    reason: "CannotPullContainerError: Error response from daemon: net/http: TLS handshake",
  },
  { statusReason: NOT_STARTED, reason: "DockerTimeoutError: Could not transition to created; timed out after 4m0s" },
  { statusReason: NOT_STARTED },
  { statusReason: "Task failed to start: agent", reason: "AGENT" },
  { statusReason: "Internal", reason: "AGENT" },
])("on instances, %j is retried", (end) => {
  expect(retries(false, end)).toBe(true);
});

test.each<End>([
  {
    statusReason: NOT_STARTED,
    reason: "CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull",
  },
  {
    statusReason: NOT_STARTED,
    reason: "CannotPullContainerError: The task can’t pull the image. Check whether the image exists.",
  },
])("on instances, %j ends the job at once: the text tells that a retry is in vain", (end) => {
  expect(retries(false, end)).toBe(false);
});
