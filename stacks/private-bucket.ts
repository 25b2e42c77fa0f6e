import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

export interface PrivateBucketProps {
  readonly name: string;
  /** Built from the name, so that the policy is known, and can be reviewed, before the bucket exists. */
  readonly arn: string;
  /** Name of the rule of the lifecycle that deletes old versions. */
  readonly ruleId: string;
  readonly oldVersions: S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration;
  /** True if Terraform refuses to destroy the bucket. It then refuses the whole plan, so the protections stay too. */
  readonly preventDestroy: boolean;
}

/** Days after which S3 deletes the parts of an upload that was not completed. */
const UPLOAD_DAYS = 7;

/**
 * Adds a bucket that is private, encrypted, versioned and only open to TLS. Returns the bucket, then everything that protects it. S3's
 * own keys encrypt it: a KMS key costs money each month and each request, and every reader would need rights on the key.
 */
export function addPrivateBucket(
  scope: Construct,
  id: string,
  props: PrivateBucketProps,
): readonly [S3Bucket, ...TerraformElement[]] {
  const { name, arn, ruleId, oldVersions, preventDestroy } = props;
  const bucket = new S3Bucket(scope, id, { bucket: name, ...(preventDestroy && { lifecycle: { preventDestroy } }) });
  const versioning = new S3BucketVersioningA(scope, `${id}-versioning`, {
    bucket: bucket.id,
    versioningConfiguration: { status: "Enabled" },
  });
  const encryption = new S3BucketServerSideEncryptionConfigurationA(scope, `${id}-encryption`, {
    bucket: bucket.id,
    rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  const expiry = new S3BucketLifecycleConfiguration(scope, `${id}-lifecycle`, {
    bucket: bucket.id,
    rule: [
      {
        id: ruleId,
        status: "Enabled",
        filter: [{ prefix: "" }],
        noncurrentVersionExpiration: [oldVersions],
        // Each deleted object leaves a delete marker, which hides its old versions.
        expiration: [{ expiredObjectDeleteMarker: true }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: UPLOAD_DAYS }],
      },
    ],
    dependsOn: [versioning],
  });
  const privacy = new S3BucketPublicAccessBlock(scope, `${id}-private`, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  // S3 refuses two changes of a bucket's access at a time, so each waits for the one before.
  const ownership = new S3BucketOwnershipControls(scope, `${id}-ownership`, {
    bucket: bucket.id,
    rule: { objectOwnership: "BucketOwnerEnforced" },
    dependsOn: [privacy],
  });
  const policy = new DataAwsIamPolicyDocument(scope, `${id}-policy`, {
    statement: [
      {
        sid: "TlsOnly",
        effect: "Deny",
        principals: [{ type: "AWS", identifiers: ["*"] }],
        actions: ["s3:*"],
        resources: [arn, `${arn}/*`],
        condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      },
    ],
  });
  const tlsOnly = new S3BucketPolicy(scope, `${id}-tls-only`, {
    bucket: bucket.id,
    policy: policy.json,
    dependsOn: [ownership],
  });
  return [bucket, versioning, encryption, expiry, privacy, ownership, policy, tlsOnly];
}
