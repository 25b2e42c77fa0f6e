/** The depth of a JSON text. It is measured before a recursive parser reads the text and overflows the stack. */
import { createScanner, SyntaxKind } from "jsonc-parser";

/**
 * The deepest nesting of objects and lists in a text. No workflow comes near it. The parsers of AWS and Terraform have higher
 * limits, from 1,000 on.
 */
export const MAX_DEPTH = 200;

/** Returns the offset of the first bracket that nests more than `MAX_DEPTH` levels deep, or `null`. */
export function tooDeepAt(text: string): number | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token = scanner.scan(); token !== SyntaxKind.EOF; token = scanner.scan()) {
    if (token === SyntaxKind.OpenBraceToken || token === SyntaxKind.OpenBracketToken) depth += 1;
    if (token === SyntaxKind.CloseBraceToken || token === SyntaxKind.CloseBracketToken) depth -= 1;
    if (depth > MAX_DEPTH) return scanner.getTokenOffset();
  }
  return null;
}
