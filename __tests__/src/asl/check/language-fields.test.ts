import type { Json, JsonObject } from "../../../../src/base/json";
import { problemsOf } from "./problems-of";

const TASK = { Type: "Task", Resource: "arn:aws:lambda:eu-west-1:123456789012:function:f", End: true };
const ITEMS = { StartAt: "item", States: { item: { Type: "Pass", End: true } } };
const MAP = { Type: "Map", ItemProcessor: ITEMS, End: true };
const DISTRIBUTED = {
  ...MAP,
  ItemProcessor: { ...ITEMS, ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } },
};

function ofState(QueryLanguage: string, state: JsonObject): string[] {
  return problemsOf({ QueryLanguage, StartAt: "s", States: { s: state } }).map((problem) =>
    problem.replace("error query-language /States/s", ""),
  );
}

/** A Choice whose rules go to its second state. */
function choosing(QueryLanguage: string, rules: Json[], fields: JsonObject = {}): string[] {
  const Choices = rules.map((rule) => ({ ...(rule as JsonObject), Next: "end" }));
  const States = { s: { Type: "Choice", Choices, Default: "end", ...fields }, end: { Type: "Succeed" } };
  return problemsOf({ QueryLanguage, StartAt: "s", States });
}

test.each<[string, JsonObject, string]>([
  ["InputPath", { ...TASK, InputPath: "$.a" }, "remove it, and write $states.input and the path in each expression"],
  ["OutputPath", { ...TASK, OutputPath: "$.a" }, "use Output"],
  ["Parameters", { ...TASK, Parameters: {} }, "use Arguments"],
  ["ResultSelector", { ...TASK, ResultSelector: {} }, "use Output"],
  ["ResultPath", { ...TASK, ResultPath: "$.a" }, "use Output, or store the result in a variable with Assign"],
  ["TimeoutSecondsPath", { ...TASK, TimeoutSecondsPath: "$.a" }, 'write an expression in TimeoutSeconds: "{% … %}"'],
  ["Result", { Type: "Pass", End: true, Result: 1 }, "use Output"],
  ["Parameters", { Type: "Pass", End: true, Parameters: {} }, "use Output"],
  ["ItemsPath", { ...MAP, ItemsPath: "$.a" }, "use Items"],
  ["Parameters", { ...MAP, Parameters: {} }, "use ItemSelector"],
  ["MaxConcurrencyPath", { ...MAP, MaxConcurrencyPath: "$.a" }, 'write an expression in MaxConcurrency: "{% … %}"'],
  ["SecondsPath", { Type: "Wait", SecondsPath: "$.a", End: true }, 'write an expression in Seconds: "{% … %}"'],
  ["CausePath", { Type: "Fail", CausePath: "$.a" }, 'write an expression in Cause: "{% … %}"'],
])("%s is a field of JSONPath alone", (field, state, fix) => {
  expect(ofState("JSONata", state)).toEqual([
    `/${field}: ${field} is a field of JSONPath states, but this state uses JSONata; ${fix}`,
  ]);
});

test.each<[string, JsonObject, string]>([
  ["Arguments", { ...TASK, Arguments: {} }, "use Parameters"],
  ["Output", { ...TASK, Output: {} }, "use ResultSelector, ResultPath or OutputPath"],
  ["Output", { Type: "Pass", End: true, Output: 1 }, "use Parameters or Result"],
  ["Output", { Type: "Succeed", Output: 1 }, "use OutputPath"],
  ["Items", { ...MAP, Items: [] }, "use ItemsPath"],
])("%s is a field of JSONata alone", (field, state, fix) => {
  expect(ofState("JSONPath", state)).toEqual([
    `/${field}: ${field} is a field of JSONata states, but this state uses JSONPath; ${fix}, or add "QueryLanguage": "JSONata" to the state`,
  ]);
});

test.each<[string, JsonObject, string]>([
  ["Fail", { Type: "Fail", Output: 1 }, "Type, Comment, QueryLanguage, Error, Cause"],
  ["Pass", { Type: "Pass", Arguments: 1, End: true }, "Type, Comment, QueryLanguage, Next, End, Assign, Output"],
])("an unknown field of a %s offers the fields of its language", (_, state, names) => {
  const [field] = Object.keys(state).filter((name) => ["Output", "Arguments"].includes(name));
  expect(ofState("JSONata", state as JsonObject)).toEqual([
    `error unknown-field /States/s/${field}: ${field} is not a known field; known fields are ${names}`,
  ]);
});

test("constants of a reader, a batcher and a writer are checked in both languages", () => {
  const parts = (request: (fields: JsonObject) => JsonObject) => ({
    ...DISTRIBUTED,
    ItemReader: {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "csv", CSVHeaderLocation: "FIRST_ROW", CSVDelimiter: "|", MaxItems: -1 },
      ...request({ Bucket: "b", Key: "k" }),
    },
    ItemBatcher: { BatchInput: {} },
    ResultWriter: {
      Resource: "arn:aws:states:::s3:putObject",
      WriterConfig: { OutputType: "CSV" },
      ...request({ Prefix: "p" }),
    },
  });
  const shown = (lines: string[]) =>
    lines.map((line) => line.replace(/;.*/, "")).filter((line) => !/wide-right/.test(line));
  const common = [
    'error limit /States/s/ItemReader/ReaderConfig/InputType: ItemReader.ReaderConfig.InputType must be one of CSV, JSON, JSONL, MANIFEST, PARQUET, got: "csv"',
    'error limit /States/s/ItemReader/ReaderConfig/CSVDelimiter: ItemReader.ReaderConfig.CSVDelimiter must be one of COMMA, PIPE, SEMICOLON, SPACE, TAB, got: "|"',
    "error limit /States/s/ItemReader/ReaderConfig/MaxItems: ItemReader.ReaderConfig.MaxItems must be at least 0, got: -1",
    'error limit /States/s/ResultWriter/WriterConfig/OutputType: ResultWriter.WriterConfig.OutputType must be one of JSON, JSONL, got: "CSV"',
  ];
  const writer = (request: string) => `error s3-missing-field /States/s/ResultWriter/${request}: Bucket is missing`;
  const batcher = (sizes: string) => `error missing-field /States/s/ItemBatcher: ItemBatcher must have ${sizes}`;
  expect(
    shown(
      ofState(
        "JSONata",
        parts((Arguments) => ({ Arguments })),
      ),
    ).sort(),
  ).toEqual([...common, batcher("MaxItemsPerBatch, or MaxInputBytesPerBatch"), writer("Arguments")].sort());
  expect(
    shown(
      ofState(
        "JSONPath",
        parts((Parameters) => ({ Parameters })),
      ),
    ).sort(),
  ).toEqual(
    [
      ...common,
      batcher("MaxItemsPerBatch, or MaxItemsPerBatchPath, or MaxInputBytesPerBatch, or MaxInputBytesPerBatchPath"),
      writer("Parameters"),
    ].sort(),
  );
});

test.each<[string, JsonObject, string]>([
  ["Assign", { Type: "Pass", Assign: "{% $states.input %}", End: true }, "an object"],
  ["ItemReader", { ...DISTRIBUTED, ItemReader: "{% $states.input %}" }, "an object"],
  ["Retry[0].MaxAttempts", { ...TASK, Retry: [{ ErrorEquals: ["a"], MaxAttempts: "{% 1 %}" }] }, "a whole number"],
  ["Catch[0].ErrorEquals", { ...TASK, Catch: [{ ErrorEquals: "{% ['a'] %}", Next: "s" }] }, "a list"],
  ["End", { Type: "Pass", End: "{% true %}" }, "true"],
])("%s cannot be an expression", (name, state, type) => {
  const [problem] = ofState("JSONata", state).filter((one) => one.includes("wrong-type"));
  expect(problem).toMatch(`: ${name} must be ${type}, got: "{%`);
});

test("a variable and a member of a request may be named like a constant field", () => {
  const Arguments = { Next: "{% 1 %}", Resource: "{% 2 %}" };
  expect(ofState("JSONata", { ...TASK, Arguments, Assign: { Retry: "{% 1 %}", Catch: { End: "{% 2 %}" } } })).toEqual(
    [],
  );
});

test("parts of a state have fields of one language too", () => {
  const states = {
    ItemReader: {
      Resource: "arn:aws:states:::s3:getObject",
      Parameters: { Bucket: "b", Key: "k" },
      ReaderConfig: { InputType: "JSON", MaxItemsPath: "$.max" },
    },
    ItemBatcher: { MaxItemsPerBatchPath: "$.max" },
  };
  expect(ofState("JSONata", { ...DISTRIBUTED, ...states })).toEqual([
    "/ItemReader/Parameters: ItemReader.Parameters is a field of JSONPath states, but this state uses JSONata; use Arguments",
    '/ItemReader/ReaderConfig/MaxItemsPath: ItemReader.ReaderConfig.MaxItemsPath is a field of JSONPath states, but this state uses JSONata; write an expression in MaxItems: "{% … %}"',
    '/ItemBatcher/MaxItemsPerBatchPath: ItemBatcher.MaxItemsPerBatchPath is a field of JSONPath states, but this state uses JSONata; write an expression in MaxItemsPerBatch: "{% … %}"',
  ]);
});

test("a Choice of JSONata has conditions, and one of JSONPath has tests", () => {
  expect(choosing("JSONata", [{ Variable: "$.a", IsPresent: true }])).toEqual([
    'error query-language /States/s/Choices/0/Variable: Choices[0].Variable is a field of JSONPath states, but this state uses JSONata; use Condition, such as "{% $states.input.count > 1 %}"',
    'error query-language /States/s/Choices/0/IsPresent: Choices[0].IsPresent is a field of JSONPath states, but this state uses JSONata; use Condition, such as "{% $states.input.count > 1 %}"',
  ]);
  expect(choosing("JSONPath", [{ Condition: "{% true %}" }])).toEqual([
    'error query-language /States/s/Choices/0/Condition: Choices[0].Condition is a field of JSONata states, but this state uses JSONPath; use Variable with a comparison, or add "QueryLanguage": "JSONata" to the state',
  ]);
  expect(choosing("JSONata", [{}])).toEqual([
    'error missing-field /States/s/Choices/0: Choices[0].Condition is missing; add Condition with an expression, such as "{% $states.input.count > 1 %}"',
  ]);
});

test("a Catch has Output in JSONata and ResultPath in JSONPath", () => {
  const caught = (QueryLanguage: string, fields: JsonObject) =>
    problemsOf({
      QueryLanguage,
      StartAt: "s",
      States: {
        s: { ...TASK, Catch: [{ ErrorEquals: ["States.ALL"], Next: "end", ...fields }] },
        end: { Type: "Fail" },
      },
    });
  expect(caught("JSONata", { ResultPath: "$.error" })).toEqual([
    'error query-language /States/s/Catch/0/ResultPath: Catch[0].ResultPath is a field of JSONPath states, but this state uses JSONata; use Output: "{% $states.errorOutput %}" is the error',
  ]);
  expect(caught("JSONPath", { Output: {} })).toEqual([
    'error query-language /States/s/Catch/0/Output: Catch[0].Output is a field of JSONata states, but this state uses JSONPath; use ResultPath, or add "QueryLanguage": "JSONata" to the state',
  ]);
});

test("Assign is a field of both languages, on the state, in rules and in a Catch", () => {
  const end = { Type: "Succeed" };
  const Catch = [{ ErrorEquals: ["States.ALL"], Assign: { a: 1 }, Next: "end" }];
  const States = { s: { ...TASK, Assign: { a: 1 }, Catch, End: false as Json, Next: "end" }, end };
  for (const QueryLanguage of ["JSONata", "JSONPath"]) {
    const { End, ...s } = States.s;
    expect(problemsOf({ QueryLanguage, StartAt: "s", States: { s, end } })).toEqual([]);
  }
  expect(choosing("JSONPath", [{ Variable: "$.a", IsPresent: true, Assign: { a: 1 } }], { Assign: { a: 2 } })).toEqual(
    [],
  );
  expect(choosing("JSONata", [{ Condition: true, Assign: { a: 1 }, Output: 1 }], { Assign: { a: 2 } })).toEqual([]);
});

test("a state may use JSONata in a JSONPath document, and not the other way round", () => {
  const state = (QueryLanguage: string) => ({ Type: "Pass", QueryLanguage, End: true });
  expect(ofState("JSONPath", { ...state("JSONata"), Output: 1 })).toEqual([]);
  expect(ofState("JSONata", { ...state("JSONPath"), Output: 1 })).toEqual([
    '/QueryLanguage: QueryLanguage must not be JSONPath, because the document uses JSONata; write the state in JSONata, or move "QueryLanguage": "JSONata" from the document to the states that use it',
  ]);
});

test("the language of a Map does not count for the states inside it", () => {
  const item = { Type: "Pass", Output: "{% $states.input %}", End: true };
  const list = { ...MAP, QueryLanguage: "JSONata", ItemProcessor: { StartAt: "item", States: { item } } };
  expect(problemsOf({ StartAt: "list", States: { list } })).toEqual([
    'error query-language /States/list/ItemProcessor/States/item/Output: Output is a field of JSONata states, but this state uses JSONPath; use Parameters or Result, or add "QueryLanguage": "JSONata" to the state',
  ]);
});

test("a language that AWS does not know counts as JSONata", () => {
  expect(
    ofState("JSONPath", { Type: "Pass", QueryLanguage: "jsonata", Output: "{% 1 %}", InputPath: "$.a", End: true }),
  ).toEqual([
    'error limit /States/s/QueryLanguage: QueryLanguage must be one of JSONPath, JSONata, got: "jsonata"; did you mean JSONata?',
    "/InputPath: InputPath is a field of JSONPath states, but this state uses JSONata; remove it, and write $states.input and the path in each expression",
  ]);
});

test("some fields are constant in JSONata too", () => {
  expect(ofState("JSONata", { ...TASK, Resource: "{% 'arn:x' %}" })).toContain(
    "error limit /States/s/Resource: Resource must be an ARN, got: \"{% 'arn:x' %}\"; correct the value",
  );
  expect(ofState("JSONata", { ...TASK, Retry: [{ ErrorEquals: ["{% a %}"], IntervalSeconds: "{% 1 %}" }] })).toEqual([
    "warning error-name /States/s/Retry/0/ErrorEquals/0: Retry[0] lists {% a %}, which is not an error name of any task; write the name itself: AWS evaluates nothing in ErrorEquals",
    'error wrong-type /States/s/Retry/0/IntervalSeconds: Retry[0].IntervalSeconds must be a whole number, got: "{% 1 %}"; write a number without quotes',
  ]);
});

test.each<[string, JsonObject]>([
  ["Wait", { Type: "Wait", Seconds: "{% $states.input.seconds %}", Output: 1, End: true }],
  ["Wait", { Type: "Wait", Timestamp: "{% $now() %}", Assign: { a: 1 }, End: true }],
  ["Fail", { Type: "Fail", Error: "{% $states.input.Error %}", Cause: "{% $string($states.input) %}" }],
  ["Task", { ...TASK, Arguments: {}, TimeoutSeconds: "{% 60 %}", HeartbeatSeconds: "{% 6 %}", Output: "{% 1 %}" }],
  [
    "Map",
    { ...MAP, Items: [{ a: 1 }], ItemSelector: "{% $states.context.Map.Item.Value %}", MaxConcurrency: "{% 1 %}" },
  ],
  [
    "distributed Map",
    {
      ...DISTRIBUTED,
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        Arguments: { Bucket: "{% $states.input.bucket %}", Key: "k" },
        ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["{% a"], MaxItems: "{% 1 %}" },
      },
      ItemBatcher: { BatchInput: { a: "{% 1 %}" }, MaxItemsPerBatch: "{% 10 %}" },
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Arguments: "{% $states.input.results %}" },
      ToleratedFailurePercentage: "{% 5 %}",
      ToleratedFailureCount: "{% 5 %}",
    },
  ],
])("a %s of JSONata takes expressions", (_, state) => {
  expect(ofState("JSONata", state).filter((problem) => !problem.includes("wide-right"))).toEqual([]);
});
