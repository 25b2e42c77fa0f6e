/** A request to S3, taken apart. */
import type { IncomingMessage } from "node:http";
import { ObjectStoreError } from "../object-store";

export interface S3Request {
  readonly method: string;
  /** The path as it was sent. */
  readonly rawPath: string;
  /** The parameters of the query, decoded, in the order of the request. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** `""` for a request to the service. */
  readonly bucket: string;
  /** `""` for a request to a bucket. */
  readonly key: string;
  /** The connection stays open for the answer, even if the body is not read to its end. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** @throws ObjectStoreError InvalidURI */
export function parseRequest(message: Pick<IncomingMessage, "method" | "url" | "headers" | "iterator">): S3Request {
  const [rawPath = "", ...rest] = (message.url ?? "").split("?");
  if (!rawPath.startsWith("/")) throw new ObjectStoreError("InvalidURI", "The path must begin with /");
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, String(value ?? "")]),
  );
  const query = rest
    .join("?")
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decoded(name, true), decoded(value.join("="), true)] as const;
    });
  const path = decoded(rawPath.slice(1), false);
  const virtualBucket = bucketOfHost(headers.host ?? "");
  const [bucket = "", ...segments] = virtualBucket === null ? path.split("/") : [virtualBucket, path];
  return {
    ...{ method: message.method ?? "GET", rawPath, query, headers },
    ...{ bucket, key: segments.join("/"), body: message.iterator({ destroyOnReturn: false }) },
  };
}

/** Returns a parameter of the query; `null` if it is missing. */
export function parameter({ query }: S3Request, name: string): string | null {
  return query.find(([other]) => other === name)?.[1] ?? null;
}

/**
 * Returns a parameter that is a whole number.
 * @throws ObjectStoreError InvalidArgument
 */
export function numberParameter(request: S3Request, name: string, otherwise: number): number {
  const text = parameter(request, name);
  if (text === null || text === "") return otherwise;
  if (!/^\d{1,9}$/.test(text))
    throw new ObjectStoreError("InvalidArgument", `${name} must be a whole number, got: ${text}`);
  return Number(text);
}

// --- internal ---

/** The names of this machine whose subdomains are buckets, here and in containers. */
const VIRTUAL_HOST = /^(.+)\.(?:localhost|host\.docker\.internal)(?::\d+)?$/;

function bucketOfHost(host: string): string | null {
  return VIRTUAL_HOST.exec(host)?.[1] ?? null;
}

function decoded(text: string, plusIsSpace: boolean): string {
  try {
    return decodeURIComponent(plusIsSpace ? text.replaceAll("+", " ") : text);
  } catch {
    throw new ObjectStoreError("InvalidURI", `The address has an encoding that is no UTF-8, got: ${text}`);
  }
}
