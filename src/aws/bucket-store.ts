/** The objects of a bucket on AWS, under the same calls as the objects of the folder `data/`. */
import type { Readable } from "node:stream";
import { UsageError } from "../base/errors";
import { printable } from "../base/terminal-text";
import { countOf, listOf, required, textOf, timeOf } from "./answers";
import { clientConfiguration } from "./clients";
import { explain } from "./failures";

/** A bucket whose objects can be copied. */
export interface AwsBucket {
  readonly name: string;
  readonly region: string;
  /** The account that must own the bucket; `null` if it may belong to any account. */
  readonly accountId: string | null;
}

/** An object as S3 describes it. */
interface BucketObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  readonly etag: string;
}

/** S3 takes no larger object in one request. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
export const LARGEST_UPLOAD_BYTES = 5 * 1024 ** 3;

/** Returns the store of a bucket. Its calls throw UsageError, or the client's own error if `signal` aborts. */
export async function bucketStore({ name, region, accountId }: AwsBucket, signal: AbortSignal) {
  const sdk = await import("@aws-sdk/client-s3");
  const { Readable } = await import("node:stream");
  const { requestHandler, ...configuration } = clientConfiguration(region);
  // The answer to an upload begins when the upload has ended.
  const timeouts = { ...requestHandler, requestTimeout: 0, throwOnRequestTimeout: false };
  const s3 = new sdk.S3Client({ ...configuration, requestHandler: timeouts, followRegionRedirects: true });
  const owned = { Bucket: name, ...(accountId !== null && { ExpectedBucketOwner: accountId }) };
  const options = { abortSignal: signal };
  const asked = <T>(key: string | null, answer: Promise<T>) =>
    answer.catch((error) => {
      signal.throwIfAborted();
      throw missing(error, name, key) ?? explain(error);
    });
  return {
    async *list(_: string, prefix: string): AsyncGenerator<BucketObject> {
      let ContinuationToken: string | undefined;
      do {
        const request = { ...owned, Prefix: prefix, ...(ContinuationToken !== undefined && { ContinuationToken }) };
        const page = await asked(null, s3.send(new sdk.ListObjectsV2Command(request), options));
        for (const { Key, Size, LastModified, ETag } of listOf(page.Contents)) {
          yield described(required(textOf(Key), "Key"), Size, LastModified, ETag);
        }
        ContinuationToken = page.IsTruncated === true ? textOf(page.NextContinuationToken) : undefined;
      } while (ContinuationToken !== undefined);
    },
    async head(_: string, key: string): Promise<BucketObject> {
      const found = await asked(key, s3.send(new sdk.HeadObjectCommand({ ...owned, Key: key }), options));
      return described(key, found.ContentLength, found.LastModified, found.ETag);
    },
    async *get(_: string, key: string): AsyncGenerator<Uint8Array> {
      const { Body } = await asked(key, s3.send(new sdk.GetObjectCommand({ ...owned, Key: key }), options));
      try {
        yield* required(Body, "Body") as Readable;
      } catch (error) {
        signal.throwIfAborted();
        throw explain(error);
      }
    },
    async put(_: string, key: string, content: AsyncIterable<string | Uint8Array>, size: number): Promise<void> {
      if (size > LARGEST_UPLOAD_BYTES) {
        throw new UsageError(
          `an upload has at most 5 GiB, got: ${size} bytes for ${address(name, key)}; use \`aws s3 cp\``,
        );
      }
      const request = { ...owned, Key: key, Body: Readable.from(content, { objectMode: false }), ContentLength: size };
      await asked(key, s3.send(new sdk.PutObjectCommand(request), options));
    },
    async delete(_: string, key: string): Promise<void> {
      await asked(key, s3.send(new sdk.DeleteObjectCommand({ ...owned, Key: key }), options));
    },
  };
}

// --- internal ---

function described(key: string, size: unknown, modifiedAt: unknown, etag: unknown): BucketObject {
  return { key, size: countOf(size) ?? 0, modifiedAt: timeOf(modifiedAt) ?? 0, etag: textOf(etag) ?? "" };
}

/** Returns the error of a bucket or an object that does not exist; `null` for any other error. S3 names no reason for a `head`. */
function missing(error: unknown, bucket: string, key: string | null): UsageError | null {
  const { name } = error as Error;
  if (name === "NoSuchBucket") {
    return new UsageError(`the bucket ${bucket} does not exist; deploy first, or check the setting \`data\``, {
      cause: error,
    });
  }
  const isMissing = key !== null && (name === "NoSuchKey" || name === "NotFound");
  return isMissing ? new UsageError(`there is no object ${address(bucket, key)}`, { cause: error }) : null;
}

function address(bucket: string, key: string): string {
  return `s3://${bucket}/${printable(key, 200)}`;
}
