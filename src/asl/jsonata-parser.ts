/** Parses JSONata expressions with the `jsonata` library, and turns its syntax tree into typed data. */
import type { Json } from "../base/json";
import type { Expr } from "./jsonata-ast";
import { blankPlaceholders, isJsonataText, jsonataIn } from "./query-language";

/** A mistake in the syntax. `offset` is the place in the expression, from 0. */
interface JsonataMistake {
  readonly message: string;
  readonly offset: number | null;
}

/** A parsed expression. The tree is `null` if it is too deep to be followed. */
export type Parsed = { readonly tree: Expr | null } | { readonly mistake: JsonataMistake };

/** Parses an expression. Several rules read each expression of a document, so the last ones are kept. */
export function parseJsonata(text: string): Parsed {
  const before = KEPT.get(text);
  if (before !== undefined) return before;
  const parsed = parse(text);
  if (KEPT.size === MOST_KEPT) KEPT.clear();
  if (text.length <= LONGEST_KEPT) KEPT.set(text, parsed);
  return parsed;
}

/** Returns the tree of a text that is one expression; `null` for any other text, and for one with a mistake. */
export function treeOf(text: string): Expr | null {
  const expression = isJsonataText(text) ? jsonataIn(text) : null;
  if (expression === null) return null;
  const parsed = parseJsonata(blankPlaceholders(expression));
  return "tree" in parsed ? parsed.tree : null;
}

// --- internal ---

const KEPT = new Map<string, Parsed>();
const MOST_KEPT = 20_000;
const LONGEST_KEPT = 2000;

function parse(text: string): Parsed {
  if ((text.match(DOUBLING)?.length ?? 0) > MOST_DOUBLINGS) return { tree: null };
  // Loaded on demand: most documents have no JSONata.
  const jsonata = require("jsonata") as typeof import("jsonata");
  try {
    return { tree: convert(jsonata(text).ast() as unknown as Node, 0) };
  } catch (mistake) {
    if (mistake instanceof TooDeep) return { tree: null };
    if (mistake instanceof RangeError) {
      return { mistake: { message: "its brackets are nested too deeply", offset: null } };
    }
    const { message, position, token } = mistake as { message: string; position?: number; token?: unknown };
    const length = typeof token === "string" && token !== END ? token.length : 0;
    return { mistake: { message, offset: position === undefined ? null : Math.max(0, position - length) } };
  }
}

/** The library's name for the end of an expression. */
const END = "(end)";

/** Deeper expressions are not followed. A person writes at most a tenth of this. */
const MOST_LEVELS = 400;

/** The library copies what stands before these operators. Inside each other, they would fill the memory. */
const DOUBLING = /\?[?:]/g;
const MOST_DOUBLINGS = 12;

class TooDeep extends Error {}

/** A node of the library's tree. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly steps?: readonly Node[];
  readonly expressions?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly procedure?: Node;
  readonly lhs?: Node | readonly (readonly [Node, Node])[];
  readonly rhs?: Node;
  readonly expression?: Node;
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
  readonly body?: Node;
  readonly thunk?: boolean;
  readonly pattern?: Node;
  readonly update?: Node;
  readonly delete?: Node;
  readonly terms?: readonly { readonly expression: Node }[];
  readonly predicate?: readonly { readonly expr?: Node; readonly value?: unknown }[];
  readonly stages?: readonly { readonly expr?: Node; readonly value?: unknown }[];
  readonly group?: { readonly lhs: readonly (readonly [Node, Node])[] };
  readonly focus?: string;
  readonly index?: string;
}

function convert(node: Node, depth: number): Expr {
  if (depth > MOST_LEVELS) throw new TooDeep();
  const inner = (one: Node) => convert(one, depth + 1);
  const pairs = (list: readonly (readonly [Node, Node])[]) =>
    list.map(([key, value]) => [inner(key), inner(value)] as const);
  const stages = [...(node.predicate ?? []), ...(node.stages ?? [])];
  const names = [node.focus, node.index, ...stages.map(({ expr, value }) => (expr === undefined ? value : undefined))];
  const more = {
    end: node.position ?? 0,
    filters: stages.flatMap(({ expr }) => (expr === undefined ? [] : [inner(expr)])),
    group: pairs(node.group?.lhs ?? []),
    binds: names.filter((name) => typeof name === "string"),
  };
  const other = (...below: (Node | undefined)[]): Expr => ({
    kind: "other",
    inner: below.flatMap((one) => (one === undefined ? [] : [inner(one)])),
    ...more,
  });
  switch (node.type) {
    case "string":
    case "number":
    case "value":
      return { kind: "literal", value: node.value as Json, ...more };
    case "variable":
      return { kind: "variable", name: String(node.value), ...more };
    case "path":
      return { kind: "path", steps: node.steps!.map(inner), ...more };
    case "name":
      return { kind: "name", name: String(node.value), ...more };
    case "unary":
      if (node.value === "[") return { kind: "list", items: node.expressions!.map(inner), ...more };
      if (node.value === "{")
        return { kind: "object", pairs: pairs(node.lhs as readonly (readonly [Node, Node])[]), ...more };
      return { kind: "negate", of: inner(node.expression!), ...more };
    case "binary":
      return {
        kind: "binary",
        operator: String(node.value),
        left: inner(node.lhs as Node),
        right: inner(node.rhs!),
        ...more,
      };
    case "bind":
      return { kind: "bind", name: String((node.lhs as Node).value), value: inner(node.rhs!), ...more };
    case "block":
      return { kind: "block", expressions: node.expressions!.map(inner), ...more };
    case "condition":
      return {
        kind: "condition",
        test: inner(node.condition!),
        whenTrue: inner(node.then!),
        whenFalse: node.else === undefined ? null : inner(node.else),
        ...more,
      };
    case "function":
    case "partial":
      return {
        kind: "call",
        procedure: inner(node.procedure!),
        values: node.arguments!.map(inner),
        partial: node.type === "partial",
        ...more,
      };
    case "lambda":
      // The library wraps a call at the end of a function.
      if (node.thunk === true) return inner(node.body!);
      return {
        kind: "lambda",
        parameters: node.arguments!.map(({ value }) => String(value)),
        body: inner(node.body!),
        ...more,
      };
    case "apply":
      return { kind: "apply", left: inner(node.lhs as Node), right: inner(node.rhs!), ...more };
    case "sort":
      return { kind: "sort", terms: node.terms!.map(({ expression }) => inner(expression)), ...more };
    default:
      return other(node.pattern, node.update, node.delete);
  }
}
