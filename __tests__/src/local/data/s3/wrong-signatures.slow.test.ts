/** Requests that are not quite the signed ones, sent to the endpoint. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { dataFolder } from "../../../../../src/local/data/data-folder";
import { type Endpoint, startEndpoint } from "../../../../../src/local/data/s3/endpoint";
import { findAmong } from "../../../../../src/local/data/s3/signature";

const CREDENTIALS = { accessKeyId: "AKIDLOCAL", secretAccessKey: "local/secret+key", sessionToken: null };
const RUNS = 1000;

/** A request as the SDK has signed it. */
interface Signed {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const folder = mkdtempSync(join(tmpdir(), "workflow-signatures-"));
const agent = new Agent({ keepAlive: true });
let endpoint: Endpoint;
let requests: readonly Signed[];

beforeAll(async () => {
  writeFileSync(join(folder, "secret"), "the secret");
  const options = { bucket: "b", credentialsOf: findAmong([CREDENTIALS]), now: Date.now, listen: "127.0.0.1" };
  endpoint = await startEndpoint({ store: dataFolder(folder), ...options });
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  const taken: Signed[] = [];
  const client = new S3Client({
    ...{ endpoint: `http://127.0.0.1:${endpoint.port}`, region: "eu-west-1", maxAttempts: 1 },
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: {
      handle: async (request: Signed) => {
        taken.push({ ...request, body: request.body ?? "" });
        throw new Error("taken");
      },
    },
  });
  const where = { Bucket: "b", Key: "secret" };
  await client.send(new GetObjectCommand(where)).catch(() => {});
  await client.send(new PutObjectCommand({ ...where, Body: "overwritten" })).catch(() => {});
  await client.send(new DeleteObjectCommand(where)).catch(() => {});
  await client.send(new ListObjectsV2Command({ Bucket: "b", Prefix: "sec" })).catch(() => {});
  await client.send(new CopyObjectCommand({ ...where, Key: "copy", CopySource: "b/secret" })).catch(() => {});
  requests = taken;
});

afterAll(() => {
  agent.destroy();
  endpoint.close();
  rmSync(folder, { recursive: true });
});

function send({ method, path, query, headers, body }: Signed): Promise<{ status: number; text: string }> {
  const parameters = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join("="));
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { agent, host: "127.0.0.1", port: endpoint.port, method, path: `${path}?${parameters.join("&")}`, headers },
      async (response) => {
        let text = "";
        for await (const piece of response) text += piece;
        resolve({ status: response.statusCode!, text });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Replaces one character of a text by another letter or digit. */
const mutate = (text: string, at: number, character: string) => {
  const index = at % text.length;
  const other = text[index]!.toLowerCase() === character ? "q" : character;
  return `${text.slice(0, index)}${other}${text.slice(index + 1)}`;
};

/** The parts of a request that its signature covers, and how they change. */
const MUTATIONS: readonly ((request: Signed, at: number, character: string) => Signed)[] = [
  (request, at) => ({
    ...request,
    method: ["GET", "PUT", "DELETE", "POST", "HEAD"].filter((one) => one !== request.method)[at % 4]!,
  }),
  (request, at, character) => ({ ...request, path: `/b/${mutate(request.path.slice(3) || "x", at, character)}` }),
  (request, at, character) => ({ ...request, query: { ...request.query, [`${character}${at}`]: "1" } }),
  (request, at, character) => {
    const [name, value] = Object.entries(request.query)[at % Object.keys(request.query).length]!;
    return { ...request, query: { ...request.query, [name]: mutate(value, at, character) } };
  },
  (request, at, character) => {
    const [, names = ""] = /SignedHeaders=([^,]+)/.exec(request.headers.authorization!)!;
    const signed = names.split(";").filter((name) => request.headers[name] && name !== "content-length");
    const name = signed[at % signed.length]!;
    return { ...request, headers: { ...request.headers, [name]: mutate(request.headers[name]!, at, character) } };
  },
  (request, at, character) => {
    const { authorization } = request.headers;
    return { ...request, headers: { ...request.headers, authorization: mutate(authorization!, at, character) } };
  },
  (request) => ({ ...request, headers: { host: request.headers.host! } }),
  (request, at) => ({ ...request, headers: { ...request.headers, "x-amz-copy-source": `b/secret${at}` } }),
];

test(`${RUNS} requests with a wrong signature get nothing and change nothing`, async () => {
  let count = 0;
  const cases = fc.tuple(
    fc.nat({ max: 4 }),
    fc.nat({ max: MUTATIONS.length - 1 }),
    fc.nat({ max: 400 }),
    fc.constantFrom(..."abcdef0123456789"),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([which, how, at, character]) => {
      const request = requests[which]!;
      const changed = MUTATIONS[how]!(request, at, character);
      const { status, text } = await send({
        ...changed,
        headers: { ...changed.headers, "content-length": String(request.body.length) },
      });
      count += 1;
      expect([status, text.includes("the secret"), text.includes("<Key>")]).toEqual([403, false, false]);
    }),
    { numRuns: RUNS, seed: 14 },
  );
  expect(count).toBe(RUNS);
  expect([readdirSync(folder), readFileSync(join(folder, "secret"), "utf8")]).toEqual([["secret"], "the secret"]);
});

test("the requests themselves are right", async () => {
  const statuses: number[] = [];
  for (const request of requests.slice(0, 2)) statuses.push((await send(request)).status);
  expect(statuses).toEqual([200, 200]);
  expect(readFileSync(join(folder, "secret"), "utf8")).toBe("overwritten");
});

test("another body than the signed one is not stored", async () => {
  const { status } = await send({ ...requests[1]!, body: "overwritteN" });
  expect([status, readFileSync(join(folder, "secret"), "utf8")]).toEqual([400, "overwritten"]);
});
