import { reasonOf } from "../outcome";
import type { JobReport, Report } from "./collect";

/** Returns one row for each job, as in RFC 4180. */
export function toCsv({ jobs }: Report): string {
  const rows = [COLUMNS.map(([name]) => name), ...jobs.map((job) => COLUMNS.map(([, read]) => cell(read(job))))];
  return rows.map((row) => `${row.join(",")}\r\n`).join("");
}

const COLUMNS: readonly (readonly [name: string, read: (job: JobReport) => string | number | null])[] = [
  ["state", ({ state }) => state],
  // Separated by blanks. A spreadsheet would read 1/2 as a date and 1.2 as a number.
  ["indices", ({ indices }) => indices.join(" ")],
  ["name", ({ name }) => name],
  ["id", ({ id }) => id],
  ["outcome", ({ outcome }) => outcome],
  ["status", ({ status }) => status],
  ["exitCode", ({ exitCode }) => exitCode],
  ["attempts", ({ attempts }) => attempts.length],
  ["reason", reasonOf],
  ["submittedAt", ({ submittedAt }) => submittedAt],
  ["startedAt", ({ startedAt }) => startedAt],
  ["stoppedAt", ({ stoppedAt }) => stoppedAt],
  ["queuedSeconds", ({ submittedAt, startedAt }) => seconds(submittedAt, startedAt)],
  ["ranSeconds", ({ startedAt, stoppedAt }) => seconds(startedAt, stoppedAt)],
  ["reusedFrom", ({ reusedFrom }) => reusedFrom],
  ["costUsd", ({ cost }) => cost?.amount ?? null],
];

/** A spreadsheet runs a text with one of these first characters as a formula. An apostrophe before it prevents that. @see https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | number | null): string {
  if (typeof value !== "string") return value === null ? "" : String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function seconds(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}
