/**
 * Converts a regular expression of Java, which AWS's filters use. It matches a whole text. Returns `null` for a pattern that means
 * something else in JavaScript, or nothing.
 *
 * @see https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html
 */
export function toRegExp(pattern: string, flags: string): RegExp | null {
  const ignoresCase = pattern.startsWith(IGNORE_CASE);
  const plain = ignoresCase ? pattern.slice(IGNORE_CASE.length) : pattern;
  const escaped = plain.replaceAll(ESCAPED_SIGN, (whole, sign: string) =>
    NEEDS_ESCAPE.test(sign) ? whole : code(sign),
  );
  try {
    // The flag u refuses what JavaScript would otherwise take literally, such as \Q and possessive quantifiers.
    return new RegExp(`^(?:${escaped})$`, `u${flags === "i" || ignoresCase ? "i" : ""}`);
  } catch {
    return null;
  }
}

// --- internal ---

const IGNORE_CASE = "(?i)";
/** In Java, a backslash may stand before any sign. */
const ESCAPED_SIGN = /\\([^A-Za-z0-9])/gs;
const NEEDS_ESCAPE = /[$^\\.*+?()[\]{}|/]/;

function code(sign: string): string {
  return `\\u{${sign.codePointAt(0)!.toString(16)}}`;
}
