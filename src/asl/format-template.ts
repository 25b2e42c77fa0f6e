/**
 * Splits a template of `States.Format` at each `{}`. Returns the texts between them, without the escapes `\{`, `\}`, `\'` and `\\`.
 * A placeholder such as `${Name}` is text: a deployment has replaced it before AWS reads the template.
 *
 * @throws SyntaxError in AWS's words, if a brace is neither escaped nor a part of `{}`
 * @see https://states-language.net/spec.html#states-format
 */
export function splitTemplate(template: string): string[] {
  const parts = [""];
  for (const [token] of template.matchAll(TOKEN)) {
    if (token === "{}") parts.push("");
    else if (token === "{") throw unmatched("}", "{");
    else if (token === "}") throw unmatched("{", "}");
    else parts[parts.length - 1] += token.replace(ESCAPED, "$1");
  }
  return parts;
}

// --- internal ---

const TOKEN = /\{\}|\$\{\w+\}|\\[{}'\\]|[^{}\\$]+|./gs;
const ESCAPED = /^\\([{}'\\])$/;

function unmatched(missing: string, brace: string): SyntaxError {
  return new SyntaxError(`Invalid template in States.Format: matching '${missing}' not found for '${brace}'`);
}
