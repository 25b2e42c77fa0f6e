/**
 * The expressions of EventBridge Scheduler.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { quote } from "../base/text";
import type { Kind, Mistake } from "./setting-kinds";

export const SCHEDULE_EXPRESSION: Kind<string> = {
  rule: "rate(1 hour), cron(0 6 * * ? *) with six fields, or at(2027-01-31T06:00:00)",
  schema: { type: "string", pattern: "^(rate|cron|at)\\(.*\\)$" },
  read: (given) => (typeof given === "string" && isForm(given) && mistakeOf(given) === null ? given : undefined),
  mistakes: (given): Mistake[] => {
    const message = typeof given === "string" ? mistakeOf(given) : null;
    return message === null ? [] : [{ path: [], message: `${message}, got: ${quote(given)}` }];
  },
};

// --- internal ---

/** A field of `cron(…)`. */
interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of the values, from the least one. */
  readonly names?: readonly string[];
  /** The other texts that the field may be. */
  readonly other?: RegExp;
}

const CRON_FIELDS: readonly CronField[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of month", least: 1, most: 31, other: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: "month", least: 1, most: 12, names: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ") },
  {
    ...{ name: "day of week", least: 1, most: 7, names: "SUN MON TUE WED THU FRI SAT".split(" ") },
    other: /^(\?|L|[1-7]L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#[1-5])$/i,
  },
  { name: "year", least: 1970, most: 2199 },
];

const CRON = /^cron\((\S+(?: \S+){5})\)$/;
const RATE = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/;
const AT = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/;

function isForm(expression: string): boolean {
  return [CRON, RATE, AT].some((form) => form.test(expression));
}

/** Returns what is wrong in an expression of a known form; otherwise `null`. */
function mistakeOf(expression: string): string | null {
  const cron = CRON.exec(expression)?.[1];
  if (cron !== undefined) return cronMistake(cron.split(" "));
  const [, count, unit, plural] = RATE.exec(expression) ?? [];
  if (count !== undefined) {
    const right = `${unit}${count === "1" ? "" : "s"}`;
    return right === `${unit}${plural}` ? null : `must be rate(${count} ${right})`;
  }
  const date = AT.exec(expression)?.[1];
  return date === undefined || isDate(date) ? null : "must be a date and a time of day that exist";
}

function cronMistake(given: readonly string[]): string | null {
  const wrong = CRON_FIELDS.findIndex((field, index) => !fits(field, given[index]!));
  if (wrong >= 0) {
    const { name, least, most, names } = CRON_FIELDS[wrong]!;
    const range = `${least} to ${most}${names ? ` or ${names[0]} to ${names.at(-1)}` : ""}`;
    return `must have ${range} in field ${wrong + 1}, the ${name}, not ${quote(given[wrong])}`;
  }
  const days = [given[2], given[4]].filter((day) => day !== "?").length;
  return days === 1 ? null : "must have ? for either the day of month or the day of week, and not for both";
}

function fits({ least, most, names = [], other }: CronField, given: string): boolean {
  const value = (text: string) => (/^\d+$/.test(text) ? Number(text) : least + names.indexOf(text.toUpperCase()));
  const isValue = (text: string) =>
    (/^\d+$/.test(text) || names.includes(text.toUpperCase())) && value(text) >= least && value(text) <= most;
  const isRange = (text: string) => text === "*" || (text.split("-").length <= 2 && text.split("-").every(isValue));
  const isItem = (text: string) => {
    const [range, step, more] = text.split("/");
    return isRange(range!) && more === undefined && (step === undefined || /^[1-9]\d*$/.test(step));
  };
  return other?.test(given) || given.split(",").every(isItem);
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
