import { asObject, type Json, type JsonObject } from "../../../base/json";
import { StatesError } from "../states-error";
import { CSV_DELIMITERS } from "./csv";

/** The formats of objects that the local run reads. */
const INPUT_TYPES = ["JSON", "JSONL", "CSV"] as const;
type InputType = (typeof INPUT_TYPES)[number];

/** The evaluated ItemReader of a Map. */
export interface ItemReader {
  readonly action: "getObject" | "listObjectsV2";
  readonly bucket: string;
  /** The key of the object, or the prefix of the keys. */
  readonly key: string;
  readonly inputType: InputType;
  /** The items are the content of the listed objects, not their names. */
  readonly flattens: boolean;
  /** JSON pointer of the items in a JSON object; "" for all of it. */
  readonly itemsPointer: string;
  readonly delimiter: string;
  /** `null` if the first row of a CSV object has the headers. */
  readonly headers: readonly string[] | null;
  /** @default Infinity */
  readonly maxItems: number;
}

/**
 * Reads the evaluated parts of an ItemReader.
 *
 * @param maxItems the value of MaxItems or MaxItemsPath. 0 and more than AWS's limit read all items, as recorded.
 * @throws StatesError States.ItemReaderFailed
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
export function itemReader(
  resource: Json,
  request: Json,
  config: JsonObject,
  maxItems: number | undefined,
): ItemReader {
  const action = String(resource).split(":").at(-1);
  if (action !== "getObject" && action !== "listObjectsV2") throw readerFailed(`ItemReader cannot use ${resource}`);
  const { Bucket, Key, Prefix } = asObject(request);
  if (typeof Bucket !== "string") throw readerFailed("ItemReader needs a Bucket");
  const key = action === "getObject" ? Key : (Prefix ?? "");
  if (typeof key !== "string") throw readerFailed("ItemReader needs a Key");
  const flattens = action === "listObjectsV2" && config.Transformation === "LOAD_AND_FLATTEN";
  return {
    ...{ action, bucket: Bucket, key, flattens },
    inputType: inputTypeOf(config),
    itemsPointer: typeof config.ItemsPointer === "string" ? config.ItemsPointer : "",
    delimiter: delimiterOf(config),
    headers: headersOf(config),
    maxItems: limitOf(maxItems),
  };
}

/** An error of an ItemReader. AWS never names the state in its cause. */
export function readerFailed(cause: string): StatesError {
  return new StatesError("States.ItemReaderFailed", cause);
}

/** Returns the headers. @throws StatesError in AWS's words if two are equal */
export function withoutDuplicates(headers: readonly string[]): readonly string[] {
  if (new Set(headers).size === headers.length) return headers;
  throw readerFailed("CSV headers cannot contain duplicates.");
}

// --- internal ---

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html (MaxItems) */
const MOST_ITEMS = 100_000_000;

function inputTypeOf({ InputType = "JSON", ManifestType }: JsonObject): InputType {
  const known = INPUT_TYPES.find((type) => type === InputType && ManifestType === undefined);
  if (known !== undefined) return known;
  const type = ManifestType === undefined ? `InputType ${InputType}` : `ManifestType ${ManifestType}`;
  throw readerFailed(`the local run does not read ${type}; it reads ${INPUT_TYPES.join(", ")}`);
}

function delimiterOf({ CSVDelimiter = "COMMA" }: JsonObject): string {
  const delimiter = CSV_DELIMITERS[CSVDelimiter as string];
  if (delimiter !== undefined) return delimiter;
  throw readerFailed(`CSVDelimiter must be one of ${Object.keys(CSV_DELIMITERS).join(", ")}, got: ${CSVDelimiter}`);
}

function headersOf({ CSVHeaderLocation, CSVHeaders }: JsonObject): readonly string[] | null {
  if (CSVHeaderLocation !== "GIVEN") return null;
  if (Array.isArray(CSVHeaders) && CSVHeaders.every((header) => typeof header === "string")) {
    return withoutDuplicates(CSVHeaders);
  }
  throw readerFailed("CSVHeaderLocation GIVEN needs CSVHeaders, a list of texts");
}

function limitOf(maxItems: number | undefined): number {
  if (maxItems !== undefined && maxItems < 0) throw readerFailed("field MaxItems must be positive");
  return maxItems === undefined || maxItems === 0 || maxItems > MOST_ITEMS ? Infinity : maxItems;
}
