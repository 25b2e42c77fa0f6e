import * as fc from "fast-check";
import type { StatesDocument } from "../../../../src/asl/document";
import type { Json } from "../../../../src/base/json";

/** Changes a JSON value in one place, in the value itself, and gives it back. */
export type Mutation = (value: Json) => Json;

const VALUES: readonly Json[] = [
  ...[null, 3, -1, 2.5, true, false, "", "x", [], {}, ["x"], [3], { a: 1 }, { States: null }],
  ...[
    "$.a",
    "$$.b",
    "$.a[*]",
    "$",
    "$x",
    "States.Format('{}', 1)",
    "{% 1 %}",
    "JSONata",
    "JSONPath",
    "Batch",
    "Map",
    "${Unknown}",
  ],
];
const EXPRESSIONS: readonly Json[] = [
  ...["States.Format('{', 1)", "$.a[?(@.b =~ /(x/)]", "$.a[?(@.b =~ /x+/i && @ == b c)]", " $.a\n", "States.Array("],
  ...[
    "States.Timout",
    "Batch.AWSBatchExeption",
    "2222-01-01T00:00:00Z",
    "my-queue",
    "arn:aws:states:::batch:submitJob",
  ],
  ...[{ ResourceRequirements: [{ Type: "VCPU", Value: "3" }, { Type: "GPU" }, 1] }, { Environment: [{ Value: null }] }],
  ...[{ ErrorEquals: ["States.ALL"], Next: "step2", ResultPath: null }],
  ...["{% $states.input.names %}", "{% $states.result.a[$ > 1].b %}", "{% $x + %}", "{% $", "{% a.b %}", " {% 1 %}"],
  ...["{% $map($states.input, function($v) { $v.c }) %}", "{% $merge([$states.input, {'a': $x}]) %}", "{% $$ %}"],
  ...["{% $states.input ~> |a|{'b': 1}| %}", "{% $states.input.a@$v.b#$i{$v: $i} %}", "{% $exists($x) ? $x ?? 1 %}"],
];
const KEYS = [
  ...[
    "Type",
    "Next",
    "End",
    "Default",
    "Choices",
    "Branches",
    "ItemProcessor",
    "Iterator",
    "States",
    "StartAt",
    "Catch",
  ],
  ...[
    "Retry",
    "Parameters",
    "Result",
    "ResultPath",
    "ResultSelector",
    "InputPath",
    "OutputPath",
    "ItemsPath",
    "Assign",
  ],
  ...["ItemReader", "ItemBatcher", "ItemSelector", "TimeoutSeconds", "Seconds", "Resource", "Comment", "QueryLanguage"],
  ...["Arguments", "Output", "Items", "Condition", "MaxItems", "Credentials", "ReaderConfig", "states", "x", "a.b"],
  ...[
    "Variable",
    "And",
    "Not",
    "IsPresent",
    "ErrorEquals",
    "Command",
    "ContainerOverrides",
    "ShareIdentifier",
    "JobQueue",
    "a.$",
    "__proto__",
    "constructor",
    "a/b~c",
  ],
];

/** Any change of one place: a value or a key replaced, removed, added or moved. */
export function mutationOf(document: StatesDocument): fc.Arbitrary<Mutation> {
  const size = [...places(document as unknown as Json)].length;
  return fc
    .tuple(
      fc.nat(size),
      fc.constantFrom("remove", "replace", "rename", "add"),
      fc.constantFrom(...KEYS),
      fc.constantFrom(...VALUES, ...EXPRESSIONS),
    )
    .map(([index, kind, key, fresh]) => (value: Json) => {
      const all = [...places(value)];
      const place = all[index % all.length];
      if (place === undefined) return value;
      const { holder, name } = place;
      const old = holder[name]!;
      if (kind === "replace") put(holder, name, structuredClone(fresh));
      else if (kind === "add" && Array.isArray(old)) old.push(structuredClone(fresh));
      else if (kind === "add" && old !== null && typeof old === "object")
        put(old as Holder, key, structuredClone(fresh));
      else if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else {
        delete holder[name];
        if (kind === "rename") put(holder, key, old);
      }
      return value;
    });
}

// --- internal ---

type Holder = Record<string, Json>;

function put(holder: Holder, name: string, value: Json): void {
  // As JSON.parse does: __proto__ is a name like any other.
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
}

function* places(value: Json): Generator<{ holder: Holder; name: string }, void, undefined> {
  if (value === null || typeof value !== "object") return;
  for (const [name, inner] of Object.entries(value)) {
    yield { holder: value as Holder, name };
    yield* places(inner);
  }
}
