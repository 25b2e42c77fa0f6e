/** The rights of jobs, and of the agent that starts them: exactly those that the fields of the jobs need. */
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { folderImages } from "../src/project/job-images";
import { resourceName } from "../src/project/names";
import type { EfsMount, JobSettings, Settings } from "../src/project/settings-types";
import { dataStatements } from "./data-access";
import type { Deployment } from "./deployment";
import { policyStatement } from "./iam-statement";

/** Converts a text of the settings to one of Terraform, with its placeholders filled in. */
type Fill = (text: string) => string;

/** Returns the rights of a job's own role. Empty: the job needs none. */
export function jobStatements(
  job: JobSettings,
  deployment: Deployment,
  fill: Fill,
): DataAwsIamPolicyDocumentStatement[] {
  const derived = [
    ...dataStatements(deployment),
    ...Object.keys(job.efs)
      .sort()
      .map((path, index) => efsStatement(job.efs[path]!, index, deployment)),
    ...(job.exec ? [SHELL_STATEMENT] : []),
  ];
  return [...derived, ...job.statements.map((statement) => policyStatement(statement, fill))];
}

/** Returns the rights of the role that pulls the images of all jobs, reads their secrets and writes their logs. */
export function startStatements(
  settings: Settings,
  deployment: Deployment,
  logGroupArn: string,
  fill: Fill,
): DataAwsIamPolicyDocumentStatement[] {
  const jobs = Object.values(settings.jobs);
  const repositories = [
    ...folderImages(settings).map(({ owner }) => repositoryArn(deployment, resourceName(settings, owner))),
    ...jobs.flatMap(({ imageUri }) => imageUri ?? []).flatMap((uri) => ecrRepository(uri, deployment.partition)),
  ];
  const secrets = jobs.flatMap((job) => Object.values(job.secrets).map(fill));
  const [parameters, others] = [secrets.filter(isParameter), secrets.filter((arn) => !isParameter(arn))];
  return [
    ...(repositories.length === 0 ? [] : pullStatements(unique(repositories))),
    ...(others.length === 0
      ? []
      : [{ sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: unique(others.map(secretArn)) }]),
    ...(parameters.length === 0
      ? []
      : [{ sid: "ReadParameters", actions: ["ssm:GetParameters"], resources: unique(parameters) }]),
    { sid: "Log", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logGroupArn}:*`] },
  ];
}

// --- internal ---

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html ("ECS Exec permissions") */
const SHELL_STATEMENT = {
  sid: "Shell",
  actions: [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
  // The channels are no resources.
  resources: ["*"],
};

/** @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
function efsStatement(
  { fileSystem, accessPoint, readOnly }: EfsMount,
  index: number,
  { partition, region, accountId }: Deployment,
) {
  const efsArn = (resource: string) => `arn:${partition}:elasticfilesystem:${region}:${accountId}:${resource}`;
  return {
    sid: `Mount${index}`,
    actions: ["elasticfilesystem:ClientMount", ...(readOnly ? [] : ["elasticfilesystem:ClientWrite"])],
    resources: [efsArn(`file-system/${fileSystem}`)],
    ...(accessPoint !== null && {
      condition: [
        {
          test: "StringEquals",
          variable: "elasticfilesystem:AccessPointArn",
          values: [efsArn(`access-point/${accessPoint}`)],
        },
      ],
    }),
  };
}

function pullStatements(repositories: string[]) {
  return [
    // The token is for the account, not for a repository: this action has no resource.
    { sid: "Login", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      sid: "Pull",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: repositories,
    },
  ];
}

/** The place of a repository. */
type Registry = Pick<Deployment, "partition" | "region" | "accountId">;

function repositoryArn({ partition, region, accountId }: Registry, name: string): string {
  return `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`;
}

/** The hosts of ECR. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-endpoints.html */
const ECR_IMAGE =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/([^:@]+)/;

/** Returns the ARN of the repository of an image, in any account, if it is one of ECR. */
function ecrRepository(imageUri: string, partition: string): string[] {
  const [, account, region, name] = ECR_IMAGE.exec(imageUri) ?? [];
  return name === undefined ? [] : [repositoryArn({ partition, region: region!, accountId: account! }, name)];
}

function isParameter(arn: string): boolean {
  return /:ssm:/.test(arn);
}

/**
 * Returns the ARN of a secret without the key, the stage and the version behind it. Secrets Manager adds six characters to the
 * name of a secret. An ARN without them is valid too, but IAM compares the whole one.
 */
function secretArn(reference: string): string {
  const [, arn, name] = /^(.*:secret:([^:]+))/.exec(reference)!;
  return /-[A-Za-z0-9]{6}$/.test(name!) ? arn! : `${arn}-??????`;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
