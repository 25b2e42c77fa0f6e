/**
 * Reads a Docker ignore file as `docker build` does: the rules are those of github.com/moby/patternmatcher. A path is matched in
 * time that grows with its length and that of a pattern, whatever the pattern is.
 *
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
import { posix } from "node:path";
import { quote } from "../base/text";
import { UsageError } from "../errors";

/**
 * Returns a function that tells whether a path, relative and with forward slashes, is sent to the builder.
 * @throws UsageError for a pattern that Docker refuses, with `file` and its line
 */
export function dockerIgnore(content: string, file: string): (path: string) => boolean {
  const rules = content
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .flatMap((line, index) => readRule(line, () => refuse(line, file, index + 1)));
  return (path) => {
    const parents = [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
    const last = rules.findLast(({ tokens }) => [path, ...parents].some((one) => matches(tokens, one)));
    return last === undefined || last.isException;
  };
}

// --- internal ---

interface Rule {
  /** Begins with `!`: what it matches is sent after all. */
  readonly isException: boolean;
  readonly tokens: readonly Token[];
}

/** A part of a pattern: one character out of some, `*`, `**` before more, or `**` at the end. */
type Token =
  | { readonly kind: "character"; readonly allows: (character: string) => boolean }
  | { readonly kind: "star" | "folders" | "rest" };

function readRule(line: string, refuse: () => never): Rule[] {
  if (line.startsWith("#")) return [];
  const text = line.trim();
  const isException = text.startsWith("!");
  const pattern = isException ? text.slice(1).trim() : text;
  if (pattern === "") return isException ? refuse() : [];
  const path = posix.normalize(pattern).replace(/(?<=.)\/$/, "");
  return [{ isException, tokens: tokensOf(path.replace(/^\/(?=.)/, ""), refuse) }];
}

function tokensOf(pattern: string, refuse: () => never): Token[] {
  const tokens: Token[] = [];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at]!;
    if (character === "*" && characters[at + 1] === "*") {
      at += characters[at + 2] === "/" ? 2 : 1;
      tokens.push({ kind: at + 1 < characters.length ? "folders" : "rest" });
    } else if (character === "*") {
      tokens.push({ kind: "star" });
    } else if (character === "?") {
      tokens.push({ kind: "character", allows: (one) => one !== "/" });
    } else if (character === "[") {
      const end = endOfClass(characters, at) ?? refuse();
      tokens.push({ kind: "character", allows: classOf(characters.slice(at + 1, end)) ?? refuse() });
      at = end;
    } else {
      if (character === "\\") at += 1;
      const literal = characters[at] ?? refuse();
      tokens.push({ kind: "character", allows: (one) => one === literal });
    }
  }
  return tokens;
}

/** Where the `]` of a class stands that begins at `start`; the first character of a class is never its end. */
function endOfClass(characters: readonly string[], start: number): number | null {
  let at = start + (characters[start + 1] === "^" ? 2 : 1);
  for (const first = at; at < characters.length; at += 1) {
    if (characters[at] === "\\") at += 1;
    else if (characters[at] === "]") return at === first ? null : at;
  }
  return null;
}

/** Characters and ranges, such as `a-z_` or `^0-9`; `null` for a range that has no end or ends before it begins. */
function classOf(characters: readonly string[]): ((character: string) => boolean) | null {
  const isNegated = characters[0] === "^";
  const ranges: (readonly [first: number, last: number])[] = [];
  let at = isNegated ? 1 : 0;
  const next = () => {
    if (characters[at] === "\\") at += 1;
    else if (characters[at] === "-") return null;
    return characters[at++]?.codePointAt(0) ?? null;
  };
  while (at < characters.length) {
    const first = next();
    let last = first;
    if (characters[at] === "-") {
      at += 1;
      last = next();
    }
    if (first === null || last === null || last < first) return null;
    ranges.push([first, last]);
  }
  return (character) => {
    const code = character.codePointAt(0)!;
    return ranges.some(([first, last]) => first <= code && code <= last) !== isNegated;
  };
}

/** Follows all ways to match at once, one character after another: no way is tried twice. */
function matches(tokens: readonly Token[], path: string): boolean {
  let places = withSkipped([0], tokens);
  for (const character of path) {
    places = withSkipped(
      [...places].flatMap((place) => step(tokens, place, character)),
      tokens,
    );
  }
  return places.has(tokens.length);
}

/** Where a character leads from a place: a token, or the half of one (`n + 0.5`) that is inside the folders of `**`. */
function step(tokens: readonly Token[], place: number, character: string): number[] {
  const at = Math.floor(place);
  const token = tokens[at];
  if (token === undefined) return [];
  switch (token.kind) {
    case "character":
      return token.allows(character) ? [at + 1] : [];
    case "star":
      return character === "/" ? [] : [at];
    case "rest":
      return [at];
    case "folders":
      return character === "/" ? [at + 0.5, at + 1] : [at + 0.5];
  }
}

/** The places, and those behind tokens that need nothing to match. */
function withSkipped(places: readonly number[], tokens: readonly Token[]): Set<number> {
  const all = new Set(places);
  for (const place of all) {
    const token = tokens[place];
    if (token !== undefined && token.kind !== "character") all.add(place + 1);
  }
  return all;
}

function refuse(pattern: string, file: string, line: number): never {
  throw new UsageError(
    `${file}, line ${line} must be a pattern that Docker takes, got: ${quote(pattern)}; close its brackets and put \\ before signs that stand for themselves`,
  );
}
