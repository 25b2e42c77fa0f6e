/** The values of a request that expressions give: their types, as far as the document shows them. */
import { quote } from "../../base/text";
import type { Expression } from "../expressions";
import type { Field } from "../fields";
import type { Expr } from "../jsonata-ast";
import { treeOf } from "../jsonata-parser";
import { JOB_NAME } from "../submit-job";
import { describeShape, type JsonType, type Shape } from "./data/data-shape";
import { type Scope, shapeOfExpression, tryParse } from "./data/expression-shape";
import { type JsonataScope, shapeOfTree } from "./data/jsonata-shape";
import { checkField, type ServicePrefix } from "./field-rules";
import { error, type Finding } from "./problem";

/** Checks a path or a function call of JSONPath. */
export function* checkPathValue(
  text: string,
  field: Field,
  pointer: string,
  name: string,
  scope: Scope,
  prefix: ServicePrefix,
): Generator<Finding, void, undefined> {
  const expression = tryParse(text);
  if (expression === null) return;
  if (field === JOB_NAME) yield* checkNameTemplate(expression, pointer, name);
  yield* checkExpressionType(expression, field, pointer, name, scope, prefix);
}

/** Checks an expression of JSONata. */
export function* checkJsonataValue(
  text: string,
  field: Field,
  pointer: string,
  name: string,
  scope: JsonataScope,
  prefix: ServicePrefix,
): Generator<Finding, void, undefined> {
  const tree = treeOf(text);
  if (tree === null) return;
  if (field === JOB_NAME && tree.kind === "binary")
    yield* checkField(filledText(tree), JOB_NAME, pointer, name, NAME_CHECK);
  const written = quote(text);
  const misfit = findMisfit(
    shapeOfTree(tree, scope, () => {}),
    field,
    name,
    written,
  );
  if (misfit === null) return;
  const { words, jsonata } = WANTED[misfit.field.kind]!;
  const message = `${misfit.name} must be ${words}, but ${misfit.value} is ${describeShape(misfit.is)}`;
  yield error(`${prefix}wrong-type`, pointer, message, misfit.value === written ? jsonata : `pass ${words} instead`);
}

// --- internal ---

/** Returns the text that an expression joins with `&`. The parts that are not constant become a letter. */
function filledText(tree: Expr): string {
  if (tree.kind === "literal") return String(tree.value);
  return tree.kind === "binary" && tree.operator === "&" ? filledText(tree.left) + filledText(tree.right) : "x";
}

/** Checks the literal parts of a name that States.Format puts together. */
function* checkNameTemplate(
  expression: Expression,
  pointer: string,
  name: string,
): Generator<Finding, void, undefined> {
  if (expression.kind !== "call" || expression.name !== "States.Format") return;
  const [template, ...values] = expression.arguments;
  if (template?.kind !== "literal") return;
  const filled = template.text.split("{}").reduce((before, part, index) => {
    const value = values[index - 1];
    return before + (value?.kind === "literal" ? String(value.value) : "x") + part;
  });
  yield* checkField(filled, JOB_NAME, pointer, name, NAME_CHECK);
}

const NAME_CHECK = { prefix: "batch-" } as const;

/** The JSON type that each kind of field needs, and how to convert a value of another type. */
const WANTED: Readonly<
  Partial<
    Record<
      Field["kind"],
      { type: JsonType; words: string; cast: (value: string, is: Shape) => string; jsonata: string }
    >
  >
> = {
  text: { type: "string", words: "a string", cast: asText, jsonata: "write $string(…) around it" },
  number: {
    type: "number",
    words: "a number",
    cast: (value) => `write States.StringToJson(${value}) if the string contains a number`,
    jsonata: "write $number(…) around it",
  },
  boolean: {
    type: "boolean",
    words: "true or false",
    cast: () => "use a path to true or false",
    jsonata: "write a comparison",
  },
  list: {
    type: "array",
    words: "a list",
    cast: (value) => `write States.Array(${value})`,
    jsonata: "put it in [ and ]",
  },
  map: { type: "object", words: "an object", cast: () => "use a path to an object", jsonata: "use an object" },
  object: { type: "object", words: "an object", cast: () => "use a path to an object", jsonata: "use an object" },
};

function* checkExpressionType(
  expression: Expression,
  field: Field,
  pointer: string,
  name: string,
  scope: Scope,
  prefix: ServicePrefix,
): Generator<Finding, void, undefined> {
  if (field.kind === "list" && expression.kind === "call" && expression.name === "States.Array") {
    for (const [index, argument] of expression.arguments.entries()) {
      yield* checkExpressionType(argument, field.of, pointer, `${name}[${index}]`, scope, prefix);
    }
    return;
  }
  const written = expression.kind === "call" ? `the result of ${expression.name}` : expression.text;
  const misfit = findMisfit(shapeOfExpression(expression, scope), field, name, written);
  if (misfit === null) return;
  const { words, cast } = WANTED[misfit.field.kind]!;
  const message = `${misfit.name} must be ${words}, but ${misfit.value} is ${describeShape(misfit.is)}`;
  const fix =
    misfit.value === written && expression.kind !== "call" ? cast(written, misfit.is) : `pass ${words} instead`;
  yield error(`${prefix}wrong-type`, pointer, message, fix);
}

interface Misfit {
  readonly name: string;
  readonly value: string;
  readonly is: Shape;
  readonly field: Field;
}

/** Returns the first place where the data certainly does not fit a field. */
function findMisfit(is: Shape, field: Field, name: string, value: string): Misfit | null {
  const wanted = WANTED[field.kind];
  if (wanted === undefined) return null;
  if (!is.types.has(wanted.type)) return { name, value, is, field };
  if (field.kind === "list" && is.items !== null && is.maxItems !== 0) {
    return findMisfit(is.items, field.of, `each item of ${name}`, `each item of ${value}`);
  }
  if (field.kind === "map" || field.kind === "object") {
    for (const [key, inner] of is.properties) {
      const member = field.kind === "map" ? field.of : Object.hasOwn(field.fields, key) ? field.fields[key] : undefined;
      const misfit = member && findMisfit(inner, member, `${name}.${key}`, `${value}.${key}`);
      if (misfit) return misfit;
    }
  }
  return null;
}

function asText(value: string, { types }: Shape): string {
  const structured = types.has("object") || types.has("array");
  return structured ? `write States.JsonToString(${value})` : `write States.Format('{}', ${value})`;
}
