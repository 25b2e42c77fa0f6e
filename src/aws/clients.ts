/** AWS's own clients, and what is expected to go wrong with them. */
import { BatchClient } from "@aws-sdk/client-batch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SFNClient } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";
import { UsageError } from "../base/errors";
import { printable } from "../base/terminal-text";

export interface AwsClients {
  readonly sfn: SFNClient;
  readonly batch: BatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly sts: STSClient;
}

const LOG_IN =
  "log in, such as with `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
const GRANT = "grant these credentials what is missing, or use others";
const REACH = "look at the network, AWS_REGION, the proxy and AWS_ENDPOINT_URL";
const TRUST = "look at the proxy, at NODE_EXTRA_CA_CERTS, at this machine's clock and at AWS_ENDPOINT_URL";
const CORRECT = "look at what was asked for";
const WAIT = "wait, or run less at the same time in this account";

interface ExpectedFailure {
  readonly problem: string;
  readonly remedy: string;
  /** Whether the same call may succeed in a while, with nothing changed. */
  readonly passes: boolean;
}

const login = (problem: string): ExpectedFailure => ({ problem, remedy: LOG_IN, passes: false });
const REFUSED: ExpectedFailure = { problem: "AWS refuses it", remedy: GRANT, passes: false };
const UNREACHED: ExpectedFailure = { problem: "AWS cannot be reached", remedy: REACH, passes: true };
const THROTTLED: ExpectedFailure = { problem: "AWS gets too many requests", remedy: WAIT, passes: true };
const DISTRUSTED: ExpectedFailure = { problem: "the connection to AWS is not trusted", remedy: TRUST, passes: false };
const MISPLACED: ExpectedFailure = { problem: "AWS has no such address", remedy: REACH, passes: false };
const INVALID: ExpectedFailure = { problem: "AWS does not take the request", remedy: CORRECT, passes: false };
const UNREADABLE: ExpectedFailure = { problem: "the answer is not one of AWS", remedy: REACH, passes: true };
const BROKEN: ExpectedFailure = { problem: "AWS has a failure of its own", remedy: "try again later", passes: true };

/** By name or code of what the SDK throws: what is wrong, and what to do. All else is a defect and thrown on. */
const EXPECTED_FAILURES: Readonly<Record<string, ExpectedFailure>> = {
  CredentialsProviderError: login("there are no AWS credentials"),
  TokenProviderError: login("the AWS login has expired"),
  ExpiredToken: login("the AWS credentials have expired"),
  ExpiredTokenException: login("the AWS credentials have expired"),
  RequestExpired: login("the AWS credentials have expired, or this machine's clock is wrong"),
  InvalidClientTokenId: login("AWS does not know these credentials"),
  UnrecognizedClientException: login("AWS does not know these credentials"),
  SignatureDoesNotMatch: login("AWS does not take these credentials"),
  AccessDenied: REFUSED,
  AccessDeniedException: REFUSED,
  KmsAccessDeniedException: REFUSED,
  NotAuthorized: REFUSED,
  OptInRequired: REFUSED,
  UnauthorizedOperation: REFUSED,
  InvalidSignatureException: login("AWS does not take these credentials, or this machine's clock is wrong"),
  IncompleteSignature: login("AWS does not take these credentials"),
  MissingAuthenticationToken: login("there are no AWS credentials"),
  EADDRNOTAVAIL: UNREACHED,
  EAI_AGAIN: UNREACHED,
  EAI_FAIL: UNREACHED,
  ECONNABORTED: UNREACHED,
  ECONNREFUSED: UNREACHED,
  ECONNRESET: UNREACHED,
  EHOSTDOWN: UNREACHED,
  EHOSTUNREACH: UNREACHED,
  ENETDOWN: UNREACHED,
  ENETUNREACH: UNREACHED,
  ENOTFOUND: UNREACHED,
  EPIPE: UNREACHED,
  ETIMEDOUT: UNREACHED,
  TimeoutError: UNREACHED,
  EndpointError: MISPLACED,
  ERR_INVALID_URL: MISPLACED,
  EPROTO: DISTRUSTED,
  Throttling: THROTTLED,
  ThrottlingException: THROTTLED,
  ThrottledException: THROTTLED,
  TooManyRequests: THROTTLED,
  TooManyRequestsException: THROTTLED,
  RequestLimitExceeded: THROTTLED,
  InternalFailure: BROKEN,
  InternalServerError: BROKEN,
  InternalServerException: BROKEN,
  ServerException: BROKEN,
  ServiceUnavailable: BROKEN,
  ServiceUnavailableException: BROKEN,
};

/** How OpenSSL and Node.js name a certificate or a connection that they do not trust, such as CERT_HAS_EXPIRED. */
const DISTRUST = /^(CERT|CRL|DEPTH_ZERO|ERR_SSL|ERR_TLS|HOSTNAME_MISMATCH|SELF_SIGNED|UNABLE_TO)(_|$)/;

/** A request that hangs is given up and made again: without limits, it would hang for ever. */
const TIMEOUTS = {
  connectionTimeout: 5000,
  // Until the answer begins.
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
  // Between two pieces of it.
  socketTimeout: 20_000,
};

export function connect(region: string): AwsClients {
  // What the clients say about their later versions on Node 20 is nothing that whoever deploys can act on.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  // Adaptive: the rights to call are shared with all that run in the account, so a refusal slows the next calls too.
  // Six attempts: about ten seconds of throttling are waited for, and a missing network is told after three.
  const configuration = { region, maxAttempts: 6, retryMode: "adaptive", requestHandler: TIMEOUTS };
  return {
    sfn: new SFNClient(configuration),
    batch: new BatchClient(configuration),
    logs: new CloudWatchLogsClient(configuration),
    sts: new STSClient(configuration),
  };
}

/** What AWS answers; what is expected to go wrong is thrown as a UsageError. */
export async function explained<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw explain(error);
  }
}

/** What is expected to go wrong, in words of ours; anything else as it is. */
export function explain(error: unknown): unknown {
  const expected = expectedFailure(error);
  return expected === undefined
    ? error
    : new UsageError(`${describe(error, expected)}; ${expected.remedy}`, { cause: error });
}

/** What is wrong, where the same call may succeed in a while; `null` for anything else. */
export function passingFailure(error: unknown): string | null {
  const expected = expectedFailure(error);
  return expected?.passes ? describe(error, expected) : null;
}

/** Whether AWS has answered that it does not do what was asked for. */
export function isRefusal(error: unknown): boolean {
  const expected = expectedFailure(error);
  return expected === REFUSED || expected === INVALID;
}

function expectedFailure(error: unknown): ExpectedFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, code = "" } = error as NodeJS.ErrnoException;
  const expected = own(EXPECTED_FAILURES, name) ?? own(EXPECTED_FAILURES, code);
  if (expected !== undefined) return expected;
  if (DISTRUST.test(code)) return DISTRUSTED;
  const { $fault, $metadata, $response } = error as ServiceError;
  const status = $metadata?.httpStatusCode ?? 0;
  // Something else answers in place of AWS, such as a proxy: the client cannot read its page.
  const isUnreadable = $response !== undefined && $fault === undefined;
  if (isUnreadable) return UNREADABLE;
  if (status >= 500) return BROKEN;
  return $fault !== undefined || status >= 400 ? INVALID : undefined;
}

/** What AWS's clients add to their errors. */
interface ServiceError {
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: unknown;
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function describe(error: unknown, expected: ExpectedFailure): string {
  const { message, code, name } = error as NodeJS.ErrnoException;
  const { AWS_PROFILE } = process.env;
  // The SDK does not say which profile it has looked for in vain.
  const whose = name === "CredentialsProviderError" && AWS_PROFILE ? ` for AWS_PROFILE ${AWS_PROFILE}` : "";
  const what = expected === INVALID ? ` (${name})` : "";
  // Of several addresses that were tried, the error itself has no message. Of a wrong signature, AWS shows all that was
  // signed from the second line on, the session's token among it.
  const why =
    String(message)
      .split("\n")[0]!
      .replace(/^@smithy\S* - \[\w+\] /, "") ||
    code ||
    name;
  return `${expected.problem}${printable(whose + what, LONGEST_MESSAGE)}: ${printable(why, LONGEST_MESSAGE)}`;
}

/** AWS's own messages are shorter. */
const LONGEST_MESSAGE = 1000;
