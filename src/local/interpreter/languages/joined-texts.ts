import type { JsonObject } from "../../../base/json";
import { type ExpressionNode, hasOnly, NOT_PLAIN, type PlainPath, plainPathOf, valueAt } from "./plain-path";

/** The texts and the plain paths that an expression such as `'step-' & $states.input.index` joins. */
export type JoinedTexts = readonly (string | PlainPath)[];

/** Returns the parts of an expression that only joins texts and plain paths; `null` for any other expression. */
export function joinedTextsOf(expression: ExpressionNode): JoinedTexts | null {
  const { type, value, lhs, rhs } = expression;
  if (type !== "binary" || value !== "&" || !hasOnly(expression, ["type", "value", "position", "lhs", "rhs"])) {
    return null;
  }
  const [left, right] = [lhs, rhs].map((side) => partsOf(side as ExpressionNode));
  return left && right ? [...left, ...right] : null;
}

/** Returns the joined text. To ask the library takes longer than all else that a state does. */
export function joinTexts(parts: JoinedTexts, bindings: JsonObject): string | typeof NOT_PLAIN {
  let text = "";
  for (const part of parts) {
    const value = typeof part === "string" ? part : valueAt(part, bindings);
    if (typeof value === "string" || Number.isSafeInteger(value)) text += String(value);
    // What is not there is joined as an empty text.
    else if (value !== undefined) return NOT_PLAIN;
  }
  return text;
}

// --- internal ---

function partsOf(node: ExpressionNode): JoinedTexts | null {
  if (node.type === "string" && hasOnly(node, ["type", "value", "position"])) return [node.value as string];
  const path = plainPathOf(node);
  return path === null ? joinedTextsOf(node) : [path];
}
