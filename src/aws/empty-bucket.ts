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
    if ((error as Error).name === NO_BUCKET) return null;
    throw explain(error);
  }
}

/**
 * Deletes everything in a bucket for good: versions, delete markers and unfinished uploads. After an interruption, the next call
 * deletes the rest. Returns how many were deleted; 0 if there is no such bucket.
 * @throws UsageError if AWS refuses to delete something; the client's own error if `signal` aborts
 */
export async function emptyBucket(bucket: OwnBucket, { signal, deleted }: EmptyingOptions): Promise<number> {
  const run: Run = { s3: await connectTo(bucket), bucket, signal };
  let total = 0;
  for (const deletePage of [deleteVersions, abortUploads]) {
    for (let before = ""; ; ) {
      signal.throwIfAborted();
      const { count, first } = await deletePage(run).catch((error) => {
        signal.throwIfAborted();
        if ((error as Error).name === NO_BUCKET) return NOTHING;
        throw explain(error);
      });
      if (count === 0) break;
      if (first === before) throw stillListed(bucket, first);
      before = first;
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

/** The result for one page. */
interface DeletedPage {
  /** Number of entries that are gone. */
  readonly count: number;
  /** The first of them: key and id. If it is listed again, S3 has not deleted it. */
  readonly first: string;
}

const NOTHING: DeletedPage = { count: 0, first: "" };

/** S3's error for a bucket that does not exist. */
const NO_BUCKET = "NoSuchBucket";

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

/** Deletes the first 1,000 versions and delete markers. */
async function deleteVersions({ s3, bucket, signal }: Run): Promise<DeletedPage> {
  const { DeleteObjectCommand, DeleteObjectsCommand, ListObjectVersionsCommand } = await import("@aws-sdk/client-s3");
  const options = { abortSignal: signal };
  const listed = await s3.send(new ListObjectVersionsCommand({ ...owned(bucket), EncodingType: "url" }), options);
  const versions = [...listOf(listed.Versions), ...listOf(listed.DeleteMarkers)].map(({ Key, VersionId }) => ({
    Key: decoded(required(textOf(Key), "Key"), listed),
    VersionId: required(textOf(VersionId), "VersionId"),
  }));
  for (const version of versions.filter(({ Key }) => NOT_IN_XML.test(Key))) {
    await s3.send(new DeleteObjectCommand({ ...owned(bucket), ...version }), options);
  }
  const Objects = versions.filter(({ Key }) => !NOT_IN_XML.test(Key));
  const gone = (failures: readonly _Error[] = []): DeletedPage => {
    const first = versions.find(({ Key }) => failures.every((failure) => failure.Key !== Key));
    return { count: versions.length - failures.length, first: `${first?.Key} ${first?.VersionId}` };
  };
  if (Objects.length === 0) return gone();
  const command = new DeleteObjectsCommand({ ...owned(bucket), Delete: { Objects, Quiet: true } });
  const failures = listOf((await s3.send(command, options)).Errors);
  // The next call meets the other failures again.
  if (failures.length === versions.length) throw refused(bucket, failures[0]!);
  return gone(failures);
}

/** Removes the parts of the first 1,000 uploads that were not completed. */
async function abortUploads({ s3, bucket, signal }: Run): Promise<DeletedPage> {
  const { AbortMultipartUploadCommand, ListMultipartUploadsCommand } = await import("@aws-sdk/client-s3");
  const options = { abortSignal: signal };
  const listed = await s3.send(new ListMultipartUploadsCommand({ ...owned(bucket), EncodingType: "url" }), options);
  const uploads = listOf(listed.Uploads).map(({ Key, UploadId }) => ({
    Key: decoded(required(textOf(Key), "Key"), listed),
    UploadId: required(textOf(UploadId), "UploadId"),
  }));
  for (const upload of uploads) {
    await s3.send(new AbortMultipartUploadCommand({ ...owned(bucket), ...upload }), options);
  }
  return { count: uploads.length, first: `${uploads[0]?.Key} ${uploads[0]?.UploadId}` };
}

/** Decodes a key of a listing. S3 encodes it as in the query of a URL, because XML cannot hold every key. Emulators may not. */
function decoded(key: string, { EncodingType }: { readonly EncodingType?: string | undefined }): string {
  return EncodingType === "url" ? decodeURIComponent(key.replaceAll("+", " ")) : key;
}

function stillListed({ name }: OwnBucket, entry: string): UsageError {
  return new UsageError(
    `s3://${name} still lists what it has deleted, first ${printable(entry, 200)}; check AWS_ENDPOINT_URL, and start again`,
  );
}

function refused({ name }: OwnBucket, { Key = "", Code = "", Message = "" }: _Error): UsageError {
  return new UsageError(
    `s3://${name}/${printable(Key, 200)} cannot be deleted: ${printable(`${Code}: ${Message}`, 300)}; ` +
      "grant s3:DeleteObject and s3:DeleteObjectVersion on the bucket, or use other credentials, and start again",
  );
}
