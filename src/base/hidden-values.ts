/** Hides secret values in text, in the forms in which programs print them. */

/** A shorter value is not hidden: it appears in too many other words. */
export const SHORTEST_HIDDEN = 4;

/** Replaces a hidden value. */
export const MASK = "***";

/** Replaces values in texts and bytes. */
export interface HiddenValues {
  readonly inText: (text: string) => string;
  /** The same for a text of UTF-8, whose other bytes stay as they are. */
  readonly inBytes: (bytes: Buffer) => Buffer;
  /** Returns the index from which the end of a text may be the first part of a value. It is the text's length if no part is. */
  readonly openEnd: (bytes: Buffer) => number;
}

/**
 * Hides each value as it is, and in these forms: escaped for JSON (also twice, as in a cause inside a cause), for a URL, in Base64
 * at any offset. Also hides each line of a value with several lines, and each text inside a value that is a JSON object or list.
 *
 * Values and parts shorter than `SHORTEST_HIDDEN` characters stay visible.
 */
export function hideValues(values: readonly string[]): HiddenValues {
  const forms = [...new Set(values.flatMap(partsOf).flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  if (forms.length === 0)
    return { inText: (text) => text, inBytes: (bytes) => bytes, openEnd: (bytes) => bytes.length };
  const text = anyOf(forms);
  const byteForms = forms.map((form) => Buffer.from(form).toString("latin1"));
  const bytesPattern = anyOf(byteForms);
  const longest = byteForms[0]!.length;
  return {
    inText: (given) => given.replaceAll(text, MASK),
    inBytes: (given) => {
      const shown = given.toString("latin1");
      const hidden = shown.replaceAll(bytesPattern, MASK);
      return hidden === shown ? given : Buffer.from(hidden, "latin1");
    },
    openEnd: (given) => {
      const shown = given.toString("latin1");
      const whole = [...shown.matchAll(bytesPattern)].at(-1);
      const searched = whole === undefined ? 0 : whole.index + whole[0].length;
      for (let from = Math.max(searched, shown.length - longest + 1); from < shown.length; from += 1) {
        if (byteForms.some((form) => form.startsWith(shown.slice(from)))) return from;
      }
      return shown.length;
    },
  };
}

// --- internal ---

/** Returns the value, its lines, and the texts in its JSON, without those that are too short. */
function partsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return [value, ...lines, ...textsIn(value)].filter((part) => part.length >= SHORTEST_HIDDEN);
}

function textsIn(value: string): string[] {
  if (!/^\s*[{[]/.test(value)) return [];
  try {
    const texts: string[] = [];
    JSON.parse(value, (_, member: unknown) => {
      if (typeof member === "string" || typeof member === "number") texts.push(String(member));
      return member;
    });
    return texts;
  } catch {
    return [];
  }
}

function formsOf(part: string): string[] {
  const inJson = escapeJson(part);
  const others = [inJson, escapeJson(inJson), escapeJson(part, true), encodeUrl(part), ...base64Forms(part)];
  return [part, ...others.filter((form) => form.length >= SHORTEST_HIDDEN)];
}

/** Escapes a text for JSON. Some programs, such as Python, also escape all characters outside ASCII. */
function escapeJson(text: string, ascii = false): string {
  const escaped = JSON.stringify(text).slice(1, -1);
  if (!ascii) return escaped;
  return escaped.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function encodeUrl(text: string): string {
  // A text inside JSON can have half a character, which has no form in a URL.
  return encodeURIComponent(Buffer.from(text).toString());
}

/** Returns the characters of Base64 that only the text decides, if it begins at the first, second or third byte of a group. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    const from = Math.ceil((offset * 8) / 6);
    const form = bytes.toString("base64").slice(from, Math.floor((bytes.length * 8) / 6));
    return [form, form.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function anyOf(texts: readonly string[]): RegExp {
  return new RegExp(texts.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"), "g");
}
