/** Compares src/terraform/deployer-policy.json with the calls of the providers for everything that the stacks can contain. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSettings } from "../../src/project/load-settings";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { DataStack } from "../../stacks/data-stack";
import { ImageStack } from "../../stacks/image-stack";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { EVERYTHING } from "../everything";
import { allows, type Statement } from "./iam";
import type { PolicyStatement } from "./policies";
import { synth } from "./stacks";

/** The calls of the provider for a type of resource. */
interface Calls {
  /** Returns the ARN from the resource's attributes. */
  readonly arn: (attributes: Readonly<Record<string, string>>) => string;
  /** Actions on the resource, without the prefix of the service. */
  readonly on: string;
  /** Actions that know no resource. */
  readonly everywhere?: string;
  /** Keys that the conditions of the policy may read. */
  readonly context?: Readonly<Record<string, string>>;
}

const PLACE = "eu-west-1:123456789012";
const named = (service: string, kind: string, attribute = "name") => ({
  arn: (attributes: Readonly<Record<string, string>>) =>
    `arn:aws:${service}:${PLACE}:${kind}${attributes[attribute] ?? attributes[`${attribute}_prefix`]}`,
});
const role = { arn: ({ role }: Readonly<Record<string, string>>) => `arn:aws:iam::123456789012:role/${role}` };
const topic = { arn: () => `arn:aws:sns:${PLACE}:echo_dev_alarms` };
const bucket = { arn: () => "arn:aws:s3:::echo--dev-123456789012-euw1" };
const repository = { arn: () => `arn:aws:ecr:${PLACE}:repository/echo_dev_echo` };
const INSTANCES = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role";

/** Read and written by the provider, each with its tags. Sources: the provider's code and the Service Authorization Reference. */
const CALLS: Readonly<Record<string, Calls>> = {
  aws_batch_compute_environment: {
    ...named("batch", "compute-environment/"),
    on: "batch: CreateComputeEnvironment DeleteComputeEnvironment ListTagsForResource TagResource UntagResource UpdateComputeEnvironment",
    everywhere: "batch: DescribeComputeEnvironments",
  },
  aws_batch_job_definition: {
    ...named("batch", "job-definition/"),
    on: "batch: DeregisterJobDefinition ListTagsForResource RegisterJobDefinition TagResource UntagResource",
    everywhere: "batch: DescribeJobDefinitions",
  },
  aws_batch_job_queue: {
    ...named("batch", "job-queue/"),
    on: "batch: CreateJobQueue DeleteJobQueue ListTagsForResource TagResource UntagResource UpdateJobQueue",
    everywhere: "batch: DescribeJobQueues",
  },
  aws_cloudwatch_event_rule: {
    ...named("events", "rule/"),
    on: "events: DeleteRule DescribeRule ListTagsForResource PutRule TagResource UntagResource",
  },
  aws_cloudwatch_event_target: {
    arn: () => `arn:aws:events:${PLACE}:rule/echo_dev_failed`,
    on: "events: ListTargetsByRule PutTargets RemoveTargets",
  },
  aws_cloudwatch_log_group: {
    ...named("logs", "log-group:"),
    on: "logs: CreateLogGroup DeleteLogGroup DeleteRetentionPolicy ListTagsForResource PutRetentionPolicy TagResource UntagResource",
    everywhere: "logs: DescribeLogGroups",
  },
  aws_cloudwatch_log_metric_filter: {
    arn: () => `arn:aws:logs:${PLACE}:log-group:/aws/vendedlogs/states/echo_dev`,
    on: "logs: DeleteMetricFilter DescribeMetricFilters PutMetricFilter",
  },
  aws_cloudwatch_metric_alarm: {
    ...named("cloudwatch", "alarm:", "alarm_name"),
    on: "cloudwatch: DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource",
  },
  aws_ecr_lifecycle_policy: { ...repository, on: "ecr: DeleteLifecyclePolicy GetLifecyclePolicy PutLifecyclePolicy" },
  aws_ecr_repository: {
    ...named("ecr", "repository/"),
    on: "ecr: CreateRepository DeleteRepository DescribeRepositories ListTagsForResource PutImageScanningConfiguration PutImageTagMutability TagResource UntagResource",
  },
  aws_iam_instance_profile: {
    arn: ({ name }) => `arn:aws:iam::123456789012:instance-profile/${name}`,
    on: "iam: AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile RemoveRoleFromInstanceProfile TagInstanceProfile UntagInstanceProfile",
  },
  aws_iam_role: {
    arn: ({ name }) => `arn:aws:iam::123456789012:role/${name}`,
    on: "iam: CreateRole DeleteRole DeleteRolePermissionsBoundary GetRole ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies PutRolePermissionsBoundary TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
  },
  aws_iam_role_policy: { ...role, on: "iam: DeleteRolePolicy GetRolePolicy PutRolePolicy" },
  aws_iam_role_policy_attachment: {
    ...role,
    on: "iam: AttachRolePolicy DetachRolePolicy",
    context: { "iam:PolicyARN": INSTANCES },
  },
  aws_s3_bucket: {
    ...bucket,
    on: "s3: CreateBucket DeleteBucket GetAccelerateConfiguration GetBucketAbac GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketObjectLockConfiguration GetBucketPolicy GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket ListTagsForResource PutBucketTagging TagResource UntagResource",
  },
  aws_s3_bucket_lifecycle_configuration: { ...bucket, on: "s3: GetLifecycleConfiguration PutLifecycleConfiguration" },
  aws_s3_bucket_notification: { ...bucket, on: "s3: GetBucketNotification PutBucketNotification" },
  aws_s3_bucket_ownership_controls: { ...bucket, on: "s3: GetBucketOwnershipControls PutBucketOwnershipControls" },
  aws_s3_bucket_policy: { ...bucket, on: "s3: DeleteBucketPolicy GetBucketPolicy PutBucketPolicy" },
  aws_s3_bucket_public_access_block: { ...bucket, on: "s3: GetBucketPublicAccessBlock PutBucketPublicAccessBlock" },
  aws_s3_bucket_server_side_encryption_configuration: {
    ...bucket,
    on: "s3: GetEncryptionConfiguration PutEncryptionConfiguration",
  },
  aws_s3_bucket_versioning: { ...bucket, on: "s3: GetBucketVersioning PutBucketVersioning" },
  aws_scheduler_schedule: {
    ...named("scheduler", "schedule/default/"),
    on: "scheduler: CreateSchedule DeleteSchedule GetSchedule UpdateSchedule",
  },
  aws_sfn_state_machine: {
    ...named("states", "stateMachine:"),
    on: "states: CreateStateMachine DeleteStateMachine DescribeStateMachine ListStateMachineVersions ListTagsForResource TagResource UntagResource UpdateStateMachine",
    everywhere: "states: ValidateStateMachineDefinition",
  },
  aws_sns_topic: {
    ...named("sns", ""),
    on: "sns: CreateTopic DeleteTopic GetTopicAttributes ListTagsForResource SetTopicAttributes TagResource UntagResource",
  },
  aws_sns_topic_subscription: { ...topic, on: "sns: Subscribe" },
  docker_registry_image: {
    ...repository,
    on: "ecr: BatchCheckLayerAvailability BatchDeleteImage BatchGetImage CompleteLayerUpload GetDownloadUrlForLayer InitiateLayerUpload PutImage UploadLayerPart",
    everywhere: "ecr: GetAuthorizationToken",
  },
};

/** EC2 knows no names: __tests__/stacks/bootstrap-stack.test.ts tests the conditions on tags. An image is only in the Docker engine. */
const ELSEWHERE =
  /^(aws_(default_security_group|internet_gateway|route|route_table|route_table_association|security_group|subnet|vpc|vpc_security_group_\w+_rule|launch_template)|docker_image)$/;

const policy = JSON.parse(readFileSync(join(PROJECT_FOLDER, "src/terraform/deployer-policy.json"), "utf8")) as {
  Statement: PolicyStatement[];
};
const list = (value: string | string[]): string[] => [value].flat();
const STATEMENTS: readonly Statement[] = policy.Statement.map(({ Action, Resource, Condition = {} }) => ({
  actions: list(Action),
  resources: list(Resource),
  condition: Object.entries(Condition).flatMap(([test, keys]) =>
    Object.entries(keys).map(([variable, values]) => ({ test, variable, values: list(values as string | string[]) })),
  ),
}));

function actions(text = ""): string[] {
  const [service, names = ""] = text.split(": ");
  return names
    .split(" ")
    .filter(Boolean)
    .map((name) => `${service}:${name}`);
}

const SETTINGS = loadSettings({}, EVERYTHING);
const STACKS = [DataStack, ImageStack, WorkflowStack].map((Stack) => synth(Stack, SETTINGS));
const RESOURCES = STACKS.flatMap(({ resource }) =>
  Object.entries(resource).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, attributes]) => ({ type, id, attributes: attributes as Record<string, string> })),
  ),
).filter(({ type }) => !ELSEWHERE.test(type));

/** Puts the name of a resource in the place of a reference to it. */
function resolved(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const text = JSON.stringify(attributes).replace(
    /\$\{(\w+)\.([\w-]+)\.(?:id|name)\}/g,
    (reference, type: string, id: string) =>
      RESOURCES.find((one) => one.type === type && one.id === id)?.attributes.name ?? reference,
  );
  return JSON.parse(text);
}

test.each(Object.keys(CALLS))("the deployer may make every call of the provider for %s", (type) => {
  const { arn, on, everywhere, context = {} } = CALLS[type]!;
  const found = RESOURCES.filter((resource) => resource.type === type);
  expect(found).not.toEqual([]);
  const calls = [
    ...found.flatMap(({ attributes }) =>
      actions(on).map((action) => ({ action, resources: { [arn(resolved(attributes))]: context } })),
    ),
    ...actions(everywhere).map((action) => ({ action, resources: { "*": {} } })),
  ];
  expect(calls.filter((call) => !allows(STATEMENTS, call))).toEqual([]);
});

test("with everything that the settings can add, each type of resource has its calls here", () => {
  expect(RESOURCES.filter(({ type }) => !(type in CALLS)).map(({ type }) => type)).toEqual([]);
});

test("the deployer may hand each role to the service that takes it, and to no other", () => {
  const trusts = STACKS.flatMap(({ data }) => Object.values(data.aws_iam_policy_document ?? {}))
    .flatMap(({ statement }) => statement as { principals?: { type: string; identifiers: string[] }[] }[])
    .flatMap(({ principals = [] }) => principals.filter(({ type }) => type === "Service"))
    .flatMap(({ identifiers }) => identifiers);
  const passed = policy.Statement.find(({ Sid }) => Sid === "HandRolesOn")!.Condition!.StringEquals!;
  // Batch has a role of its own, which AWS makes.
  expect(new Set(passed["iam:PassedToService"] as string[])).toEqual(new Set([...trusts, "batch.amazonaws.com"]));
});

test("the deployer may do nothing else in the services of these types", () => {
  const called = new Set(
    Object.values(CALLS).flatMap(({ on, everywhere }) => [...actions(on), ...actions(everywhere)]),
  );
  const allowed = policy.Statement.flatMap(({ Action }) => list(Action));
  expect(allowed.filter((action) => !action.startsWith("ec2:") && !called.has(action)).sort()).toEqual([
    // To hand roles on, and for roles that AWS makes itself.
    "iam:CreateServiceLinkedRole",
    "iam:PassRole",
    // To look for uploads and versions before a bucket is destroyed.
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    // A subscription has an ARN of its own.
    "sns:GetSubscriptionAttributes",
    "sns:Unsubscribe",
    // To stop the executions before the state machine goes.
    "states:ListExecutions",
    "states:StopExecution",
  ]);
});
