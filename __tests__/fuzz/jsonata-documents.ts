/** Generates documents in JSONata with every type of state, variables, and all forms of Map. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/base/json";
import { hostileText, json, objectOf, text } from "./texts";

// biome-ignore format: a list
const EXPRESSIONS = [
  "$states.input", "$states.input.a", "$states.input.items", "$states.input.name", "$states.input.items[0]", "$states.input.*", "$states.input.**", "$states.context.Execution.Id", "$states.context.State",
  "$states.context.Map.Item.Value", "$states.result", "$states.errorOutput", "$states", "$x", "$y.z", "$", "$$", "a", "1", "-1", "1/0", "1e400", "'x'", "null", "true", "[]", "{}", "[1..3]", 
  "$sum($states.input.items)", "$count($states.input.items) > 0", "$exists($states.input.a)", "$map($states.input.items, function($v, $i) { {'v': $v, 'i': $i} })", "$states.input ~> |$|{'b': 1}|",
  "$merge([$states.input, {'b': 2}])", "$string($states.input)", "$number($states.input.name)", "$parse('{\"a\":1}')", "$parse($states.input.name)", "$partition([1..9], 2)", "$range(0, 9, 3)", "$hash('x', 'SHA-256')",
  "$random()", "$random(7)", "$uuid()", "$now()", "$millis()", "$eval('1')", "$eval", "function($v) { $v }", "$sum", "($f := function($n) { $n > 0 ? $f($n - 1) : 0 }; $f(10))",
  "$match('aab', /(a+)+$/)", "$split($states.input.name, '')", "$toMillis('x')", "$fromMillis(1e20)", "$formatNumber(1, 'x')", "$pad('\"', 300000)", "$join(['a', 'b'], $states.input.name)",
  "$states.input.items^(>$)", "$states.input{name: a}", "$error('stop')", "$assert(false, 'no')", "$lookup($states, '__proto__')", "$states.input.constructor", "$sift($states.input, function($v) { true })",
];
const MISTAKES = [
  "1 +",
  "'",
  "/(/",
  "$states.inputt",
  "$nothing",
  "(",
  "{",
  "",
  "%}",
  "{% 1",
  "$states.input.",
  "@",
  "`",
];

/** A text between `{%` and `%}`. */
const expression: fc.Arbitrary<Json> = fc
  .oneof(
    { weight: 12, arbitrary: fc.constantFrom(...EXPRESSIONS) },
    { weight: 1, arbitrary: fc.constantFrom(...MISTAKES) },
    { weight: 1, arbitrary: fc.oneof(text, hostileText) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...EXPRESSIONS),
          fc.constantFrom(" & ", " + ", " = ", " in ", " ~> ", " ? 1 : ", ".", ", "),
          fc.constantFrom(...EXPRESSIONS),
        )
        .map((parts) => `(${parts.join("")})`),
    },
  )
  .map((code) => `{% ${code} %}`);

/** JSON with expressions in it. */
const template: fc.Arbitrary<Json> = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    expression,
    json,
    tie("object"),
    fc.array(tie("value"), { maxLength: 2 }),
  ),
  object: fc.array(fc.tuple(text, tie("value")), { maxLength: 3 }).map(objectOf),
})).value;

const assign = fc
  .array(fc.tuple(fc.constantFrom("x", "y", "states", "sum", "é", "__proto__"), template), { maxLength: 2 })
  .map(objectOf);
const count: fc.Arbitrary<Json> = fc.oneof(expression, fc.constantFrom<Json>(0, 1, 3, 40, -1, 2 ** 31, "x"));
const errors = fc.array(fc.constantFrom("States.ALL", "States.TaskFailed", "States.QueryEvaluationError", "My.Error"), {
  minLength: 1,
  maxLength: 1,
});

function fields(values: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<JsonObject> {
  return fc.record(values, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
}

const handling = fields({
  Retry: fc.array(fields({ ErrorEquals: errors, MaxAttempts: fc.constantFrom<Json>(0, 1, 2) }), { maxLength: 1 }),
  Catch: fc.array(fields({ ErrorEquals: errors, Output: template, Assign: assign }), { maxLength: 1 }),
});

/** The fields of each type of state. */
function stateOf(depth: number): fc.Arbitrary<JsonObject> {
  const leaving = fields({ Output: template, Assign: assign });
  const typed = (type: string, ...parts: readonly fc.Arbitrary<JsonObject>[]) =>
    fc.tuple(...parts).map((all): JsonObject => Object.assign({ Type: type }, ...all) as JsonObject);
  const choice = fields({
    Condition: fc.oneof(expression, fc.boolean() as fc.Arbitrary<Json>),
    Output: template,
    Assign: assign,
  });
  const flat = [
    typed("Pass", leaving),
    typed(
      "Task",
      leaving,
      handling,
      fields({ Arguments: template, TimeoutSeconds: count, HeartbeatSeconds: count }),
      RESOURCE,
    ),
    typed(
      "Choice",
      leaving,
      fc.array(choice, { minLength: 1, maxLength: 2 }).map((Choices): JsonObject => ({ Choices })),
    ),
    typed(
      "Wait",
      leaving,
      fc.oneof(
        count.map((Seconds): JsonObject => ({ Seconds })),
        expression.map((Timestamp): JsonObject => ({ Timestamp })),
      ),
    ),
    typed("Succeed", fields({ Output: template })),
    typed("Fail", fields({ Error: expression, Cause: expression })),
  ];
  if (depth === 0) return fc.oneof(...flat);
  const inner = block(depth - 1);
  const parallel = typed(
    "Parallel",
    leaving,
    handling,
    fields({ Arguments: template }),
    fc.array(inner, { minLength: 1, maxLength: 2 }).map((Branches): JsonObject => ({ Branches })),
  );
  const map = typed(
    "Map",
    leaving,
    handling,
    MAP_FIELDS,
    fc.tuple(inner, fc.constantFrom("INLINE", "DISTRIBUTED")).map(
      ([processor, Mode]): JsonObject => ({
        ItemProcessor: { ProcessorConfig: { Mode, ExecutionType: "STANDARD" }, ...processor },
      }),
    ),
  );
  return fc.oneof(...flat, parallel, map, map);
}

const RESOURCE = fc
  .constantFrom(
    "batch:submitJob.sync",
    "batch:submitJob",
    "lambda:invoke",
    "sns:publish.waitForTaskToken",
    "aws-sdk:s3:getObject",
  )
  .map((integration): JsonObject => ({ Resource: `arn:aws:states:::${integration}` }));

const MAP_FIELDS = fields({
  Items: fc.oneof(expression, fc.constant<Json>([1, 2]), template),
  ItemSelector: template,
  MaxConcurrency: count,
  ToleratedFailureCount: count,
  ToleratedFailurePercentage: count,
  ItemBatcher: fields({ MaxItemsPerBatch: count, MaxInputBytesPerBatch: count, BatchInput: template }),
  ItemReader: fields({
    Resource: fc.constantFrom<Json>("arn:aws:states:::s3:getObject", "arn:aws:states:::s3:listObjectsV2"),
    Arguments: fields({
      Bucket: fc.oneof(fc.constant<Json>("bucket"), template),
      Key: fc.oneof(fc.constantFrom<Json>("list.json", "table.csv"), template),
      Prefix: template,
    }),
    ReaderConfig: fields({ InputType: fc.constantFrom<Json>("JSON", "JSONL", "CSV"), MaxItems: count }),
  }),
  ResultWriter: fields({
    Resource: fc.constant<Json>("arn:aws:states:::s3:putObject"),
    Arguments: fields({ Bucket: template, Prefix: template }),
  }),
  Label: fc.constantFrom<Json>("label", "a b"),
});

function block(depth: number): fc.Arbitrary<JsonObject> {
  return fc.array(fc.tuple(stateOf(depth), fc.nat(9)), { minLength: 1, maxLength: 3 }).map((rows): JsonObject => {
    const names = rows.map((_, index) => `s${depth}${index}`);
    const States = objectOf(
      rows.map(([state, target], index) => [
        names[index]!,
        joined(state, names[index + 1], names[target % names.length]!),
      ]),
    );
    return { StartAt: names[0]!, States };
  });
}

/** Adds the next states to a state. */
function joined(state: JsonObject, next: string | undefined, other: string): JsonObject {
  const leadingOn = (field: string) =>
    Array.isArray(state[field])
      ? { [field]: state[field].map((one) => ({ ...(one as JsonObject), Next: other })) }
      : {};
  if (state.Type === "Succeed" || state.Type === "Fail") return state;
  if (state.Type === "Choice") return { ...state, ...leadingOn("Choices"), Default: next ?? other };
  return { ...state, ...leadingOn("Catch"), ...(next === undefined ? { End: true } : { Next: next }) };
}

/** Documents whose language is JSONata, sometimes with states in JSONPath. */
export const jsonataDocument: fc.Arbitrary<Json> = fc
  .tuple(
    block(2),
    fields({ TimeoutSeconds: fc.constantFrom<Json>(60, 5000), Comment: expression }),
    fc.constantFrom("JSONata", "JSONata", "JSONata", "JSONPath"),
  )
  .map(([states, head, QueryLanguage]) => ({ ...head, QueryLanguage, ...states }));
