/**
 * The properties of every run. A broken property is a text. Its part before the first ": " is the same
 * for the same fault.
 */
import { CANARY } from "./texts";

/** The result of a command: its exit code and its output. */
export interface Session {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Control characters of terminals and of text direction, without line ends. */
const CONTROLS = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;
const STACK = /^\s+at .+:\d+:\d+\)?$|\b(RangeError|TypeError|ReferenceError|AssertionError)\b|UnhandledPromise/m;

const LONGEST_MESSAGES = 256 * 1024;

/** JSON may be as long as its subject. */
const LONGEST_JSON = 4 * 1024 * 1024;

/** Returns the promises that a session breaks. Its standard output is text, JSON or a drawing. */
export function sessionFaults(
  { code, stdout, stderr }: Session,
  output: "text" | "json" | "drawing" = "text",
): string[] {
  return [
    ...([0, 1, 2].includes(code) ? [] : [`the exit code is ${code}`]),
    ...textFaults("stderr", stderr),
    ...(output === "drawing" ? [] : textFaults("stdout", stdout, output === "json" ? LONGEST_JSON : LONGEST_MESSAGES)),
    ...(output === "json" && code !== 2 && !isJson(stdout) ? ["stdout is no JSON"] : []),
    ...(code === 2 && stderr.trim() === "" ? ["exit code 2 without a message"] : []),
  ];
}

/** Removes cursor movements and colours from a display. The rest must contain no control character. */
export function displayed(text: string): string {
  return text.replaceAll(DISPLAY, "");
}

const DISPLAY = new RegExp(`${String.fromCharCode(27)}\\[(?:\\d*[AKJ]|\\?25[lh]|\\d+m)|\\r`, "g");

/** Returns the promises that a text for people breaks. */
export function textFaults(name: string, text: string, longest = LONGEST_MESSAGES): string[] {
  const control = CONTROLS.exec(text)?.[0];
  const stack = STACK.exec(text)?.[0];
  return [
    ...(control === undefined ? [] : [`${name} holds a raw control character: U+${hex(control)}`]),
    ...(stack === undefined ? [] : [`${name} holds a stack trace: ${stack.trim().slice(0, 80)}`]),
    ...(text.length > longest ? [`${name} is longer than ${longest} characters`] : []),
  ];
}

/** SVG and HTML contain only elements of this project, closed in order. */
export function markupFaults(name: string, text: string, allowed: ReadonlySet<string>): string[] {
  const open: string[] = [];
  const rest = text
    .replaceAll(/<!--[\s\S]*?-->/g, "")
    .replaceAll(/<(script|style)\b([^>]*)>[\s\S]*?<\/\1>/g, "<$1$2></$1>")
    .replace(/^<\?xml[^>]*\?>/, "")
    .replaceAll(/<!doctype[^>]*>/gi, "");
  const faults: string[] = [];
  for (const [tag, close, element, attributes, empty] of rest.matchAll(
    /<(\/?)([A-Za-z][\w:-]*)((?:[^"'<>]|"[^"]*"|'[^']*')*?)(\/?)>/g,
  )) {
    if (!allowed.has(element!)) faults.push(`${name} has the element ${element}`);
    if (/\son\w+\s*=/i.test(attributes!.replaceAll(/"[^"]*"|'[^']*'/g, '""')))
      faults.push(`${name} has an event handler`);
    if (/(?:href|src)\s*=\s*["']?\s*javascript:/i.test(attributes!)) faults.push(`${name} has a link that runs code`);
    if (tag.replaceAll(/"[^"]*"|'[^']*'/g, "").includes(CANARY)) faults.push(`${name} has data in a tag`);
    if (close === "/" && open.pop() !== element) faults.push(`${name} closes ${element} out of order`);
    if (close === "" && empty === "" && !VOID.has(element!)) open.push(element!);
  }
  if (open.length > 0) faults.push(`${name} leaves ${open[0]} open`);
  if (/<(?![/A-Za-z!?])/.test(rest)) faults.push(`${name} holds a bare <`);
  return [...new Set(faults)];
}

/** SVG is XML, which allows no control characters. */
export function svgFaults(text: string): string[] {
  return [
    ...markupFaults("SVG", text, SVG_ELEMENTS),
    ...(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/u.test(text) ? ["SVG has a character that XML has not"] : []),
  ];
}

// biome-ignore format: a list
const SVG_ELEMENTS = new Set([
  "svg", "g", "title", "desc", "polygon", "path", "text", "tspan", "ellipse", "polyline", "rect", "a", "style", "defs", "circle", "line",
]);
const VOID = new Set(["meta", "br", "hr", "img", "input", "link", "col"]);

/** Markdown contains data only in code spans, fences and escaped `<code>`. Every fence and fold is closed. */
export function markdownFaults(text: string): string[] {
  const left: string[] = [];
  let fence: string | null = null;
  const lines = text.trimEnd().split("\n");
  // The last line is an HTML comment, by which a script finds the review.
  const mark = lines.pop() ?? "";
  for (const line of lines) {
    const opening = /^(`{3,})[a-z]*$/.exec(line)?.[1];
    if (fence === null && opening !== undefined) fence = opening;
    else if (fence !== null && /^ {0,3}`+\s*$/.test(line) && line.trim().length >= fence.length) fence = null;
    else if (fence === null) {
      left.push(
        line
          .replaceAll(/(?<!`)(`{1,80})(?!`).*?(?<!`)\1(?!`)/g, "CODE")
          .replaceAll(/<code>(?:[^<>@#]|&#\d+;)*<\/code>/g, "CODE"),
      );
    }
  }
  const markup = left.join("\n");
  const count = (pattern: RegExp) => markup.match(pattern)?.length ?? 0;
  return [
    ...(fence === null ? [] : ["Markdown: a fence stays open"]),
    ...(markup.includes(CANARY) ? ["Markdown: data outside code"] : []),
    ...(count(/<details/g) === count(/<\/details>/g) ? [] : ["Markdown: a fold stays open"]),
    ...(/^<!-- [^<>]* -->$/.test(mark) ? [] : ["Markdown: the last line is not its mark"]),
  ];
}

/** Each CSV row has as many cells as the first one. No cell is a formula. */
export function csvFaults(text: string): string[] {
  const rows: string[][] = [[]];
  let rest = text;
  while (rest !== "") {
    const [whole, quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/.exec(rest) ?? [];
    if (whole === undefined || whole === "") return ["CSV: it cannot be read"];
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") rows.push([]);
    rest = rest.slice(whole.length);
  }
  if (rows.at(-1)!.length === 0) rows.pop();
  return [
    ...(rows.every(({ length }) => length === rows[0]!.length) ? [] : ["CSV: rows of different lengths"]),
    ...(rows.flat().some((cell) => /^[=+@\t\r]|^-(?![\d.])/.test(cell)) ? ["CSV: a formula in a cell"] : []),
  ];
}

/** Each Mermaid line has one of the few forms that the diagrams use. */
export function mermaidFaults(text: string): string[] {
  // A label ends at its quote. The rest belongs to the diagram.
  const outside = text.replaceAll(/"[^"]*"/g, "");
  return [
    ...(outside.includes(CANARY) ? ["Mermaid: data outside a label"] : []),
    ...(/"/.test(outside) ? ["Mermaid: a quote without its pair"] : []),
    ...(/^\s*(click|style|%%\{)/m.test(outside) ? ["Mermaid: a directive"] : []),
  ];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function hex(character: string): string {
  return character.codePointAt(0)!.toString(16).padStart(4, "0");
}
