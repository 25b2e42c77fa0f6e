/** A bucket of this account, and what it holds. */
import { counted } from "../base/terminal-text";

/** A bucket, and the account that must own it. S3 refuses a request for a bucket of another account. */
export interface OwnBucket {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
}

/** The contents of a bucket. A delete marker hides the versions of a deleted object. */
export interface BucketContents {
  readonly objects: number;
  readonly oldVersions: number;
  readonly deleteMarkers: number;
  /** Uploads that were not completed. S3 keeps their parts. */
  readonly uploads: number;
  /** True if the bucket holds more than was counted. */
  readonly isMore: boolean;
}

/** Returns whether S3 would refuse to delete the bucket: it holds an object, an old version or a delete marker. */
export function holdsObjects({ objects, oldVersions, deleteMarkers }: BucketContents): boolean {
  return objects + oldVersions + deleteMarkers > 0;
}

/** Describes contents, such as "3 objects and 1 old version". */
export function describeContents({ objects, oldVersions, deleteMarkers, uploads, isMore }: BucketContents): string {
  const parts = [
    ...(objects > 0 || oldVersions + deleteMarkers === 0 ? [counted(objects, "object")] : []),
    ...(oldVersions > 0 ? [counted(oldVersions, "old version")] : []),
    ...(deleteMarkers > 0 ? [counted(deleteMarkers, "delete marker")] : []),
    ...(uploads > 0 ? [counted(uploads, "unfinished upload")] : []),
  ];
  const last = parts.pop()!;
  return `${isMore ? "more than " : ""}${parts.length === 0 ? last : `${parts.join(", ")} and ${last}`}`;
}
