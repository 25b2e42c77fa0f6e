// What a job does with the AWS SDK for JavaScript. The folder many/ has 2,500 objects.
const assert = require("node:assert/strict");
const {
  S3Client,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  paginateListObjectsV2,
} = require("@aws-sdk/client-s3");

const s3 = new S3Client({});
const Bucket = process.env.DATA_BUCKET;

async function main() {
  const Key = "js/a ü+%.txt";
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "0123456789" }));
  const part = await s3.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=3-5" }));
  assert.equal(await part.Body.transformToString(), "345");

  const upload = { Bucket, Key: "js/large" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload));
  const Parts = [];
  for (const PartNumber of [1, 2, 3, 4]) {
    const Body = Buffer.alloc(6 * 2 ** 20, PartNumber);
    const { ETag } = await s3.send(new UploadPartCommand({ ...upload, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  await s3.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }));
  await s3.send(new CopyObjectCommand({ Bucket, Key: "js/copy", CopySource: `${Bucket}/js/large` }));
  const copy = await s3.send(new GetObjectCommand({ Bucket, Key: "js/copy" }));
  const content = await copy.Body.transformToByteArray();
  assert.deepEqual([content.length, content[0], content.at(-1)], [24 * 2 ** 20, 1, 4]);

  const sizes = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: "many/" })) {
    const Objects = page.Contents.map((object) => ({ Key: object.Key }));
    sizes.push(Objects.length);
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  }
  assert.deepEqual(sizes, [1000, 1000, 500]);
  console.log("javascript-sdk is content");
}

main();
