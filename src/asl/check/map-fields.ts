/** The parts of a distributed Map that both query languages share, as data. */
import { any, type Fields, list, object, referencePath, template, text, whole } from "../fields";
import { limited } from "../number-limits";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html (Label) */
export const LABEL = text({
  pattern: /^[^\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]+$/u,
  rule: 'not be empty or contain white space, control characters or any of ?*<>{}[]:;,\\|^~$#%&`"',
  maxLength: 40,
});
/** The call of S3 in an ItemReader or a ResultWriter. */
export const S3_CALL: Fields = { Resource: text(), Parameters: template, Arguments: any };
/** @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html */
export const READER_CONFIG = object({
  InputType: text({ oneOf: ["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"] }),
  Transformation: text({ oneOf: ["NONE", "LOAD_AND_FLATTEN"] }),
  ManifestType: text({ oneOf: ["ATHENA_DATA", "S3_INVENTORY"] }),
  CSVDelimiter: text({ oneOf: ["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"] }),
  CSVHeaderLocation: text({ oneOf: ["FIRST_ROW", "GIVEN"] }),
  CSVHeaders: list(text(), { minItems: 1 }),
  ItemsPointer: text({ pattern: /^\//, rule: "be a JSON pointer, which starts with /" }),
  MaxItems: whole(0),
  MaxItemsPath: referencePath,
});
/** @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html */
export const WRITER_CONFIG = object({
  Transformation: text({ oneOf: ["NONE", "COMPACT", "FLATTEN"] }),
  OutputType: text({ oneOf: ["JSON", "JSONL"] }),
});
/** @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html */
export const BATCH_SIZES: Fields = {
  MaxItemsPerBatch: limited("MaxItemsPerBatch"),
  MaxInputBytesPerBatch: limited("MaxInputBytesPerBatch"),
};
