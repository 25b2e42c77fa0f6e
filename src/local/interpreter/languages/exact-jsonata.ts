/**
 * Makes JSONata right about numbers that a JavaScript number cannot give back. The library takes an exact number for an object: it
 * moves it, but cannot compute with it. So operators and functions of numbers get their operands through functions of ours.
 */
import { canonicalNumber, compareNumbers, ExactNumber, isNumber } from "../../../base/exact-number";
import { isObject, isTree, type Json, stringifyJson } from "../../../base/json";

/** A node of the library's syntax tree. */
interface Node {
  type?: string;
  value?: unknown;
  position?: number;
  [member: string]: unknown;
}

/** The functions that a tree calls after `withExactNumbers`. */
export const EXACT_FUNCTIONS: Readonly<Record<string, unknown>> = {
  exactNumber: (value: unknown) => convert(value, numberFor),
  // A number that is not 0 does not become 0.
  exactTruth: (value: unknown) =>
    convert(value, (exact) => (isHeld(exact) ? exact.toNumber() : exact.toNumber() || Number.MIN_VALUE)),
  // Equal numbers become the same value.
  exactEqual: (value: unknown) =>
    convert(value, (exact) => (isHeld(exact) ? exact.toNumber() : Symbol.for(canonicalNumber(exact)))),
  exactText: (value: unknown, isPretty?: boolean) =>
    holds(value) ? stringifyJson(value, isPretty === true ? 2 : 0) : value,
  exactOrder: (left: unknown, right: unknown) =>
    isNumber(left) && isNumber(right) ? compareNumbers(left, right) : left,
  exactZero: (left: unknown, right: unknown) => (isNumber(left) && isNumber(right) ? 0 : right),
};

/** Returns whether an expression can have an exact number that is not in its data. */
export function makesExact(source: string, tree: unknown): boolean {
  return /\$parse\b/.test(source) || nodesOf(tree).some((node) => literalOf(node, source) !== null);
}

/** Changes the tree of an expression in place, so that it computes with exact numbers, or fails with a clear message. */
export function withExactNumbers(source: string, tree: unknown): void {
  for (const node of nodesOf(tree)) {
    const literal = literalOf(node, source);
    if (literal !== null) Object.assign(node, { type: "value", value: literal });
    else CHANGES[node.type ?? ""]?.(node);
  }
}

/** Returns all nodes of a tree, and the objects inside them. */
export function nodesOf(tree: unknown): Node[] {
  const found: Node[] = [];
  const seen = new Set<object>();
  const pending = [tree];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== "object" || next === null || next instanceof RegExp || seen.has(next)) continue;
    seen.add(next);
    if (!Array.isArray(next)) found.push(next as Node);
    pending.push(...Object.values(next));
  }
  return found;
}

// --- internal ---

/** The functions of JSONata that take numbers, or compare values. */
const OF_NUMBERS: ReadonlySet<unknown> = new Set(
  (
    "abs average base64encode ceil contains distinct floor formatBase formatInteger formatNumber fromMillis hash join length " +
    "lowercase max min number pad power replace round sort split sqrt substring substringAfter substringBefore sum trim uppercase"
  ).split(" "),
);
/** The functions whose result depends on the type, or on whether a number is 0. */
const OF_TRUTH: ReadonlySet<unknown> = new Set(["boolean", "not", "type"]);

const OPERATORS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["+", "-", "*", "/", "%", ".."].map((operator) => [operator, "exactNumber"])),
  ...Object.fromEntries(["=", "!=", "in"].map((operator) => [operator, "exactEqual"])),
  ...Object.fromEntries(["and", "or"].map((operator) => [operator, "exactTruth"])),
  "&": "exactText",
};

/** The changes by type of node. */
const CHANGES: Readonly<Record<string, (node: Node) => void>> = {
  binary: (node) => {
    const wrapper = OPERATORS[node.value as string];
    if (wrapper !== undefined) wrap(node, wrapper, "lhs", "rhs");
    else if (["<", "<=", ">", ">="].includes(node.value as string)) Object.assign(node, comparison(node));
  },
  unary: (node) => {
    if (node.value === "-") wrap(node, "exactNumber", "expression");
  },
  condition: (node) => wrap(node, "exactTruth", "condition"),
  filter: (node) => wrap(node, "exactTruth", "expr"),
  sort: (node) => {
    for (const term of node.terms as Node[]) wrap(term, "exactNumber", "expression");
  },
  apply: (node) => {
    const { type, value, procedure } = node.rhs as Node;
    const wrapper = wrapperOf(type === "function" ? (procedure as Node).value : value);
    if (wrapper !== null) wrap(node, wrapper, "lhs");
  },
  function: (node) => {
    const wrapper = wrapperOf((node.procedure as Node).value);
    const [first, ...rest] = node.arguments as Node[];
    if (wrapper === null || first === undefined) return;
    // A comparator of the user's own gets the items as they are.
    if ((node.procedure as Node).value === "sort" && rest.length > 0) return;
    // $string has its options in the second argument.
    node.arguments =
      wrapper === "exactText" ? [call(wrapper, first, ...rest)] : [first, ...rest].map((one) => call(wrapper, one));
  },
};

function wrapperOf(name: unknown): string | null {
  if (name === "string") return "exactText";
  return OF_NUMBERS.has(name) ? "exactNumber" : OF_TRUTH.has(name) ? "exactTruth" : null;
}

function wrap(node: Node, wrapper: string, ...members: string[]): void {
  for (const member of members) node[member] = call(wrapper, node[member] as Node);
}

function call(name: string, ...operands: Node[]): Node {
  return { type: "function", value: "(", procedure: variable(name), arguments: operands };
}

function variable(name: string): Node {
  return { type: "variable", value: name };
}

/** `($l := left; $r := right; $exactOrder($l, $r) < $exactZero($l, $r))`. Each operand is evaluated once. */
function comparison({ lhs, rhs, ...node }: Node): Node {
  const operands = [variable("exactLeft"), variable("exactRight")];
  const bind = (index: number, value: unknown): Node => ({
    type: "bind",
    value: ":=",
    lhs: operands[index],
    rhs: value,
  });
  const compared = { ...node, lhs: call("exactOrder", ...operands), rhs: call("exactZero", ...operands) };
  return { type: "block", expressions: [bind(0, lhs), bind(1, rhs), compared] };
}

/** Returns all nodes of a tree. The functions that change one do not look at what the others have made. */
/** Returns the number of a literal that a JavaScript number cannot hold; otherwise `null`. */
function literalOf({ type, value, position }: Node, source: string): ExactNumber | null {
  if (type !== "number" || position === undefined) return null;
  const digits = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.exec(source.slice(0, position))?.[0];
  if (digits === undefined) return null;
  const exact = new ExactNumber((value as number) < 0 ? `-${digits}` : digits);
  return isHeld(exact) ? null : exact;
}

/** Returns whether a JavaScript number has the same value. */
function isHeld(exact: ExactNumber): boolean {
  return compareNumbers(exact, exact.toNumber()) === 0;
}

/** Returns the nearest number. Fractions are rounded, as any fraction is. */
function numberFor(exact: ExactNumber): number {
  const number = exact.toNumber();
  if (isHeld(exact) || (!Number.isInteger(number) && number !== 0)) return number;
  throw new Error(`The local run cannot compute with the number ${exact}: JSONata would round it`);
}

function holds(value: unknown): boolean {
  if (value instanceof ExactNumber) return true;
  return isTree(value) && typeof value !== "function" && Object.values(value).some(holds);
}

/** Returns a value with its exact numbers replaced; the value itself if it has none. */
function convert(value: unknown, replace: (exact: ExactNumber) => unknown): unknown {
  if (value instanceof ExactNumber) return replace(value);
  if (!holds(value)) return value;
  if (Array.isArray(value)) return value.map((item) => convert(item, replace));
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item as Json, replace)]))
    : value;
}
