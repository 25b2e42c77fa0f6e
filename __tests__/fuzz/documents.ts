/** Documents in Amazon States Language: valid ones by the grammar, then changed ones and hostile ones. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../workflow/document";
import { expand, giant, rawNumber } from "./giants";
import { editText, type Mutation, mutate, mutations, type TextEdit, textEdits } from "./mutations";
import { CANARY, hostileText, json, objectOf, text } from "./texts";

export interface DocumentCase {
  readonly document: Json;
  readonly changes: readonly Mutation[];
  readonly edits: readonly TextEdit[];
  readonly indent: 0 | 2;
}

/** The bytes of the document of a case. */
export function documentBytes({ document, changes, edits, indent }: DocumentCase): Buffer {
  return editText(expand(mutate(document, changes), indent), edits);
}

// --- expressions ---

const SAMPLE_PATHS = ["$", "$.a", "$.items", "$.name", "$.items[0]", "$.items[*]", "$['a']", "$.a.b.c", "$x", "$.x"];
const CONTEXT_PATHS = [
  "$$",
  "$$.Execution.Id",
  "$$.Execution.Input",
  "$$.Map.Item.Value",
  "$$.Map.Item.Index",
  "$$.State.Name",
  "$$.Task.Token",
];

/** Paths by their grammar, filters included. */
const path: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...SAMPLE_PATHS) },
  { weight: 2, arbitrary: fc.constantFrom(...CONTEXT_PATHS) },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.oneof(
          fc.constantFrom(
            ".a",
            ".items",
            "['a']",
            "[0]",
            "[-1]",
            "[*]",
            ".*",
            "..a",
            "[0:2]",
            "[::2]",
            "[0,1]",
            ".length()",
            "[(@.length-1)]",
          ),
          fc.constantFrom(
            "[?(@.a == 1)]",
            "[?(@.a =~ /x+/i)]",
            "[?(@.a && @.b || !@.c)]",
            "[?(@.a in ['x'])]",
            "[?(@['a'] >= 'b')]",
            "[?(@)]",
            "[?(",
            "[",
            "']",
            "=~ /(a+)+$/",
          ),
          text.map((name) => `.${name}`),
          text.map((name) => `['${name}']`),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((steps) => `$${steps.join("")}`),
  },
  {
    weight: 1,
    arbitrary: giant(
      "filter-path",
      "long-path",
      "bracket-path",
      "wide-path",
      "descent-path",
      "stars-path",
      "long-text",
    ),
  },
);

// biome-ignore format: a list
const INTRINSICS = [
  "States.Format", "States.StringToJson", "States.JsonToString", "States.Array", "States.ArrayPartition", "States.ArrayContains", "States.ArrayRange", "States.ArrayGetItem",
  "States.ArrayLength", "States.ArrayUnique", "States.Base64Encode", "States.Base64Decode", "States.Hash", "States.JsonMerge", "States.MathRandom", "States.MathAdd", "States.StringSplit",
  "States.UUID", "States.Fromat", "states.Array",
];

/** Calls of intrinsic functions, with arguments of every kind and calls in calls. */
const intrinsic: fc.Arbitrary<string> = fc.letrec<{ call: string; argument: string }>((tie) => ({
  argument: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom(
      "1",
      "-3",
      "'x'",
      "'{}'",
      "'{} {'",
      "'\\\\'",
      "'a,b'",
      "'MD5'",
      "'SHA-256'",
      "null",
      "true",
      "1e9",
      "999999999",
      "'[1]'",
      "'{\"a\":1}'",
    ),
    fc.constantFrom(...SAMPLE_PATHS, ...CONTEXT_PATHS),
    text.map((value) => `'${value}'`),
    tie("call"),
  ),
  call: fc
    .tuple(
      fc.constantFrom(...INTRINSICS),
      fc.array(tie("argument"), { maxLength: 3 }),
      fc.constantFrom(")", ")", ")", ")", "", "))"),
    )
    .map(([name, parameters, end]) => `${name}(${parameters.join(", ")}${end}`),
})).call;

const expression: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: path },
  { weight: 4, arbitrary: intrinsic },
  { weight: 1, arbitrary: giant("call-path", "open-call", "format-braces") },
);

const JSONATA = [
  "$states.input",
  "$states.input.a",
  "$states.context.Execution.Id",
  "$x",
  "$sum([1,2])",
  "$map([1..3], function($v){$v})",
  "($f := function($n){$f($n)}; $f(1))",
  "[1..9999999]",
  "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /(a+)+$/)",
  "1 +",
  "'",
  "/(/",
  "$eval('1')",
  "{'a': 1}",
  "$states.errorOutput",
];
const jsonata: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...JSONATA).map((code) => `{% ${code} %}`) },
  { weight: 1, arbitrary: text.map((code) => `{% ${code} %}`) },
  { weight: 1, arbitrary: giant("jsonata-brackets", "jsonata-sum") },
);

/** Templates of Parameters, ItemSelector and ResultSelector. */
const template: fc.Arbitrary<Json> = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthSize: "small" }, json, tie("object"), fc.array(tie("value"), { maxLength: 2 })),
  object: fc
    .array(
      fc.oneof(
        fc.tuple(
          text.map((key) => `${key}.$`),
          expression as fc.Arbitrary<Json>,
        ),
        fc.tuple(text, tie("value")),
      ),
      { maxLength: 3 },
    )
    .map(objectOf),
})).object;

// --- states ---

const ERRORS = [
  "States.ALL",
  "States.TaskFailed",
  "States.Timeout",
  "States.Runtime",
  "States.DataLimitExceeded",
  "States.HeartbeatTimeout",
  "State.TaskFailed",
  "Batch.AWSBatchException",
  "Batch.AWSBatchExeption",
  "My.Error",
];

/** Some of these fields, each with its values. */
function fields(values: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<JsonObject> {
  return fc.record(values, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
}

const jsonOf = (values: fc.Arbitrary<string>) => values as fc.Arbitrary<Json>;
const small = (min = 0, max = 5) => fc.integer({ min, max }) as fc.Arbitrary<Json>;
const rarely = (usual: fc.Arbitrary<Json>, rare: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: rare });

const retry = fc.array(
  fields({
    ErrorEquals: fc.array(jsonOf(fc.constantFrom(...ERRORS)), { maxLength: 2 }) as fc.Arbitrary<Json>,
    IntervalSeconds: rarely(small(1, 3), jsonOf(rawNumber)),
    MaxAttempts: rarely(small(0, 3), fc.constant(99_999_999)),
    BackoffRate: fc.constantFrom<Json>(1, 2, 1.5, 0.5),
    MaxDelaySeconds: small(1, 60),
    JitterStrategy: fc.constantFrom<Json>("FULL", "NONE"),
  }),
  { maxLength: 2 },
);

const overrides = fields({
  Command: fc.array(rarely(jsonOf(text), jsonOf(path)), { maxLength: 3 }) as fc.Arbitrary<Json>,
  "Command.$": jsonOf(expression),
  Environment: fc.array(fields({ Name: jsonOf(text), Value: jsonOf(text), "Value.$": jsonOf(expression) }), {
    maxLength: 2,
  }) as fc.Arbitrary<Json>,
  ResourceRequirements: fc.array(
    fields({
      Type: fc.constantFrom<Json>("VCPU", "MEMORY", "GPU"),
      Value: fc.constantFrom<Json>("1", "0.25", "512", "4000", "1e400", "x"),
    }),
    { maxLength: 2 },
  ) as fc.Arbitrary<Json>,
});

/** Requests of a Batch job. */
const batchRequest: fc.Arbitrary<Json> = fc
  .tuple(
    fields({
      ContainerOverrides: overrides as fc.Arbitrary<Json>,
      Parameters: fc.array(fc.tuple(text, jsonOf(text)), { maxLength: 2 }).map(objectOf) as fc.Arbitrary<Json>,
      Timeout: fields({ AttemptDurationSeconds: small(0, 120) }) as fc.Arbitrary<Json>,
      RetryStrategy: fields({ Attempts: small(0, 11) }) as fc.Arbitrary<Json>,
      ArrayProperties: fields({ Size: small(0, 20_000) }) as fc.Arbitrary<Json>,
      ShareIdentifier: jsonOf(text),
      Tags: json,
      DependsOn: json,
    }),
    rarely(jsonOf(fc.constant("job")), jsonOf(text)),
    rarely(jsonOf(fc.constant("${EchoJobDefinitionArn}")), jsonOf(text)),
  )
  .map(([more, JobName, JobDefinition]) => ({ JobName, JobDefinition, JobQueue: "${JobQueueArn}", ...more }));

const resources = rarely(
  fc.constant("arn:${Partition}:states:::batch:submitJob.sync"),
  fc.constantFrom<Json>(
    "arn:aws:states:::batch:submitJob",
    "arn:aws:states:::lambda:invoke",
    "arn:aws:states:::aws-sdk:s3:getObject",
    "arn:aws:lambda:eu-west-1:123456789012:function:f",
    "arn:aws:states:::sns:publish.waitForTaskToken",
    "",
    "x",
  ),
);

const dataFlow = fields({
  InputPath: rarely(jsonOf(path), fc.constant(null)),
  OutputPath: rarely(jsonOf(path), fc.constant(null)),
  ResultPath: rarely(jsonOf(fc.constantFrom("$", "$.a", "$.items", "$.a.b", "$$.x", "$[0]")), fc.constant(null)),
  ResultSelector: template,
  Comment: jsonOf(text),
  Assign: template,
});

const comparison: fc.Arbitrary<JsonObject> = fc
  .tuple(
    path,
    fc.oneof(
      fc.tuple(
        fc.constantFrom("StringEquals", "NumericLessThan", "TimestampEquals", "BooleanEquals", "StringEqualsPath"),
        json,
      ),
      fc.tuple(
        fc.constantFrom("IsPresent", "IsString", "IsNull", "IsNumeric", "IsTimestamp", "IsBoolean"),
        fc.boolean() as fc.Arbitrary<Json>,
      ),
      fc.tuple(
        fc.constant("StringMatches"),
        fc.oneof(
          text.map((end) => `*${end}*` as Json),
          fc.constant<Json>("\\*"),
          jsonOf(giant("matches-stars")),
        ),
      ),
    ),
  )
  .map(([variable, [operator, value]]) => ({ Variable: variable, ...objectOf([[operator, value]]) }));

const rule: fc.Arbitrary<JsonObject> = fc.letrec<{ rule: JsonObject }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    comparison,
    fc.array(tie("rule"), { minLength: 1, maxLength: 2 }).map((rules): JsonObject => ({ And: rules })),
    fc.array(tie("rule"), { minLength: 1, maxLength: 2 }).map((rules): JsonObject => ({ Or: rules })),
    tie("rule").map((inner): JsonObject => ({ Not: inner })),
  ),
})).rule;

/** The states of a block, by the place in the document that makes their names unique. */
type Block = (place: string) => { readonly StartAt: Json; readonly States: JsonObject };
/** A state, by its place; what goes on after it is filled in by its block. */
type StateMaker = (place: string) => JsonObject;

function block(depth: number): fc.Arbitrary<Block> {
  return fc
    .array(fc.tuple(state(depth), rarely(jsonOf(fc.constant("s")), jsonOf(text)), fc.nat(20), fc.nat(30)), {
      minLength: 1,
      maxLength: depth > 1 ? 3 : 5,
    })
    .map(
      (rows): Block =>
        (place) => {
          const names = rows.map(([, word], index) => `${String(word)}${place}${index}`);
          const pick = (number: number) => names[number % names.length]!;
          const made = rows.map(([make, , target, odd], index): [string, JsonObject] => {
            const body = make(`${place}${index}_`);
            const following = odd === 0 ? pick(target) : names[index + 1];
            return [names[index]!, joined(body, following, (number) => pick(target + number))];
          });
          return { StartAt: names[0]!, States: objectOf(made) };
        },
    );
}

/** Adds to a state where it leads. */
function joined(body: JsonObject, next: string | undefined, pick: (number: number) => string): JsonObject {
  const caught = Array.isArray(body.Catch)
    ? { Catch: body.Catch.map((catcher, index) => ({ ...(catcher as JsonObject), Next: pick(index) })) }
    : {};
  if (body.Type === "Choice") {
    const Choices = (body.Choices as JsonObject[]).map((choice, index) => ({ ...choice, Next: pick(index) }));
    return { ...body, Choices, Default: next ?? pick(1) };
  }
  if (body.Type === "Succeed" || body.Type === "Fail") return body;
  return { ...body, ...caught, ...(next === undefined ? { End: true } : { Next: next }) };
}

const catchers = fc.array(
  fields({
    ErrorEquals: fc.array(jsonOf(fc.constantFrom(...ERRORS)), { minLength: 1, maxLength: 2 }) as fc.Arbitrary<Json>,
    ResultPath: jsonOf(fc.constantFrom("$", "$.error")),
  }),
  { maxLength: 2 },
);

const handling = fields({ Retry: retry as fc.Arbitrary<Json>, Catch: catchers as fc.Arbitrary<Json> });

function flat(type: string, more: fc.Arbitrary<JsonObject>, flow = dataFlow): fc.Arbitrary<StateMaker> {
  return fc.tuple(more, flow).map(
    ([body, data]): StateMaker =>
      () => ({ Type: type, ...data, ...body }),
  );
}

const nothing = fc.constant<JsonObject>({});

const FLAT: readonly fc.Arbitrary<StateMaker>[] = [
  flat("Pass", fields({ Result: rarely(json, jsonOf(giant())), Parameters: template })),
  flat(
    "Task",
    fc
      .tuple(
        resources,
        rarely(batchRequest, template),
        handling,
        fields({ TimeoutSeconds: small(1, 90), TimeoutSecondsPath: jsonOf(path), HeartbeatSeconds: small(1, 90) }),
      )
      .map(([Resource, Parameters, handled, times]) => ({ Resource, Parameters, ...handled, ...times })),
  ),
  flat(
    "Task",
    batchRequest.map((Parameters) => ({ Resource: "arn:aws:states:::batch:submitJob.sync", Parameters })),
    nothing,
  ),
  flat(
    "Wait",
    fc.oneof(
      fields({ Seconds: small(0, 10) }),
      fields({ Seconds: fc.constantFrom<Json>(99_999_999, 2 ** 31, 1e21) }),
      fields({ Timestamp: jsonOf(fc.constantFrom("2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "x")) }),
      fields({ SecondsPath: jsonOf(path) }),
      fields({ TimestampPath: jsonOf(path) }),
    ),
    nothing,
  ),
  flat("Succeed", nothing),
  flat("Fail", fields({ Error: jsonOf(text), Cause: jsonOf(text), CausePath: jsonOf(expression) }), nothing),
  flat(
    "Choice",
    fc
      .array(
        fc.oneof(
          { weight: 12, arbitrary: rule },
          { weight: 1, arbitrary: giant("not-rule").map((marker): JsonObject => ({ Not: marker })) },
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((Choices) => ({ Choices })),
    nothing,
  ),
];

const JSONATA_STATES: fc.Arbitrary<StateMaker> = fields({
  Arguments: rarely(batchRequest, jsonOf(jsonata)),
  Output: jsonOf(jsonata),
  Assign: fc.array(fc.tuple(text, jsonOf(jsonata)), { maxLength: 2 }).map(objectOf) as fc.Arbitrary<Json>,
}).chain((body) =>
  fc.constantFrom("Pass", "Task", "Succeed").map(
    (Type): StateMaker =>
      () => ({
        QueryLanguage: "JSONata",
        Type,
        ...(Type === "Task" ? { Resource: "arn:aws:states:::batch:submitJob.sync" } : {}),
        ...body,
      }),
  ),
);

function state(depth: number): fc.Arbitrary<StateMaker> {
  if (depth === 0) return fc.oneof(...FLAT, JSONATA_STATES);
  const inner = block(depth - 1);
  const parallel = fc.tuple(fc.array(inner, { minLength: 1, maxLength: 2 }), dataFlow, handling).map(
    ([branches, data, handled]): StateMaker =>
      (place) => ({
        Type: "Parallel",
        ...data,
        ...handled,
        Branches: branches.map((make, index) => make(`${place}b${index}_`)) as unknown as Json,
      }),
  );
  const map = fc
    .tuple(
      inner,
      dataFlow,
      handling,
      fields({
        ItemsPath: jsonOf(path),
        ItemSelector: template,
        MaxConcurrency: rarely(small(), fc.constant(10_000)),
        ToleratedFailurePercentage: small(0, 101),
        ToleratedFailureCount: small(0, 3),
        ItemBatcher: fields({ MaxItemsPerBatch: small(0, 3), BatchInput: template }) as fc.Arbitrary<Json>,
        ItemReader: fields({
          Resource: jsonOf(fc.constant("arn:aws:states:::s3:getObject")),
          Parameters: template,
          ReaderConfig: template,
        }) as fc.Arbitrary<Json>,
        ResultWriter: template,
        Label: jsonOf(text),
      }),
      fc.constantFrom<Json>({ Mode: "INLINE" }, { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, {}, "INLINE"),
      fc.constantFrom("ItemProcessor", "ItemProcessor", "Iterator"),
    )
    .map(
      ([make, data, handled, more, ProcessorConfig, field]): StateMaker =>
        (place) => ({
          Type: "Map",
          ...data,
          ...handled,
          ...more,
          [field]: { ...(field === "Iterator" ? {} : { ProcessorConfig }), ...make(`${place}i_`) } as unknown as Json,
        }),
    );
  return fc.oneof(
    { weight: 8, arbitrary: state(0) },
    { weight: 2, arbitrary: parallel },
    { weight: 2, arbitrary: map },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 1, max: 3000 }).chain((size) =>
        fc.constantFrom("nested-parallel", "nested-map").map(
          (kind): StateMaker =>
            (place) => ({
              Type: "Parallel",
              Branches: [
                {
                  StartAt: `deep${place}`,
                  States: { [`deep${place}`]: `@giant ${kind} ${size > 2900 ? size : size % 30}@` },
                },
              ],
            }),
        ),
      ),
    },
  );
}

// --- whole documents ---

/** Documents by the grammar. Most of them are accepted by AWS, in most of their fields. */
export const validDocument: fc.Arbitrary<Json> = fc
  .tuple(
    block(2),
    fields({
      Comment: jsonOf(text),
      TimeoutSeconds: small(1, 5000),
      QueryLanguage: fc.constantFrom<Json>("JSONPath", "JSONPath", "JSONata"),
      Version: fc.constant("1.0"),
    }),
  )
  .map(([make, head]) => ({ ...head, ...make("") }) as unknown as Json);

/** A small workflow of Batch jobs that runs here, with names and values that are hostile. */
export const hostileDocument: fc.Arbitrary<Json> = fc
  .tuple(hostileText, hostileText, hostileText, fc.constantFrom("Task", "Pass", "Fail", "Map", "Choice"))
  .map(([name, value, error, type]): Json => {
    const job: JsonObject = {
      Type: "Task",
      Resource: "arn:aws:states:::batch:submitJob.sync",
      Comment: value,
      Parameters: {
        JobName: "job",
        JobDefinition: "${EchoJobDefinitionArn}",
        JobQueue: "${JobQueueArn}",
        ContainerOverrides: { Command: [value], Environment: [{ Name: name, Value: value }] },
      },
      End: true,
    };
    const bodies: Readonly<Record<string, JsonObject>> = {
      Task: { ...job, Retry: [{ ErrorEquals: [error] }] },
      Pass: { Type: "Pass", Result: { [name]: value }, Parameters: { [`${name}.$`]: value }, Next: value },
      Fail: { Type: "Fail", Error: error, Cause: value },
      Map: {
        Type: "Map",
        ItemsPath: `$.${value}`,
        ItemProcessor: { StartAt: `in${name}`, States: { [`in${name}`]: job } },
        End: true,
      },
      Choice: {
        Type: "Choice",
        Choices: [{ Variable: `$['${value}']`, StringEquals: value, Next: name }],
        Default: error,
      },
    };
    return {
      Comment: value,
      StartAt: name,
      [name]: value,
      States: objectOf([
        [name, bodies[type]!],
        [`last${name}`, job],
      ]),
    };
  });

const giantDocument: fc.Arbitrary<Json> = fc.oneof(
  jsonOf(giant("chain-document")),
  jsonOf(giant("dense-document")),
  fc.tuple(giant(), fc.constantFrom("States", "Comment", "StartAt", "Branches", "x")).map(([marker, key]) => ({
    StartAt: "a",
    States: { a: { Type: "Pass", Comment: CANARY, End: true, ...(key === "x" ? { Result: marker } : {}) } },
    ...(key === "x" ? {} : { [key]: marker }),
  })),
);

// biome-ignore format: a list
const KEYS = [
  "Type", "Next", "End", "Default", "Choices", "Branches", "ItemProcessor", "Iterator", "States", "StartAt", "Catch", "Retry", "Parameters", "Result", "ResultPath", "ResultSelector", "InputPath",
  "OutputPath", "ItemsPath", "Assign", "ItemReader", "ItemBatcher", "ItemSelector", "TimeoutSeconds", "Seconds", "Resource", "Comment", "QueryLanguage", "Variable", "And", "Not", "IsPresent",
  "ErrorEquals", "Command", "ContainerOverrides", "ProcessorConfig", "Mode", "Arguments", "Output", "Error", "Cause", "a.$", "a/b~c",
];
// biome-ignore format: a list
const VALUES: readonly Json[] = [
  null, 3, -1, 2.5, true, false, "", "x", [], {}, ["x"], [3], [[]], [null], { a: 1 }, { States: null }, { States: {} }, { StartAt: "x", States: { x: { Type: "Succeed" } } },
  "$.a", "$$.b", "$.a[*]", "$", "$x", "States.Format('{}', 1)", "{% 1 %}", "JSONata", "JSONPath", "Batch", "Map", "Task", "Parallel", "DISTRIBUTED", "${Unknown}", "${JobQueueArn}",
  "arn:aws:states:::batch:submitJob.sync",
];

export const documentChanges = (most: number) => mutations(KEYS, VALUES, most);

/** Cases of all kinds. */
export const documentCase: fc.Arbitrary<DocumentCase> = fc.record<DocumentCase>({
  document: fc.oneof(
    { weight: 12, arbitrary: validDocument },
    { weight: 4, arbitrary: hostileDocument },
    { weight: 1, arbitrary: giantDocument },
    { weight: 1, arbitrary: json },
  ),
  changes: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: documentChanges(3) }),
  edits: textEdits,
  indent: fc.constantFrom(0, 2),
});
