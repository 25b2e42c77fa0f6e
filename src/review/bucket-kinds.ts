/** The resource types of a bucket: the bucket itself, and what protects it. */
import { asObject, type Json, type JsonObject, objectsOf } from "../base/json";
import { inBlock, type Kind, type PartWarning, part } from "./parts";

const UNPROTECTED = "Protection of data turned off";

const onlyIf = (isProtected: (value: Json) => boolean): PartWarning => ({
  title: UNPROTECTED,
  isMet: (before, after) => isProtected(before) && !isProtected(after),
});

const isTrue = (value: Json) => value === true;

export const BUCKET_KINDS: Readonly<Record<string, Kind>> = {
  aws_s3_bucket: {
    noun: "bucket",
    named: "bucket",
    parts: [
      part("delete with objects", "force_destroy", {
        warning: { title: UNPROTECTED, isMet: (before, after) => before === false && after === true },
      }),
    ],
  },
  aws_s3_bucket_versioning: {
    ...protectionOf("versioning"),
    parts: [
      inBlock("status", "versioning_configuration", "status", { warning: onlyIf((status) => status === "Enabled") }),
    ],
  },
  aws_s3_bucket_public_access_block: {
    ...protectionOf("block of public access"),
    parts: [
      part("block ACLs", "block_public_acls", { warning: onlyIf(isTrue) }),
      part("block policies", "block_public_policy", { warning: onlyIf(isTrue) }),
      part("ignore ACLs", "ignore_public_acls", { warning: onlyIf(isTrue) }),
      part("restrict buckets", "restrict_public_buckets", { warning: onlyIf(isTrue) }),
    ],
  },
  aws_s3_bucket_policy: { noun: "policy of the bucket", named: "bucket", isDetail: true, parts: [] },
  aws_s3_bucket_ownership_controls: {
    noun: "ownership of objects in the bucket",
    named: "bucket",
    isDetail: true,
    parts: [inBlock("owner", "rule", "object_ownership")],
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    ...protectionOf("encryption"),
    parts: [part("algorithm", "rule", { of: encryptionOf })],
  },
  aws_s3_bucket_lifecycle_configuration: {
    noun: "expiry in the bucket",
    named: "bucket",
    isDetail: true,
    parts: [part("rule", "rule", { of: expiryOf, isNamed: true })],
  },
  aws_s3_bucket_notification: {
    noun: "events of the bucket",
    named: "bucket",
    isDetail: true,
    parts: [part("sent to EventBridge", "eventbridge")],
  },
};

// --- internal ---

function protectionOf(protection: string) {
  return { noun: `${protection} of the bucket`, named: "bucket", isDetail: true, protection } as const;
}

function encryptionOf(rules: Json): Json | undefined {
  return objectsOf(objectsOf(rules)[0]?.apply_server_side_encryption_by_default)[0]?.sse_algorithm;
}

/** Returns the days of each rule, by its id. */
function expiryOf(rules: Json): JsonObject {
  return Object.fromEntries(
    objectsOf(rules).map((rule) => {
      const block = (name: string) => asObject(objectsOf(rule[name])[0]);
      const days = {
        objects: block("expiration").days,
        "old versions": block("noncurrent_version_expiration").noncurrent_days,
        "incomplete uploads": block("abort_incomplete_multipart_upload").days_after_initiation,
      };
      const said = Object.entries(days).flatMap(([what, count]) =>
        count === undefined || count === null || count === 0 ? [] : [`${what} after ${count} days`],
      );
      return [String(rule.id), rule.status === "Enabled" ? said.join(", ") : "off"];
    }),
  );
}
