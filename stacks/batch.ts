import { BatchJobDefinition } from "@cdktf/provider-aws/lib/batch-job-definition";
import { BatchJobQueue } from "@cdktf/provider-aws/lib/batch-job-queue";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import { hasOwnQueue, isFargate, jobCompute } from "../src/project/job-compute";
import { resourceName } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";
import { filler, namedValues } from "../src/terraform/placeholder-values";
import { escapeTemplate } from "../src/terraform/templates";
import { ComputeEnvironments } from "./compute-environments";
import { containerProperties } from "./container-properties";
import { dataVariables } from "./data-access";
import type { Deployment } from "./deployment";
import { jobStatements, startStatements } from "./job-rights";
import { retryRules } from "./retry-rules";
import { Role } from "./role";

/**
 * Reasons why a job cannot start. Without a limit, it would wait for ever, and block all jobs behind it.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html
 */
const STUCK_REASONS = [
  "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
  "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE",
  "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
];

/** The jobs: compute, queues, log group, and for each job a role and a definition. */
export class Batch extends Construct {
  readonly queueArn: string;
  /** ARN of the own queue of each job that has one, by job name. */
  readonly jobQueues: Readonly<Record<string, string>>;
  readonly logGroupName: string;
  /** ARN of each job's definition, with and without its revision, by job name. */
  readonly jobDefinitions: Readonly<Record<string, { arn: string; arnWithoutRevision: string }>>;

  constructor(scope: Construct, id: string, settings: Settings, deployment: Deployment) {
    super(scope, id);
    const jobs = Object.entries(settings.jobs);
    const own = jobs.map(([jobName]) => jobName).filter((jobName) => hasOwnQueue(settings, jobName));
    const compute = new ComputeEnvironments(this, "compute-environment", settings, deployment);
    this.queueArn = addQueue(
      this,
      "queue",
      settings,
      resourceName(settings),
      compute.add({
        ...settings,
        jobName: null,
        needsGpus: jobs.some(([jobName, { gpus }]) => gpus !== null && !own.includes(jobName)),
      }),
    );
    this.jobQueues = Object.fromEntries(
      own.map((jobName) => {
        const needsGpus = settings.jobs[jobName]!.gpus !== null;
        const environments = compute.add({ ...jobCompute(settings, jobName), jobName, needsGpus });
        const name = resourceName(settings, jobName);
        return [jobName, addQueue(this, `${jobName}-queue`, settings, name, environments)];
      }),
    );

    const logGroup = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/batch/${resourceName(settings)}`,
      retentionInDays: settings.logRetentionDays,
    });
    const fill = filler(settings, namedValues(settings, deployment));
    const executionRole = new Role(this, "execution-role", {
      settings,
      name: "start-jobs",
      description: "Pulls the images of the workflow's jobs and writes their logs",
      service: "ecs-tasks.amazonaws.com",
      accountId: deployment.accountId,
      statements: startStatements(settings, deployment, logGroup.arn, fill),
    });

    this.logGroupName = logGroup.name;
    this.jobDefinitions = Object.fromEntries(
      jobs.map(([jobName, job]) => {
        const jobRole = new Role(this, `${jobName}-job-role`, {
          settings,
          name: jobRoleName(jobName),
          description: `What the job ${jobName} itself may do`,
          service: "ecs-tasks.amazonaws.com",
          accountId: deployment.accountId,
          statements: jobStatements(job, deployment, fill),
        });
        const onFargate = isFargate(jobCompute(settings, jobName).compute);
        const definition = new BatchJobDefinition(this, `${jobName}-job`, {
          name: resourceName(settings, jobName),
          type: "container",
          platformCapabilities: [onFargate ? "FARGATE" : "EC2"],
          containerProperties: JSON.stringify({
            ...containerProperties(settings, jobName, { variables: dataVariables(deployment), fill }),
            image: deployment.imageUri(jobName),
            executionRoleArn: executionRole.arn,
            jobRoleArn: jobRole.arn,
            logConfiguration: {
              logDriver: "awslogs",
              options: {
                "awslogs-group": logGroup.name,
                "awslogs-region": deployment.region,
                "awslogs-stream-prefix": jobName,
              },
            },
          }),
          parameters: escapeValues(job.parameters),
          timeout: { attemptDurationSeconds: job.timeoutSeconds },
          retryStrategy: { attempts: job.attempts, evaluateOnExit: retryRules(onFargate) },
          // An execution that runs during a deploy still submits the revision that it started with.
          deregisterOnNewRevision: false,
          propagateTags: true,
          ...(Object.keys(job.tags).length > 0 && { tags: escapeValues(job.tags) }),
          dependsOn: [...executionRole.policies, ...jobRole.policies],
        });
        return [jobName, { arn: definition.arn, arnWithoutRevision: definition.arnPrefix }];
      }),
    );
  }
}

/** Adds a queue, and returns its ARN. Batch tries its compute environments in their order. */
function addQueue(scope: Construct, id: string, settings: Settings, name: string, environments: string[]): string {
  const queue = new BatchJobQueue(scope, id, {
    name,
    state: "ENABLED",
    priority: 100,
    computeEnvironmentOrder: environments.map((computeEnvironment, index) => ({
      order: index + 1,
      computeEnvironment,
    })),
    jobStateTimeLimitAction: STUCK_REASONS.map((reason) => ({
      action: "CANCEL",
      state: "RUNNABLE",
      reason,
      maxTimeSeconds: settings.stuckJobSeconds,
    })),
  });
  return queue.arn;
}

/**
 * Returns the last part of the name of a job's role. Without a sign of its own, the role of a job named `states` would have the
 * name of the state machine's role. The longest name of a role has 64 characters, which leaves two.
 */
function jobRoleName(jobName: string): string {
  return `${jobName}_j`;
}

function escapeValues(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, escapeTemplate(value)]));
}
