/** The kinds of the settings that start executions and tell how they end. */
import { SCHEDULE_EXPRESSION } from "./schedule-expression";
import { fields, type Kind, list, text } from "./setting-kinds";
import type { Schedule } from "./settings-types";

/** The local part, an at sign, and a host of at least two labels. */
const EMAIL = String.raw`(?!\.)(?!.*\.\.)[\w'+.-]*[\w+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}`;
const TOPIC = String.raw`arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}`;

export const RECIPIENTS: Kind<readonly string[]> = list(
  new RegExp(`^(${EMAIL}|${TOPIC})$`),
  "e-mail addresses and ARNs of SNS topics, separated by commas",
  "an e-mail address, or the ARN of an SNS topic",
);

const TIME_ZONE: Kind<string> = {
  rule: "the name of a time zone, such as UTC or Europe/Berlin",
  schema: { type: "string" },
  read: (given) => (typeof given === "string" && isTimeZone(given) ? given : undefined),
};

export const SCHEDULE = fields<Schedule>(
  'an object such as {"expression": "cron(0 6 * * ? *)", "timeZone": "Europe/Berlin", "input": "workflow/echo.input.json"}',
  {
    expression: { kind: SCHEDULE_EXPRESSION },
    timeZone: { kind: TIME_ZONE, default: "UTC" },
    input: { kind: text(/^(?![/\\]|[A-Za-z]:).*\.json$/, "the path of a JSON file, relative to the project") },
  },
);

/** Returns whether a recipient is the ARN of an SNS topic, and not an e-mail address. */
export function isTopic(recipient: string): boolean {
  return recipient.startsWith("arn:");
}

// --- internal ---

/** AWS knows the names of the IANA data base, with their upper and lower case. `Intl` takes any case, and also offsets. */
function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return /^[A-Z]/.test(name) && (timeZone === name || timeZone.toLowerCase() !== name.toLowerCase());
  } catch {
    return false;
  }
}
