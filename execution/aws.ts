/** Executions of the deployed state machine, over AWS's own clients. */
import { paginateListExecutions, SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { UsageError } from "../errors";
import { resourceName } from "../names";
import type { Settings } from "../settings";
import type { Clock } from "./clock";

export interface AwsClients {
  readonly sfn: SFNClient;
  readonly sts: STSClient;
}

/** One that AWS holds. */
export interface AwsExecution {
  readonly arn: string;
  readonly name: string;
}

/** What `stopExecutions` has to do with its surroundings. */
export interface StopSurroundings {
  readonly clock: Clock;
  readonly stopped: (execution: AwsExecution) => void;
}

const PAGE = 1000;
const STOPS_AT_A_TIME = 10;
/** What is stopped is still listed for a moment, and another execution may start: both end well before this. */
const STOP_PATIENCE_SECONDS = 60;
const STOP_PAUSE_SECONDS = 1;

const LOG_IN =
  "log in, such as with `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
const REACH = "look at the network, AWS_REGION, the proxy and AWS_ENDPOINT_URL";

/** By name or code of what the SDK throws: what is wrong, and what to do. All else is a defect and thrown on. */
const EXPECTED_FAILURES: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  CredentialsProviderError: ["there are no AWS credentials", LOG_IN],
  TokenProviderError: ["the AWS login has expired", LOG_IN],
  ExpiredToken: ["the AWS credentials have expired", LOG_IN],
  ExpiredTokenException: ["the AWS credentials have expired", LOG_IN],
  RequestExpired: ["the AWS credentials have expired, or this machine's clock is wrong", LOG_IN],
  InvalidClientTokenId: ["AWS does not know these credentials", LOG_IN],
  UnrecognizedClientException: ["AWS does not know these credentials", LOG_IN],
  SignatureDoesNotMatch: ["AWS does not take these credentials", LOG_IN],
  AccessDenied: ["AWS refuses it", "grant these credentials what is missing, or use others"],
  AccessDeniedException: ["AWS refuses it", "grant these credentials what is missing, or use others"],
  EAI_AGAIN: ["AWS cannot be reached", REACH],
  ECONNREFUSED: ["AWS cannot be reached", REACH],
  ECONNRESET: ["AWS cannot be reached", REACH],
  EHOSTUNREACH: ["AWS cannot be reached", REACH],
  ENETUNREACH: ["AWS cannot be reached", REACH],
  ENOTFOUND: ["AWS cannot be reached", REACH],
  ETIMEDOUT: ["AWS cannot be reached", REACH],
  TimeoutError: ["AWS cannot be reached", REACH],
};

/** What AWS answers about a state machine that is not there, or not any more. */
const NO_STATE_MACHINE = ["StateMachineDoesNotExist", "StateMachineDeleting"];

export function connect(region: string): AwsClients {
  // What the clients say about their later versions on Node 20 is nothing that whoever deploys can act on.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  // Adaptive: the rights to call are shared with all that run in the account, so a refusal slows the next calls too.
  // Six attempts: about ten seconds of throttling are waited for, and a missing network is told after three.
  const configuration = { region, maxAttempts: 6, retryMode: "adaptive" };
  return { sfn: new SFNClient(configuration), sts: new STSClient(configuration) };
}

/** The ARN of the deployment's state machine, whether it is there or not. */
export async function stateMachineArn({ sts }: AwsClients, settings: Settings): Promise<string> {
  const { Arn, Account } = await explained(sts.send(new GetCallerIdentityCommand({})));
  const partition = Arn!.split(":")[1];
  return `arn:${partition}:states:${settings.region}:${Account}:stateMachine:${resourceName(settings)}`;
}

/** The executions that run now; none where the state machine is not there. The children of a Map Run are not listed. */
export async function runningExecutions({ sfn }: AwsClients, stateMachineArn: string): Promise<AwsExecution[]> {
  const query = { stateMachineArn, statusFilter: "RUNNING" } as const;
  const running: AwsExecution[] = [];
  try {
    for await (const { executions } of paginateListExecutions({ client: sfn, pageSize: PAGE }, query)) {
      for (const { executionArn, name } of executions!) running.push({ arn: executionArn!, name: name! });
    }
  } catch (error) {
    if (NO_STATE_MACHINE.includes((error as Error).name)) return [];
    throw explain(error);
  }
  return running;
}

/**
 * Stops executions until none runs; those of their Map Runs end with them.
 * @throws UsageError when new ones keep starting
 */
export async function stopExecutions(
  aws: AwsClients,
  stateMachineArn: string,
  cause: string,
  { clock, stopped }: StopSurroundings,
): Promise<void> {
  const deadline = clock.now() + STOP_PATIENCE_SECONDS * 1000;
  const known = new Set<string>();
  for (;;) {
    const running = await runningExecutions(aws, stateMachineArn);
    if (running.length === 0) return;
    if (clock.now() >= deadline) {
      throw new UsageError(
        `executions still run after ${STOP_PATIENCE_SECONDS} s of stopping them: ${running.map(({ name }) => name).join(", ")}; end what starts them, such as a schedule, and try again`,
      );
    }
    for (let first = 0; first < running.length; first += STOPS_AT_A_TIME) {
      await Promise.all(running.slice(first, first + STOPS_AT_A_TIME).map(({ arn }) => stop(aws, arn, cause)));
    }
    for (const execution of running) {
      if (!known.has(execution.arn)) stopped(execution);
      known.add(execution.arn);
    }
    await clock.sleep(STOP_PAUSE_SECONDS * 1000);
  }
}

async function stop({ sfn }: AwsClients, executionArn: string, cause: string): Promise<void> {
  try {
    await sfn.send(new StopExecutionCommand({ executionArn, cause }));
  } catch (error) {
    if ((error as Error).name !== "ExecutionDoesNotExist") throw explain(error);
  }
}

async function explained<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw explain(error);
  }
}

/** What is expected to go wrong, in words of ours; anything else as it is. */
function explain(error: unknown): unknown {
  const { name, code, message } = error as NodeJS.ErrnoException;
  const expected = EXPECTED_FAILURES[name] ?? EXPECTED_FAILURES[code ?? ""];
  if (expected === undefined) return error;
  const [problem, remedy] = expected;
  // Of several addresses that were tried, the error itself has no message.
  return new UsageError(`${problem}: ${message || code}; ${remedy}`, { cause: error });
}
