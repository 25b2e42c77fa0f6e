/** Markup that is safe by its type: what is put into a template is text, unless it is markup itself. */
export interface Markup {
  readonly text: string;
}

type Part = Markup | string | number | readonly Part[];

/** A template of HTML. Strings in it become text, in elements and in quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return markup(strings.map((string, index) => string + (index < parts.length ? render(parts[index]!) : "")).join(""));
}

/** What is known to be markup. */
export function markup(text: string): Markup {
  return { text };
}

/** JSON for a script element: nothing in it can end the element or begin a comment. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function render(part: Part): string {
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return part.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return "text" in part ? part.text : part.map(render).join("");
}
