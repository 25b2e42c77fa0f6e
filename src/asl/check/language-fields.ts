/**
 * The fields that only one query language has, and what replaces them in the other.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import { isObject, type JsonObject } from "../../base/json";
import type { State } from "../document";
import { type Fields, foreign } from "../fields";
import { error, type Finding } from "./problem";
import { CHOICE_TESTS } from "./state-fields";

type Language = "JSONPath" | "JSONata";

/** Returns the fields of the other language that a state, or a part of it, must not have. Another rule reports them. */
export function foreignFields(place: Place, type: State["Type"], language: Language): Fields {
  return Object.fromEntries(Object.keys(FOREIGN[language](type)[place]).map((name) => [name, foreign]));
}

/** Finds the fields of the other language in a state, with what to write instead. */
export function* findForeignFields(
  state: State,
  pointer: string,
  language: Language,
): Generator<Finding, void, undefined> {
  const foreign = FOREIGN[language](state.Type);
  for (const { place, part, at, name } of partsOf(state)) {
    for (const [field, instead] of Object.entries(foreign[place])) {
      if (part[field] === undefined) continue;
      const other = language === "JSONata" ? "JSONPath" : "JSONata";
      const way = language === "JSONata" ? "" : ', or add "QueryLanguage": "JSONata" to the state';
      const message = `${name}${field} is a field of ${other} states, but this state uses ${language}`;
      yield error("query-language", `${pointer}${at}/${field}`, message, `${instead}${way}`);
    }
  }
}

// --- internal ---

type Place = "state" | "catcher" | "rule" | "reader" | "readerConfig" | "batcher" | "writer";

/** Fields, each with what to write instead. */
type Foreign = Readonly<Record<Place, Readonly<Record<string, string>>>>;

/** A part of a state with fields of its own. */
interface Part {
  readonly place: Place;
  readonly part: JsonObject;
  /** JSON pointer relative to the state. */
  readonly at: string;
  /** The words before the name of a field in a message. */
  readonly name: string;
}

/** The fields that are foreign to a language, by type of state. */
const FOREIGN: Readonly<Record<Language, (type: State["Type"]) => Foreign>> = {
  JSONata: (type) => ({
    state: {
      InputPath: "remove it, and write $states.input and the path in each expression",
      OutputPath: "use Output",
      ...paths(STATE_PATHS[type]),
      ...FOREIGN_TO_JSONATA[type],
    },
    catcher: { ResultPath: 'use Output: "{% $states.errorOutput %}" is the error' },
    rule: Object.fromEntries(
      ["Variable", "And", "Or", "Not", ...Object.keys(CHOICE_TESTS)].map((name) => [
        name,
        'use Condition, such as "{% $states.input.count > 1 %}"',
      ]),
    ),
    reader: { Parameters: "use Arguments" },
    readerConfig: paths(["MaxItems"]),
    batcher: paths(["MaxItemsPerBatch", "MaxInputBytesPerBatch"]),
    writer: { Parameters: "use Arguments" },
  }),
  JSONPath: (type) => ({
    state: FOREIGN_TO_JSONPATH[type],
    catcher: { Output: "use ResultPath" },
    rule: { Condition: "use Variable with a comparison", Output: "use OutputPath of the state" },
    reader: { Arguments: "use Parameters" },
    readerConfig: {},
    batcher: {},
    writer: { Arguments: "use Parameters" },
  }),
};

const RESULT = {
  ResultSelector: "use Output",
  ResultPath: "use Output, or store the result in a variable with Assign",
};

const FOREIGN_TO_JSONATA: Readonly<Record<State["Type"], Readonly<Record<string, string>>>> = {
  Task: { Parameters: "use Arguments", ...RESULT },
  Parallel: { Parameters: "use Arguments", ...RESULT },
  Map: { Parameters: "use ItemSelector", ItemsPath: "use Items", ...RESULT },
  Pass: { Parameters: "use Output", Result: "use Output", ResultPath: RESULT.ResultPath },
  Choice: {},
  Wait: {},
  Succeed: {},
  Fail: {},
};

/** The fields that have a second form for a path in JSONPath. */
const STATE_PATHS: Readonly<Record<State["Type"], readonly string[]>> = {
  Task: ["TimeoutSeconds", "HeartbeatSeconds"],
  Map: ["MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"],
  Wait: ["Seconds", "Timestamp"],
  Fail: ["Error", "Cause"],
  Parallel: [],
  Pass: [],
  Choice: [],
  Succeed: [],
};

const OUTPUT_OF_WORK = { Output: "use ResultSelector, ResultPath or OutputPath" };
const OUTPUT_PATH = { Output: "use OutputPath" };

const FOREIGN_TO_JSONPATH: Readonly<Record<State["Type"], Readonly<Record<string, string>>>> = {
  Task: { Arguments: "use Parameters", ...OUTPUT_OF_WORK },
  Parallel: { Arguments: "use Parameters", ...OUTPUT_OF_WORK },
  Map: { Items: "use ItemsPath", ...OUTPUT_OF_WORK },
  Pass: { Output: "use Parameters or Result" },
  Choice: OUTPUT_PATH,
  Wait: OUTPUT_PATH,
  Succeed: OUTPUT_PATH,
  Fail: {},
};

function paths(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${name}Path`, `write an expression in ${name}: "{% … %}"`]));
}

function* partsOf(state: State): Generator<Part, void, undefined> {
  yield { place: "state", part: state, at: "", name: "" };
  for (const [field, place] of [
    ["Catch", "catcher"],
    ["Choices", "rule"],
  ] as const) {
    const list = state[field];
    for (const [index, part] of Array.isArray(list) ? list.entries() : []) {
      if (isObject(part)) yield { place, part, at: `/${field}/${index}`, name: `${field}[${index}].` };
    }
  }
  for (const [field, place] of [
    ["ItemReader", "reader"],
    ["ItemBatcher", "batcher"],
    ["ResultWriter", "writer"],
  ] as const) {
    const part = state[field];
    if (!isObject(part)) continue;
    yield { place, part, at: `/${field}`, name: `${field}.` };
    if (isObject(part.ReaderConfig)) {
      const name = `${field}.ReaderConfig.`;
      yield { place: "readerConfig", part: part.ReaderConfig, at: `/${field}/ReaderConfig`, name };
    }
  }
}
