import { type Json, stringifyJson } from "../../../base/json";
import { MAX_PAYLOAD_BYTES } from "../payload-size";

/** The evaluated ItemBatcher of a Map. */
export interface ItemBatcher {
  /** @default Infinity */
  readonly maxItems: number;
  /** The largest input of a child execution, in bytes. */
  readonly maxBytes: number;
  /** `undefined` if there is none. */
  readonly batchInput: Json | undefined;
}

/** The input of a child execution. */
export interface ChildInput {
  readonly value: Json;
  /** The number of items in it. */
  readonly items: number;
}

/** Yields one input for each item. */
export async function* oneByOne(items: AsyncIterable<Json>): AsyncGenerator<ChildInput> {
  for await (const value of items) yield { value, items: 1 };
}

/**
 * Groups items until a batch has `maxItems`, or until its input would be larger than `maxBytes`. A larger item has a batch of
 * its own.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
 */
export async function* inBatches(items: AsyncIterable<Json>, batcher: ItemBatcher): AsyncGenerator<ChildInput> {
  const { batchInput, maxItems } = batcher;
  const around = batchInput === undefined ? {} : { BatchInput: batchInput };
  const maxBytes = Math.min(batcher.maxBytes, MAX_PAYLOAD_BYTES);
  const emptyBytes = bytesOf({ ...around, Items: [] });
  let batch: Json[] = [];
  let bytes = emptyBytes;
  const close = (): ChildInput => {
    const full = batch;
    batch = [];
    bytes = emptyBytes;
    return { value: { ...around, Items: full }, items: full.length };
  };
  for await (const item of items) {
    const more = bytesOf(item);
    // The comma before an item counts, too.
    if (batch.length > 0 && bytes + 1 + more > maxBytes) yield close();
    bytes += more + (batch.length > 0 ? 1 : 0);
    batch.push(item);
    if (batch.length >= maxItems) yield close();
  }
  if (batch.length > 0) yield close();
}

// --- internal ---

function bytesOf(value: Json): number {
  return Buffer.byteLength(stringifyJson(value));
}
