import { createHash } from "node:crypto";
import type { FileState } from "./object-path";
import type { StoredObject } from "./object-store";

/** Computes the ETags of files. Remembers them for as long as the files stay as they are. */
export class Etags {
  private readonly known = new Map<string, { readonly version: string; readonly etag: string }>();

  /** Describes an object. `read` returns the content of its file, and is only called if the ETag is unknown. */
  async describe(key: string, file: FileState, read: () => Promise<Uint8Array>): Promise<StoredObject> {
    const { size, modifiedAt } = file;
    return { key, size, modifiedAt, etag: `"${await this.etagOf(file, read)}"` };
  }

  private async etagOf({ path, inode, size, modifiedAt }: FileState, read: () => Promise<Uint8Array>): Promise<string> {
    if (size > LARGEST_PART_BYTES) return `${md5(`${size} ${modifiedAt}`)}-${Math.ceil(size / LARGEST_PART_BYTES)}`;
    const version = `${inode} ${size} ${modifiedAt}`;
    const known = this.known.get(path);
    if (known?.version === version) return known.etag;
    const etag = md5(await read());
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(path, { version, etag });
    return etag;
  }
}

// --- internal ---

/** S3 gives larger objects, which arrive in several parts, an ETag that is not the hash of their content. */
const LARGEST_PART_BYTES = 8 * 1024 * 1024;
const MOST_KNOWN = 100_000;

function md5(content: string | Uint8Array): string {
  return createHash("md5").update(content).digest("hex");
}
