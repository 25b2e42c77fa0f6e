/**
 * Compares the rights of each role with what the fields of a job need according to AWS's documentation, both ways: nothing is
 * missing, and nothing else is there. The expectation is written here, and uses no table of the project.
 */
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import fc from "fast-check";
import type { JobSettings, Settings } from "../../src/project/settings-types";
import { Batch } from "../../stacks/batch";
import { Deployment } from "../../stacks/deployment";
import { rightLines, rolesOf } from "./policies";
import { settingsWith, synth } from "./stacks";

/** Rights as lines such as `Allow s3:GetObject on arn:aws:s3:::bucket/*`. */
type Rights = readonly string[];

/** A field of a job, and the rights that it needs. */
interface Field {
  readonly set: Partial<JobSettings>;
  /** The rights of the job's own role. */
  readonly job?: Rights;
  /** The rights of the role with which ECS starts the jobs. */
  readonly start?: Rights;
}

const allow = (actions: readonly string[], resource: string, condition = "") =>
  actions.map((action) => `Allow ${action} on ${resource}${condition}`);

const SM = "arn:aws:secretsmanager:eu-west-1:123456789012:secret";
const SSM = "arn:aws:ssm:eu-west-1:123456789012:parameter";
const EFS = "arn:aws:elasticfilesystem:eu-west-1:123456789012";
const REPOSITORY = "arn:aws:ecr:eu-west-1:123456789012:repository";

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html ("Secrets Manager or Systems Manager permissions") */
const readSecret = (arn: string) => allow(["secretsmanager:GetSecretValue"], arn);
const readParameter = (arn: string) => allow(["ssm:GetParameters"], arn);

/**
 * The token is for all registries, so the action has no resource.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
 */
const pull = (repository: string) => [
  ...allow(["ecr:GetAuthorizationToken"], "*"),
  ...allow(["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], repository),
];

const FIELDS: Readonly<Record<string, Field>> = {
  "nothing but its size": { set: { vcpus: 2, memoryMiB: 4096, attempts: 2, timeoutSeconds: 60, command: ["a"] } },
  "fields without rights": {
    set: {
      environment: { A: "arn:aws:s3:::not-a-right" },
      parameters: { b: "c" },
      readonlyRootFilesystem: true,
      ephemeralStorageGiB: 100,
      user: "1000",
      initProcess: true,
      tags: { team: "bio" },
    },
  },
  statements: {
    set: {
      statements: [
        { Sid: "Own", Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::other/*" },
        { Effect: "Deny", Action: "s3:DeleteObject", Resource: ["arn:aws:s3:::other/*"] },
      ],
    },
    job: [...allow(["s3:GetObject"], "arn:aws:s3:::other/*"), "Deny s3:DeleteObject on arn:aws:s3:::other/*"],
  },
  // The channels of Session Manager have no ARN.
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions
  exec: {
    set: { exec: true },
    job: allow(
      ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
        (action) => `ssmmessages:${action}`,
      ),
      "*",
    ),
  },
  // https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
  "efs, to write": {
    set: { efs: { "/work": { fileSystem: "fs-0123456789abcdef0", accessPoint: null, readOnly: false } } },
    job: allow(
      ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      `${EFS}:file-system/fs-0123456789abcdef0`,
    ),
  },
  "efs, to read by an access point": {
    set: {
      efs: { "/ref": { fileSystem: "fs-0fedcba9876543210", accessPoint: "fsap-0123456789abcdef0", readOnly: true } },
    },
    job: allow(
      ["elasticfilesystem:ClientMount"],
      `${EFS}:file-system/fs-0fedcba9876543210`,
      ` if ${JSON.stringify({
        StringEquals: { "elasticfilesystem:AccessPointArn": [`${EFS}:access-point/fsap-0123456789abcdef0`] },
      })}`,
    ),
  },
  "a secret": {
    set: { secrets: { DB: "arn:${Partition}:secretsmanager:${Region}:${AccountId}:secret:prod/db-AbCdEf" } },
    start: readSecret(`${SM}:prod/db-AbCdEf`),
  },
  // IAM compares the ARN of the whole secret.
  "a key of a secret": {
    set: { secrets: { PASSWORD: `${SM}:prod/db2-AbCdEf:password::` } },
    start: readSecret(`${SM}:prod/db2-AbCdEf`),
  },
  // https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html: six question marks for the suffix.
  "a secret by its name": {
    set: { secrets: { TOKEN: `${SM}:prod/token` } },
    start: readSecret(`${SM}:prod/token-??????`),
  },
  "a parameter": {
    set: { secrets: { LICENSE: `${SSM}/prod/license` } },
    start: readParameter(`${SSM}/prod/license`),
  },
};

const FOLDER = "an image folder";

/** The images of a job. Exactly one of them is set. */
const IMAGES: Readonly<Record<string, Field>> = {
  [FOLDER]: { set: {} },
  "an image of ECR": {
    set: { image: null, imageUri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools/sort:1.2" },
    start: pull(`${REPOSITORY}/tools/sort`),
  },
  "an image of ECR in another account and region, by its digest": {
    set: { image: null, imageUri: `210987654321.dkr.ecr.us-east-1.amazonaws.com/sort@sha256:${"0".repeat(64)}` },
    start: pull("arn:aws:ecr:us-east-1:210987654321:repository/sort"),
  },
  "a public image": { set: { image: null, imageUri: "public.ecr.aws/docker/library/python:3.13" } },
};

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html ("required IAM permissions") */
const LOG = allow(
  ["logs:CreateLogStream", "logs:PutLogEvents"],
  "arn:aws:logs:eu-west-1:123456789012:log-group:batch_logs:*",
);

/**
 * Reads, writes, lists and deletes objects of any size, with boto3, the AWS CLI, s3fs and the SDK for JavaScript.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
 */
const useBucket = (name: string) => [
  ...allow(["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], `arn:aws:s3:::${name}`),
  ...allow(
    // biome-ignore format: a list
    ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:GetObjectTagging", "s3:ListMultipartUploadParts", "s3:PutObject", "s3:PutObjectTagging"],
    `arn:aws:s3:::${name}/*`,
  ),
];

const DATA: Readonly<Record<string, Rights>> = {
  none: [],
  create: useBucket("echo--dev-123456789012-euw1"),
  "a-bucket": useBucket("a-bucket"),
};

/** A job, by the names of its fields and of its image. */
interface Job {
  readonly fields: readonly string[];
  readonly image: string;
}

const PLAIN: Job = { fields: [], image: FOLDER };

const fieldsOf = ({ fields, image }: Job) => [IMAGES[image]!, ...fields.map((field) => FIELDS[field]!)];

function jobSettings(job: Job): JobSettings {
  const sets = fieldsOf(job).map(({ set }) => set);
  return Object.assign({}, settingsWith().jobs.echo!, ...sets, {
    secrets: Object.assign({}, ...sets.map(({ secrets }) => secrets)),
    efs: Object.assign({}, ...sets.map(({ efs }) => efs)),
  });
}

const unique = (rights: Rights) => [...new Set(rights)].sort();

/** The jobs alone. A stack with a state machine needs a document that uses each job. */
class JobStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    new Batch(this, "batch", settings, new Deployment(this, "deployment", settings));
  }
}

/** Returns the rights of each job's own role by job, and those of the role that starts the jobs. */
function rightsOf(data: string, jobs: Readonly<Record<string, Job>>) {
  const own = Object.entries(jobs).map(([name, job]) => [name, jobSettings(job)]);
  const stack = synth(JobStack, settingsWith({ data, jobs: Object.fromEntries(own) }));
  const roles = rolesOf(stack);
  const ofRole = (arn: string) => {
    const { statements, attached } = roles.get(/^\$\{aws_iam_role\.(.+)\.arn\}$/.exec(arn)![1]!)!;
    expect(attached).toEqual([]);
    return rightLines(statements);
  };
  const definitions = Object.values(stack.resource.aws_batch_job_definition!).map(
    ({ name, container_properties }) =>
      [String(name).replace(/^echo_dev_/, ""), JSON.parse(String(container_properties))] as const,
  );
  const jobRoles = definitions.map(([, { jobRoleArn }]) => jobRoleArn);
  expect(new Set(jobRoles).size).toBe(jobRoles.length);
  const starters = new Set(definitions.map(([, { executionRoleArn }]) => executionRoleArn));
  expect(starters.size).toBe(1);
  return {
    jobs: Object.fromEntries(definitions.map(([name, { jobRoleArn }]) => [name, ofRole(jobRoleArn)])),
    start: ofRole([...starters][0]),
  };
}

/** Returns the rights that these jobs need. */
function neededBy(data: string, jobs: Readonly<Record<string, Job>>) {
  const ofJob = (job: Job) => unique([...fieldsOf(job).flatMap((field) => field.job ?? []), ...DATA[data]!]);
  const starts = Object.values(jobs).flatMap((job) => fieldsOf(job).flatMap((field) => field.start ?? []));
  // Jobs with the same folder share the repository of the first one.
  const owner = Object.keys(jobs).find((name) => jobs[name]!.image === FOLDER);
  const folder = owner === undefined ? [] : pull(`${REPOSITORY}/echo_dev_${owner}`);
  return {
    jobs: Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, ofJob(job)])),
    start: unique([...LOG, ...folder, ...starts]),
  };
}

function subsets<T>([first, ...rest]: readonly T[]): T[][] {
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((some) => [some, [first, ...some]]);
}

const FIELD_NAMES = Object.keys(FIELDS);

test("each role has exactly what the fields need, for all combinations of the fields with rights of a job", () => {
  const withRights = FIELD_NAMES.filter((name) => FIELDS[name]!.job !== undefined);
  const jobs: Record<string, Job> = { echo: PLAIN };
  for (const [index, fields] of subsets(withRights).entries()) jobs[`job${index}`] = { ...PLAIN, fields };
  expect(Object.keys(jobs)).toHaveLength(17);
  expect(rightsOf("create", jobs)).toEqual(neededBy("create", jobs));
});

const anyJob: fc.Arbitrary<Job> = fc.record({
  fields: fc.subarray(FIELD_NAMES),
  image: fc.constantFrom(...Object.keys(IMAGES)),
});

test("each role has exactly what the fields need, for generated jobs", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(DATA)), anyJob, anyJob, (data, echo, train) => {
      expect(rightsOf(data, { echo, train })).toEqual(neededBy(data, { echo, train }));
    }),
    { numRuns: 30 },
  );
});

test.each(FIELD_NAMES)("removing the field removes its rights, and no others: %s", (field) => {
  const all = { echo: { ...PLAIN, fields: FIELD_NAMES } };
  const rest = { echo: { ...PLAIN, fields: FIELD_NAMES.filter((name) => name !== field) } };
  const [before, after] = [rightsOf("none", all), rightsOf("none", rest)];
  const lost = (one: Rights, other: Rights) => one.filter((right) => !other.includes(right));
  expect(lost(before.jobs.echo!, after.jobs.echo!)).toEqual(unique(FIELDS[field]!.job ?? []));
  expect(lost(before.start, after.start)).toEqual(unique(FIELDS[field]!.start ?? []));
  expect(lost(after.jobs.echo!, before.jobs.echo!)).toEqual([]);
  expect(lost(after.start, before.start)).toEqual([]);
});

test("a job without fields has a role without policies", () => {
  expect(rightsOf("none", { echo: PLAIN }).jobs).toEqual({ echo: [] });
});
