import { BatchJobDefinition } from "@cdktf/provider-aws/lib/batch-job-definition";
import { BatchJobQueue } from "@cdktf/provider-aws/lib/batch-job-queue";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import { isFargate } from "../src/project/job-compute";
import { resourceName } from "../src/project/names";
import type { JobSettings, Settings } from "../src/project/settings-types";
import { escapeTemplate } from "../src/terraform/templates";
import { ComputeEnvironment } from "./compute-environment";
import { dataEnvironment, dataStatements } from "./data-access";
import type { Deployment } from "./deployment";
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

/** The jobs: compute environment, queue, log group, and a job definition for each. */
export class Batch extends Construct {
  readonly queueArn: string;
  readonly logGroupName: string;
  /** ARN of each job's definition, with and without its revision, by job name. */
  readonly jobDefinitions: Readonly<Record<string, { arn: string; arnWithoutRevision: string }>>;

  constructor(scope: Construct, id: string, settings: Settings, deployment: Deployment) {
    super(scope, id);
    const environment = new ComputeEnvironment(this, "compute-environment", settings, deployment);
    const queue = new BatchJobQueue(this, "queue", {
      name: resourceName(settings),
      state: "ENABLED",
      priority: 100,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment.arn }],
      jobStateTimeLimitAction: STUCK_REASONS.map((reason) => ({
        action: "CANCEL",
        state: "RUNNABLE",
        reason,
        maxTimeSeconds: settings.stuckJobSeconds,
      })),
    });

    const logGroup = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/batch/${resourceName(settings)}`,
      retentionInDays: settings.logRetentionDays,
    });
    const executionRole = new Role(this, "execution-role", {
      settings,
      name: "start-jobs",
      description: "Pulls the images of the workflow's jobs and writes their logs",
      service: "ecs-tasks.amazonaws.com",
      accountId: deployment.accountId,
      statements: executionStatements(settings, deployment, logGroup.arn),
    });
    const jobRole = new Role(this, "job-role", {
      settings,
      name: "jobs",
      description: "What the workflow's jobs themselves may do: nothing, until a policy is attached",
      service: "ecs-tasks.amazonaws.com",
      accountId: deployment.accountId,
      statements: dataStatements(deployment),
    });

    this.queueArn = queue.arn;
    this.logGroupName = logGroup.name;
    this.jobDefinitions = Object.fromEntries(
      Object.entries(settings.jobs).map(([jobName, job]) => {
        const definition = new BatchJobDefinition(this, `${jobName}-job`, {
          name: resourceName(settings, jobName),
          type: "container",
          platformCapabilities: [isFargate(settings.compute) ? "FARGATE" : "EC2"],
          containerProperties: JSON.stringify({
            ...containerProperties(job, settings),
            ...dataEnvironment(deployment),
            image: deployment.image(jobName).uri,
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
          retryStrategy: { attempts: job.attempts, evaluateOnExit: retryRules(isFargate(settings.compute)) },
          // An execution that runs during a deploy still submits the revision that it started with.
          deregisterOnNewRevision: false,
          propagateTags: true,
          dependsOn: [...executionRole.policies, ...jobRole.policies],
        });
        return [jobName, { arn: definition.arn, arnWithoutRevision: definition.arnPrefix }];
      }),
    );
  }
}

/** Returns the properties that depend only on settings. Terraform compares the order of the lists, so it must not change. */
function containerProperties({ command, vcpus, memoryMiB }: JobSettings, settings: Settings): Record<string, unknown> {
  const onFargate = isFargate(settings.compute);
  return {
    command: command.map(escapeTemplate),
    resourceRequirements: [
      // Instances only have whole vCPUs.
      { type: "VCPU", value: String(onFargate ? vcpus : Math.ceil(vcpus)) },
      { type: "MEMORY", value: String(memoryMiB) },
    ],
    readonlyRootFilesystem: true,
    ...(onFargate && {
      // Public subnets have no NAT. Without a public address, a task reaches neither ECR nor the logs.
      networkConfiguration: { assignPublicIp: settings.assignPublicIp ? "ENABLED" : "DISABLED" },
      fargatePlatformConfiguration: { platformVersion: "LATEST" },
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: settings.architecture },
    }),
  };
}

function executionStatements(settings: Settings, { partition, region, accountId }: Deployment, logGroupArn: string) {
  const repositories = Object.keys(settings.jobs).map(
    (jobName) => `arn:${partition}:ecr:${region}:${accountId}:repository/${resourceName(settings, jobName)}`,
  );
  return [
    // The token is for the account, not for a repository: this action has no resource.
    { sid: "Login", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      sid: "Pull",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: repositories,
    },
    { sid: "Log", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logGroupArn}:*`] },
  ];
}

function escapeValues(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, escapeTemplate(value)]));
}
