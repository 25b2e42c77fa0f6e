import type { JsonObject } from "../../../../src/base/json";
import { problemsOf } from "./problems-of";

/** The problems of a distributed Map with this ReaderConfig. */
function problemsOfReader(ReaderConfig: JsonObject, fields: JsonObject = {}) {
  const ProcessorConfig = { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" };
  const ItemProcessor = { ProcessorConfig, StartAt: "one", States: { one: { Type: "Pass", End: true } } };
  const request = { Bucket: "b", Key: "k" };
  const isJsonata = fields.QueryLanguage === "JSONata";
  const ItemReader = {
    Resource: "arn:aws:states:::s3:getObject",
    ReaderConfig,
    ...(isJsonata ? { Arguments: request } : { Parameters: request }),
  };
  return problemsOf({
    StartAt: "each",
    States: { each: { Type: "Map", ItemReader, ItemProcessor, End: true, ...fields } },
  });
}

const CONFIG = "/States/each/ItemReader/ReaderConfig";

test.each<[JsonObject, JsonObject]>([
  [{ InputType: "JSON", ItemsPointer: "/a/b", MaxItems: 0 }, {}],
  [
    { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["a"], CSVDelimiter: "TAB", MaxItemsPath: "$.most" },
    {},
  ],
  [{ InputType: "JSONL", MaxItems: "{% $states.input.most %}" }, { QueryLanguage: "JSONata" }],
  [{ InputType: "PARQUET", Transformation: "LOAD_AND_FLATTEN" }, {}],
  [{ ManifestType: "S3_INVENTORY", InputType: "CSV" }, {}],
])("a reader may have %j, in a state with %j", (config, fields) => {
  expect(problemsOfReader(config, fields)).toEqual([]);
});

test.each<[JsonObject, string]>([
  [
    { InputType: "CSV" },
    `error missing-field ${CONFIG}: ReaderConfig.CSVHeaderLocation is missing; AWS requires it with InputType CSV; add "CSVHeaderLocation": "FIRST_ROW", or "GIVEN" with CSVHeaders`,
  ],
  [
    { InputType: "CSV", CSVHeaderLocation: "GIVEN" },
    `error missing-field ${CONFIG}: ReaderConfig.CSVHeaders is missing; AWS requires it with CSVHeaderLocation GIVEN; add CSVHeaders with the names of the columns`,
  ],
  [
    { InputType: "CVS" },
    `error limit ${CONFIG}/InputType: ItemReader.ReaderConfig.InputType must be one of CSV, JSON, JSONL, MANIFEST, PARQUET, got: "CVS"; did you mean CSV?`,
  ],
  [
    { InputType: "JSON", ItemsPointer: "$.a" },
    `error limit ${CONFIG}/ItemsPointer: ItemReader.ReaderConfig.ItemsPointer must be a JSON pointer, which starts with /, got: "$.a"; correct the value`,
  ],
  [
    { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW", CSVDelimitter: "TAB" },
    `error unknown-field ${CONFIG}/CSVDelimitter: ItemReader.ReaderConfig.CSVDelimitter is not a known field; did you mean CSVDelimiter?`,
  ],
])("a reader with %j is wrong", (config, problem) => {
  expect(problemsOfReader(config)).toEqual([problem]);
});

test("a writer shapes its results in known ways only", () => {
  const ResultWriter = { WriterConfig: { Transformation: "COMPAKT", OutputType: "JSONL" } };
  expect(problemsOfReader({ InputType: "JSON" }, { ResultWriter })).toEqual([
    'error limit /States/each/ResultWriter/WriterConfig/Transformation: ResultWriter.WriterConfig.Transformation must be one of NONE, COMPACT, FLATTEN, got: "COMPAKT"; did you mean COMPACT?',
  ]);
});
