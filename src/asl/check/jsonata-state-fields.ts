/** The fields of JSONata states by type of state, as data. An expression may replace every value but the constant ones. */
import type { State } from "../document";
import { any, type Field, type Fields, list, map, object, text } from "../fields";
import { foreignFields } from "./language-fields";
import { BATCH_SIZES, READER_CONFIG, WRITER_CONFIG } from "./map-fields";
import { STATE_FIELDS } from "./state-fields";

/**
 * The fields that no expression can replace. Parts of some can be expressions.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export const CONSTANTS: ReadonlySet<string> = new Set(
  (
    "QueryLanguage Next End Default Resource Label Retry IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy " +
    "Catch ErrorEquals Choices Branches ItemProcessor Iterator Assign ItemReader ItemBatcher ResultWriter"
  ).split(" "),
);

/** Returns the fields of a JSONata state, with those of JSONPath, which another rule reports. */
export function jsonataFields(type: State["Type"]): Fields {
  return {
    ...STATE_FIELDS[type].fields,
    ...foreignFields("state", type, "JSONata"),
    ...shared(type),
    ...OWN[type],
  };
}

// --- internal ---

const ASSIGN = map(any);
const ROLE = object({ RoleArn: text() }, ["RoleArn"]);

const READER = object({ ...READER_CONFIG.fields, ...foreignFields("readerConfig", "Map", "JSONata") });

const WRITER: Field = {
  kind: "object",
  fields: {
    Resource: text(),
    Arguments: any,
    WriterConfig: WRITER_CONFIG,
    ...foreignFields("writer", "Map", "JSONata"),
  },
  required: [],
  anyOf: [["WriterConfig"], ["Resource", "Arguments"]],
};

const OWN: Readonly<Record<State["Type"], Fields>> = {
  Task: { Arguments: any, Output: any, Credentials: ROLE },
  Parallel: { Arguments: any, Output: any },
  Map: {
    Items: any,
    Output: any,
    ItemSelector: any,
    ItemReader: object(
      { Resource: text(), Arguments: any, ReaderConfig: READER, ...foreignFields("reader", "Map", "JSONata") },
      ["Resource"],
    ),
    ItemBatcher: {
      ...object({ BatchInput: any, ...BATCH_SIZES, ...foreignFields("batcher", "Map", "JSONata") }),
      anyOf: Object.keys(BATCH_SIZES).map((name) => [name]),
    },
    ResultWriter: WRITER,
  },
  Choice: {
    Output: any,
    Choices: list(
      object(
        {
          ...foreignFields("rule", "Choice", "JSONata"),
          Condition: any,
          Next: text(),
          Assign: ASSIGN,
          Output: any,
          Comment: text(),
        },
        ["Next"],
      ),
      { minItems: 1 },
    ),
  },
  Pass: { Output: any },
  Wait: { Output: any },
  Succeed: { Output: any },
  Fail: {},
};

/** Returns the fields that several types share and JSONata changes. */
function shared(type: State["Type"]): Fields {
  const { Assign, Catch } = STATE_FIELDS[type].fields;
  return {
    ...(Assign === undefined ? {} : { Assign: ASSIGN }),
    ...(Catch === undefined ? {} : { Catch: CATCH }),
  };
}

const CATCH = list(
  object(
    {
      ...foreignFields("catcher", "Task", "JSONata"),
      Comment: text(),
      ErrorEquals: list(text(), { minItems: 1 }),
      Next: text(),
      Assign: ASSIGN,
      Output: any,
    },
    ["ErrorEquals", "Next"],
  ),
);
