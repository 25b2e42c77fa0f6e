/**
 * Splits a pattern of `StringMatches` at each `*`, which stands for any characters. Returns the texts between them: `\*` is `*`
 * there, and `\\` is `\`.
 *
 * @throws SyntaxError if a backslash stands before anything else
 * @see https://states-language.net/spec.html#choice-state (StringMatches)
 */
export function splitMatchPattern(pattern: string): string[] {
  const parts = [""];
  for (const [token] of pattern.matchAll(/\\?./gsu)) {
    if (token === "*") parts.push("");
    else if (token.startsWith("\\") && !ESCAPES.includes(token)) {
      throw new SyntaxError(
        `the pattern ${JSON.stringify(pattern)} has a backslash that stands before neither * nor \\`,
      );
    } else parts[parts.length - 1] += token.startsWith("\\") ? token.slice(1) : token;
  }
  return parts;
}

// --- internal ---

const ESCAPES: readonly string[] = ["\\*", "\\\\"];
