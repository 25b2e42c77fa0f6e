import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import echo from "../../scripts/demo/echo.asl.json";
import { UsageError } from "../../src/base/errors";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { DOCUMENT } from "../example";
import { inventory, only, type StackJson, settingsWith, synth } from "./stacks";

const stack = synth(WorkflowStack, settingsWith());

test("holds Batch, the state machine, and a role for each of those who act", () => {
  expect(inventory(stack.resource)).toEqual({
    aws_batch_compute_environment: 1,
    aws_batch_job_definition: 1,
    aws_batch_job_queue: 1,
    aws_cloudwatch_log_group: 2,
    aws_iam_role: 3,
    aws_iam_role_policy: 2,
    aws_security_group: 1,
    aws_sfn_state_machine: 1,
    aws_vpc_security_group_egress_rule: 1,
  });
});

test("the definition is the text of the document, with its placeholders filled in and nothing else changed", () => {
  const { definition } = only(stack.resource, "aws_sfn_state_machine") as { definition: string };
  const placeholders: [RegExp, string][] = [
    [/\$\{aws_batch_job_definition\.[\w-]+\.arn\}/g, "${EchoJobDefinitionArn}"],
    [/\$\{aws_batch_job_queue\.[\w-]+\.arn\}/g, "${JobQueueArn}"],
    [/\$\{data\.aws_partition\.[\w-]+\.partition\}/g, "${Partition}"],
  ];
  const undone = placeholders.reduce((text, [pattern, name]) => text.replace(pattern, () => name), definition);
  expect(undone).toBe(readFileSync(join(PROJECT_FOLDER, DOCUMENT), "utf8"));
});

test("Batch retries what retry-rules.ts names, and running executions keep their revision", () => {
  expect(only(stack.resource, "aws_batch_job_definition")).toMatchObject({
    name: "echo_dev_echo",
    platform_capabilities: ["FARGATE"],
    retry_strategy: {
      attempts: 3,
      evaluate_on_exit: [
        { action: "retry", on_status_reason: "Your Spot Task was interrupted*" },
        { action: "retry", on_status_reason: "Timeout waiting for*" },
        { action: "retry", on_status_reason: "CannotPullContainerError*" },
        { action: "retry", on_status_reason: "ResourceInitializationError*" },
        { action: "exit", on_reason: "*" },
      ],
    },
    timeout: { attempt_duration_seconds: 3600 },
    deregister_on_new_revision: false,
  });
});

test("a job's container may write to its root, and logs to a group of its own", () => {
  const { container_properties } = only(stack.resource, "aws_batch_job_definition") as { container_properties: string };
  expect(JSON.parse(container_properties)).toMatchObject({
    image: expect.stringMatching(/\/echo_dev_echo:[0-9a-f]{16}$/),
    resourceRequirements: [
      { type: "VCPU", value: "0.25" },
      { type: "MEMORY", value: "512" },
    ],
    readonlyRootFilesystem: false,
    logConfiguration: { logDriver: "awslogs", options: { "awslogs-stream-prefix": "echo" } },
  });
});

test("the state machine may submit this job to this queue, and starts only after it may", () => {
  const policies = Object.values(stack.data.aws_iam_policy_document!) as { statement: Statement[] }[];
  const submit = policies.flatMap(({ statement }) => statement).filter(({ sid }) => sid === "SubmitJobs");
  expect(submit).toEqual([
    {
      sid: "SubmitJobs",
      actions: ["batch:SubmitJob"],
      resources: [
        expect.stringMatching(/^\$\{aws_batch_job_definition\.[\w-]+\.arn_prefix\}$/),
        expect.stringMatching(/^\$\{aws_batch_job_definition\.[\w-]+\.arn_prefix\}:\*$/),
        expect.stringMatching(/^\$\{aws_batch_job_queue\.[\w-]+\.arn\}$/),
      ],
    },
  ]);
  expect(only(stack.resource, "aws_sfn_state_machine").depends_on).toEqual([
    expect.stringMatching(/^aws_iam_role_policy\.state-machine_role/),
  ]);
});

test("the state machine may submit to a job's own queue", () => {
  const { echo } = settingsWith().jobs;
  const jobs = { echo: { ...echo!, compute: ["FARGATE"] as const } };
  const { resource, data } = withDocument(
    (text) => text.replaceAll("${JobQueueArn}", () => "${EchoJobQueueArn}"),
    (document) => synth(WorkflowStack, settingsWith({ document, jobs })),
  );
  const own = Object.entries(resource.aws_batch_job_queue!).find(([, { name }]) => name === "echo_dev_echo")![0];
  const { resources } = statementsOf(data).find(({ sid }) => sid === "SubmitJobs")!;
  expect(resources.at(-1)).toBe(`\${aws_batch_job_queue.${own}.arn}`);
  expect(only(resource, "aws_sfn_state_machine").definition).toContain(`\${aws_batch_job_queue.${own}.arn}`);
});

test("services may take the roles on behalf of this account only", () => {
  const trusts = Object.values(stack.data.aws_iam_policy_document!).filter((policy) =>
    JSON.stringify(policy).includes("sts:AssumeRole"),
  );
  expect(trusts).toHaveLength(3);
  for (const { statement } of trusts as { statement: Statement[] }[]) {
    expect(statement[0]!.condition).toEqual([
      { test: "StringEquals", variable: "aws:SourceAccount", values: [expect.stringContaining("account_id")] },
    ]);
  }
});

test("jobs that cannot start are cancelled after the limit, for every reason that AWS tells", () => {
  const { resource } = synth(WorkflowStack, settingsWith({ stuckJobSeconds: 600 }));
  const limit = { action: "CANCEL", state: "RUNNABLE", max_time_seconds: 600 };
  expect(only(resource, "aws_batch_job_queue")).toMatchObject({
    priority: 100,
    job_state_time_limit_action: [
      { ...limit, reason: "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY" },
      { ...limit, reason: "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE" },
      { ...limit, reason: "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT" },
    ],
  });
});

test("executions that run have half an hour to end before the state machine's deletion gives up", () => {
  expect(only(stack.resource, "aws_sfn_state_machine")).toMatchObject({
    logging_configuration: { level: "ALL", include_execution_data: false },
    tracing_configuration: { enabled: false },
    timeouts: { delete: "30m" },
  });
});

test("tracing comes with the rights that it needs, and they go with it", () => {
  const traced = synth(WorkflowStack, settingsWith({ tracing: true }));
  expect(only(traced.resource, "aws_sfn_state_machine")).toMatchObject({ tracing_configuration: { enabled: true } });
  expect(JSON.stringify(traced.data)).toContain("xray:PutTraceSegments");
  expect(JSON.stringify(stack.data)).not.toContain("xray:");
});

test("a permissions boundary is that of every role", () => {
  const permissionsBoundary = "arn:aws:iam::123456789012:policy/boundary";
  const { resource } = synth(WorkflowStack, settingsWith({ permissionsBoundary, compute: ["EC2"] }));
  const roles = Object.values(resource.aws_iam_role!);
  expect(roles).toHaveLength(4);
  for (const role of roles) expect(role.permissions_boundary).toBe(permissionsBoundary);
  for (const role of Object.values(stack.resource.aws_iam_role!))
    expect(role).not.toHaveProperty("permissions_boundary");
});

test("logs are kept as long as the settings say", () => {
  const { resource } = synth(WorkflowStack, settingsWith({ logRetentionDays: 365 }));
  for (const group of Object.values(resource.aws_cloudwatch_log_group!)) expect(group.retention_in_days).toBe(365);
});

test("outputs tell where to look: state machine, console, queue and logs", () => {
  expect(Object.keys(stack.output)).toEqual([
    "job-log-group",
    "job-queue-arn",
    "state-machine-arn",
    "state-machine-console",
    "state-machine-log-group",
  ]);
  expect(stack.output["state-machine-console"]!.value).toMatch(
    /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/states\/home\?region=eu-west-1#\/statemachines\/view\/\$\{aws_sfn_state_machine\..*\.arn\}$/,
  );
});

test("what looks like Terraform's templates in a document or a command is literal text to Terraform", () => {
  const job = { ...settingsWith().jobs.echo!, command: ["${x}", "%{ if }"], parameters: { p: "${y}" } };
  const { resource } = withDocument(
    (text) => text.replace('"Comment": "Three', () => '"Comment": "%{ and ${} and $${ Three'),
    (document) => synth(WorkflowStack, settingsWith({ document, jobs: { echo: job } })),
  );
  expect(only(resource, "aws_sfn_state_machine").definition).toContain("%%{ and $${} and $$${ Three");
  const definition = only(resource, "aws_batch_job_definition") as { container_properties: string };
  expect(JSON.parse(definition.container_properties).command).toEqual(["$${x}", "%%{ if }"]);
  expect(definition).toMatchObject({ parameters: { p: "$${y}" } });
});

test("numbers and a shell's variables arrive in the definition as they are written", () => {
  const result =
    '"Assign": { "kept": { "z": [20261128093015123456, 9007199254740993], "1": 1e400, "0": 1.0, "home": "${!HOME}" } }';
  const { resource } = withDocument(
    (text) =>
      text
        .replace('"StartAt": "ValidateInput",', () => `"StartAt": "p",`)
        .replace('"States": {', () => `"States": {"p": {"Type": "Pass", ${result}, "Next": "ValidateInput"},`),
    (document) => synth(WorkflowStack, settingsWith({ document })),
  );
  expect(only(resource, "aws_sfn_state_machine").definition).toContain(result.replace("${!HOME}", () => "$${HOME}"));
});

test("a substitution reaches the definition and the policy, with the placeholders in it", () => {
  const substitutions = { AlertTopicArn: "arn:${Partition}:sns:${Region}:${AccountId}:alerts", Text: 'a "b" ${!c} %{' };
  const { resource, data } = withDocument(
    (text) =>
      text
        .replace('"StartAt": "ValidateInput",', () => '"StartAt": "tell",')
        .replace(
          '"States": {',
          () =>
            '"States": {"tell": {"Type": "Task", "Resource": "arn:${Partition}:states:::sns:publish", "Arguments": {"TopicArn": "${AlertTopicArn}", "Message": "${Text}"}, "Next": "ValidateInput"},',
        ),
    (document) => synth(WorkflowStack, settingsWith({ document, substitutions })),
  );
  const topic = expect.stringMatching(
    /^arn:\$\{data\.aws_partition\.[\w-]+\.partition\}:sns:\$\{data\.aws_region\.[\w-]+\.region\}:\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}:alerts$/,
  );
  const { definition } = only(resource, "aws_sfn_state_machine") as { definition: string };
  expect(JSON.parse(definition).States.tell.Arguments).toEqual({ TopicArn: topic, Message: 'a "b" $${c} %%{' });
  expect(statementsOf(data)).toContainEqual(expect.objectContaining({ actions: ["sns:Publish"], resources: [topic] }));
});

test("statements of the settings are in the policy of the state machine's role, as literal text to Terraform", () => {
  const { data } = synth(
    WorkflowStack,
    settingsWith({
      substitutions: { Bucket: "my-bucket" },
      statements: [
        {
          Sid: "ReadBucket",
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:ListBucket"],
          Resource: ["arn:${Partition}:s3:::${Bucket}", "arn:aws:s3:::home/${aws:username}/*"],
          Condition: {
            StringEquals: { "aws:PrincipalTag/team": "${aws:ResourceTag/team}" },
            Bool: { "aws:SecureTransport": true },
          },
        },
        { Effect: "Deny", NotAction: "s3:*", NotResource: "*" },
      ],
    }),
  );
  const statements = statementsOf(data);
  const first = statements.findIndex(({ sid }) => sid === "ReadBucket");
  expect(statements.slice(first, first + 2)).toMatchObject([
    {
      sid: "ReadBucket",
      effect: "Allow",
      actions: ["s3:GetObject", "s3:ListBucket"],
      resources: [
        expect.stringMatching(/^arn:\$\{data\.aws_partition\.[\w-]+\.partition\}:s3:::my-bucket$/),
        "arn:aws:s3:::home/$${aws:username}/*",
      ],
      condition: [
        { test: "StringEquals", variable: "aws:PrincipalTag/team", values: ["$${aws:ResourceTag/team}"] },
        { test: "Bool", variable: "aws:SecureTransport", values: ["true"] },
      ],
    },
    { effect: "Deny", not_actions: ["s3:*"], not_resources: ["*"] },
  ]);
});

test("a statement with the name of one that the role has is refused: Terraform knows each name once", () => {
  const settings = settingsWith({ statements: [{ Sid: "SubmitJobs", Effect: "Allow", Action: "*", Resource: "*" }] });
  expect(() => synth(WorkflowStack, settings)).toThrow(
    '`statements[0].Sid` must be none of DescribeJobs, HearOfJobs, SubmitJobs, TerminateJobs, Logging, which the role already has, got: "SubmitJobs"; write another name, or leave Sid out',
  );
});

test("a document with an error fails the synth with the problem, not with a stack trace", () => {
  withDocument(
    (text) => text.replace("${JobQueueArn}", "${JobQueuArn}"),
    (document) => expect(() => synth(WorkflowStack, settingsWith({ document }))).toThrow(UsageError),
  );
});

/** Returns the statements of all policies. */
function statementsOf(data: StackJson["data"]): Statement[] {
  return Object.values(data.aws_iam_policy_document!).flatMap(({ statement }) => statement as Statement[]);
}

interface Statement {
  readonly sid: string;
  readonly resources: readonly string[];
  readonly condition?: unknown;
}

/** Calls back with the path of a changed copy of the document. */
function withDocument<T>(change: (text: string) => string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "workflow-stack-test-"));
  try {
    const path = join(folder, "echo.asl.json");
    writeFileSync(path, change(JSON.stringify(echo, null, 2)));
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
