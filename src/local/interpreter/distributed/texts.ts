/** Turns the bytes of an object into text, piece by piece. */
import { readerFailed } from "./reader-config";

const GZIP = [0x1f, 0x8b];

/**
 * Decodes UTF-8. Removes a byte order mark.
 * @throws StatesError States.ItemReaderFailed, with the name of the `source`
 */
export async function* decodeUtf8(pieces: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (piece?: Uint8Array) => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw readerFailed(`${source} is not text in UTF-8; save it as UTF-8`);
    }
  };
  let isFirst = true;
  for await (const piece of pieces) {
    if (isFirst && GZIP.every((byte, index) => piece[index] === byte)) {
      throw readerFailed(`${source} is compressed with gzip; store it uncompressed`);
    }
    isFirst = false;
    yield decode(piece);
  }
  yield decode();
}

/** Returns all pieces as one text. */
export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  const all: string[] = [];
  for await (const piece of pieces) all.push(piece);
  return all.join("");
}

/** Yields the lines of a text without their ends. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
