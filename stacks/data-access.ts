/** The access of a job to the bucket for data: the rights of its role, and the variable with the bucket's name. */
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DATA_BUCKET_VARIABLE } from "../src/project/names";
import type { Deployment } from "./deployment";

type Target = Pick<Deployment, "dataBucket" | "partition">;

/**
 * Returns the rights of a job on the bucket: read, write, list and delete objects. A job cannot delete old versions, so everything
 * that it overwrites or deletes can be restored. The AWS CLI copies the tags of large objects too.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
 */
export function dataStatements({ dataBucket, partition }: Target): DataAwsIamPolicyDocumentStatement[] {
  if (dataBucket === null) return [];
  const arn = `arn:${partition}:s3:::${dataBucket}`;
  return [
    {
      sid: "FindData",
      actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      resources: [arn],
    },
    {
      sid: "UseData",
      actions: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "s3:PutObjectTagging",
      ],
      resources: [`${arn}/*`],
    },
  ];
}

/** Returns the variables of a job. */
export function dataVariables({ dataBucket }: Target): Readonly<Record<string, string>> {
  return dataBucket === null ? {} : { [DATA_BUCKET_VARIABLE]: dataBucket };
}
