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

/** A Map of EXPRESS executions around a state. */
function express(inner: JsonObject): JsonObject {
  const ProcessorConfig = { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" };
  const ItemProcessor = { ProcessorConfig, StartAt: "inner", States: { inner: { ...inner, End: true } } };
  return { StartAt: "each", States: { each: { Type: "Map", ItemProcessor, End: true } } };
}

test.each<[JsonObject, string]>([
  [
    { Type: "Task", Resource: "arn:aws:states:us-east-1:123456789012:activity:a" },
    "Resource: Resource must not be an activity here: the items of each run as EXPRESS executions, which have none",
  ],
  [
    {
      Type: "Map",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "one",
        States: { one: { Type: "Pass", End: true } },
      },
    },
    "ItemProcessor/ProcessorConfig/Mode: Mode must not be DISTRIBUTED here: the items of each run as EXPRESS executions, which have no Map Runs",
  ],
])("an EXPRESS execution cannot run %j", (inner, problem) => {
  const place = "error map-mode /States/each/ItemProcessor/States/inner";
  expect(problemsOf(express(inner))).toEqual([`${place}/${problem}; set "ExecutionType": "STANDARD" in each`]);
});

test("labels are unique", () => {
  const labelled = (name: string, Label: string) => ({
    Type: "Map",
    Label,
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: name,
      States: { [name]: { Type: "Pass", End: true } },
    },
  });
  const States = {
    a: { ...labelled("x", "L"), Next: "b" },
    b: { ...labelled("y", "M"), Next: "c" },
    c: { ...labelled("z", "L"), End: true },
  };
  expect(problemsOf({ StartAt: "a", States })).toEqual([
    "error duplicate-label /States/c/Label: the Label L is used twice, here and by a; labels must be unique in the document; write another Label",
  ]);
});
