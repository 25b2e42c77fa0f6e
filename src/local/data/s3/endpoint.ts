/** The S3 endpoint of the local run: an HTTP server over the data folder. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bucket, DataFolder } from "../data-folder";
import { errorStatus } from "../error-status";
import { ObjectStoreError } from "../object-store";
import type { Answer } from "./answer";
import { MultipartUploads } from "./multipart-uploads";
import { findOperation } from "./operations";
import { payloadOf } from "./payload";
import { parseRequest } from "./s3-request";
import { xmlDocument } from "./s3-xml";
import { checkSignature, type FindCredentials } from "./signature";

export interface EndpointOptions {
  readonly store: DataFolder;
  /** The name of the data bucket. */
  readonly bucket: string;
  readonly credentialsOf: FindCredentials;
  /** Returns the bucket as the holder of an access key sees it. @default the store */
  readonly bucketOf?: (accessKeyId: string) => Bucket;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The address of this machine to listen at, with any free port. */
  readonly listen: string;
}

export interface Endpoint {
  readonly port: number;
  /** Ends all connections, and removes all unfinished files. Does not wait. */
  close(): void;
}

/** Starts to listen. @throws the error of the system if the address cannot be used */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { store, listen, now } = options;
  const uploads = new MultipartUploads(store, now);
  // A large upload may take longer than the limit of Node.js for a request.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MILLISECONDS });
  server.on("request", (message, response) => void serve(message, response, uploads, options));
  server.listen({ host: listen, port: 0, exclusive: true });
  await once(server, "listening");
  // A connection that cannot be accepted, for example because too many files are open. The client sees that.
  server.on("error", () => {});
  // The run ends when its jobs have ended.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
      store.unfinished.remove();
    },
  };
}

// --- internal ---

/** Clients keep connections for up to a minute. */
const KEEP_ALIVE_MILLISECONDS = 65_000;

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  uploads: MultipartUploads,
  { store, bucket, credentialsOf, bucketOf = () => store, now }: EndpointOptions,
): Promise<void> {
  // A client that goes away ends the request. Reading its body throws the error.
  message.on("error", () => {});
  response.on("error", () => {});
  let answer: Answer;
  try {
    const request = parseRequest(message);
    const signed = checkSignature(request, credentialsOf, now());
    const seen = bucketOf(signed.accessKeyId);
    const call = { request, payload: payloadOf(request, signed), store: seen, uploads, dataBucket: bucket };
    answer = await findOperation(request)(call);
  } catch (error) {
    answer = errorAnswer(error, message.url ?? "");
  }
  await send(answer, message, response).catch(() => response.destroy());
}

async function send(
  { status, headers, body, close }: Answer,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    response.writeHead(status, { ...headers, "x-amz-request-id": randomUUID(), Server: "workflow" });
    if (body === null || message.method === "HEAD") response.end();
    else if (typeof body === "string") response.end(body);
    else await pipeline(Readable.from(body), response);
    // A client that still sends, for example to a full disk, reads the answer when it has sent everything.
    message.resume();
  } finally {
    await close?.();
  }
}

function errorAnswer(error: unknown, resource: string): Answer {
  const known = error instanceof ObjectStoreError ? error : null;
  const [code, message] = known === null ? ["InternalError", (error as Error).message] : [known.code, known.message];
  const status = errorStatus(code);
  const body = status === 304 ? null : xmlDocument("Error", { Code: code, Message: message, Resource: resource });
  return { status, headers: body === null ? {} : { "Content-Type": "application/xml" }, body };
}
