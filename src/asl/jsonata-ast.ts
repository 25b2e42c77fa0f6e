/**
 * The syntax tree of a JSONata expression, as far as the checks look into it.
 *
 * @see https://docs.jsonata.org/overview.html
 */
import type { Json } from "../base/json";

/** A node of an expression. */
export type Expr = (
  | { readonly kind: "literal"; readonly value: Json }
  /** A variable or a function, without its dollar sign. `$` has the name "", and `$$` has the name "$". */
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "path"; readonly steps: readonly Expr[] }
  /** The name of a field, as a step of a path. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Expr[] }
  | { readonly kind: "object"; readonly pairs: readonly Pair[] }
  | { readonly kind: "negate"; readonly of: Expr }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "bind"; readonly name: string; readonly value: Expr }
  | { readonly kind: "block"; readonly expressions: readonly Expr[] }
  | { readonly kind: "condition"; readonly test: Expr; readonly whenTrue: Expr; readonly whenFalse: Expr | null }
  | { readonly kind: "call"; readonly procedure: Expr; readonly values: readonly Expr[]; readonly partial: boolean }
  | { readonly kind: "lambda"; readonly parameters: readonly string[]; readonly body: Expr }
  | { readonly kind: "apply"; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "sort"; readonly terms: readonly Expr[] }
  /** Everything that no check looks into: wildcards, regular expressions, `%`, transforms. */
  | { readonly kind: "other"; readonly inner: readonly Expr[] }
) & {
  /** The offset in the expression at which the token of the node ends. */
  readonly end: number;
  /** The filters in square brackets behind it. */
  readonly filters: readonly Expr[];
  /** The pairs of a grouping `{…}` behind it. */
  readonly group: readonly Pair[];
  /** The variables that `@$name` and `#$name` bind. */
  readonly binds: readonly string[];
};

type Pair = readonly [key: Expr, value: Expr];

/** Walks a node and all nodes below it, each before the nodes below it. */
export function* walkNodes(tree: Expr): Generator<Expr, void, undefined> {
  const waiting = [tree];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    const inner = [...ownNodes(node), ...node.filters, ...node.group.flat()];
    for (let index = inner.length - 1; index >= 0; index--) waiting.push(inner[index]!);
  }
}

/** Returns the nodes directly below a node, without those in its filters and its grouping, which read its value. */
export function ownNodes(node: Expr): readonly Expr[] {
  switch (node.kind) {
    case "path":
      return node.steps;
    case "list":
      return node.items;
    case "object":
      return node.pairs.flat();
    case "negate":
      return [node.of];
    case "binary":
    case "apply":
      return [node.left, node.right];
    case "bind":
      return [node.value];
    case "block":
      return node.expressions;
    case "condition":
      return [node.test, node.whenTrue, ...(node.whenFalse === null ? [] : [node.whenFalse])];
    case "call":
      return [node.procedure, ...node.values];
    case "lambda":
      return [node.body];
    case "sort":
      return node.terms;
    case "other":
      return node.inner;
    default:
      return [];
  }
}

/** Returns the names that an expression binds itself: with `:=`, as parameters, and with `@` or `#`. */
export function boundNames(tree: Expr): Set<string> {
  const names = new Set<string>();
  for (const node of walkNodes(tree)) {
    if (node.kind === "bind") names.add(node.name);
    if (node.kind === "lambda") for (const name of node.parameters) names.add(name);
    for (const name of node.binds) names.add(name);
  }
  return names;
}
