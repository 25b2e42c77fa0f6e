/**
 * Describes a job as DescribeJobs does, in PascalCase, for a definition with `resourceRequirements`. Leaves out fields that
 * a local run does not know, such as roles and networks.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_JobDetail.html
 */
import type { Json, JsonObject } from "../../base/json";
import type { JobAttempt } from "../../execution/events";
import type { JobPlan } from "./job-plan";

/** A job that has ended. */
export interface EndedJob {
  readonly id: string;
  readonly plan: JobPlan;
  readonly queueArn: string;
  readonly createdAt: number;
  readonly stoppedAt: number;
  /** The attempts, each with the id of its Amazon ECS task. */
  readonly attempts: readonly (JobAttempt & { readonly taskId: string })[];
  readonly status: "SUCCEEDED" | "FAILED";
  readonly statusReason: string;
  readonly isTerminated: boolean;
}

export function jobDetail(job: EndedJob): JsonObject {
  const { id, plan, queueArn, attempts } = job;
  const { definition } = plan;
  const [arn, partition, , region, account] = queueArn.split(":");
  const arnOf = (service: string, resource: string) =>
    `${arn}:${partition}:${service}:${region}:${account}:${resource}`;
  const containers = attempts.map(({ exitCode, reason, startedAt, taskId }) =>
    known({
      ExitCode: exitCode,
      LogStreamName: startedAt === null ? null : `${definition.name}/default/${taskId}`,
      NetworkInterfaces: [],
      Reason: reason,
      TaskArn: arnOf("ecs", `task/${definition.name}/${taskId}`),
    }),
  );
  return known({
    Attempts: attempts.map(({ startedAt, statusReason, stoppedAt }, index) => ({
      Container: containers[index]!,
      ...known({ StartedAt: startedAt }),
      StatusReason: statusReason,
      StoppedAt: stoppedAt,
    })),
    Container: {
      ...known({
        Command: [...plan.command],
        Environment: Object.entries(plan.environment).map(([Name, Value]) => ({ Name, Value })),
        Image: definition.image,
        MountPoints: [],
        ReadonlyRootFilesystem: definition.readonlyRootFilesystem,
        ResourceRequirements: [
          { Type: "VCPU", Value: String(plan.vcpus) },
          { Type: "MEMORY", Value: String(plan.memoryMiB) },
        ],
        Ulimits: [],
        User: definition.user,
        Volumes: [],
      }),
      ...(containers.at(-1) ?? { NetworkInterfaces: [] }),
    },
    CreatedAt: job.createdAt,
    DependsOn: [],
    IsCancelled: job.isTerminated && attempts.length === 0,
    IsTerminated: job.isTerminated,
    JobArn: arnOf("batch", `job/${id}`),
    JobDefinition: definition.arn,
    JobId: id,
    JobName: plan.name,
    JobQueue: queueArn,
    Parameters: { ...plan.parameters },
    RetryStrategy: { Attempts: plan.attempts, EvaluateOnExit: plan.evaluateOnExit.map((rule) => ({ ...rule })) },
    StartedAt: attempts.at(-1)?.startedAt ?? null,
    Status: job.status,
    StatusReason: job.statusReason,
    StoppedAt: job.stoppedAt,
    Tags: { ...plan.tags },
    Timeout: plan.timeoutSeconds === null ? null : { AttemptDurationSeconds: plan.timeoutSeconds },
  });
}

// --- internal ---

/** Leaves out fields without a value. */
function known(fields: Readonly<Record<string, Json>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
