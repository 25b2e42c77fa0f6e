import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { inflateRawSync } from "node:zlib";

/** Long enough to be unique, short enough for one line of a terminal. */
const PIECE_LENGTH = 24;

/** Returns pieces of a registry password: as it is, and in the encodings that registries accept. */
export function piecesOf(password: string): string[] {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return [password, base64(password), base64(`AWS:${password}`)].flatMap((text) => {
    const count = Math.floor(text.length / PIECE_LENGTH);
    return Array.from({ length: count }, (_, index) => text.slice(index * PIECE_LENGTH, (index + 1) * PIECE_LENGTH));
  });
}

/** Returns the names of the texts that contain one of the pieces. */
export function whereFound(pieces: Iterable<string>, texts: ReadonlyMap<string, string>): string[] {
  const wanted = [...new Set(pieces)];
  return [...texts].filter(([, text]) => wanted.some((piece) => text.includes(piece))).map(([name]) => name);
}

/** Returns the content of all files of a folder except the providers, by path. Archives are unpacked. Each file is one line. */
export function readAll(folder: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name));
    if (!entry.isFile() || path.includes(".terraform/providers/")) continue;
    const content = readFileSync(join(folder, path));
    texts.set(path, asOneLine(content));
    for (const [name, unpacked] of zipEntries(content)) texts.set(`${path}: ${name}`, asOneLine(unpacked));
  }
  return texts;
}

/** Joins lines that a terminal had broken. */
export function asOneLine(content: Buffer | string): string {
  return stripVTControlCharacters(content.toString("latin1")).replace(/\s/g, "");
}

/**
 * Returns the files in a zip archive, and no files for other content. A saved plan of Terraform is a zip archive.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
function zipEntries(content: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>();
  const end = content.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (end === -1 || !content.subarray(0, 2).equals(Buffer.from("PK"))) return entries;
  let header = content.readUInt32LE(end + 16);
  for (let count = content.readUInt16LE(end + 10); count > 0; count--) {
    const method = content.readUInt16LE(header + 10);
    const size = content.readUInt32LE(header + 20);
    const nameLength = content.readUInt16LE(header + 28);
    const name = content.toString("utf8", header + 46, header + 46 + nameLength);
    const local = content.readUInt32LE(header + 42);
    const start = local + 30 + content.readUInt16LE(local + 26) + content.readUInt16LE(local + 28);
    const packed = content.subarray(start, start + size);
    entries.set(name, method === 0 ? packed : inflateRawSync(packed));
    header += 46 + nameLength + content.readUInt16LE(header + 30) + content.readUInt16LE(header + 32);
  }
  return entries;
}
