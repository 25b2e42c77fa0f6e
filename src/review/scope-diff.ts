/** The change from one scope of a statement to another: its principals, actions or resources. */
import type { Scope, Statement } from "./policy";
import { type References, settle } from "./references";
import { KNOWN_AFTER_APPLY } from "./values";

export const PARTS = ["principals", "actions", "resources"] as const;
export type Part = (typeof PARTS)[number];

export interface ScopeChange {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** True if the change may widen or narrow the scope. */
  readonly isUnclear: boolean;
  /** True if the gain has no end: anyone, anything, or all but something. */
  readonly isBroad: boolean;
  /** A line for each name that is gained (`+`), lost (`-`) or not clear (`!`). */
  readonly lines: readonly string[];
}

/** Compares one part of two statements. */
export function compareScopes(part: Part, from: Statement, to: Statement, references: References): ScopeChange {
  const { before, after, open } = settle(from[part].names, to[part].names, references);
  const words = wordsOf(part, to);
  const change =
    from[part].allBut || to[part].allBut
      ? compareExceptions({ ...from[part], names: before }, { ...to[part], names: after }, words)
      : compareNames(before, after, open, words);
  const openLines = open.map((one) => `! ${part}: ${one} is ${KNOWN_AFTER_APPLY}`);
  return {
    ...change,
    gained: change.gained.map((one) => worded(part, one)),
    lost: change.lost.map((one) => worded(part, one)),
    isUnclear: change.isUnclear || open.length > 0,
    lines: [...change.lines, ...openLines],
  };
}

/** Tells whether a scope has no end. */
export function isBroad(part: Part, { allBut, names }: Scope): boolean {
  return allBut || names.some((name) => (part === "principals" ? ANYONE.test(name) : name === ANY));
}

/** Returns a scope in words, one text for each name. Exceptions make one text: they only make sense together. */
export function sayings(part: Part, scope: Scope): string[] {
  return scope.allBut ? [sayingOf(part, scope)] : scope.names.map((name) => worded(part, name));
}

/** Returns true if a statement is a trust policy's: it has no resources, and only actions that assume roles. */
export function isTrust({ principals, actions, resources }: Statement): boolean {
  return (
    principals.names.length > 0 &&
    resources.names.length === 0 &&
    !actions.allBut &&
    actions.names.every((action) => action.startsWith("sts:AssumeRole"))
  );
}

// --- internal ---

function compareNames(
  before: readonly string[],
  after: readonly string[],
  open: readonly string[],
  words: Words,
): ScopeChange {
  const { part, place } = words;
  const gained = uncovered(after, before);
  const lost = uncovered(before, after);
  const wider = before.filter((one) => isCovered(one, gained));
  const still = lost.length === 0 ? [] : [...after.filter((one) => !gained.includes(one)), ...open];
  return {
    gained,
    lost,
    isUnclear: false,
    isBroad: isBroad(part, { allBut: false, names: gained }),
    lines: [
      ...gained.map((one) => `+ ${words.gained} ${worded(part, one)}`),
      ...wider.map((one) => `- no longer limited to ${worded(part, one)}`),
      ...lost.map((one) => `- ${words.lost} ${worded(part, one)}`),
      ...(still.length > 0 ? [`  still: ${place}${still.map((one) => worded(part, one)).join(", ")}`] : []),
    ],
  };
}

/** Compares two scopes, at least one of which is everything with exceptions. A removed exception is a gain. */
function compareExceptions(from: Scope, to: Scope, { part, place }: Words): ScopeChange {
  const [before, after] = [exceptionsOf(from), exceptionsOf(to)];
  if (before === null || after === null) {
    const line = `! ${place}${sayingOf(part, from)} -> ${place}${sayingOf(part, to)}`;
    return { gained: [], lost: [], isUnclear: true, isBroad: false, lines: [line] };
  }
  const gained = uncovered(before, after);
  const lost = uncovered(after, before);
  const still = after.filter((one) => isCovered(one, gained));
  const placed = (one: string) => `${place}${worded(part, one)}`;
  return {
    gained,
    lost,
    isUnclear: false,
    isBroad: gained.length > 0,
    lines: [
      ...gained.map((one) => `+ no longer excepted: ${placed(one)}`),
      ...still.map((one) => `  still excepted: ${placed(one)}`),
      ...lost.map((one) => `- excepted now: ${placed(one)}`),
    ],
  };
}

/** Returns the exceptions from everything; `null` if the scope names something else than everything. */
function exceptionsOf({ allBut, names }: Scope): readonly string[] | null {
  if (allBut) return names;
  return names.includes(ANY) ? [] : null;
}

function uncovered(names: readonly string[], patterns: readonly string[]): string[] {
  return names.filter((one) => !isCovered(one, patterns));
}

/** Tells whether a name is among patterns, as it is or by a wildcard. */
function isCovered(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    if (pattern === name) return true;
    if (!/[*?]/.test(pattern)) return false;
    const expression = pattern
      .replace(/[\\^$.+()[\]{}|]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${expression}$`, "s").test(name);
  });
}

// --- words ---

const ANY = "*";

/** Principals start with a type: `AWS *` is everyone, with an account or without. */
const ANYONE = /^(\w+ )?\*$/;

interface Words {
  readonly part: Part;
  readonly gained: string;
  readonly lost: string;
  /** Comes before a name without `gained` or `lost`. */
  readonly place: string;
}

function wordsOf(part: Part, statement: Statement): Words {
  const { allow } = statement;
  if (part === "resources") return { part, gained: "also on", lost: "no longer on", place: "on " };
  if (part === "actions") {
    return allow
      ? { part, gained: "also", lost: "no longer", place: "" }
      : { part, gained: "also denied:", lost: "no longer denied:", place: "" };
  }
  const by = isTrust(statement) ? "assumed by" : "used by";
  return allow
    ? { part, gained: `may also be ${by}`, lost: `may no longer be ${by}`, place: `${by} ` }
    : { part, gained: "also denied to", lost: "no longer denied to", place: "denied to " };
}

function worded(part: Part, name: string): string {
  if (part !== "principals") return name === ANY ? `${ANY} (any)` : name;
  return ANYONE.test(name) ? `anyone (${name})` : name.replace(/^Service /, "service ");
}

function sayingOf(part: Part, { allBut, names }: Scope): string {
  if (names.length === 0) return "(none)";
  return `${allBut ? "all but " : ""}${names.map((name) => worded(part, name)).join(", ")}`;
}
