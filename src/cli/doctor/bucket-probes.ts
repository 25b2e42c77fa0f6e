/** The probes of `doctor` that look for buckets. */
import { explain, explained } from "../../aws/failures";
import { dataBucketName, dataBucketOf } from "../../project/names";
import { findCaller } from "./find-caller";
import type { Question } from "./question";

/** The answer about a bucket: it does not exist, AWS refuses to show it, or what AWS shows. */
export type FoundBucket<T> = "none" | "refused" | T;

/** Looks for the bucket for states. */
export async function findBucket({
  settings,
  signal,
}: Question): Promise<FoundBucket<{ readonly region: string | null; readonly versioned: boolean }>> {
  const { GetBucketVersioningCommand, S3Client } = await import("@aws-sdk/client-s3");
  const region = settings.stateRegion ?? settings.region;
  const Bucket = settings.stateBucket!;
  const found = await headBucket(Bucket, region, signal);
  if (typeof found === "string") return found;
  if (found.region !== null && found.region !== region) return { ...found, versioned: true };
  const s3 = new S3Client({ region });
  const { Status } = await explained(s3.send(new GetBucketVersioningCommand({ Bucket }), { abortSignal: signal }));
  return { ...found, versioned: Status === "Enabled" };
}

/** Looks for the bucket for data. With `data` none, it looks for the one that an earlier deploy created. */
export async function findDataBucket(question: Question) {
  const { settings, signal } = question;
  const { region } = settings;
  const { account } = await findCaller(question);
  const name = dataBucketOf(settings, account) ?? dataBucketName(settings, account, region);
  return { name, found: await headBucket(name, region, signal) };
}

// --- internal ---

async function headBucket(
  Bucket: string,
  ownRegion: string,
  signal: AbortSignal,
): Promise<FoundBucket<{ readonly region: string | null }>> {
  const { HeadBucketCommand, S3Client } = await import("@aws-sdk/client-s3");
  const s3 = new S3Client({ region: ownRegion });
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal });
    return { region: BucketRegion ?? null };
  } catch (error) {
    const { $metadata, $response } = error as {
      $metadata?: { httpStatusCode?: number };
      $response?: { headers: Record<string, string> };
    };
    const region = $response?.headers["x-amz-bucket-region"];
    if ($metadata?.httpStatusCode === 301 && region !== undefined) return { region };
    if ($metadata?.httpStatusCode === 404) return "none";
    if ($metadata?.httpStatusCode === 403) return "refused";
    throw explain(error);
  }
}
