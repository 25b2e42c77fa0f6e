/** The text with which the value of an expression begins. */
import { parseExpression } from "./expressions";
import { splitTemplate } from "./format-template";
import type { Expr } from "./jsonata-ast";
import { parseJsonata } from "./jsonata-parser";
import { jsonataIn } from "./query-language";

/**
 * Returns the text before the first part that is known only when the state runs: `runs/` for `States.Format('runs/{}.json', $.id)`.
 * It is empty if the value may begin with anything.
 */
export function startOfPath(expression: string): string {
  try {
    const parsed = parseExpression(expression);
    const [template] = parsed.kind === "call" && parsed.name === "States.Format" ? parsed.arguments : [];
    return template?.kind === "literal" ? splitTemplate(template.text)[0]! : "";
  } catch {
    return "";
  }
}

/** Returns the text before the first such part of a JSONata expression: `runs/` for `{% 'runs/' & $id %}`. */
export function startOfJsonata(text: string): string {
  const expression = jsonataIn(text);
  // A placeholder in quotes is text. With any other one, the expression is JSONata only when it is deployed.
  const parsed = expression === null ? null : parseJsonata(expression);
  return parsed !== null && "tree" in parsed && parsed.tree !== null ? joinedStart(parsed.tree).text : "";
}

// --- internal ---

/** `isWhole`: nothing follows that is known only when the state runs. */
function joinedStart(tree: Expr): { text: string; isWhole: boolean } {
  if (tree.filters.length > 0 || tree.group.length > 0) return { text: "", isWhole: false };
  if (tree.kind === "literal" && typeof tree.value === "string") return { text: tree.value, isWhole: true };
  if (tree.kind === "block" && tree.expressions.length === 1) return joinedStart(tree.expressions[0]!);
  if (tree.kind !== "binary" || tree.operator !== "&") return { text: "", isWhole: false };
  const left = joinedStart(tree.left);
  if (!left.isWhole) return left;
  const right = joinedStart(tree.right);
  return { text: left.text + right.text, isWhole: right.isWhole };
}
