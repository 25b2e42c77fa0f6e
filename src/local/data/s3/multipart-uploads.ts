/** The multipart uploads that have begun. Their parts are unfinished files. They end with the endpoint. */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolder } from "../data-folder";
import { failure } from "../object-path";
import { ObjectStoreError } from "../object-store";
import { writeNewFile } from "../unfinished-files";

/** A part that has been stored. */
export interface Part {
  readonly number: number;
  readonly size: number;
  readonly modifiedAt: number;
  readonly etag: string;
  readonly path: string;
}

/** An upload that has begun. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly initiatedAt: number;
  /** The parts by their numbers. */
  readonly parts: Map<number, Part>;
  readonly folder: string;
}

/** A part as the request to complete an upload names it. */
export interface NamedPart {
  readonly number: number;
  readonly etag: string;
}

export class MultipartUploads {
  private readonly uploads = new Map<string, Upload>();

  constructor(
    private readonly store: DataFolder,
    private readonly now: () => number,
  ) {}

  /** Returns all uploads by key and then by id. */
  list(): readonly Upload[] {
    return [...this.uploads.values()].sort((one, other) =>
      Buffer.compare(Buffer.from(`${one.key}\0${one.id}`), Buffer.from(`${other.key}\0${other.id}`)),
    );
  }

  /** @throws ObjectStoreError NoSuchUpload */
  find(id: string, key: string): Upload {
    const upload = this.uploads.get(id);
    if (upload !== undefined && upload.key === key) return upload;
    throw new ObjectStoreError(
      "NoSuchUpload",
      "The specified upload does not exist. It may have been aborted or completed.",
    );
  }

  async create(bucket: string, key: string): Promise<Upload> {
    const id = randomBytes(16).toString("hex");
    const folder = await this.guard(bucket, key, async () => {
      const path = this.store.unfinished.newPath();
      await mkdir(path);
      return path;
    });
    const upload = { id, key, initiatedAt: this.now(), parts: new Map<number, Part>(), folder };
    this.uploads.set(id, upload);
    return upload;
  }

  /** Stores a part. An earlier part with the same number stays until the content has ended. */
  async addPart(bucket: string, upload: Upload, number: number, content: AsyncIterable<Uint8Array>): Promise<Part> {
    const hash = createHash("md5");
    let size = 0;
    const counted = async function* () {
      for await (const piece of content) {
        size += piece.length;
        hash.update(piece);
        yield piece;
      }
    };
    return this.guard(bucket, upload.key, async () => {
      const path = join(upload.folder, String(number));
      const temporary = `${path}.${randomBytes(6).toString("hex")}`;
      try {
        await writeNewFile(temporary, counted());
        // Nothing else refers to an upload that was aborted in the meantime.
        this.find(upload.id, upload.key);
        await rename(temporary, path);
      } finally {
        await rm(temporary, { force: true });
      }
      const part = { number, size, modifiedAt: this.now(), etag: `"${hash.digest("hex")}"`, path };
      upload.parts.set(number, part);
      return part;
    });
  }

  /** Returns the parts that a request names, in its order. @throws ObjectStoreError as S3 for parts that do not fit */
  select(upload: Upload, named: readonly NamedPart[]): readonly Part[] {
    if (named.length === 0) throw new ObjectStoreError("MalformedXML", "You must specify at least one part");
    const parts = named.map(({ number, etag }) => {
      const part = upload.parts.get(number);
      if (part !== undefined && part.etag.replaceAll('"', "") === etag.replaceAll('"', "")) return part;
      throw new ObjectStoreError("InvalidPart", `The part ${number} could not be found, or its ETag is another one`);
    });
    if (parts.some((part, index) => index > 0 && part.number <= parts[index - 1]!.number)) {
      throw new ObjectStoreError("InvalidPartOrder", "The list of parts was not in ascending order");
    }
    const small = parts.slice(0, -1).find(({ size }) => size < SMALLEST_PART_BYTES);
    if (small === undefined) return parts;
    throw new ObjectStoreError(
      "EntityTooSmall",
      `The part ${small.number} has ${small.size} bytes; only the last part may have less than 5 MiB`,
    );
  }

  /** Yields the contents of parts, one after the other. */
  async *contentOf(parts: readonly Part[]): AsyncGenerator<Uint8Array> {
    for (const { path } of parts) yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  }

  /** Forgets an upload, and removes its parts. */
  async remove(upload: Upload): Promise<void> {
    if (!this.uploads.delete(upload.id)) return;
    await rm(upload.folder, { recursive: true, force: true });
  }

  private async guard<T>(bucket: string, key: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw failure(error, this.store.place(bucket, key));
    }
  }
}

// --- internal ---

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;
