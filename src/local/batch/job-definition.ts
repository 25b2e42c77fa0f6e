/** The parts of a Batch job definition that a local run uses, and the rules that decide on a retry. */
import type { JsonObject } from "../../base/json";
import type { JobAttempt } from "../../execution/events";
import type { QueueCompute } from "../../project/job-compute";
import type { Mount } from "../engines/engine";

/** A registered job definition. */
export interface JobDefinition {
  /** The ARN with its revision. */
  readonly arn: string;
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  /** Defaults of the parameters that `Ref::name` in the command stands for. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly gpus: number;
  /** `null`: the engine's default. */
  readonly sharedMemoryMiB: number | null;
  /** `null`: the image's own user. */
  readonly user: string | null;
  readonly readonlyRootFilesystem: boolean;
  readonly initProcess: boolean;
  /** The secrets that AWS reads for the job: ARNs by variable. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The file systems of the job, as folders of this machine. */
  readonly mounts: readonly Mount[];
  /** The limit of one attempt; `null` for none. */
  readonly timeoutSeconds: number | null;
  /** 1 to 10. */
  readonly attempts: number;
  readonly evaluateOnExit: readonly EvaluateOnExit[];
  /** The other container properties, in PascalCase as DescribeJobs gives them: roles, log configuration, network and platform. */
  readonly container: JsonObject;
  /** `FARGATE` or `EC2`. */
  readonly platformCapabilities: readonly string[];
  readonly propagateTags: boolean;
  /** The compute of the job on AWS; `null` if it is not known here. */
  readonly compute: QueueCompute | null;
  /** The command that replaces the container when Docker is not available. Empty: the job's own. `null`: the job needs Docker. */
  readonly localCommand: readonly string[] | null;
}

/**
 * A rule for a failed attempt, as SubmitJob spells it in Step Functions. A pattern may end in `*`.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html
 */
export interface EvaluateOnExit {
  /** `RETRY` or `EXIT`, in upper or lower case. */
  readonly Action: string;
  readonly OnReason?: string;
  readonly OnStatusReason?: string;
  readonly OnExitCode?: string;
}

/** Returns whether Batch retries after a failed attempt. The first rule that matches decides; without one, Batch retries. */
export function isRetried(
  { exitCode, reason, statusReason }: Pick<JobAttempt, "exitCode" | "reason" | "statusReason">,
  rules: readonly EvaluateOnExit[],
): boolean {
  const rule = rules.find(
    ({ OnExitCode, OnReason, OnStatusReason }) =>
      matches(OnExitCode, String(exitCode ?? "")) &&
      matches(OnReason, reason ?? "") &&
      matches(OnStatusReason, statusReason ?? ""),
  );
  return rule === undefined || rule.Action.toLowerCase() === "retry";
}

// --- internal ---

/** A pattern that ends in `*` needs the same start, any other the same text. Letter case counts. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
