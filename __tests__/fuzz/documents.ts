/** Generates documents in Amazon States Language: valid, changed and hostile ones. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/base/json";
import { expand, giant, rawNumber } from "./giants";
import { editText, type Mutation, mutate, mutations, type TextEdit, textEdits } from "./mutations";
import { CANARY, hostileText, json, objectOf, text } from "./texts";

export interface DocumentCase {
  readonly document: Json;
  readonly changes: readonly Mutation[];
  readonly edits: readonly TextEdit[];
  readonly indent: 0 | 2;
}

/** Returns the bytes of the document of a case. */
export function documentBytes({ document, changes, edits, indent }: DocumentCase): Buffer {
  return editText(expand(mutate(document, changes), indent), edits);
}

// --- expressions ---

/** Wild documents contain anything. Tame ones contain only what AWS and the local run accept. */
type Kind = "tame" | "wild";

const jsonOf = (values: fc.Arbitrary<string>) => values as fc.Arbitrary<Json>;
const small = (min = 0, max = 5) => fc.integer({ min, max }) as fc.Arbitrary<Json>;

/** Generates the first value, and in wild documents sometimes the second. */
function either<T>(kind: Kind, tame: fc.Arbitrary<T>, wild: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return kind === "tame" ? tame : fc.oneof({ weight: 6, arbitrary: tame }, { weight: 1, arbitrary: wild });
}

/** Generates an object with some of these fields. */
function fields(values: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<JsonObject> {
  return fc.record(values, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
}

const PATHS = ["$", "$.a", "$.items", "$.name", "$.items[0]", "$['a']", "$.x"];
const LIST_PATHS = ["$.items[*]", "$..a", "$.items[?(@.a == 1)]", "$.items[0,1]", "$.items[0:2]"];
const CONTEXT_PATHS = ["$$.Execution.Id", "$$.Execution.Input", "$$.State.Name", "$$.Execution.StartTime"];

const WILD_STEPS = [
  ...[".a", ".items", "['a']", "[0]", "[-1]", "[*]", ".*", "..a", "[0:2]", "[::2]", "[0,1]", ".length()"],
  ...["[(@.length-1)]", "[?(@.a == 1)]", "[?(@.a =~ /x+/i)]", "[?(@.a && @.b || !@.c)]", "[?(@.a in ['x'])]"],
  ...["[?(@['a'] >= 'b')]", "[?(@)]", "[?(", "[", "']", "=~ /(a+)+$/", "[?(@.a =~ /(a+)+$/)]", "[999999999]"],
];

/** Paths of every shape. */
const wildPath: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom("$x", "$$", "$$.Map.Item.Value", "$$.Map.Item.Index", "$$.Task.Token", "$."),
  },
  {
    weight: 4,
    arbitrary: fc
      .array(
        fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(...WILD_STEPS) },
          { weight: 1, arbitrary: text.map((name) => `.${name}`) },
          { weight: 1, arbitrary: text.map((name) => `['${name}']`) },
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

const path = (kind: Kind) =>
  either(
    kind,
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...PATHS) },
      { weight: 1, arbitrary: fc.constantFrom(...LIST_PATHS) },
      { weight: 1, arbitrary: fc.constantFrom(...CONTEXT_PATHS) },
    ),
    wildPath,
  );

// biome-ignore format: a list
const CALLS = [
  "States.Format('a {}', $.a)", "States.Array($.a, 1, 'x')", "States.UUID()", "States.ArrayRange(1, 9, 2)", "States.ArrayPartition($.items, 2)", "States.ArrayLength($.items)",
  "States.JsonToString($)", "States.StringToJson('[1]')", "States.MathRandom(1, 9)", "States.MathAdd(1, 2)", "States.Hash('x', 'MD5')", "States.Base64Encode('x')", "States.ArrayUnique($.items)",
  "States.JsonMerge($, $, false)", "States.StringSplit('a,b', ',')", "States.ArrayContains($.items, 1)", "States.ArrayGetItem($.items, 0)", "States.ArrayRange(1, 1000, 1)",
];
const INTRINSICS = [...new Set(CALLS.map((call) => call.slice(0, call.indexOf("(")))), "States.Fromat", "states.Array"];

/** Calls of intrinsic functions, nested and with arguments of every kind. */
const wildCall: fc.Arbitrary<string> = fc.letrec<{ call: string; argument: string }>((tie) => ({
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
      "null",
      "true",
      "1e9",
      "999999999",
      "'[1]'",
    ),
    fc.constantFrom(...PATHS, ...LIST_PATHS, ...CONTEXT_PATHS),
    text.map((value) => `'${value}'`),
    tie("call"),
  ),
  call: fc
    .tuple(
      fc.constantFrom(...INTRINSICS),
      fc.array(tie("argument"), { maxLength: 3 }),
      fc.oneof({ weight: 6, arbitrary: fc.constant(")") }, { weight: 1, arbitrary: fc.constantFrom("", "))") }),
    )
    .map(([name, parameters, end]) => `${name}(${parameters.join(", ")}${end}`),
})).call;

const expression = (kind: Kind) =>
  fc.oneof(
    { weight: 2, arbitrary: path(kind) },
    {
      weight: 2,
      arbitrary: either(
        kind,
        fc.constantFrom(...CALLS),
        fc.oneof(
          { weight: 6, arbitrary: wildCall },
          { weight: 1, arbitrary: giant("call-path", "open-call", "format-braces") },
        ),
      ),
    },
  );

const JSONATA = [
  ...["$states.input", "$states.input.a", "$states.context.Execution.Id", "$x", "$sum([1,2])"],
  ...["$map([1..3], function($v){$v})", "($f := function($n){$f($n)}; $f(1))", "[1..9999999]", "1 +", "'", "/(/"],
  ...["$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /(a+)+$/)", "$eval('1')", "{'a': 1}", "$states.errorOutput"],
];
const jsonata: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...JSONATA).map((code) => `{% ${code} %}`) },
  { weight: 1, arbitrary: text.map((code) => `{% ${code} %}`) },
  { weight: 1, arbitrary: giant("jsonata-brackets", "jsonata-sum") },
);

/** Templates of Parameters, ItemSelector and ResultSelector. */
const template = (kind: Kind): fc.Arbitrary<Json> =>
  fc.letrec<{ value: Json; object: Json }>((tie) => ({
    value: fc.oneof({ maxDepth: 3, depthSize: "small" }, json, tie("object"), fc.array(tie("value"), { maxLength: 2 })),
    object: fc
      .array(
        fc.oneof(
          fc.tuple(
            text.map((key) => `${key}.$`),
            jsonOf(expression(kind)),
          ),
          fc.tuple(text, tie("value")),
        ),
        { maxLength: 3 },
      )
      .map(objectOf),
  })).object;

// --- states ---

const ERRORS = ["States.TaskFailed", "States.Timeout", "States.Runtime", "Batch.AWSBatchException", "My.Error"];
const WILD_ERRORS = [
  ...[
    "States.ALL",
    "States.DataLimitExceeded",
    "States.HeartbeatTimeout",
    "State.TaskFailed",
    "Batch.AWSBatchExeption",
  ],
  ...["", "States.All"],
];

const retry = (kind: Kind) =>
  fc.array(
    fc
      .tuple(
        errors(kind),
        fields({
          IntervalSeconds: either(kind, small(1, 3), jsonOf(rawNumber)),
          MaxAttempts: either(kind, small(0, 3), fc.constant(99_999_999)),
          BackoffRate: either(kind, fc.constantFrom<Json>(1, 2, 1.5), fc.constantFrom<Json>(0.5, "2")),
          MaxDelaySeconds: small(4, 60),
          JitterStrategy: fc.constantFrom<Json>("FULL", "NONE"),
        }),
      )
      .map(([ErrorEquals, more]): JsonObject => ({ ErrorEquals, ...more })),
    { maxLength: 2 },
  ) as fc.Arbitrary<Json>;

const catchers = (kind: Kind) =>
  fc.array(
    fc
      .tuple(errors(kind), fields({ ResultPath: jsonOf(fc.constant("$.error")) }))
      .map(([ErrorEquals, more]): JsonObject => ({ ErrorEquals, ...more })),
    { maxLength: 2 },
  ) as fc.Arbitrary<Json>;

function errors(kind: Kind): fc.Arbitrary<Json> {
  const names = either(kind, fc.constantFrom(...ERRORS), fc.oneof(fc.constantFrom(...WILD_ERRORS), text));
  return fc.array(jsonOf(names), { minLength: kind === "tame" ? 1 : 0, maxLength: 2 }) as fc.Arbitrary<Json>;
}

const handling = (kind: Kind) => fields({ Retry: retry(kind), Catch: catchers(kind) });

/** The data flow fields that each type of state allows. */
const DATA: Readonly<Record<string, (kind: Kind) => fc.Arbitrary<Json>>> = {
  Comment: () => jsonOf(text),
  InputPath: (kind) => either<Json>(kind, fc.constant("$"), fc.oneof(jsonOf(path(kind)), fc.constant(null))),
  OutputPath: (kind) => either<Json>(kind, fc.constant("$"), fc.oneof(jsonOf(path(kind)), fc.constant(null))),
  ResultPath: (kind) =>
    either<Json>(
      kind,
      fc.constantFrom<Json>("$.a", "$.x", "$.a", "$.y.z", null),
      fc.constantFrom<Json>("$", "$.items", "$.name.b", "$$.x", "$[0]", "$.a[*]"),
    ),
  Parameters: template,
  // A list has no members to select.
  ResultSelector: (kind) => either<Json>(kind, fc.constantFrom<Json>({}, { n: 1 }, { "all.$": "$" }), template(kind)),
};

function dataFields(kind: Kind, ...names: readonly string[]): fc.Arbitrary<JsonObject> {
  const values = Object.fromEntries(["Comment", ...names].map((name) => [name, DATA[name]!(kind)]));
  // Without it, the result replaces the data that later states read.
  const requiredKeys = names.includes("ResultPath") ? ["ResultPath"] : [];
  const own = fc.record(values, { requiredKeys }) as fc.Arbitrary<JsonObject>;
  if (kind === "tame") return own;
  const foreign = fields({
    ...Object.fromEntries(Object.keys(DATA).map((name) => [name, DATA[name]!(kind)])),
    Assign: template(kind),
  });
  return either(kind, own, foreign);
}

const overrides = (kind: Kind) =>
  fields({
    Command: fc.array(
      either(kind, jsonOf(fc.constantFrom("echo", "a b", "${Region}")), jsonOf(fc.oneof(text, wildPath))),
      { minLength: kind === "tame" ? 1 : 0, maxLength: 3 },
    ) as fc.Arbitrary<Json>,
    Environment: fc.array(
      fc
        .tuple(
          either(kind, jsonOf(fc.constantFrom("A", "B")), jsonOf(text)),
          fc.oneof(jsonOf(text), jsonOf(expression(kind))),
        )
        .map(
          ([Name, Value]): JsonObject => (String(Value).startsWith("$") ? { Name, "Value.$": Value } : { Name, Value }),
        ),
      { maxLength: 2 },
    ) as fc.Arbitrary<Json>,
    ResourceRequirements: either<Json>(
      kind,
      fc.constantFrom<Json>(
        [],
        [
          { Type: "VCPU", Value: "0.25" },
          { Type: "MEMORY", Value: "512" },
        ],
        [{ Type: "MEMORY", Value: "1024" }],
      ),
      fc.array(
        fields({
          Type: fc.constantFrom<Json>("VCPU", "GPU", "x"),
          Value: fc.constantFrom<Json>("0.3", "4000", "1e400", "x", 1),
        }),
        { maxLength: 2 },
      ) as fc.Arbitrary<Json>,
    ),
  });

/** Requests that submit a Batch job. */
const batchRequest = (kind: Kind): fc.Arbitrary<Json> =>
  fc
    .tuple(
      fields({
        ContainerOverrides: overrides(kind) as fc.Arbitrary<Json>,
        Parameters: either<Json>(
          kind,
          fc.constantFrom<Json>({}, { word: "y" }),
          fc.array(fc.tuple(text, jsonOf(text)), { maxLength: 2 }).map(objectOf),
        ),
        Timeout: fields({ AttemptDurationSeconds: either(kind, small(60, 120), small(-1, 59)) }) as fc.Arbitrary<Json>,
        RetryStrategy: fields({ Attempts: either(kind, small(1, 3), small(0, 11)) }) as fc.Arbitrary<Json>,
        ...(kind === "tame"
          ? {}
          : {
              ArrayProperties: fields({ Size: small(0, 20_000) }) as fc.Arbitrary<Json>,
              ShareIdentifier: jsonOf(text),
              Tags: json,
              DependsOn: json,
            }),
      }),
      either(kind, jsonOf(fc.constant("job")), jsonOf(text)),
      either(kind, jsonOf(fc.constant("${EchoJobDefinitionArn}")), jsonOf(text)),
    )
    .map(([more, JobName, JobDefinition]) => ({ JobName, JobDefinition, JobQueue: "${JobQueueArn}", ...more }));

const BATCH = "arn:${Partition}:states:::batch:submitJob.sync";
// biome-ignore format: a list
const OTHER_RESOURCES = [
  "arn:aws:states:::batch:submitJob", "arn:aws:states:::lambda:invoke", "arn:aws:states:::aws-sdk:s3:getObject", "arn:aws:lambda:eu-west-1:123456789012:function:f",
  "arn:aws:states:::sns:publish.waitForTaskToken", "arn:aws:states:::batch:submitJob.sync", "", "x",
];

const TESTS: readonly (readonly [operator: string, value: fc.Arbitrary<Json>])[] = [
  ["StringEquals", jsonOf(text)],
  ["StringLessThan", jsonOf(text)],
  ["NumericLessThan", small(-5, 5)],
  ["NumericGreaterThanEquals", small(-5, 5)],
  ["BooleanEquals", fc.boolean() as fc.Arbitrary<Json>],
  ["TimestampEquals", fc.constant("2026-01-01T00:00:00Z")],
  ["StringEqualsPath", fc.constant("$.name")],
  ["IsPresent", fc.boolean() as fc.Arbitrary<Json>],
  ["IsString", fc.constant(true)],
  ["IsNumeric", fc.constant(true)],
  ["IsTimestamp", fc.constant(true)],
  [
    "StringMatches",
    fc.oneof(
      { weight: 6, arbitrary: text.map((end) => `*${end.replaceAll("\\", "")}*`) },
      { weight: 1, arbitrary: jsonOf(giant("matches-stars")) },
    ),
  ],
];

const comparison = (kind: Kind): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(
      either(kind, fc.constantFrom(...PATHS, ...CONTEXT_PATHS), path(kind)),
      fc.oneof(...TESTS.map(([operator, value]) => fc.tuple(fc.constant(operator), either(kind, value, json)))),
    )
    .map(([variable, [operator, value]]) => ({ Variable: variable, ...objectOf([[operator, value]]) }));

const rule = (kind: Kind): fc.Arbitrary<JsonObject> =>
  fc.letrec<{ rule: JsonObject }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      comparison(kind),
      fc.array(tie("rule"), { minLength: 1, maxLength: 2 }).map((rules): JsonObject => ({ And: rules })),
      fc.array(tie("rule"), { minLength: 1, maxLength: 2 }).map((rules): JsonObject => ({ Or: rules })),
      tie("rule").map((inner): JsonObject => ({ Not: inner })),
    ),
  })).rule;

/** The states of a block. Their place in the document makes their names unique. */
type Block = (place: string) => { readonly StartAt: Json; readonly States: JsonObject };
/** A state at a place. Its block sets the next state. */
type StateMaker = (place: string) => JsonObject;

function block(kind: Kind, depth: number): fc.Arbitrary<Block> {
  const name = either(kind, fc.constantFrom("s", "a b", "é", "a/b~"), text);
  const isOdd = fc.oneof(
    { weight: kind === "tame" ? 60 : 12, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  );
  const length = { minLength: 1, maxLength: depth > 1 ? 3 : 4 };
  return fc.array(fc.tuple(state(kind, depth), name, fc.nat(20), isOdd), length).map(
    (all): Block =>
      (place) => {
        // No state follows an end. A Choice needs a next state.
        const last = all.findIndex(([make]) => ["Succeed", "Fail"].includes(String(make(place).Type)));
        const rows = last === -1 ? [...all, END] : all.slice(0, last + 1);
        const names = rows.map(([, word], index) => `${word}${place}${index}`);
        const pick = (number: number) => names[number % names.length]!;
        const made = rows.map(([make, , target, odd], index): [string, JsonObject] => {
          const body = make(`${place}${index}_`);
          const following = odd ? pick(target) : names[index + 1];
          return [names[index]!, joined(body, following, (number) => pick(target + number))];
        });
        return { StartAt: names[0]!, States: objectOf(made) };
      },
  );
}

/** The last state of a block without an end. */
const END: readonly [StateMaker, string, number, boolean] = [() => ({ Type: "Succeed" }), "end", 0, false];

/** Adds the next state to a state. */
function joined(body: JsonObject, next: string | undefined, pick: (number: number) => string): JsonObject {
  const caught = Array.isArray(body.Catch)
    ? { Catch: body.Catch.map((catcher, index) => ({ ...(catcher as JsonObject), Next: pick(index) })) }
    : {};
  if (body.Type === "Choice") {
    const Choices = (body.Choices as JsonObject[]).map((choice, index) => ({ ...choice, Next: next ?? pick(index) }));
    return { ...body, Choices, Default: next ?? pick(1) };
  }
  if (body.Type === "Succeed" || body.Type === "Fail") return body;
  return { ...body, ...caught, ...(next === undefined ? { End: true } : { Next: next }) };
}

function flat(type: string, ...parts: readonly fc.Arbitrary<JsonObject>[]): fc.Arbitrary<StateMaker> {
  return fc.tuple(...parts).map(
    (bodies): StateMaker =>
      () =>
        Object.assign({ Type: type }, ...bodies) as JsonObject,
  );
}

const flatState = (kind: Kind): fc.Arbitrary<StateMaker> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: flat(
        "Pass",
        dataFields(kind, "InputPath", "OutputPath", "ResultPath", "Parameters"),
        fields({ Result: either(kind, json, jsonOf(giant())) }),
      ),
    },
    {
      weight: 5,
      arbitrary: flat(
        "Task",
        dataFields(kind, "InputPath", "OutputPath", "ResultPath", "ResultSelector"),
        handling(kind),
        batchRequest(kind).map((Parameters) => ({ Parameters })),
        either(kind, jsonOf(fc.constant(BATCH)), jsonOf(fc.constantFrom(...OTHER_RESOURCES))).map((Resource) => ({
          Resource,
        })),
        fields({
          TimeoutSeconds: small(1, 90),
          ...(kind === "tame" ? {} : { TimeoutSecondsPath: jsonOf(wildPath), HeartbeatSeconds: small(1, 90) }),
        }),
      ),
    },
    {
      weight: 2,
      arbitrary: flat(
        "Wait",
        dataFields(kind, "InputPath", "OutputPath"),
        fc.oneof(
          fc.record<JsonObject>({
            Seconds: either(kind, small(0, 10), fc.constantFrom<Json>(99_999_999, 2 ** 31, 1e21)),
          }),
          fc.record<JsonObject>({
            Timestamp: either(
              kind,
              jsonOf(fc.constantFrom("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z")),
              jsonOf(fc.constantFrom("9999-12-31T23:59:59Z", "x")),
            ),
          }),
          fc.record<JsonObject>({ SecondsPath: either(kind, jsonOf(fc.constant("$.x")), jsonOf(path(kind))) }),
          fc.record<JsonObject>({ TimestampPath: either(kind, jsonOf(fc.constant("$.name")), jsonOf(path(kind))) }),
        ),
      ),
    },
    { weight: 1, arbitrary: flat("Succeed", dataFields(kind, "InputPath", "OutputPath")) },
    { weight: 1, arbitrary: flat("Fail", fields({ Error: jsonOf(text), Cause: jsonOf(text) })) },
    {
      weight: 1,
      arbitrary: flat("Fail", fields({ ErrorPath: jsonOf(expression(kind)), CausePath: jsonOf(expression(kind)) })),
    },
    {
      weight: 2,
      arbitrary: flat(
        "Choice",
        dataFields(kind, "InputPath", "OutputPath"),
        fc
          .array(
            either(
              kind,
              rule(kind),
              giant("not-rule").map((marker): JsonObject => ({ Not: marker })),
            ),
            { minLength: 1, maxLength: 3 },
          )
          .map((Choices) => ({ Choices })),
      ),
    },
    ...(kind === "tame" ? [] : [{ weight: 2, arbitrary: jsonataState }]),
  );

const jsonataState: fc.Arbitrary<StateMaker> = fc
  .tuple(
    fc.constantFrom("Pass", "Task", "Succeed"),
    fields({
      Arguments: fc.oneof({ weight: 6, arbitrary: batchRequest("wild") }, { weight: 1, arbitrary: jsonOf(jsonata) }),
      Output: jsonOf(jsonata),
      Assign: fc.array(fc.tuple(text, jsonOf(jsonata)), { maxLength: 2 }).map(objectOf) as fc.Arbitrary<Json>,
    }),
  )
  .map(
    ([Type, body]): StateMaker =>
      () => ({ QueryLanguage: "JSONata", Type, ...(Type === "Task" ? { Resource: BATCH } : {}), ...body }),
  );

/** An item of a Map with the fields that the inner states read. */
const ITEM: JsonObject = {
  "a.$": "$$.Map.Item.Value",
  "items.$": "$.items",
  "name.$": "$.name",
  "x.$": "$.a",
  "index.$": "$$.Map.Item.Index",
};

function state(kind: Kind, depth: number): fc.Arbitrary<StateMaker> {
  if (depth === 0) return flatState(kind);
  const inner = block(kind, depth - 1);
  const data = dataFields(kind, "InputPath", "OutputPath", "ResultPath", "ResultSelector");
  const parallel = fc.tuple(fc.array(inner, { minLength: 1, maxLength: 2 }), data, handling(kind)).map(
    ([branches, flow, handled]): StateMaker =>
      (place) => ({
        Type: "Parallel",
        ...flow,
        ...handled,
        Branches: branches.map((make, index) => make(`${place}b${index}_`)) as unknown as Json,
      }),
  );
  const map = fc
    .tuple(
      inner,
      data,
      handling(kind),
      fields({
        ItemsPath: either(kind, jsonOf(fc.constant("$.items")), jsonOf(wildPath)),
        ...(kind === "tame" ? {} : { ItemSelector: template(kind) }),
        MaxConcurrency: either(kind, small(), fc.constant(10_000)),
        ...(kind === "tame"
          ? {}
          : {
              ToleratedFailurePercentage: small(0, 101),
              ToleratedFailureCount: small(0, 3),
              ItemBatcher: fields({ MaxItemsPerBatch: small(0, 3), BatchInput: template(kind) }) as fc.Arbitrary<Json>,
              ItemReader: fields({
                Resource: jsonOf(fc.constant("arn:aws:states:::s3:getObject")),
                Parameters: template(kind),
                ReaderConfig: template(kind),
              }) as fc.Arbitrary<Json>,
              ResultWriter: template(kind),
              Label: jsonOf(text),
            }),
      }),
      either<Json>(
        kind,
        fc.constantFrom<Json>({ Mode: "INLINE" }, { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }),
        fc.constantFrom<Json>({}, "INLINE", { Mode: "x" }),
      ),
      either(kind, fc.constant("ItemProcessor"), fc.constant("Iterator")),
    )
    .map(
      ([make, flow, handled, more, ProcessorConfig, field]): StateMaker =>
        (place) => ({
          Type: "Map",
          ...(kind === "tame" ? { ItemSelector: ITEM } : {}),
          ...flow,
          ...handled,
          ...more,
          [field]: { ...(field === "Iterator" ? {} : { ProcessorConfig }), ...make(`${place}i_`) } as unknown as Json,
        }),
    );
  return fc.oneof(
    { weight: 6, arbitrary: flatState(kind) },
    { weight: 2, arbitrary: parallel },
    { weight: 2, arbitrary: map },
    ...(kind === "tame" ? [] : [{ weight: 1, arbitrary: deepState }]),
  );
}

/** Nested states, a few or thousands deep. */
const deepState: fc.Arbitrary<StateMaker> = fc
  .tuple(
    fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 30 }) },
      { weight: 1, arbitrary: fc.integer({ min: 100, max: 3000 }) },
    ),
    fc.constantFrom("nested-parallel", "nested-map"),
  )
  .map(
    ([size, nested]): StateMaker =>
      (place) => ({
        Type: "Parallel",
        Branches: [{ StartAt: `deep${place}`, States: { [`deep${place}`]: `@giant ${nested} ${size}@` } }],
      }),
  );

// --- whole documents ---

const document = (kind: Kind): fc.Arbitrary<Json> =>
  fc
    .tuple(
      block(kind, 2),
      fields({
        Comment: jsonOf(text),
        TimeoutSeconds: small(1, 5000),
        Version: fc.constant("1.0"),
        ...(kind === "tame" ? {} : { QueryLanguage: fc.constantFrom<Json>("JSONPath", "JSONPath", "JSONata") }),
      }),
    )
    .map(([make, head]) => {
      const { StartAt, States } = make("");
      // The document must use each job definition.
      const job = {
        Type: "Task",
        Resource: BATCH,
        Parameters: { JobName: "first", JobDefinition: "${EchoJobDefinitionArn}", JobQueue: "${JobQueueArn}" },
        ResultPath: null,
        Next: StartAt,
      };
      return { ...head, StartAt: "first", States: { first: job, ...States } } as unknown as Json;
    });

/** Documents that AWS and the local run accept. */
export const tameDocument: fc.Arbitrary<Json> = document("tame");

/** Documents that follow the grammar. Most of them have a mistake or two. */
export const wildDocument: fc.Arbitrary<Json> = document("wild");

/** A small workflow of Batch jobs that runs locally, with hostile names and values. */
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
    { weight: 6, arbitrary: tameDocument },
    { weight: 6, arbitrary: wildDocument },
    { weight: 4, arbitrary: hostileDocument },
    { weight: 1, arbitrary: giantDocument },
    { weight: 1, arbitrary: json },
  ),
  changes: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: documentChanges(3) }),
  edits: textEdits,
  indent: fc.constantFrom(0, 2),
});
