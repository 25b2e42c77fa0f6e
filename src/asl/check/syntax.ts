import { escapePointer, isObject, type Json } from "../../base/json";
import { nearest } from "../../base/suggest";
import { quote } from "../../base/text";
import { type Expression, INTRINSICS, parseExpression } from "../expressions";
import { expression, type Field } from "../fields";
import { splitTemplate } from "../format-template";
import { parsePath } from "../json-path";
import { jsonataIn } from "../query-language";
import { checkListText, checkMemberText, OTHER_LANGUAGE } from "./literal-text";
import { error, type Finding } from "./problem";

/** Finds the syntax mistakes of a path or a function call. */
export function* checkExpression(
  text: string,
  field: Field,
  pointer: string,
  name: string,
): Generator<Finding, void, undefined> {
  const wrong = (message: string, fix: string) => error("expression", pointer, `${name}: ${message}`, fix);
  const use = field.kind === "path" ? field.use : null;
  try {
    const parsed = use === null ? parseExpression(text) : parsePath(text);
    if (use === "result" && parsed.kind === "path" && parsed.root !== "$") {
      yield wrong(`${text} is not a path into the state input`, 'write a path that begins with "$."');
    }
    if (use !== null && use !== "filter" && parsed.kind === "path" && parsed.steps === null) {
      yield wrong(
        `${text} can select more than one value`,
        "write a path to a single value, with names and indexes only",
      );
    }
    for (const { message, fix } of templateMistakes(parsed)) yield wrong(message, fix);
  } catch (mistake) {
    if (!(mistake instanceof SyntaxError)) throw mistake;
    if (jsonataIn(text) !== null) yield wrong(`${quote(text)} is an expression of JSONata`, OTHER_LANGUAGE);
    else yield wrong(mistake.message, misspeltFunction(text) ?? pathFunction(text) ?? SYNTAX);
  }
}

/** Finds the syntax mistakes in the expressions of a template. */
export function* checkTemplate(value: Json, pointer: string, name: string): Generator<Finding, void, undefined> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* checkTemplate(item, `${pointer}/${index}`, `${name}[${index}]`);
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const here = `${pointer}/${escapePointer(key)}`;
      if (key.endsWith(".$")) yield* checkDynamic(value, key, here, name);
      else if (typeof inner === "string") yield* checkMemberText(inner, key, here, `${name}.${key}`);
      else {
        if (Array.isArray(inner)) yield* checkListText(inner, key, here, `${name}.${key}`);
        yield* checkTemplate(inner, here, `${name}.${key}`);
      }
    }
  }
}

/** Returns a name without the ending `.$`. */
export function withoutSuffix(key: string): string {
  return key.endsWith(".$") ? key.slice(0, -2) : key;
}

// --- internal ---

const SYNTAX = "see https://states-language.net/spec.html#path for the syntax";

/** Returns the mistakes in the constant templates of States.Format, with those of inner calls. */
function templateMistakes(expression: Expression): { message: string; fix: string }[] {
  if (expression.kind !== "call") return [];
  const inner = expression.arguments.flatMap(templateMistakes);
  const [template, ...values] = expression.arguments;
  if (expression.name !== "States.Format" || template?.kind !== "literal") return inner;
  try {
    const places = splitTemplate(template.text).length - 1;
    if (places === values.length) return inner;
    const message = `States.Format has ${places} {} for ${values.length} ${values.length === 1 ? "value" : "values"}`;
    return [{ message, fix: "write one {} for each value" }, ...inner];
  } catch (mistake) {
    if (!(mistake instanceof SyntaxError)) throw mistake;
    return [{ message: mistake.message, fix: ESCAPE_BRACES }, ...inner];
  }
}

const ESCAPE_BRACES = String.raw`write \\{ and \\} for braces that are not a placeholder`;

function misspeltFunction(text: string): string | null {
  const unknown = text.match(/States\.\w+/g)?.find((name) => !Object.hasOwn(INTRINSICS, name));
  const meant = unknown === undefined ? null : nearest(unknown, Object.keys(INTRINSICS));
  return meant === null ? null : `did you mean ${meant}?`;
}

/** The functions of other JSONPath libraries, such as `$.items.length()`. AWS looks for a field of that name. */
function pathFunction(text: string): string | null {
  const [, path, name] = /^(\$.*)\.(\w+)\(\)$/.exec(text) ?? [];
  if (name === undefined) return null;
  return name === "length"
    ? `write States.ArrayLength(${path}): AWS has no functions in paths`
    : `remove .${name}(): AWS has no functions in paths`;
}

function* checkDynamic(
  template: Record<string, Json>,
  key: string,
  pointer: string,
  name: string,
): Generator<Finding, void, undefined> {
  const value = template[key];
  const plain = withoutSuffix(key);
  if (typeof value === "string") yield* checkExpression(value, expression, pointer, `${name}.${plain}`);
  else {
    const message = `the name of ${name}.${key} ends in ".$", so its value must be a path or an intrinsic function, got: ${quote(value)}`;
    yield error("expression", pointer, message, 'remove ".$" from the name, or write a path such as "$.name"');
  }
  if (Object.hasOwn(template, plain)) {
    const message = `${name}.${plain} is defined twice, as "${plain}" and as "${key}"`;
    yield error("duplicate-field", pointer, message, "remove one of them");
  }
}
