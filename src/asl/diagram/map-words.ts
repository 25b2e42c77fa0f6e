/** A Map in short words: its items, where they come from, how many run at once. */
import { asObject, type JsonObject } from "../../base/json";
import type { State } from "../document";
import { integrationOf } from "../integration";
import { isDistributed } from "../map-mode";
import { givenRequest } from "../query-language";
import { fieldOf, s3Address, valueWords } from "./value-words";

/** Describes a Map in lines: `for each row of s3://data/in.csv`, `distributed, in batches of 100`. */
export function mapWords(state: State): string[] {
  const { ItemReader, ItemsPath, Items, ItemBatcher, ResultWriter } = state;
  const { MaxConcurrency = state.MaxConcurrencyPath } = state;
  const spread = [
    ...(isDistributed(state) ? ["distributed"] : []),
    ...(ItemBatcher === undefined ? [] : [batchWords(asObject(ItemBatcher))]),
  ];
  const written = asObject(givenRequest(asObject(ResultWriter)));
  return [
    ItemReader === undefined
      ? `for each of ${valueWords(ItemsPath ?? Items ?? "$")}`
      : readerWords(asObject(ItemReader)),
    ...(spread.length === 0 ? [] : [spread.join(", ")]),
    ...(MaxConcurrency ? [`at most ${valueWords(MaxConcurrency)} at a time`] : []),
    ...toleratedWords(state),
    ...(fieldOf(written, "Bucket") === undefined
      ? []
      : [`results to ${s3Address(fieldOf(written, "Bucket"), fieldOf(written, "Prefix"))}`]),
  ];
}

// --- internal ---

/** The items of a file, by its type. @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html */
const ITEMS: Readonly<Record<string, string>> = {
  CSV: "row of",
  JSON: "item of",
  JSONL: "line of",
  MANIFEST: "object in the inventory",
  PARQUET: "row of",
};

function readerWords(reader: JsonObject): string {
  const request = asObject(givenRequest(reader));
  const { InputType, Transformation } = asObject(reader.ReaderConfig);
  const items = typeof InputType === "string" && Object.hasOwn(ITEMS, InputType) ? ITEMS[InputType]! : "item of";
  const bucket = fieldOf(request, "Bucket");
  if (integrationOf(reader.Resource)?.action !== "s3:listObjectsV2") {
    return `for each ${items} ${s3Address(bucket, fieldOf(request, "Key"))}`;
  }
  const address = s3Address(bucket, fieldOf(request, "Prefix"));
  return Transformation === "LOAD_AND_FLATTEN"
    ? `for each ${items} the objects under ${address}`
    : `for each object under ${address}`;
}

function batchWords(batcher: JsonObject): string {
  const items = batcher.MaxItemsPerBatch ?? batcher.MaxItemsPerBatchPath;
  const bytes = batcher.MaxInputBytesPerBatch ?? batcher.MaxInputBytesPerBatchPath;
  if (items !== undefined) return `in batches of ${valueWords(items)}`;
  return bytes === undefined ? "in batches" : `in batches of ${valueWords(bytes)} bytes`;
}

function toleratedWords(state: State): string[] {
  const { ToleratedFailureCount: count = state.ToleratedFailureCountPath } = state;
  const { ToleratedFailurePercentage: share = state.ToleratedFailurePercentagePath } = state;
  const limits = [...(count ? [valueWords(count)] : []), ...(share ? [`${valueWords(share)} %`] : [])];
  return limits.length === 0 ? [] : [`up to ${limits.join(" or ")} may fail`];
}
