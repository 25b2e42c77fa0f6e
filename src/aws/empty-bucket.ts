/** The contents of a bucket with versions: counts them, and deletes them for good. */
import type { _Error, S3Client } from "@aws-sdk/client-s3";
import { UsageError } from "../base/errors";
import { printable } from "../base/terminal-text";
import { listOf, required, textOf } from "./answers";
import type { BucketContents, OwnBucket } from "./bucket-contents";
import { clientConfiguration } from "./clients";
import { explain } from "./failures";

export interface EmptyingOptions {
  readonly signal: AbortSignal;
  /** Called with the number of versions, delete markers and uploads deleted so far. */
  readonly deleted: (total: number) => void;
}

/**
 * Returns the contents of a bucket, counted in one request of at most 1,000 entries, and one for uploads. Returns `null` if there is no
 * such bucket.
 * @throws UsageError if AWS refuses to list them
 */
export async function bucketContents(bucket: OwnBucket, signal?: AbortSignal): Promise<BucketContents | null> {
  const { ListMultipartUploadsCommand, ListObjectVersionsCommand } = await import("@aws-sdk/client-s3");
  const request = owned(bucket);
  const options = signal === undefined ? {} : { abortSignal: signal };
  const s3 = await connectTo(bucket);
  try {
    const [listed, unfinished] = await Promise.all([
      s3.send(new ListObjectVersionsCommand(request), options),
      s3.send(new ListMultipartUploadsCommand(request), options),
    ]);
    const versions = listOf(listed.Versions);
    const objects = versions.filter(({ IsLatest }) => IsLatest === true).length;
    return {
      objects,
      oldVersions: versions.length - objects,
      deleteMarkers: listOf(listed.DeleteMarkers).length,
      uploads: listOf(unfinished.Uploads).length,
      isMore: listed.IsTruncated === true || unfinished.IsTruncated === true,
    };
  } catch (error) {
    if ((error as Error).name === "NoSuchBucket") return null;
    throw explain(error);
  }
}

/**
 * Deletes everything in a bucket for good: versions, delete markers and unfinished uploads. After an interruption, the next call
 * deletes the rest. Returns how many were deleted.
 * @throws UsageError if AWS refuses to delete something; the client's own error if `signal` aborts
 */
export async function emptyBucket(bucket: OwnBucket, { signal, deleted }: EmptyingOptions): Promise<number> {
  const run: Run = { s3: await connectTo(bucket), bucket, signal };
  let total = 0;
  for (const deletePage of [deleteVersions, abortUploads]) {
    for (;;) {
      signal.throwIfAborted();
      const count = await deletePage(run).catch((error) => {
        signal.throwIfAborted();
        throw explain(error);
      });
      if (count === 0) break;
      total += count;
      deleted(total);
    }
  }
  return total;
}

// --- internal ---

interface Run {
  readonly s3: S3Client;
  readonly bucket: OwnBucket;
  readonly signal: AbortSignal;
}

/** The characters that XML cannot contain. S3 reads the keys of a batch from XML. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters
const NOT_IN_XML = /[\u0000-\u001f\u007f\ufffe\uffff]/;

async function connectTo({ region }: OwnBucket): Promise<S3Client> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  return new S3Client(clientConfiguration(region));
}

function owned({ name, accountId }: OwnBucket) {
  return { Bucket: name, ExpectedBucketOwner: accountId };
}

/** Deletes the first 1,000 versions and delete markers. Returns how many are gone. */
async function deleteVersions({ s3, bucket, signal }: Run): Promise<number> {
  const { DeleteObjectCommand, DeleteObjectsCommand, ListObjectVersionsCommand } = await import("@aws-sdk/client-s3");
  const options = { abortSignal: signal };
  const listed = await s3.send(new ListObjectVersionsCommand({ ...owned(bucket), EncodingType: "url" }), options);
  const versions = [...listOf(listed.Versions), ...listOf(listed.DeleteMarkers)].map(({ Key, VersionId }) => ({
    Key: decoded(required(textOf(Key), "Key")),
    VersionId: required(textOf(VersionId), "VersionId"),
  }));
  for (const version of versions.filter(({ Key }) => NOT_IN_XML.test(Key))) {
    await s3.send(new DeleteObjectCommand({ ...owned(bucket), ...version }), options);
  }
  const Objects = versions.filter(({ Key }) => !NOT_IN_XML.test(Key));
  if (Objects.length === 0) return versions.length;
  const command = new DeleteObjectsCommand({ ...owned(bucket), Delete: { Objects, Quiet: true } });
  const failures = listOf((await s3.send(command, options)).Errors);
  // The next call meets the other failures again.
  if (failures.length === versions.length) throw refused(bucket, failures[0]!);
  return versions.length - failures.length;
}

/** Removes the parts of the first 1,000 uploads that were not completed. Returns the number of uploads. */
async function abortUploads({ s3, bucket, signal }: Run): Promise<number> {
  const { AbortMultipartUploadCommand, ListMultipartUploadsCommand } = await import("@aws-sdk/client-s3");
  const options = { abortSignal: signal };
  const listed = await s3.send(new ListMultipartUploadsCommand({ ...owned(bucket), EncodingType: "url" }), options);
  const uploads = listOf(listed.Uploads);
  for (const { Key, UploadId } of uploads) {
    const upload = { Key: decoded(required(textOf(Key), "Key")), UploadId: required(textOf(UploadId), "UploadId") };
    await s3.send(new AbortMultipartUploadCommand({ ...owned(bucket), ...upload }), options);
  }
  return uploads.length;
}

/** Decodes a key of a listing, which S3 encodes as in the query of a URL. Otherwise XML could not hold every key. */
function decoded(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}

function refused({ name }: OwnBucket, { Key = "", Code = "", Message = "" }: _Error): UsageError {
  return new UsageError(
    `s3://${name}/${printable(Key, 200)} cannot be deleted: ${printable(`${Code}: ${Message}`, 300)}; ` +
      "grant s3:DeleteObject and s3:DeleteObjectVersion on the bucket, or use other credentials, and start again",
  );
}
