import { loadSettings } from "../../../src/project/load-settings";
import { CONTEXT } from "../../example";

/** Returns the message about a schedule; `null` if there is none. */
function mistake(schedule: unknown): string | null {
  try {
    loadSettings({}, { ...CONTEXT, schedule });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const input = "workflow/echo.input.json";
const expressionMistake = (expression: unknown) => mistake({ expression, input });

test.each([
  "rate(1 minute)",
  "rate(90 days)",
  "at(2028-02-29T23:59:59)",
  "cron(0 6 * * ? *)",
  "cron(0/15 8-17 ? * MON-FRI *)",
  "cron(5,35 14 ? * * *)",
  "cron(0 0 L * ? 2030)",
  "cron(0 0 15W JAN,jul ? 2030-2040)",
  "cron(15 10 ? * 6L 2022-2023)",
  "cron(0 9 ? * 2#1 *)",
  "cron(0 9 ? * TUE#3 *)",
])("the schedule %s is accepted", (expression) => {
  expect(expressionMistake(expression)).toBeNull();
});

const FORMS = "must be rate(1 hour), cron(0 6 * * ? *) with six fields, or at(2027-01-31T06:00:00)";
const DAYS = "must have ? for either the day of month or the day of week, and not for both";

test.each<[unknown, string]>([
  ["0 6 * * *", FORMS],
  ["cron(0 6 * * *)", FORMS],
  ["cron(0  6 * * ? *)", FORMS],
  ["rate(0 minutes)", FORMS],
  ["rate(1.5 hours)", FORMS],
  ["rate(5 seconds)", FORMS],
  ["at(2027-01-31)", FORMS],
  ["at(2027-01-31T06:00:00Z)", FORMS],
  [60, FORMS],
  ["", FORMS],
  ["rate(1 minutes)", "must be rate(1 minute)"],
  ["rate(5 minute)", "must be rate(5 minutes)"],
  ["at(2027-02-30T06:00:00)", "must be a date and a time of day that exist"],
  ["at(2027-01-31T24:00:00)", "must be a date and a time of day that exist"],
  ["cron(60 6 * * ? *)", 'must have 0 to 59 in field 1, the minute, not "60"'],
  ["cron(0 24 * * ? *)", 'must have 0 to 23 in field 2, the hour, not "24"'],
  ["cron(0 6 32 * ? *)", 'must have 1 to 31 in field 3, the day of month, not "32"'],
  ["cron(0 6 1 13 ? *)", 'must have 1 to 12 or JAN to DEC in field 4, the month, not "13"'],
  ["cron(0 6 ? * 0 *)", 'must have 1 to 7 or SUN to SAT in field 5, the day of week, not "0"'],
  ["cron(0 6 ? * MONDAY *)", 'must have 1 to 7 or SUN to SAT in field 5, the day of week, not "MONDAY"'],
  ["cron(0 6 * * ? 1969)", 'must have 1970 to 2199 in field 6, the year, not "1969"'],
  ["cron(*/0 6 * * ? *)", 'must have 0 to 59 in field 1, the minute, not "*/0"'],
  ["cron(0 6 * * * *)", DAYS],
  ["cron(0 6 ? * ? *)", DAYS],
])("the schedule %j is not: the message says what is", (expression, message) => {
  expect(expressionMistake(expression)).toContain(`\`schedule.expression\` ${message}, got: `);
});

test.each(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Calcutta", "Etc/GMT+5"])(
  "the time zone %s is accepted",
  (timeZone) => {
    expect(mistake({ expression: "rate(1 day)", timeZone, input })).toBeNull();
  },
);

test.each(["", "Berlin", "+01:00", "Europe/Berlim", "europe/berlin", "Europe/BERLIN", 1])(
  "the time zone %j is not",
  (timeZone) => {
    expect(mistake({ expression: "rate(1 day)", timeZone, input })).toContain(
      "`schedule.timeZone` must be the name of a time zone, such as UTC or Europe/Berlin, got: ",
    );
  },
);

test("a schedule that is only its expression is shown what a schedule is", () => {
  expect(mistake("rate(1 day)")).toContain('`schedule` must be an object such as {"expression": ');
  expect(mistake("rate(1 day)")).toContain(', got: "rate(1 day)"');
});

test("a schedule needs an input, and has no other fields", () => {
  expect(mistake({ expression: "rate(1 day)" })).toContain("`schedule.input` is missing");
  expect(mistake({ expression: "rate(1 day)", input, enabled: true })).toContain(
    "`schedule.enabled` in the context of cdktf.json is not a field",
  );
});
