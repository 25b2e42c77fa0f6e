/** Safe markup. A template turns each value into text, unless the value is markup itself. */
export interface Markup {
  readonly text: string;
}

type Part = Markup | string | number | readonly Part[];

/** Builds HTML from a template. Strings become text, in elements and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return markup(strings.map((string, index) => string + (index < parts.length ? render(parts[index]!) : "")).join(""));
}

/** Marks a text as trusted markup. */
export function markup(text: string): Markup {
  return { text };
}

/** Returns JSON for a script element. Its text cannot end the element or start a comment. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function render(part: Part): string {
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return part.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return "text" in part ? part.text : part.map(render).join("");
}
