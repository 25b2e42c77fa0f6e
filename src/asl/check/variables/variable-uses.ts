/** The variables that the expressions of a state read. */
import { boundNames, type Expr, walkNodes } from "../../jsonata-ast";
import { treeOf } from "../../jsonata-parser";
import { PLACEHOLDER_VARIABLE } from "../../query-language";
import { pathsOf, tryParse } from "../data/expression-shape";
import { JSONATA_FUNCTIONS } from "../data/jsonata-results";
import { jsonataTexts } from "../data/jsonata-uses";
import { pathUses } from "../data/path-uses";
import type { CheckedState } from "../subject";

/** A variable that an expression reads. */
export interface VariableUse {
  /** Without its dollar sign. */
  readonly name: string;
  /** The JSON pointer of the text. */
  readonly pointer: string;
  /** True if it is only tested for presence. */
  readonly tested: boolean;
  /** True if a function of JSONata has this name too. */
  readonly isFunction: boolean;
}

/** Returns the variables that a state reads, each once for a text. */
export function variableUses({ state, pointer, jsonata }: CheckedState): VariableUse[] {
  return jsonata
    ? [...jsonataTexts(state)].flatMap((use) => inTree(treeOf(use.text), pointer + use.pointer))
    : [...pathUses(state)].flatMap((use) => inPath(use.text, pointer + use.pointer));
}

// --- internal ---

function inPath(text: string, pointer: string): VariableUse[] {
  const expression = tryParse(text);
  const roots = expression === null ? [] : pathsOf(expression).map(({ root }) => root.slice(1));
  const names = new Set(roots.filter((root) => root !== "" && root !== "$"));
  return [...names].map((name) => ({ name, pointer, tested: false, isFunction: false }));
}

function inTree(tree: Expr | null, pointer: string): VariableUse[] {
  if (tree === null) return [];
  const bound = boundNames(tree);
  const names = new Set<string>();
  const tested = new Set<string>();
  for (const node of walkNodes(tree)) {
    if (node.kind === "variable") names.add(node.name);
    if (node.kind !== "call" || node.procedure.kind !== "variable" || node.procedure.name !== "exists") continue;
    for (const value of node.values) {
      const first = value.kind === "path" ? value.steps[0]! : value;
      if (first.kind === "variable") tested.add(first.name);
    }
  }
  const called = calledNames(tree);
  return [...names].flatMap((name) => {
    if (OWN_NAMES.includes(name) || bound.has(name) || PLACEHOLDER_VARIABLE.test(name)) return [];
    const isFunction = JSONATA_FUNCTIONS.has(name);
    // Another rule reports unknown functions.
    if (called.has(name) && !isFunction) return [];
    return [{ name, pointer, tested: tested.has(name), isFunction }];
  });
}

/** The names of JSONata and Step Functions. */
const OWN_NAMES = ["", "$", "states"];

function calledNames(tree: Expr): Set<string> {
  const calls = [...walkNodes(tree)].flatMap((node) => (node.kind === "call" ? [node.procedure] : []));
  return new Set(calls.flatMap((procedure) => (procedure.kind === "variable" ? [procedure.name] : [])));
}
