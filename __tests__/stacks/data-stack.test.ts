import { DataStack } from "../../stacks/data-stack";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { policiesOf } from "./policies";
import { expectPrivateBucket, inventory, only, PRIVATE_BUCKET, type StackJson, settingsWith, synth } from "./stacks";

/** Returns a stack as it is in the account 123456789012. */
function deployed(json: StackJson): StackJson {
  const text = JSON.stringify(json)
    .replace(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, "123456789012")
    .replace(/\$\{data\.aws_partition\.\w+\.partition\}/g, "aws");
  return JSON.parse(text);
}

const CREATE = settingsWith({ data: "create" });
const NAME = "echo--dev-123456789012-euw1";
const stack = deployed(synth(DataStack, CREATE));

test("there are a bucket and its protections, in a state of their own", () => {
  expect(inventory(stack.resource)).toEqual({
    ...PRIVATE_BUCKET,
  });
  expect(stack.output).toEqual({ "data-bucket": { value: NAME } });
  expect(stack.terraform.backend).toEqual({ local: { path: "../../../state/echo/dev/stack.tfstate" } });
});

test("Terraform refuses to destroy the bucket, and to delete objects, unless the command allows it", () => {
  const bucket = only(stack.resource, "aws_s3_bucket");
  expect(bucket).toMatchObject({ bucket: NAME, lifecycle: { prevent_destroy: true } });
  expect(bucket).not.toHaveProperty("force_destroy");
  class DestroyableDataStack extends DataStack {
    constructor(...[scope, id, settings]: ConstructorParameters<typeof DataStack>) {
      super(scope, id, settings, true);
    }
  }
  const destroyable = only(deployed(synth(DestroyableDataStack, CREATE)).resource, "aws_s3_bucket");
  const { lifecycle: _, ...rest } = bucket;
  expect(destroyable).toEqual(rest);
});

test("the bucket is versioned; old versions and incomplete uploads expire, and objects do not", () => {
  expect(only(stack.resource, "aws_s3_bucket_versioning").versioning_configuration).toEqual({ status: "Enabled" });
  expect(only(stack.resource, "aws_s3_bucket_lifecycle_configuration").rule).toEqual([
    {
      id: "old-versions",
      status: "Enabled",
      filter: [{ prefix: "" }],
      noncurrent_version_expiration: [{ noncurrent_days: 30 }],
      expiration: [{ expired_object_delete_marker: true }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
    },
  ]);
});

test("the bucket is encrypted, private, without ACLs, and open to TLS only", () => {
  expectPrivateBucket(stack);
  expect(only(stack.data, "aws_iam_policy_document").statement).toEqual([
    {
      sid: "TlsOnly",
      effect: "Deny",
      principals: [{ type: "AWS", identifiers: ["*"] }],
      actions: ["s3:*"],
      resources: [`arn:aws:s3:::${NAME}`, `arn:aws:s3:::${NAME}/*`],
      condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
    },
  ]);
});

test("the bucket tells EventBridge of new objects if one may start an execution", () => {
  const { resource } = synth(DataStack, { ...CREATE, onObject: "in/" });
  expect(only(resource, "aws_s3_bucket_notification")).toMatchObject({ eventbridge: true });
});

describe("a job", () => {
  const workflowWith = (data: string) => deployed(synth(WorkflowStack, settingsWith({ data })));
  const environmentOf = ({ resource }: StackJson) =>
    JSON.parse(only(resource, "aws_batch_job_definition").container_properties as string).environment ?? [];
  const bucketRights = (json: StackJson) =>
    policiesOf(json)
      .flatMap(([, statements]) => statements)
      .filter(({ Sid }) => ["FindData", "UseData"].includes(Sid!))
      .map(({ Action, Resource }) => ({ Action, Resource }));

  test.each([
    ["create", NAME],
    ["our-lake", "our-lake"],
  ])("with `data` %s knows the bucket by name and may use its objects, but not delete old versions", (data, bucket) => {
    const json = workflowWith(data);
    expect(environmentOf(json)).toContainEqual({ name: "DATA_BUCKET", value: bucket });
    expect(bucketRights(json)).toEqual([
      {
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: [`arn:aws:s3:::${bucket}`],
      },
      {
        Action: [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetObject",
          "s3:GetObjectTagging",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
          "s3:PutObjectTagging",
        ],
        Resource: [`arn:aws:s3:::${bucket}/*`],
      },
    ]);
  });

  test("without `data` knows no bucket and has no right to one", () => {
    const json = workflowWith("none");
    expect(environmentOf(json)).toEqual([]);
    expect(bucketRights(json)).toEqual([]);
  });
});
