import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { FakeClock } from "../../../scripts/demo/fake-clock";
import { connect } from "../../../src/aws/clients";
import {
  findExecution,
  listExecutions,
  redriveExecution,
  runningExecutions,
  startExecution,
  stateMachineArn,
  stopExecution,
  stopExecutions,
} from "../../../src/aws/executions";
import { explain } from "../../../src/aws/failures";
import { UsageError } from "../../../src/base/errors";
import { exampleSettings } from "../../example";

const sfn = mockClient(SFNClient);
const sts = mockClient(STSClient);
const aws = connect("eu-west-1");
const ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev";

beforeEach(() => {
  sfn.reset();
  sts.reset();
});

const EXECUTION = "arn:aws:states:eu-west-1:123456789012:execution:echo_dev";
const startDate = new Date(1000);
const listed = (...names: string[]) =>
  names.map((name) => ({ executionArn: `${EXECUTION}:${name}`, name, status: "RUNNING", startDate })) as never;
const running = (name: string) => ({
  arn: `${EXECUTION}:${name}`,
  name,
  status: "RUNNING",
  startedAt: 1000,
  stoppedAt: null,
  redriveCount: 0,
});
const failure = (properties: object, message = "no") => Object.assign(new Error(message), properties);

test("the ARN has the caller's partition and account, and the settings' region and name", async () => {
  sts.on(GetCallerIdentityCommand).resolves({ Arn: "arn:aws-cn:iam::210987654321:user/me", Account: "210987654321" });
  const settings = exampleSettings({ AWS_REGION: "cn-north-1", WORKFLOW_ENVIRONMENT: "test" });
  expect(await stateMachineArn(aws, settings)).toBe("arn:aws-cn:states:cn-north-1:210987654321:stateMachine:echo_test");
});

test("running executions are read page by page", async () => {
  const query = { stateMachineArn: ARN, statusFilter: "RUNNING", maxResults: 1000 } as const;
  sfn
    .on(ListExecutionsCommand, query)
    .resolves({ executions: listed("a", "b"), nextToken: "more" })
    .on(ListExecutionsCommand, { ...query, nextToken: "more" })
    .resolves({ executions: listed("c") });
  expect((await runningExecutions(aws, ARN)).map(({ name }) => name)).toEqual(["a", "b", "c"]);
});

test.each(["StateMachineDoesNotExist", "StateMachineDeleting"])("none runs where AWS answers %s", async (name) => {
  sfn.on(ListExecutionsCommand).rejects(failure({ name }));
  expect(await runningExecutions(aws, ARN)).toEqual([]);
});

test("as many executions are listed as wanted, in AWS's order, with the status that is asked for", async () => {
  const ended = {
    executionArn: `${EXECUTION}:a`,
    name: "a",
    status: "FAILED",
    startDate,
    stopDate: new Date(2000),
    redriveCount: 1,
  };
  sfn.on(ListExecutionsCommand).resolves({ executions: [ended as never, ...listed("b")], nextToken: "more" });
  expect(await listExecutions(aws, ARN, { status: "FAILED", max: 2 })).toEqual([
    { arn: `${EXECUTION}:a`, name: "a", status: "FAILED", startedAt: 1000, stoppedAt: 2000, redriveCount: 1 },
    running("b"),
  ]);
  expect(sfn.commandCalls(ListExecutionsCommand).map(({ args }) => args[0].input)).toEqual([
    { stateMachineArn: ARN, statusFilter: "FAILED", maxResults: 2, nextToken: undefined },
  ]);
});

describe("finding", () => {
  test.each([["a"], [`${EXECUTION}:a`]])("%s is asked for by its ARN", async (reference) => {
    sfn
      .on(DescribeExecutionCommand, { executionArn: `${EXECUTION}:a` })
      .resolves({ executionArn: `${EXECUTION}:a`, name: "a", status: "RUNNING", startDate });
    expect(await findExecution(aws, ARN, reference)).toEqual(running("a"));
  });

  test("latest is the first that AWS lists", async () => {
    sfn.on(ListExecutionsCommand, { stateMachineArn: ARN, maxResults: 1 }).resolves({ executions: listed("z") });
    expect(await findExecution(aws, ARN, "latest")).toEqual(running("z"));
  });

  test("latest needs one", async () => {
    sfn.on(ListExecutionsCommand).resolves({ executions: [] });
    await expect(findExecution(aws, ARN, "latest")).rejects.toEqual(
      new UsageError("there is no execution of echo_dev yet; start one"),
    );
  });

  test.each(["ExecutionDoesNotExist", "InvalidArn"])(
    "one that is not there is named, where AWS answers %s",
    async (name) => {
      sfn.on(DescribeExecutionCommand).rejects(failure({ name }));
      await expect(findExecution(aws, ARN, "a b")).rejects.toEqual(
        new UsageError("there is no execution `a b` of echo_dev; `list` shows the executions"),
      );
    },
  );
});

describe("starting", () => {
  test("gives the input as JSON, and the execution as it is listed", async () => {
    sfn
      .on(StartExecutionCommand, { stateMachineArn: ARN, name: "a", input: '{"x": [1.0]}' })
      .resolves({ executionArn: `${EXECUTION}:a`, startDate });
    expect(await startExecution(aws, ARN, { name: "a", input: '{"x": [1.0]}' })).toEqual(running("a"));
  });

  test.each([
    ["ExecutionAlreadyExists", "`--name` must be a name that no execution of the last 90 days had, got: a"],
    [
      "StateMachineDoesNotExist",
      `there is no state machine ${ARN}; deploy it with \`npm run deploy\`, or check AWS_REGION, WORKFLOW_ENVIRONMENT and the account`,
    ],
    ["ExecutionLimitExceeded", "AWS starts no more executions: no; wait until some executions have ended"],
  ])("says what %s means", async (name, message) => {
    sfn.on(StartExecutionCommand).rejects(failure({ name }));
    await expect(startExecution(aws, ARN, { name: "a", input: "{}" })).rejects.toEqual(new UsageError(message));
  });
});

test("one execution is stopped with its cause", async () => {
  sfn.on(StopExecutionCommand).resolves({});
  await stopExecution(aws, `${EXECUTION}:a`, { cause: "why" });
  expect(sfn.commandCalls(StopExecutionCommand)[0]!.args[0].input).toEqual({
    executionArn: `${EXECUTION}:a`,
    cause: "why",
  });
});

test("an execution is redriven, or AWS's reason is told", async () => {
  sfn.on(RedriveExecutionCommand, { executionArn: `${EXECUTION}:a` }).resolves({});
  await redriveExecution(aws, `${EXECUTION}:a`);
  expect(sfn.commandCalls(RedriveExecutionCommand)).toHaveLength(1);
  sfn.on(RedriveExecutionCommand).rejects(failure({ name: "ExecutionNotRedrivable" }, "Execution is SUCCEEDED"));
  await expect(redriveExecution(aws, `${EXECUTION}:a`)).rejects.toEqual(
    new UsageError(`\`${EXECUTION}:a\` cannot be redriven: Execution is SUCCEEDED; start a new one`),
  );
});

describe("stopping", () => {
  const stopAll = async () => {
    const stopped: string[] = [];
    await stopExecutions(aws, ARN, "stopped by destroy", {
      clock: new FakeClock(),
      stopped: ({ name }) => stopped.push(name),
    });
    return stopped;
  };

  test("goes on until none runs, says each once, and gives the cause", async () => {
    sfn
      .on(ListExecutionsCommand)
      .resolvesOnce({ executions: listed("a", "b") })
      .resolvesOnce({ executions: listed("b", "late") })
      .resolves({ executions: [] });
    sfn.on(StopExecutionCommand).resolves({});
    expect(await stopAll()).toEqual(["a", "b", "late"]);
    expect(sfn.commandCalls(StopExecutionCommand).map(({ args }) => args[0].input)).toEqual(
      ["a", "b", "b", "late"].map((name) => ({ executionArn: `${EXECUTION}:${name}`, cause: "stopped by destroy" })),
    );
  });

  test("takes one that is gone already for stopped", async () => {
    sfn
      .on(ListExecutionsCommand)
      .resolvesOnce({ executions: listed("a") })
      .resolves({ executions: [] });
    sfn.on(StopExecutionCommand).rejects(failure({ name: "ExecutionDoesNotExist" }));
    expect(await stopAll()).toEqual(["a"]);
  });

  test("gives up after a minute of new ones", async () => {
    sfn.on(ListExecutionsCommand).resolves({ executions: listed("a", "b") });
    sfn.on(StopExecutionCommand).resolves({});
    await expect(stopAll()).rejects.toEqual(
      new UsageError(
        "executions still run after 60 s of stopping them: a, b; end what starts them, such as a schedule, and try again",
      ),
    );
    expect(sfn.commandCalls(ListExecutionsCommand)).toHaveLength(61);
  });
});

test("credentials that a profile does not give are told with the profile's name", () => {
  jest.replaceProperty(process, "env", { ...process.env, AWS_PROFILE: "nope" });
  const error = Object.assign(new Error("none found"), { name: "CredentialsProviderError" });
  expect((explain(error) as Error).message).toMatch(/^there are no AWS credentials for AWS_PROFILE nope: none found; /);
  jest.restoreAllMocks();
});

test.each<[object, string, string]>([
  [
    { name: "CredentialsProviderError" },
    "none found",
    "there are no AWS credentials: none found; log in, for example with `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ],
  [
    { name: "ExpiredTokenException" },
    "too old",
    "the AWS credentials have expired: too old; log in, for example with `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ],
  [
    { name: "AccessDeniedException" },
    "not authorized to perform: states:ListExecutions",
    "AWS denies access: not authorized to perform: states:ListExecutions; grant the missing permission, or use other credentials",
  ],
  [
    { name: "AggregateError", code: "ECONNREFUSED" },
    "",
    "AWS cannot be reached: ECONNREFUSED; check the network, AWS_REGION, the proxy and AWS_ENDPOINT_URL",
  ],
  [
    { name: "SignatureDoesNotMatch" },
    "it does not match\n\nx-amz-security-token:a-token-that-nobody-may-see",
    "AWS rejects these credentials: it does not match; log in, for example with `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ],
  [
    { code: "CERT_HAS_EXPIRED" },
    "certificate has expired",
    "the connection to AWS is not trusted: certificate has expired; check the proxy, NODE_EXTRA_CA_CERTS, this machine's clock and AWS_ENDPOINT_URL",
  ],
  [
    { name: "TimeoutError", code: "ETIMEDOUT" },
    "@smithy/node-http-handler - [ERROR] a request has exceeded the configured 20000 ms requestTimeout.",
    "AWS cannot be reached: a request has exceeded the configured 20000 ms requestTimeout.; check the network, AWS_REGION, the proxy and AWS_ENDPOINT_URL",
  ],
  [
    { name: "StrangeException", $fault: "client" },
    "strange\u001b[31m\u009b1m",
    "AWS rejects the request (StrangeException): strange; check the request",
  ],
  [
    { name: "TooManyRequestsException" },
    "slow down",
    "AWS receives too many requests: slow down; wait, or run fewer programs at the same time in this account",
  ],
])("an expected failure says what to do: %p", async (properties, given, message) => {
  sfn.on(ListExecutionsCommand).rejects(failure(properties, given));
  await expect(runningExecutions(aws, ARN)).rejects.toEqual(new UsageError(message));
});

test.each([
  ["a gateway's refusal", Object.assign(new Error("Unknown"), { $metadata: { httpStatusCode: 502 } })],
  ["a page in place of an answer", Object.assign(new SyntaxError("Unexpected token '<'"), { $response: {} })],
])("%s is told without a stack trace", async (_, error) => {
  sfn.on(ListExecutionsCommand).rejects(error);
  await expect(runningExecutions(aws, ARN)).rejects.toBeInstanceOf(UsageError);
});

test("an unexpected failure is thrown on as it is", async () => {
  const unexpected = failure({ name: "ValidationError" });
  sts.on(GetCallerIdentityCommand).rejects(unexpected);
  await expect(stateMachineArn(aws, exampleSettings())).rejects.toBe(unexpected);
});

test("a message of AWS is cut where it is too long for a reader", () => {
  const { message } = explain(failure({ name: "AccessDenied" }, "x".repeat(1e6))) as Error;
  expect(message.length).toBeLessThan(1200);
});

test("a request that hangs is given up", async () => {
  const { connectionTimeout, requestTimeout, socketTimeout, throwOnRequestTimeout } = await (
    connect("eu-west-1").sfn.config.requestHandler as unknown as { configProvider: Promise<Record<string, unknown>> }
  ).configProvider;
  expect({ connectionTimeout, requestTimeout, socketTimeout, throwOnRequestTimeout }).toEqual({
    connectionTimeout: 5000,
    requestTimeout: 20_000,
    socketTimeout: 20_000,
    throwOnRequestTimeout: true,
  });
});

describe("an answer of another shape is said, without a stack trace", () => {
  test.each([{}, { executions: null }, { executions: [{}] }, { executions: [{ executionArn: "a", name: 1 }] }])(
    "a list that is %j",
    async (answer) => {
      sfn.on(ListExecutionsCommand).resolves(answer as never);
      await expect(listExecutions(aws, ARN, { max: 1 })).rejects.toThrow(
        /^AWS gave an answer that the command does not understand: /,
      );
    },
  );

  test("a caller without an ARN", async () => {
    sts.on(GetCallerIdentityCommand).resolves({});
    await expect(stateMachineArn(aws, exampleSettings())).rejects.toThrow(/it has no `Arn`/);
  });

  test("a list whose next page is the same page", async () => {
    sfn.on(ListExecutionsCommand).resolves({ executions: [], nextToken: "again" });
    expect(await listExecutions(aws, ARN, { max: 5 })).toEqual([]);
    expect(sfn.commandCalls(ListExecutionsCommand)).toHaveLength(2);
  });

  test("a start without an ARN has started", async () => {
    sfn.on(StartExecutionCommand).resolves({});
    expect(await startExecution(aws, ARN, { name: "mine", input: "{}" })).toMatchObject({
      arn: `${EXECUTION}:mine`,
      status: "RUNNING",
    });
  });
});
