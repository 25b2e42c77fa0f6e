/**
 * Writes the results of tests as JUnit XML. It fits the schema that Jenkins checks, and GitLab and the actions of GitHub read it.
 *
 * @see https://docs.gitlab.com/ci/testing/unit_test_reports/
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
import { visible } from "../base/text";
import { resultLines } from "./result-lines";
import type { CaseResult } from "./run-tests";

/** Returns the XML. `file` is the name of the test file. */
export function toJunit(results: readonly CaseResult[], file: string): string {
  const failures = results.filter(({ verdict }) => !verdict.hasPassed).length;
  const time = seconds(results.reduce((sum, { milliseconds }) => sum + milliseconds, 0));
  const counts = { tests: results.length, failures, errors: 0, time };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: "workflow test", ...counts })}>`,
    `  <testsuite ${attributes({ name: file, file, ...counts, skipped: 0 })}>`,
    ...results.flatMap((result) => testCase(result, file)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

// --- internal ---

const COLUMNS = 120;
const LONGEST_TEXT = 20_000;

function testCase(result: CaseResult, file: string): string[] {
  const { name, milliseconds, verdict } = result;
  const start = `    <testcase ${attributes({ name, classname: file, time: seconds(milliseconds) })}`;
  if (verdict.hasPassed) return [`${start}/>`];
  const lines = resultLines(result, file, COLUMNS).map((spans) => spans.map(({ text }) => text).join(""));
  const text = lines.map((one) => escaped(one, LONGEST_TEXT).trimEnd()).join("\n");
  const [first] = verdict.mismatches;
  const message =
    verdict.problem ??
    (first === undefined ? "the path differs" : `${first.place}: expected ${first.expected}, got: ${first.actual}`);
  return [
    `${start}>`,
    `      <failure ${attributes({ message, type: "failure" })}>${text}</failure>`,
    "    </testcase>",
  ];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(String(value), 1000)}"`)
    .join(" ");
}

/** Escapes the signs of XML. Control characters, which XML 1.0 does not allow, become visible. */
function escaped(text: string, longest: number): string {
  return visible(text, longest).replaceAll(/[&<>"'\uFFFE\uFFFF]/g, (sign) => ENTITIES[sign] ?? "\uFFFD");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
