import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { UsageError } from "../../errors";
import { connect, runningExecutions, stateMachineArn, stopExecutions } from "../../execution/aws";
import { loadSettings } from "../../settings";
import { FakeClock } from "../fake-clock";

const sfn = mockClient(SFNClient);
const sts = mockClient(STSClient);
const aws = connect("eu-west-1");
const ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev";

beforeEach(() => {
  sfn.reset();
  sts.reset();
});

const listed = (...names: string[]) => names.map((name) => ({ executionArn: `${ARN}:${name}`, name })) as never;
const failure = (properties: object, message = "no") => Object.assign(new Error(message), properties);

test("the ARN has the caller's partition and account, and the settings' region and name", async () => {
  sts.on(GetCallerIdentityCommand).resolves({ Arn: "arn:aws-cn:iam::210987654321:user/me", Account: "210987654321" });
  const settings = loadSettings({ AWS_REGION: "cn-north-1", WORKFLOW_ENVIRONMENT: "test" });
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
      ["a", "b", "b", "late"].map((name) => ({ executionArn: `${ARN}:${name}`, cause: "stopped by destroy" })),
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

test.each<[object, string, string]>([
  [
    { name: "CredentialsProviderError" },
    "none found",
    "there are no AWS credentials: none found; log in, such as with `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ],
  [
    { name: "ExpiredTokenException" },
    "too old",
    "the AWS credentials have expired: too old; log in, such as with `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ],
  [
    { name: "AccessDeniedException" },
    "not authorized to perform: states:ListExecutions",
    "AWS refuses it: not authorized to perform: states:ListExecutions; grant these credentials what is missing, or use others",
  ],
  [
    { name: "AggregateError", code: "ECONNREFUSED" },
    "",
    "AWS cannot be reached: ECONNREFUSED; look at the network, AWS_REGION, the proxy and AWS_ENDPOINT_URL",
  ],
])("an expected failure says what to do: %p", async (properties, given, message) => {
  sfn.on(ListExecutionsCommand).rejects(failure(properties, given));
  await expect(runningExecutions(aws, ARN)).rejects.toEqual(new UsageError(message));
});

test("an unexpected failure is thrown on as it is", async () => {
  const unexpected = failure({ name: "InternalFailure" });
  sts.on(GetCallerIdentityCommand).rejects(unexpected);
  await expect(stateMachineArn(aws, loadSettings({}))).rejects.toBe(unexpected);
});
