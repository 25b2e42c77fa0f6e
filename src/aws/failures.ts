/** The failures of AWS's clients that a user can act on. */
import { UsageError } from "../base/errors";
import { printable } from "../base/terminal-text";

/** Returns the answer. Throws an expected failure as a UsageError. */
export async function explained<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw explain(error);
  }
}

/** Returns a UsageError for an expected failure, and any other error as it is. */
export function explain(error: unknown): unknown {
  const expected = expectedFailure(error);
  return expected === undefined
    ? error
    : new UsageError(`${describe(error, expected)}; ${expected.remedy}`, { cause: error });
}

/** Describes a failure after which the same call may succeed later; returns `null` for any other. */
export function passingFailure(error: unknown): string | null {
  const expected = expectedFailure(error);
  return expected?.passes ? describe(error, expected) : null;
}

/** Returns whether AWS has refused the request. */
export function isRefusal(error: unknown): boolean {
  const expected = expectedFailure(error);
  return expected === REFUSED || expected === INVALID;
}

// --- internal ---

const LOG_IN =
  "log in, for example with `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
const GRANT = "grant the missing permission, or use other credentials";
const REACH = "check the network, AWS_REGION, the proxy and AWS_ENDPOINT_URL";
const TRUST = "check the proxy, NODE_EXTRA_CA_CERTS, this machine's clock and AWS_ENDPOINT_URL";
const CORRECT = "check the request";
const WAIT = "wait, or run fewer programs at the same time in this account";

interface ExpectedFailure {
  readonly problem: string;
  readonly remedy: string;
  /** The same call may succeed later, with nothing changed. */
  readonly passes: boolean;
}

const login = (problem: string): ExpectedFailure => ({ problem, remedy: LOG_IN, passes: false });
const REFUSED: ExpectedFailure = { problem: "AWS denies access", remedy: GRANT, passes: false };
const UNREACHED: ExpectedFailure = { problem: "AWS cannot be reached", remedy: REACH, passes: true };
const THROTTLED: ExpectedFailure = { problem: "AWS receives too many requests", remedy: WAIT, passes: true };
const DISTRUSTED: ExpectedFailure = { problem: "the connection to AWS is not trusted", remedy: TRUST, passes: false };
const MISPLACED: ExpectedFailure = { problem: "AWS has no such address", remedy: REACH, passes: false };
const INVALID: ExpectedFailure = { problem: "AWS rejects the request", remedy: CORRECT, passes: false };
const UNREADABLE: ExpectedFailure = { problem: "the answer is not from AWS", remedy: REACH, passes: true };
const BROKEN: ExpectedFailure = { problem: "AWS has an internal error", remedy: "try again later", passes: true };

/** The expected failures, by the name or code of the SDK's error. Any other error is a defect and is rethrown. */
const EXPECTED_FAILURES: Readonly<Record<string, ExpectedFailure>> = {
  CredentialsProviderError: login("there are no AWS credentials"),
  TokenProviderError: login("the AWS login has expired"),
  ExpiredToken: login("the AWS credentials have expired"),
  ExpiredTokenException: login("the AWS credentials have expired"),
  RequestExpired: login("the AWS credentials have expired, or this machine's clock is wrong"),
  InvalidClientTokenId: login("AWS does not know these credentials"),
  UnrecognizedClientException: login("AWS does not know these credentials"),
  SignatureDoesNotMatch: login("AWS rejects these credentials"),
  AccessDenied: REFUSED,
  AccessDeniedException: REFUSED,
  KmsAccessDeniedException: REFUSED,
  NotAuthorized: REFUSED,
  OptInRequired: REFUSED,
  UnauthorizedOperation: REFUSED,
  InvalidSignatureException: login("AWS rejects these credentials, or this machine's clock is wrong"),
  IncompleteSignature: login("AWS rejects these credentials"),
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

/** OpenSSL's and Node.js's codes for a certificate or connection that they do not trust, such as CERT_HAS_EXPIRED. */
const DISTRUST = /^(CERT|CRL|DEPTH_ZERO|ERR_SSL|ERR_TLS|HOSTNAME_MISMATCH|SELF_SIGNED|UNABLE_TO)(_|$)/;

function expectedFailure(error: unknown): ExpectedFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, code = "" } = error as NodeJS.ErrnoException;
  const expected = own(EXPECTED_FAILURES, name) ?? own(EXPECTED_FAILURES, code);
  if (expected !== undefined) return expected;
  if (DISTRUST.test(code)) return DISTRUSTED;
  const { $fault, $metadata, $response } = error as ServiceError;
  const status = $metadata?.httpStatusCode ?? 0;
  // Something else answers instead of AWS, such as a proxy, and the client cannot read its page.
  const isUnreadable = $response !== undefined && $fault === undefined;
  if (isUnreadable) return UNREADABLE;
  if (status >= 500) return BROKEN;
  return $fault !== undefined || status >= 400 ? INVALID : undefined;
}

/** The fields that AWS's clients add to their errors. */
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
  // The SDK does not name the profile that it has not found.
  const whose = name === "CredentialsProviderError" && AWS_PROFILE ? ` for AWS_PROFILE ${AWS_PROFILE}` : "";
  const what = expected === INVALID ? ` (${name})` : "";
  // An error about several failed addresses has no message. After a wrong signature, the message of AWS contains everything
  // that was signed, session token included, from its second line on.
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
