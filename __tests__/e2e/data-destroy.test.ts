/** Tests that no command deletes data by accident: what each way to destroy a deployment leaves in the bucket for data. */
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { clientConfiguration, REGION } from "./environment";
import { Project } from "./project";
import { testWith } from "./requirements";

const step = testWith("terraform", "deployments", "docker");

let project: Project;
let s3: S3Client;
let bucket: string;

beforeAll(() => {
  project = new Project();
  s3 = new S3Client({ ...clientConfiguration(REGION), forcePathStyle: true });
});
afterAll(() => project.dispose());

/** Returns every version, delete marker and unfinished upload of the bucket. */
async function held(): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return [
    ...[...Versions, ...DeleteMarkers].map(({ Key, VersionId, IsLatest }) => `${Key} ${VersionId} ${IsLatest}`),
    ...Uploads.map(({ Key, UploadId }) => `${Key} ${UploadId}`),
  ].sort();
}

/** Fills the bucket with objects that have odd keys, old versions, a delete marker and an unfinished upload. */
async function fill(): Promise<string[]> {
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  for (const key of ["in/a.csv", "a b+c%2F", "ü/日本 &<>", "deleted"]) await put(key, "one");
  await put("in/a.csv", "two");
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "deleted" }));
  await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: "half" }));
  return held();
}

/** The resources of the stack in the order of their creation. Each refusal ends an apply, and the next one goes on. */
const REFUSED = [
  ["aws_s3_bucket"],
  [
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_public_access_block",
  ],
  ["aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_ownership_controls"],
  ["aws_s3_bucket_policy"],
];

let objects: string[];

step("a bucket is added to a deployment, and nothing is replaced", async () => {
  await project.deploy();
  project.set({ data: "create" });
  const planned = await project.startWorkflow("diff").ended;

  expect(planned.output.match(/^Plan: .*$/gm)).toEqual([
    "Plan: 7 to add, 0 to change, 0 to destroy.",
    expect.stringMatching(/^Plan: \d to add, \d to change, 0 to destroy\.$/),
  ]);

  expect(Object.keys(JSON.parse(project.json("data")).resource).sort()).toEqual(REFUSED.flat().sort());
  await project.terraform("data", ["init", "-input=false"]);
  for (const types of REFUSED) {
    const STANDIN_FAIL = types.map((type) => `${type}:create`).join(",");
    const refused = await project.tryTerraform("data", ["apply", "-auto-approve", "-input=false"], { STANDIN_FAIL });
    expect([types, refused.status]).toEqual([types, 1]);
    for (const type of types) expect(refused.output).toMatch(new RegExp(`${type}.*AccessDenied`));
  }
  await project.deploy();
  bucket = (await project.outputs("data"))["data-bucket"]!;
  expect(bucket).toMatch(new RegExp(`^echo--${project.environment}-\\d{12}-euw1$`));
  expect(await project.plan("data")).toBe("");
  expect(await project.replan()).toBe("");
  objects = await fill();
  expect(objects).toHaveLength(7);
});

step("`npx cdktf destroy '*'` says that it keeps the bucket, and changes nothing about it", async () => {
  const { status, output } = await project.cdktf("destroy", "*", "--auto-approve");
  expect(status).not.toBe(0);
  // The CLI sometimes loses the last lines of Terraform, which say the same.
  expect(output).toContain(
    "destroys keep the bucket for data and everything in it; `npx workflow destroy --data` destroys it",
  );
  expect(await held()).toEqual(objects);
  expect(await project.plan("data")).toBe("");
});

step("a deploy without the setting leaves the bucket, and says so", async () => {
  project.set({ data: "none" });
  const { output } = await project.startWorkflow("deploy", "--auto-approve").ended;
  expect(output).toContain(`data bucket: ${bucket} is left from a deploy with \`data\` create`);
  expect(await held()).toEqual(objects);
});

step("`npm run destroy` leaves the bucket, and says so", async () => {
  project.set({ data: "create" });
  const printed = await project.destroy();
  expect(printed).toContain(
    `kept the bucket for data, ${bucket}. It holds 3 objects, 2 old versions, 1 delete marker and 1 unfinished upload.`,
  );
  expect(await held()).toEqual(objects);
  expect(await project.plan("data")).toBe("");
});

step("with --data alone, a bucket with objects is refused", async () => {
  const { status, output } = await project.startWorkflow("destroy", "--data", "--auto-approve").ended;
  expect([status, output]).toEqual([2, expect.stringContaining("nothing was stopped or destroyed")]);
  expect(await held()).toEqual(objects);
  expect(project.json("data")).toContain('"prevent_destroy": true');
});

step("with --delete-objects too, nothing is left, even if the setting is gone", async () => {
  project.set({ data: "none" });
  const { status, output } = await project.startWorkflow("destroy", "--data", "--delete-objects", "--auto-approve")
    .ended;
  expect([status, output]).toEqual([0, expect.stringContaining(`deleted 7 objects and versions from ${bucket}`)]);
  await expect(s3.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({ name: "NotFound" });
  expect((await project.terraform("data", ["state", "list"])).trim()).toBe("");
});
