/** What has changed from some statements of a policy to others, in words. */
import { cutPair } from "./markdown";
import type { Plan } from "./plan";
import type { Scope, Statement } from "./policy";
import type { References } from "./references";
import { KNOWN_AFTER_APPLY } from "./values";

/** From what a reviewer must look at most to what matters least; `differs`: it may do either. */
export const EFFECTS = ["widens", "differs", "narrows"] as const;
export type Effect = (typeof EFFECTS)[number];

export interface StatementChange {
  readonly effect: Effect;
  /** Whether what is gained has no end: anyone, anything, or all but something. */
  readonly isBroad: boolean;
  /** What it is about, then what is gained (`+`), lost (`-`) and not clear (`!`), a line each. */
  readonly lines: readonly string[];
}

/** As much of a condition as stands in one line. */
const LONGEST_CONDITION = 300;

const PARTS = ["principals", "actions", "resources"] as const;
type Part = (typeof PARTS)[number];

/** Which of the statements on both sides are the same one: a pass each, so that a likeness takes nothing from an identity. */
const PARTNERS: readonly ((one: Statement, other: Statement) => boolean)[] = [
  (one, other) => JSON.stringify(one) === JSON.stringify(other),
  (one, other) => JSON.stringify({ ...one, sid: "" }) === JSON.stringify({ ...other, sid: "" }),
  (one, other) => one.sid !== "" && one.sid === other.sid && one.allow === other.allow,
  (one, other) =>
    (one.sid === "" || other.sid === "") &&
    one.allow === other.allow &&
    one.actions.allBut === other.actions.allBut &&
    one.actions.names.some((action) => other.actions.names.includes(action)),
];

/** The changes, statement by statement; those that stay as they are say nothing. */
export function compareStatements(
  before: readonly Statement[],
  after: readonly Statement[],
  plan: Plan,
): StatementChange[] {
  const former = new Map<Statement, Statement>();
  const left = new Set(before);
  for (const isPartner of PARTNERS) {
    for (const statement of after) {
      const found = former.has(statement) ? undefined : [...left].find((other) => isPartner(other, statement));
      if (found === undefined) continue;
      former.set(statement, found);
      left.delete(found);
    }
  }
  return [
    ...after.flatMap((now) => {
      const old = former.get(now);
      return old === undefined ? [whole(now, true)] : difference(old, now, plan);
    }),
    ...[...left].map((lost) => whole(lost, false)),
  ].map((change) => ({ ...change, lines: change.lines.map(plan.conceal) }));
}

/**
 * Names of which only a reference is known, and whose former value was there, are open: no right gained and another lost,
 * but one that may change.
 */
export function settle(before: readonly string[], after: readonly string[], references: References) {
  const open = after.filter((one) => references.formerly(one) !== one && before.includes(references.formerly(one)));
  return {
    before: before.filter((one) => !open.some((reference) => references.formerly(reference) === one)),
    after: after.filter((one) => !open.includes(one)),
    // What was deleted outside and is made again, under the same name, is what it was.
    open: open.filter((one) => !references.isMadeAgain(one)),
  };
}

// --- internal ---

function whole(statement: Statement, gained: boolean): StatementChange {
  const { allow, conditions } = statement;
  const sign = gained ? "+" : "-";
  const verb = allow ? (gained ? "may" : "may no longer") : gained ? "is denied" : "is no longer denied";
  const said = (part: Part) => sayings(part, statement[part]);
  const by = allow ? `be ${isTrust(statement) ? "assumed" : "used"} by` : "to";
  return {
    effect: gained === allow ? "widens" : "narrows",
    isBroad: gained === allow && PARTS.some((part) => isBroad(part, statement[part])),
    lines: [
      `${named(statement)}${gained ? "new" : "removed"}`,
      ...said("principals").map((one) => `${sign} ${verb} ${by} ${one}`),
      ...(isTrust(statement) ? [] : said("actions").map((one) => `${sign} ${verb} ${one}`)),
      ...said("resources").map((one) => `${sign}   on ${one}`),
      ...conditions.map((one) => `${sign}   only if ${one}`),
    ],
  };
}

function difference(old: Statement, now: Statement, plan: Plan): StatementChange[] {
  const parts = PARTS.map((part) => ({ part, ...compareScopes(part, old, now, plan) }));
  const conditions = settle(old.conditions, now.conditions, plan.references);
  const noMore = without(conditions.before, conditions.after);
  const nowToo = without(conditions.after, conditions.before);
  const lines = [
    ...parts.flatMap((one) => one.lines),
    ...conditionLines(noMore, nowToo),
    ...conditions.open.map((one) => `! only if ${one}, which is ${KNOWN_AFTER_APPLY}`),
  ];
  if (lines.length === 0) return [];
  const widens = noMore.length > 0 || parts.some(({ gained }) => gained.length > 0);
  const narrows = nowToo.length > 0 || parts.some(({ lost }) => lost.length > 0);
  const [widened, narrowed] = old.allow ? [widens, narrows] : [narrows, widens];
  const isUnclear = conditions.open.length > 0 || parts.some((one) => one.isUnclear);
  const effect = widened ? "widens" : isUnclear || !narrowed ? "differs" : "narrows";
  const actions = parts.find(({ part }) => part === "actions")!;
  const concerned = [actions.gained, actions.lost].find((some) => some.length > 0) ?? sayings("actions", now.actions);
  const about = `${named(now)}${now.allow ? "" : "denies "}${concerned.join(", ")}`;
  return [{ effect, isBroad: effect === "widens" && parts.some((one) => one.isBroad), lines: [about, ...lines] }];
}

/** A condition that goes lifts a limit: it is what widens. Of one that has other values, what differs is shown. */
function conditionLines(noMore: readonly string[], nowToo: readonly string[]): string[] {
  const about = (condition: string) => condition.split(" ", 2).join(" ");
  const counterpart = (one: string, others: readonly string[]) =>
    others.find((other) => about(other) === about(one)) ?? one;
  const shown = (one: string, others: readonly string[]) =>
    cutPair(one, counterpart(one, others), LONGEST_CONDITION)[0];
  return [
    ...noMore.map((one) => `+ no longer only if ${shown(one, nowToo)}`),
    ...nowToo.map((one) => `- only if ${shown(one, noMore)}`),
  ];
}

interface ScopeChange {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  readonly isUnclear: boolean;
  readonly isBroad: boolean;
  readonly lines: readonly string[];
}

function compareScopes(part: Part, from: Statement, to: Statement, plan: Plan): ScopeChange {
  const words = wordsOf(part, to);
  const { before, after, open } = settle(from[part].names, to[part].names, plan.references);
  const [old, now] = [
    { ...from[part], names: before },
    { ...to[part], names: after },
  ];
  const openLines = open.map((one) => `! ${part}: ${one} is ${KNOWN_AFTER_APPLY}`);
  if (!old.allBut && !now.allBut) {
    const gained = uncovered(after, before);
    const lost = uncovered(before, after);
    const wider = before.filter((one) => isCovered(one, gained));
    const still = lost.length === 0 ? [] : [...without(after, gained), ...open];
    return {
      gained: gained.map((one) => worded(part, one)),
      lost: lost.map((one) => worded(part, one)),
      isUnclear: open.length > 0,
      isBroad: isBroad(part, { allBut: false, names: gained }),
      lines: [
        ...gained.map((one) => `+ ${words.gained} ${worded(part, one)}`),
        ...wider.map((one) => `- no longer limited to ${worded(part, one)}`),
        ...lost.map((one) => `- ${words.lost} ${worded(part, one)}`),
        ...(still.length > 0 ? [`  still: ${words.place}${still.map((one) => worded(part, one)).join(", ")}`] : []),
        ...openLines,
      ],
    };
  }
  const [oldExceptions, exceptions] = [exceptionsOf(old), exceptionsOf(now)];
  if (oldExceptions === null || exceptions === null) {
    const line = `! ${words.place}${sayingOf(part, from[part])} -> ${words.place}${sayingOf(part, to[part])}`;
    return { gained: [], lost: [], isUnclear: true, isBroad: false, lines: [line] };
  }
  // With exceptions all is the other way round: one that goes is a right gained.
  const gained = uncovered(oldExceptions, exceptions);
  const lost = uncovered(exceptions, oldExceptions);
  const still = exceptions.filter((one) => isCovered(one, gained));
  const place = (one: string) => `${words.place}${worded(part, one)}`;
  return {
    gained: gained.map((one) => worded(part, one)),
    lost: lost.map((one) => worded(part, one)),
    isUnclear: open.length > 0,
    isBroad: gained.length > 0,
    lines: [
      ...gained.map((one) => `+ no longer excepted: ${place(one)}`),
      ...still.map((one) => `  still excepted: ${place(one)}`),
      ...lost.map((one) => `- excepted now: ${place(one)}`),
      ...openLines,
    ],
  };
}

/** What of everything is left out; `null` where it is not everything that is named. */
function exceptionsOf({ allBut, names }: Scope): readonly string[] | null {
  if (allBut) return names;
  return names.includes(ANY) ? [] : null;
}

function uncovered(names: readonly string[], patterns: readonly string[]): string[] {
  return names.filter((one) => !isCovered(one, patterns));
}

/** Whether a name is among others: the same, or one that a wildcard covers. */
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

function without(values: readonly string[], others: readonly string[]): string[] {
  return values.filter((value) => !others.includes(value));
}

// --- words ---

const ANY = "*";

/** Principals have a type in front: `AWS *` is everyone, with an account or without. */
const ANYONE = /^(\w+ )?\*$/;

interface Words {
  readonly gained: string;
  readonly lost: string;
  /** What stands before a name that stands alone. */
  readonly place: string;
}

function wordsOf(part: Part, statement: Statement): Words {
  const { allow } = statement;
  if (part === "resources") return { gained: "also on", lost: "no longer on", place: "on " };
  if (part === "actions") {
    return allow
      ? { gained: "also", lost: "no longer", place: "" }
      : { gained: "also denied:", lost: "no longer denied:", place: "" };
  }
  const by = isTrust(statement) ? "assumed by" : "used by";
  return allow
    ? { gained: `may also be ${by}`, lost: `may no longer be ${by}`, place: `${by} ` }
    : { gained: "also denied to", lost: "no longer denied to", place: "denied to " };
}

/** Who may assume a role: there a statement names nothing but the kinds of doing so. */
function isTrust({ principals, actions, resources }: Statement): boolean {
  return (
    principals.names.length > 0 &&
    resources.names.length === 0 &&
    !actions.allBut &&
    actions.names.every((action) => action.startsWith("sts:AssumeRole"))
  );
}

function named(statement: Statement): string {
  if (statement.sid !== "") return `${statement.sid}: `;
  if (statement.principals.names.length === 0) return "";
  return isTrust(statement) ? "who may assume it: " : "who may use it: ";
}

function isBroad(part: Part, { allBut, names }: Scope): boolean {
  return allBut || names.some((name) => (part === "principals" ? ANYONE.test(name) : name === ANY));
}

function worded(part: Part, name: string): string {
  if (part !== "principals") return name === ANY ? `${ANY} (any)` : name;
  return ANYONE.test(name) ? `anyone (${name})` : name.replace(/^Service /, "service ");
}

/** A scope in words, each of which is one of several; exceptions make sense together only. */
function sayings(part: Part, scope: Scope): string[] {
  return scope.allBut ? [sayingOf(part, scope)] : scope.names.map((name) => worded(part, name));
}

function sayingOf(part: Part, { allBut, names }: Scope): string {
  if (names.length === 0) return "(none)";
  return `${allBut ? "all but " : ""}${names.map((name) => worded(part, name)).join(", ")}`;
}
