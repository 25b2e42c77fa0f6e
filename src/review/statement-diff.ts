/** The change from the statements of a policy to other statements, in words. */
import { cutPair } from "./markdown";
import type { Plan } from "./plan";
import type { Statement } from "./policy";
import { settle } from "./references";
import { compareScopes, isBroad, isTrust, PARTS, type Part, sayings } from "./scope-diff";
import { KNOWN_AFTER_APPLY } from "./values";

/** Effects of a change, the one that a reviewer must see first. A change that `differs` may widen or narrow. */
export const EFFECTS = ["widens", "differs", "narrows"] as const;
export type Effect = (typeof EFFECTS)[number];

export interface StatementChange {
  readonly effect: Effect;
  /** True if the gain has no end: anyone, anything, or all but something. */
  readonly isBroad: boolean;
  /** The subject of the change. Then a line for each right that is gained (`+`), lost (`-`) or not clear (`!`). */
  readonly lines: readonly string[];
}

/** Characters of a condition that are shown. */
const LONGEST_CONDITION = 300;

/** The rules that match statements of both sides. Each rule is a separate pass, so that equal statements come first. */
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

/** Returns the changes, statement by statement. A statement that stays the same has none. */
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
  const parts = PARTS.map((part) => ({ part, ...compareScopes(part, old, now, plan.references) }));
  const conditions = settle(old.conditions, now.conditions, plan.references);
  const noMore = conditions.before.filter((one) => !conditions.after.includes(one));
  const nowToo = conditions.after.filter((one) => !conditions.before.includes(one));
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

/** A condition that is removed lifts a limit, so it widens. If its values change, the lines show the part that differs. */
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

function named(statement: Statement): string {
  if (statement.sid !== "") return `${statement.sid}: `;
  if (statement.principals.names.length === 0) return "";
  return isTrust(statement) ? "who may assume it: " : "who may use it: ";
}
