import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { systemClock } from "../../../src/base/clock";
import { type JobAdditions, jobVariables, NO_ADDITIONS } from "../../../src/local/batch/job-additions";
import { startDataEndpoint } from "../../../src/local/data-endpoint";

const HERE = [{ listen: "127.0.0.1", name: "127.0.0.1", isAdded: false }];
const KEYS = { AWS_ACCESS_KEY_ID: "AKIDUSER", AWS_SECRET_ACCESS_KEY: "secret of the user" };
const SESSION = {
  AWS_ACCESS_KEY_ID: "ASIAPROFILE",
  AWS_SECRET_ACCESS_KEY: "of the profile",
  AWS_SESSION_TOKEN: "token",
};

const folder = mkdtempSync(join(tmpdir(), "workflow-data-endpoint-"));

afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the HTTP status that the job `train` gets from the endpoint with the variables of its container. */
async function statusFor(given: JobAdditions): Promise<number | undefined> {
  const data = { bucket: "b", region: "eu-west-1", folder };
  const { additions, close } = await startDataEndpoint(data, given, HERE, systemClock);
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
