import { randomBytes } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { clientConfiguration } from "./environment";

const REGION = "us-east-1";

/** A header for a program without an SDK: the emulator does not check a signature, but wants one. */
export const SIGNED =
  "Authorization: AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x";

/** A bucket for Terraform states, or for the data of a workflow. */
export class TestBucket {
  private readonly name = `e2e-${randomBytes(4).toString("hex")}`;
  private created = false;

  async create(): Promise<string> {
    if (!this.created) await this.client().send(new CreateBucketCommand({ Bucket: this.name }));
    this.created = true;
    return this.name;
  }

  async put(Key: string, Body: string): Promise<void> {
    await this.client().send(new PutObjectCommand({ Bucket: await this.create(), Key, Body }));
  }

  /** Returns the content of the bucket, by key. */
  async objects(): Promise<Map<string, Buffer>> {
    if (!this.created) return new Map();
    const { Contents = [] } = await this.client().send(new ListObjectsV2Command({ Bucket: this.name }));
    const read = Contents.map(async ({ Key }) => {
      const { Body } = await this.client().send(new GetObjectCommand({ Bucket: this.name, Key: Key! }));
      return [Key!, Buffer.from(await Body!.transformToByteArray())] as const;
    });
    return new Map(await Promise.all(read));
  }

  async dispose(): Promise<void> {
    if (!this.created) return;
    for (const Key of (await this.objects()).keys()) {
      await this.client().send(new DeleteObjectCommand({ Bucket: this.name, Key }));
    }
    await this.client().send(new DeleteBucketCommand({ Bucket: this.name }));
  }

  private client(): S3Client {
    return new S3Client({ ...clientConfiguration(REGION), forcePathStyle: true });
  }
}
