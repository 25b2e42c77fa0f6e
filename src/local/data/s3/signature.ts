/**
 * Checks the signatures of requests (AWS Signature Version 4).
 *
 * The AWS SDK has a signer, `@smithy/signature-v4`, but it only writes signatures. For a presigned URL it adds parameters
 * and chooses the headers itself, so it cannot repeat what another SDK has signed.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { ObjectStoreError } from "../object-store";
import { parameter, type S3Request } from "./s3-request";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `null` for credentials that do not expire. */
  readonly sessionToken: string | null;
}

/** Finds credentials by their access key. */
export type FindCredentials = (accessKeyId: string) => Credentials | null;

/** Returns the function that finds one of some credentials. */
export function findAmong(credentials: readonly Credentials[]): FindCredentials {
  const byId = new Map(credentials.toReversed().map((one) => [one.accessKeyId, one]));
  return (accessKeyId) => byId.get(accessKeyId) ?? null;
}

/** A request whose signature is right. */
export interface Signed {
  readonly accessKeyId: string;
  /** The value of `x-amz-content-sha256`, or `UNSIGNED-PAYLOAD` for a presigned URL. */
  readonly payload: string;
  /** The signature of the request, from which those of its chunks follow. */
  readonly signature: string;
  /** Signs a text of the given kind, with the request's key, time and scope. */
  sign(algorithm: string, text: string): string;
}

/**
 * Checks the signature of a request.
 *
 * @param now milliseconds since 1970
 * @throws ObjectStoreError with the HTTP status 403
 */
export function checkSignature(request: S3Request, credentialsOf: FindCredentials, now: number): Signed {
  const claim = parameter(request, "X-Amz-Signature") === null ? headerClaim(request) : queryClaim(request);
  const { accessKeyId, scope, time, signedHeaders } = claim;
  const known = credentialsOf(accessKeyId);
  if (known === null) {
    throw new ObjectStoreError(
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
    );
  }
  if (known.sessionToken !== null && !isSame(known.sessionToken, claim.token ?? "")) {
    throw new ObjectStoreError("AccessDenied", "The session token of the request is not the one of its access key");
  }
  const date = parseTime(time);
  if (scope.length !== 4 || scope[0] !== time.slice(0, 8) || scope[2] !== "s3" || scope[3] !== "aws4_request") {
    throw new ObjectStoreError("AccessDenied", "The scope of the credential must be DATE/REGION/s3/aws4_request");
  }
  refuseUnsigned(request, signedHeaders);
  const skew = Math.abs(now - date);
  if (claim.expiresAt === null && skew > SKEW_MILLISECONDS) {
    throw new ObjectStoreError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    );
  }
  if (claim.expiresAt !== null && (now > claim.expiresAt || date - now > SKEW_MILLISECONDS)) {
    throw new ObjectStoreError("AccessDenied", "Request has expired");
  }
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${known.secretAccessKey}`);
  const sign = (algorithm: string, text: string) =>
    hmac(key, `${algorithm}\n${time}\n${scope.join("/")}\n${text}`).toString("hex");
  if (!isSame(sign(ALGORITHM, sha256(canonicalRequest(request, claim))), claim.signature)) {
    throw new ObjectStoreError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  }
  return { accessKeyId, payload: claim.payload, signature: claim.signature, sign };
}

/** Compares two texts in a time that does not depend on where they differ. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(one)), Buffer.from(sha256(other)));
}

export function sha256(content: string | Uint8Array): string {
  // Node.js gives the bytes of headers as Latin-1.
  return createHash("sha256")
    .update(typeof content === "string" ? Buffer.from(content, "latin1") : content)
    .digest("hex");
}

// --- internal ---

const ALGORITHM = "AWS4-HMAC-SHA256";
const SKEW_MILLISECONDS = 15 * 60 * 1000;
const LONGEST_EXPIRY_SECONDS = 7 * 24 * 60 * 60;

/** The statements of a request about its signature. */
interface Claim {
  readonly accessKeyId: string;
  readonly scope: readonly string[];
  /** Such as `20261128T170000Z`. */
  readonly time: string;
  readonly expiresAt: number | null;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payload: string;
  readonly token: string | null;
}

function headerClaim({ headers }: S3Request): Claim {
  const { authorization = "" } = headers;
  if (authorization === "") throw new ObjectStoreError("AccessDenied", "Access Denied. The request has no signature");
  const found = /^AWS4-HMAC-SHA256 +Credential=([^, ]+), *SignedHeaders=([^, ]+), *Signature=([0-9a-f]{64})$/.exec(
    authorization,
  );
  if (found === null)
    throw new ObjectStoreError("AccessDenied", `The header Authorization must be a signature of ${ALGORITHM}`);
  const [, credential = "", signedHeaders = "", signature = ""] = found;
  const payload = headers["x-amz-content-sha256"];
  if (payload === undefined) throw new ObjectStoreError("AccessDenied", "The header x-amz-content-sha256 is missing");
  return {
    ...credentialOf(credential),
    time: headers["x-amz-date"] ?? "",
    expiresAt: null,
    signedHeaders: signedHeaders.split(";"),
    signature,
    payload,
    token: headers["x-amz-security-token"] ?? null,
  };
}

function queryClaim(request: S3Request): Claim {
  const field = (name: string) => parameter(request, `X-Amz-${name}`) ?? "";
  if (field("Algorithm") !== ALGORITHM)
    throw new ObjectStoreError("AccessDenied", `X-Amz-Algorithm must be ${ALGORITHM}`);
  const [time, seconds] = [field("Date"), field("Expires")];
  if (!/^\d{1,6}$/.test(seconds) || Number(seconds) > LONGEST_EXPIRY_SECONDS) {
    throw new ObjectStoreError("AccessDenied", `X-Amz-Expires must be at most ${LONGEST_EXPIRY_SECONDS} seconds`);
  }
  return {
    ...credentialOf(field("Credential")),
    time,
    expiresAt: parseTime(time) + Number(seconds) * 1000,
    signedHeaders: field("SignedHeaders").split(";"),
    signature: field("Signature"),
    payload: parameter(request, "X-Amz-Content-Sha256") ?? request.headers["x-amz-content-sha256"] ?? UNSIGNED,
    token: parameter(request, "X-Amz-Security-Token"),
  };
}

const UNSIGNED = "UNSIGNED-PAYLOAD";

function credentialOf(credential: string): Pick<Claim, "accessKeyId" | "scope"> {
  const parts = credential.split("/");
  return { accessKeyId: parts.slice(0, -4).join("/"), scope: parts.slice(-4) };
}

function parseTime(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time))
    throw new ObjectStoreError("AccessDenied", "The time of the request must be like 20261128T170000Z");
  return time;
}

/** Refuses headers without a signature: an attacker could add one to a signed request, and change what it does. */
function refuseUnsigned({ headers }: S3Request, signedHeaders: readonly string[]): void {
  const required = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  const unsigned = required.filter((name) => !signedHeaders.includes(name));
  if (unsigned.length === 0) return;
  throw new ObjectStoreError(
    "AccessDenied",
    `There were headers present in the request which were not signed: ${unsigned.join(", ")}`,
  );
}

function canonicalRequest({ method, rawPath, query, headers }: S3Request, { signedHeaders, payload }: Claim): string {
  const parameters = query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue));
  return [
    method,
    rawPath,
    parameters.map((pair) => pair.join("=")).join("&"),
    ...signedHeaders.map((name) => `${name}:${(headers[name] ?? "").trim().replaceAll(/ +/g, " ")}`),
    "",
    signedHeaders.join(";"),
    payload,
  ].join("\n");
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Encodes all characters but the unreserved ones of RFC 3986. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
