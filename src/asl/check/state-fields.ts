/**
 * The fields of Amazon States Language by type of state, as data.
 *
 * @see https://states-language.net/spec.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
 */
import type { State } from "../document";
import {
  any,
  boolean,
  expression,
  type Field,
  type Fields,
  list,
  map,
  number,
  object,
  onlyTrue,
  path,
  referencePath,
  resultPath,
  template,
  text,
  timestamp,
  whole,
} from "../fields";

/** The fields of one type of state. */
interface StateFields {
  readonly fields: Fields;
  readonly required: readonly string[];
  /** A state has at most one field of each group. A dot separates nested fields. */
  readonly atMostOne?: readonly (readonly string[])[];
  /** A state has exactly one field of each group. */
  readonly exactlyOne?: readonly (readonly string[])[];
}

const ARN = text({ pattern: /^(arn:|x$)/, rule: "be an ARN" });
const SECONDS = whole(1, 99_999_999);
const LANGUAGE = text({ oneOf: ["JSONPath", "JSONata"] });
const COMMON: Fields = { Type: any, Comment: text(), QueryLanguage: LANGUAGE };
const NEXT: Fields = { Next: text(), End: onlyTrue, Assign: template };
const FILTERS: Fields = { InputPath: path, OutputPath: path };
const ERRORS = list(text(), { minItems: 1 });
const ON_ERROR: Fields = {
  Retry: list(
    object(
      {
        Comment: text(),
        ErrorEquals: ERRORS,
        IntervalSeconds: SECONDS,
        MaxAttempts: whole(0, 99_999_999),
        BackoffRate: number({ minimum: 1 }),
        MaxDelaySeconds: whole(1, 31_622_400),
        JitterStrategy: text({ oneOf: ["FULL", "NONE"] }),
      },
      ["ErrorEquals"],
    ),
  ),
  Catch: list(
    object(
      { Comment: text(), ErrorEquals: ERRORS, Next: text(), ResultPath: resultPath, Assign: template, Output: any },
      ["ErrorEquals", "Next"],
    ),
  ),
};
const RESULT: Fields = { ResultSelector: template, ResultPath: resultPath };
/** The fields of states that can fail and have a result: Task, Parallel, Map. */
const WORK: Fields = { ...COMMON, ...NEXT, ...FILTERS, ...ON_ERROR, ...RESULT };
const LABEL = text({
  pattern: /^[^\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]+$/u,
  rule: 'not be empty or contain white space, control characters or any of ?*<>{}[]:;,\\|^~$#%&`"',
  maxLength: 40,
});
const S3: Fields = { Resource: text(), Parameters: template, Arguments: any };
/** @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html */
const READER_CONFIG = object({
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
const WRITER_CONFIG = object({
  Transformation: text({ oneOf: ["NONE", "COMPACT", "FLATTEN"] }),
  OutputType: text({ oneOf: ["JSON", "JSONL"] }),
});
/** @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html */
const RESULT_WRITER: Field = {
  kind: "object",
  fields: { ...S3, WriterConfig: WRITER_CONFIG },
  required: [],
  anyOf: [["WriterConfig"], ["Resource", "Parameters"]],
};

/** The fields of a JSONPath state. */
export const STATE_FIELDS: Readonly<Record<State["Type"], StateFields>> = {
  Task: {
    fields: {
      ...WORK,
      Resource: ARN,
      Parameters: template,
      Credentials: object({ RoleArn: ARN, "RoleArn.$": expression }, ["RoleArn"]),
      TimeoutSeconds: SECONDS,
      TimeoutSecondsPath: referencePath,
      HeartbeatSeconds: SECONDS,
      HeartbeatSecondsPath: referencePath,
    },
    required: ["Resource"],
    atMostOne: [
      ["TimeoutSeconds", "TimeoutSecondsPath"],
      ["HeartbeatSeconds", "HeartbeatSecondsPath"],
    ],
    exactlyOne: [["Next", "End"]],
  },
  Pass: {
    fields: { ...COMMON, ...NEXT, ...FILTERS, Parameters: template, Result: any, ResultPath: resultPath },
    required: [],
    exactlyOne: [["Next", "End"]],
  },
  Choice: {
    fields: { ...COMMON, ...FILTERS, Assign: template, Choices: list(any, { minItems: 1 }), Default: text() },
    required: ["Choices"],
  },
  Wait: {
    fields: {
      ...COMMON,
      ...NEXT,
      ...FILTERS,
      Seconds: whole(0, 99_999_999),
      SecondsPath: referencePath,
      Timestamp: timestamp,
      TimestampPath: referencePath,
    },
    required: [],
    exactlyOne: [
      ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
      ["Next", "End"],
    ],
  },
  Succeed: { fields: { ...COMMON, ...FILTERS }, required: [] },
  Fail: {
    fields: { ...COMMON, Error: text(), Cause: text(), ErrorPath: expression, CausePath: expression },
    required: [],
    atMostOne: [
      ["Error", "ErrorPath"],
      ["Cause", "CausePath"],
    ],
  },
  Parallel: {
    fields: {
      ...WORK,
      Parameters: template,
      Branches: list(any, { minItems: 1 }),
    },
    required: ["Branches"],
    exactlyOne: [["Next", "End"]],
  },
  Map: {
    fields: {
      ...WORK,
      ItemProcessor: any,
      Iterator: any,
      ItemsPath: referencePath,
      ItemSelector: template,
      Parameters: template,
      ItemReader: object({ ...S3, ReaderConfig: READER_CONFIG }, ["Resource"]),
      ItemBatcher: object({
        BatchInput: template,
        MaxItemsPerBatch: whole(1),
        MaxItemsPerBatchPath: referencePath,
        MaxInputBytesPerBatch: whole(1, 262_144),
        MaxInputBytesPerBatchPath: referencePath,
      }),
      ResultWriter: RESULT_WRITER,
      Label: LABEL,
      MaxConcurrency: whole(0),
      MaxConcurrencyPath: referencePath,
      ToleratedFailureCount: whole(0),
      ToleratedFailureCountPath: referencePath,
      ToleratedFailurePercentage: number({ minimum: 0, maximum: 100 }),
      ToleratedFailurePercentagePath: referencePath,
    },
    required: [],
    atMostOne: [
      ["ItemSelector", "Parameters"],
      ["MaxConcurrency", "MaxConcurrencyPath"],
      ["ToleratedFailureCount", "ToleratedFailureCountPath"],
      ["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"],
      ["ItemBatcher.MaxItemsPerBatch", "ItemBatcher.MaxItemsPerBatchPath"],
      ["ItemBatcher.MaxInputBytesPerBatch", "ItemBatcher.MaxInputBytesPerBatchPath"],
      ["ItemReader.ReaderConfig.MaxItems", "ItemReader.ReaderConfig.MaxItemsPath"],
    ],
    exactlyOne: [
      ["ItemProcessor", "Iterator"],
      ["Next", "End"],
    ],
  },
};

const ITEM_PROCESSOR: Fields = {
  Comment: text(),
  StartAt: text(),
  States: any,
  ProcessorConfig: object(
    { Mode: text({ oneOf: ["DISTRIBUTED", "INLINE"] }), ExecutionType: text({ oneOf: ["EXPRESS", "STANDARD"] }) },
    ["Mode"],
  ),
};

/** The fields of a block of states: the document, the inner block of a Map, a branch of a Parallel. */
export const BLOCK_FIELDS: Readonly<Record<"document" | "ItemProcessor" | "Iterator" | "Branches", Fields>> = {
  document: {
    Comment: text(),
    QueryLanguage: LANGUAGE,
    StartAt: text(),
    States: any,
    TimeoutSeconds: SECONDS,
    Version: text({ oneOf: ["1.0"] }),
  },
  ItemProcessor: ITEM_PROCESSOR,
  Iterator: ITEM_PROCESSOR,
  Branches: { Comment: text(), StartAt: text(), States: any },
};

type Comparison = readonly [types: readonly string[], operand: Field];

const ORDER = ["Equals", "GreaterThan", "GreaterThanEquals", "LessThan", "LessThanEquals"];
const COMPARISONS: readonly Comparison[] = [
  [["BooleanEquals"], boolean],
  [["IsBoolean", "IsNull", "IsNumeric", "IsPresent", "IsString", "IsTimestamp"], boolean],
  [ORDER.map((operator) => `Numeric${operator}`), number()],
  [[...ORDER.map((operator) => `String${operator}`), "StringMatches"], text()],
  [ORDER.map((operator) => `Timestamp${operator}`), timestamp],
  [
    [
      "BooleanEqualsPath",
      ...["Numeric", "String", "Timestamp"].flatMap((type) => ORDER.map((operator) => `${type}${operator}Path`)),
    ],
    referencePath,
  ],
];

/** The comparison operators of a Choice, each with the type of its operand. */
export const CHOICE_TESTS: Fields = Object.fromEntries(
  COMPARISONS.flatMap(([operators, operand]) => operators.map((operator) => [operator, operand])),
);

/** The fields of a Choice rule: a test, or a combination of tests. */
export const RULE_FIELDS: Fields = {
  ...CHOICE_TESTS,
  Variable: referencePath,
  And: list(any, { minItems: 1 }),
  Or: list(any, { minItems: 1 }),
  Not: map(any),
  Comment: text(),
  Next: text(),
  Assign: template,
};
