/** Expressions of JSONata in short words. They are read as words and signs only, so a wrong expression stays as it is. */

/** The signs and words of an expression. */
type Tokens = readonly string[];

/** A longer expression is not described, because no label shows all of it. */
const LONGEST_EXPRESSION = 1000;

/** Shortens an expression: one line, `$.a` for `$states.input.a`. */
export function shortExpression(expression: string): string {
  return expression.length > LONGEST_EXPRESSION ? expression.trim() : textOf(tokensOf(expression));
}

/** The parts of a condition that `and` or `or` joins; one part if there is neither. */
export interface ConditionParts {
  readonly word: "and" | "or";
  readonly parts: readonly string[];
}

/** Describes a condition: `$.x is "a"` for `$states.input.x = 'a'`. */
export function conditionParts(expression: string): ConditionParts {
  if (expression.length > LONGEST_EXPRESSION) return { word: "and", parts: [expression.trim()] };
  const tokens = withoutBrackets(resultOf(withoutBrackets(tokensOf(expression))));
  const either = splitAt(tokens, "or");
  if (either.length > 1) return { word: "or", parts: either.map(nestedWords) };
  return { word: "and", parts: splitAt(tokens, "and").map(nestedWords) };
}

// --- internal ---

const TOKEN =
  /\/\*.*?\*\/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\$*[\p{L}_][\p{L}\p{N}_]*|\$+|\d+(?:\.\d+)?|:=|!=|<=|>=|~>|\*\*|\.\.|\s+|./gsu;

function tokensOf(expression: string): string[] {
  const tokens = expression.match(TOKEN) ?? [];
  return tokens.flatMap((token) => (token.startsWith("/*") ? [] : [/^\s+$/.test(token) ? " " : token]));
}

/** The reserved variables, as the states in JSONPath write them. */
const RESERVED: readonly (readonly [RegExp, string])[] = [
  [/\$states\.input\b/g, "$"],
  [/\$states\.context\b/g, "$$$$"],
  [/\$states\.result\b/g, "result"],
  [/\$states\.errorOutput\b/g, "error"],
];

function textOf(tokens: Tokens): string {
  const written = tokens.map((token) => (/^'[^"\\]*'$/.test(token) ? `"${token.slice(1, -1)}"` : token)).join("");
  return RESERVED.reduce((text, [pattern, short]) => text.replaceAll(pattern, short), written).trim();
}

/** Splits tokens at a word or sign that stands in no brackets. */
function splitAt(tokens: Tokens, ...separators: string[]): string[][] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if ("([{".includes(token)) depth += 1;
    if (")]}".includes(token)) depth -= 1;
    if (depth === 0 && separators.includes(token)) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

function trimmed(tokens: Tokens): Tokens {
  const from = tokens.findIndex((token) => token !== " ");
  const to = tokens.findLastIndex((token) => token !== " ");
  return tokens.slice(from, to + 1);
}

/** Returns the tokens inside the brackets that surround all of them. */
function withoutBrackets(tokens: Tokens): Tokens {
  const inner = trimmed(tokens);
  return inner[0] === "(" && closing(inner, 0) === inner.length - 1 ? withoutBrackets(inner.slice(1, -1)) : inner;
}

/** Returns the last expression of a block, such as `$p := $.a; $p.b > 1`. A path takes the place of its variable. */
function resultOf(block: Tokens): Tokens {
  const statements = splitAt(block, ";").map(trimmed);
  const values = new Map<string, Tokens>();
  const filledIn = (tokens: Tokens) => tokens.flatMap((token) => values.get(token) ?? [token]);
  for (const statement of statements.slice(0, -1)) {
    const [left, right, ...more] = splitAt(statement, ":=").map(trimmed);
    if (left?.length !== 1 || right === undefined || more.length > 0) return block;
    const path = filledIn(right);
    if (path.length <= LONGEST_PATH && path.every((token) => PATH_TOKEN.test(token))) values.set(left[0]!, path);
  }
  return filledIn(statements.at(-1)!);
}

/** In tokens. */
const LONGEST_PATH = 30;
const PATH_TOKEN = /^(?:\$*[\p{L}_][\p{L}\p{N}_]*|\$|\.)$/u;

/** Returns the index of the bracket that closes the one at `start`; -1 if there is none. */
function closing(tokens: Tokens, start: number): number {
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    if ("([{".includes(tokens[index]!)) depth += 1;
    if (")]}".includes(tokens[index]!)) depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}

/** Returns the arguments of a call that is the whole expression; `null` for anything else. */
function argumentsOf(tokens: Tokens, name: string): Tokens[] | null {
  if (tokens[0] !== name || tokens[1] !== "(" || closing(tokens, 1) !== tokens.length - 1) return null;
  return splitAt(tokens.slice(2, -1), ",").map(trimmed);
}

/** Describes a part of a condition. A part with parts of its own keeps its brackets. */
function nestedWords(tokens: Tokens): string {
  const inner = withoutBrackets(tokens);
  const nested = ["or", "and"].some((word) => splitAt(inner, word).length > 1);
  return nested ? `(${textOf(inner)})` : testWords(inner);
}

const COMPARISONS: Readonly<Record<string, string>> = {
  "=": "is",
  "!=": "is not",
  "<": "<",
  "<=": "≤",
  ">": ">",
  ">=": "≥",
};

/** The types of `$type` as people name them. */
const KINDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  array: "a list",
  object: "an object",
  boolean: "true or false",
  null: "null",
};

function testWords(tokens: Tokens): string {
  const [present] = argumentsOf(tokens, "$exists") ?? [];
  if (present !== undefined) return `${textOf(present)} is present`;
  const [negated] = argumentsOf(tokens, "$not") ?? [];
  if (negated !== undefined) return negation(withoutBrackets(negated));
  const [text, part] = argumentsOf(tokens, "$contains") ?? [];
  if (text !== undefined && part !== undefined) return `${textOf(text)} contains ${textOf(part)}`;
  for (const [sign, word] of Object.entries(COMPARISONS)) {
    const [left, right, ...more] = splitAt(tokens, sign).map(trimmed);
    if (left === undefined || right === undefined || more.length > 0) continue;
    const [typed] = argumentsOf(left, "$type") ?? [];
    const type = textOf(right).replaceAll('"', "");
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
    return typed !== undefined && kind !== undefined
      ? `${textOf(typed)} ${word} ${kind}`
      : `${textOf(left)} ${word} ${textOf(right)}`;
  }
  return textOf(tokens);
}

function negation(tokens: Tokens): string {
  const [present] = argumentsOf(tokens, "$exists") ?? [];
  return present === undefined
    ? `not (${nestedWords(tokens).replace(/^\((.*)\)$/s, "$1")})`
    : `${textOf(present)} is not present`;
}
