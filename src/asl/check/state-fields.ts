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
import { limited, NUMBER_LIMITS } from "../number-limits";
import { BATCH_SIZES, LABEL, READER_CONFIG, S3_CALL, WRITER_CONFIG } from "./map-fields";

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
const SECONDS = limited("TimeoutSeconds");
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
      HeartbeatSeconds: limited("HeartbeatSeconds"),
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
      Seconds: limited("Seconds"),
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
      ItemReader: object({ ...S3_CALL, ReaderConfig: READER_CONFIG }, ["Resource"]),
      ItemBatcher: {
        ...object({
          BatchInput: template,
          ...BATCH_SIZES,
          MaxItemsPerBatchPath: referencePath,
          MaxInputBytesPerBatchPath: referencePath,
        }),
        anyOf: Object.keys(BATCH_SIZES).flatMap((name) => [[name], [`${name}Path`]]),
      },
      ResultWriter: {
        ...object({ ...S3_CALL, WriterConfig: WRITER_CONFIG }),
        anyOf: [["WriterConfig"], ["Resource", "Parameters"]],
      },
      Label: LABEL,
      MaxConcurrency: limited("MaxConcurrency"),
      MaxConcurrencyPath: referencePath,
      ToleratedFailureCount: limited("ToleratedFailureCount"),
      ToleratedFailureCountPath: referencePath,
      ToleratedFailurePercentage: number(NUMBER_LIMITS.ToleratedFailurePercentage),
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
