/**
 * Reads the items of a distributed Map from objects in a bucket, one after the other.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
import { isObject, type Json } from "../../../base/json";
import { parseMachineJson } from "../../../base/read-json";
import { type ObjectStore, ObjectStoreError, type StoredObject } from "../../data/object-store";
import { itemsOf, type MapItem } from "../map-items";
import { parseCsv, toItem } from "./csv";
import { type ItemReader, readerFailed, withoutDuplicates } from "./reader-config";
import { decodeUtf8, linesOf, textOf } from "./texts";

/** An item of a distributed Map. */
export interface SourcedItem extends MapItem {
  /** `$$.Map.Item.Source`: where the item comes from. */
  readonly source: string;
}

/**
 * Yields the items that an ItemReader names.
 * @throws StatesError States.ItemReaderFailed
 */
export async function* readItems(reader: ItemReader, store: ObjectStore): AsyncGenerator<SourcedItem> {
  let left = reader.maxItems;
  try {
    for await (const item of allItems(reader, store)) {
      yield item;
      left -= 1;
      if (left === 0) return;
    }
  } catch (cause) {
    if (cause instanceof ObjectStoreError) throw readerFailed(s3Words(cause));
    throw cause;
  }
}

/** Returns an error of a store in the words of the AWS SDK that Step Functions uses. */
export function s3Words({ code, message }: ObjectStoreError): string {
  return `${message} (Service: Amazon S3; Error Code: ${code})`;
}

// --- internal ---

async function* allItems(reader: ItemReader, store: ObjectStore): AsyncGenerator<SourcedItem> {
  const { action, bucket, key, flattens } = reader;
  if (action === "getObject") {
    yield* itemsIn(key, reader, store);
    return;
  }
  for await (const object of store.list(bucket, key)) {
    if (flattens) yield* itemsIn(object.key, reader, store);
    else yield itemOf(describeObject(object), `S3://${bucket}`);
  }
}

function describeObject({ key, size, modifiedAt, etag }: StoredObject): Json {
  return {
    Etag: etag,
    Key: key,
    LastModified: Math.floor(modifiedAt / 1000),
    Size: size,
    StorageClass: "STANDARD",
  };
}

async function* itemsIn(key: string, reader: ItemReader, store: ObjectStore): AsyncGenerator<SourcedItem> {
  const source = `S3://${reader.bucket}/${key}`;
  yield* FORMATS[reader.inputType](decodeUtf8(store.get(reader.bucket, key), source), reader, source);
}

function itemOf(value: Json, source: string): SourcedItem {
  return { input: value, value, key: null, source };
}

type Format = (pieces: AsyncIterable<string>, reader: ItemReader, source: string) => AsyncIterable<SourcedItem>;

const FORMATS: Readonly<Record<ItemReader["inputType"], Format>> = {
  JSON: jsonItems,
  JSONL: jsonLines,
  CSV: csvItems,
};

async function* jsonItems(pieces: AsyncIterable<string>, { itemsPointer }: ItemReader, source: string) {
  const found = valueAt(parsed(await textOf(pieces), source), itemsPointer, source);
  if (!Array.isArray(found) && !isObject(found)) throw readerFailed("Attempting to map over non-iterable node.");
  for (const item of itemsOf(found)) yield { ...item, source };
}

/** Empty lines have no item. */
async function* jsonLines(pieces: AsyncIterable<string>, _: ItemReader, source: string) {
  let line = 0;
  for await (const text of linesOf(pieces)) {
    line += 1;
    if (text.trim() !== "") yield itemOf(parsed(text, `line ${line} of ${source}`), source);
  }
}

async function* csvItems(pieces: AsyncIterable<string>, reader: ItemReader, source: string) {
  let { headers } = reader;
  for await (const row of parseCsv(pieces, reader.delimiter)) {
    if (headers !== null) {
      yield itemOf(toItem(headers, row), source);
      continue;
    }
    headers = withoutDuplicates(row);
  }
}

function parsed(text: string, source: string): Json {
  try {
    return parseMachineJson(text);
  } catch (error) {
    throw readerFailed(`${source} is not JSON: ${(error as Error).message}`);
  }
}

/** Follows a JSON pointer (RFC 6901). */
function valueAt(value: Json, pointer: string, source: string): Json {
  let found: Json | undefined = value;
  for (const segment of pointer.split("/").slice(1)) {
    const key = segment.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(found)) found = /^\d+$/.test(key) ? found[Number(key)] : undefined;
    else found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  if (found !== undefined && (pointer === "" || pointer.startsWith("/"))) return found;
  throw readerFailed(`ItemsPointer ${pointer} leads to nothing in ${source}`);
}
