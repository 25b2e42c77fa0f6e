import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { UsageError } from "../../../src/base/errors";
import { type JobAdditions, jobVariables, NO_ADDITIONS } from "../../../src/local/batch/job-additions";
import { dataFolder } from "../../../src/local/data/data-folder";
import { type DataEndpoint, startDataEndpoint } from "../../../src/local/data-endpoint";
import type { HostAddress } from "../../../src/local/engines/host-address";
import { DataRecorder } from "../../../src/local/reuse/data-trace";
import { tracedBucket } from "../../../src/local/reuse/traced-bucket";

const LOOPBACK: HostAddress = { listen: "127.0.0.1", name: "127.0.0.1", isAdded: false };
/** An address of no machine (RFC 5737). */
const ELSEWHERE: HostAddress = { listen: "192.0.2.1", name: "192.0.2.1", isAdded: false };
const NAMED: HostAddress = { listen: "127.0.0.1", name: "host.docker.internal", isAdded: true };

const folder = mkdtempSync(join(tmpdir(), "workflow-data-endpoint-"));
let endpoint: DataEndpoint | null = null;

afterEach(() => {
  endpoint?.close();
  endpoint = null;
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(addresses: readonly HostAddress[], defaults = NO_ADDITIONS.defaults) {
  const data = { bucket: "my-data", region: "eu-west-1", store: dataFolder(folder) };
  endpoint = await startDataEndpoint(data, { ...NO_ADDITIONS, defaults }, addresses, { now: Date.now });
  return endpoint.additions;
}

function clientOf({ defaults }: DataEndpoint["additions"]): S3Client {
  const { AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = {
    ...defaults.environment,
    ...defaults.secrets,
  } as Record<string, string>;
  return new S3Client({
    ...{ endpoint: AWS_ENDPOINT_URL_S3!, region: "eu-west-1", maxAttempts: 1 },
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID!,
      secretAccessKey: AWS_SECRET_ACCESS_KEY!,
      ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
    },
  });
}

/** Returns a client with an access key of its own, and the record of what it does. */
function ownClient(): { readonly client: S3Client; readonly recorder: DataRecorder } {
  const recorder = new DataRecorder();
  const { additions, newAccessKey } = endpoint!;
  const AWS_ACCESS_KEY_ID = newAccessKey!((bucket) => tracedBucket(bucket, recorder));
  const { environment, secrets } = additions.defaults;
  const defaults = { environment: { ...environment, AWS_ACCESS_KEY_ID }, secrets };
  return { client: clientOf({ ...additions, defaults }), recorder };
}

test("gives the jobs an endpoint, its credentials and the region", async () => {
  const additions = await start([LOOPBACK]);
  expect(additions).toEqual({
    defaults: {
      environment: {
        AWS_ENDPOINT_URL_S3: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        AWS_ACCESS_KEY_ID: expect.stringMatching(/^LOCAL[0-9A-F]{15}$/),
        AWS_REGION: "eu-west-1",
        AWS_DEFAULT_REGION: "eu-west-1",
      },
      secrets: { AWS_SECRET_ACCESS_KEY: expect.stringMatching(/^[\w-]{40}$/) },
    },
    hosts: {},
  });
  const { Buckets } = await clientOf(additions).send(new ListBucketsCommand({}));
  expect(Buckets?.map(({ Name }) => Name)).toEqual(["my-data"]);
});

test("accepts the credentials that the jobs have anyway", async () => {
  const given = {
    environment: { AWS_REGION: "us-east-1" },
    secrets: { AWS_ACCESS_KEY_ID: "ASIA", AWS_SECRET_ACCESS_KEY: "theirs", AWS_SESSION_TOKEN: "token" },
  };
  const additions = await start([LOOPBACK], given);
  expect(additions.defaults.environment).toMatchObject({ AWS_REGION: "us-east-1" });
  expect(additions.defaults.secrets).toEqual(given.secrets);
  expect((await clientOf(additions).send(new ListBucketsCommand({}))).Buckets).toHaveLength(1);
});

test("each run has credentials of its own", async () => {
  const first = await start([LOOPBACK]);
  endpoint!.close();
  const second = await start([LOOPBACK]);
  expect(first.defaults.secrets).not.toEqual(second.defaults.secrets);
});

test("takes the next way if the address is not one of this machine", async () => {
  const { defaults, hosts } = await start([ELSEWHERE, NAMED]);
  expect(defaults.environment.AWS_ENDPOINT_URL_S3).toMatch(/^http:\/\/host\.docker\.internal:\d+$/);
  expect(hosts).toEqual({ "host.docker.internal": "host-gateway", "my-data.host.docker.internal": "host-gateway" });
});

test("says which address cannot be used, and what to do", async () => {
  const work = start([ELSEWHERE]);
  await expect(work).rejects.toThrow(UsageError);
  await expect(work).rejects.toThrow(
    /^the S3 endpoint of the folder data\/ cannot listen at 192\.0\.2\.1: .*EADDRNOTAVAIL.*; without jobs that use S3, set `data` to none$/,
  );
});

test("a closed endpoint answers nobody, and leaves no unfinished file", async () => {
  const additions = await start([LOOPBACK]);
  const client = clientOf(additions);
  await client.send(new PutObjectCommand({ Bucket: "any", Key: "k", Body: "x" }));
  endpoint!.close();
  await expect(client.send(new ListBucketsCommand({}))).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
  expect([existsSync(join(folder, "k")), existsSync(join(folder, ".workflow-unfinished"))]).toEqual([true, false]);
});

const KEYS = { AWS_ACCESS_KEY_ID: "AKIDUSER", AWS_SECRET_ACCESS_KEY: "secret of the user" };
const SESSION = {
  AWS_ACCESS_KEY_ID: "ASIAPROFILE",
  AWS_SECRET_ACCESS_KEY: "of the profile",
  AWS_SESSION_TOKEN: "token",
};

/** Returns the HTTP status that the job `train` gets from the endpoint with the variables of its container. */
async function statusFor(given: JobAdditions): Promise<number | undefined> {
  const data = { bucket: "b", region: "eu-west-1", store: dataFolder(folder) };
  const { additions, close } = await startDataEndpoint(data, given, [LOOPBACK], { now: Date.now });
  try {
    const job = { definition: "train", environment: {} };
    const { environment, secrets } = jobVariables(job, { ...given, ...additions }, {});
    const variables: Record<string, string | undefined> = { ...environment, ...secrets };
    const client = new S3Client({
      endpoint: variables.AWS_ENDPOINT_URL_S3!,
      region: variables.AWS_REGION!,
      maxAttempts: 1,
      credentials: {
        accessKeyId: variables.AWS_ACCESS_KEY_ID!,
        secretAccessKey: variables.AWS_SECRET_ACCESS_KEY!,
        ...(variables.AWS_SESSION_TOKEN !== undefined && { sessionToken: variables.AWS_SESSION_TOKEN }),
      },
    });
    const { $metadata } = await client
      .send(new HeadBucketCommand({ Bucket: "b" }))
      .catch((error: { readonly $metadata: { readonly httpStatusCode?: number | undefined } }) => error);
    return $metadata.httpStatusCode;
  } finally {
    close();
  }
}

test.each<[string, Partial<JobAdditions>]>([
  ["new ones, if there are no others", {}],
  ["those of a profile", { defaults: { environment: {}, secrets: SESSION } }],
  ["those of --env", { environment: KEYS }],
  ["those of --env instead of a profile's", { defaults: { environment: {}, secrets: SESSION }, environment: KEYS }],
  ["its own secrets", { secrets: { other: {}, train: KEYS } }],
])("the endpoint accepts the credentials that a job has: %s", async (_, given) => {
  expect(await statusFor({ ...NO_ADDITIONS, ...given })).toBe(200);
});

test("what a job reads and writes is told to the one with its access key, whatever others do at the same time", async () => {
  const additions = await start([LOOPBACK]);
  const jobs = ["one", "other"].map((name) => ({ name, ...ownClient() }));
  await clientOf(additions).send(new PutObjectCommand({ Bucket: "my-data", Key: "in/shared", Body: "x" }));
  const traces = await Promise.all(
    jobs.map(async ({ name, client, recorder }) => {
      const at = { Bucket: "my-data", Key: `out/${name}` };
      await client.send(new GetObjectCommand({ Bucket: "my-data", Key: "in/shared" }));
      await client.send(new HeadObjectCommand({ Bucket: "my-data", Key: `in/${name}` })).catch(() => null);
      await client.send(new PutObjectCommand({ ...at, Body: name }));
      await client.send(new DeleteObjectCommand({ Bucket: "my-data", Key: `old/${name}` }));
      await client.send(new ListObjectsV2Command({ Bucket: "my-data", Prefix: "in/" }));
      return recorder.end();
    }),
  );
  const etag = (text: string) => `"${createHash("md5").update(text).digest("hex")}"`;
  expect(traces).toEqual(
    ["one", "other"].map((name) => ({
      read: { "in/shared": etag("x"), [`in/${name}`]: null },
      written: { [`out/${name}`]: etag(name), [`old/${name}`]: null },
      listed: [{ prefix: "in/", after: "", count: 1, isWhole: true, hash: expect.any(String) }],
    })),
  );
});

test("a refused write is not clear enough for a later run", async () => {
  await start([LOOPBACK]);
  const { client, recorder } = ownClient();
  await client.send(new PutObjectCommand({ Bucket: "my-data", Key: "file", Body: "x" }));
  await expect(
    client.send(new PutObjectCommand({ Bucket: "my-data", Key: "file/below", Body: "x" })),
  ).rejects.toThrow();
  expect(recorder.end()).toBeNull();
});
