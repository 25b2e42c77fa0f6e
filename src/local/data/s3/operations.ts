/** Finds the operation of a request. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html */

import { ObjectStoreError } from "../object-store";
import { emptyAnswer, type Operation, xmlAnswer } from "./answer";
import { listBuckets, listObjects, listObjectsV2 } from "./list-operations";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from "./multipart-operations";
import { copyObject, deleteObject, deleteObjects, getObject, getObjectTagging, putObject } from "./object-operations";
import type { S3Request } from "./s3-request";

/**
 * Returns the operation of a request.
 * @throws ObjectStoreError NotImplemented with the name of any other operation
 */
export function findOperation(request: S3Request): Operation {
  const { method, headers } = request;
  const level = request.bucket === "" ? "service" : request.key === "" ? "bucket" : "object";
  const names = new Set(request.query.map(([name]) => name));
  const selectors = SELECTORS.filter((name) => names.has(name));
  if (headers["x-amz-copy-source"] !== undefined && level === "object") selectors.push("copy");
  const operation = OPERATIONS[[method, level, ...selectors].join(" ")];
  if (operation !== undefined) return operation;
  throw new ObjectStoreError(
    "NotImplemented",
    `The endpoint of the local run does not implement ${nameOf(method, level, selectors)}`,
  );
}

// --- internal ---

type Level = "service" | "bucket" | "object";

/** The parameters that choose another operation, in the order of the table. */
const SELECTORS: readonly string[] = [
  ...["accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption", "intelligent-tiering"],
  ...["inventory", "legal-hold", "lifecycle", "list-type", "location", "logging", "metadataTable", "metrics"],
  ...[
    "notification",
    "object-lock",
    "ownershipControls",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "renameObject",
  ],
  ...["replication", "requestPayment", "restore", "retention", "select", "session", "tagging", "torrent", "uploadId"],
  ...["uploads", "versionId", "versioning", "versions", "website"],
];

/** Method, level and selectors. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET service": listBuckets,
  "HEAD bucket": async () => emptyAnswer(200),
  "GET bucket": listObjects,
  "GET bucket list-type": listObjectsV2,
  "GET bucket location": async () => xmlAnswer("LocationConstraint", {}),
  "GET bucket uploads": listMultipartUploads,
  "POST bucket delete": deleteObjects,
  "GET object": getObject,
  "HEAD object": getObject,
  "GET object tagging": getObjectTagging,
  "GET object uploadId": listParts,
  "PUT object": putObject,
  "PUT object copy": copyObject,
  "PUT object uploadId": uploadPart,
  "PUT object uploadId copy": uploadPartCopy,
  "POST object uploads": createMultipartUpload,
  "POST object uploadId": completeMultipartUpload,
  "DELETE object": deleteObject,
  "DELETE object uploadId": abortMultipartUpload,
};

const VERBS: Readonly<Record<string, string>> = {
  GET: "Get",
  HEAD: "Head",
  PUT: "Put",
  POST: "Post",
  DELETE: "Delete",
};

/** The names that do not follow from method, level and selector. */
const NAMES: Readonly<Record<string, string>> = {
  "PUT bucket": "CreateBucket",
  "GET bucket versions": "ListObjectVersions",
  "GET bucket session": "CreateSession",
  "POST object select": "SelectObjectContent",
  "POST object restore": "RestoreObject",
  "POST bucket": "PostObject",
};

/** Returns the name of an operation that has no row, such as `GetObjectAcl`. */
function nameOf(method: string, level: Level, selectors: readonly string[]): string {
  const known = NAMES[[method, level, ...selectors].join(" ")];
  if (known !== undefined) return known;
  const noun = level === "service" ? "" : level === "bucket" ? "Bucket" : "Object";
  const words = selectors
    .flatMap((selector) => selector.split("-"))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${VERBS[method] ?? method}${noun}${words.join("")}`;
}
