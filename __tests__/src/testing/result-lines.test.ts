import { lineWidth } from "../../../src/base/terminal-text";
import type { Verdict } from "../../../src/testing/judge-case";
import type { Mismatch } from "../../../src/testing/matchers";
import { resultLines, summaryLine } from "../../../src/testing/result-lines";
import type { CaseRun } from "../../../src/testing/run-case";
import type { CaseResult } from "../../../src/testing/run-tests";
import { SUCCEEDED_RUN } from "./succeeded-run";

function result(verdict: Partial<Verdict>, run: Partial<CaseRun> = {}): CaseResult {
  const all = {
    hasPassed: false,
    problem: null,
    hint: null,
    mismatches: [],
    paths: null,
    path: ["a", "b"],
    ...verdict,
  };
  return { name: "my case", line: 7, run: { ...SUCCEEDED_RUN, ...run }, verdict: all, milliseconds: 3 };
}

const text = (one: CaseResult, columns = 80) =>
  resultLines(one, "my.test.json", columns).map((line) =>
    line
      .map((span) => span.text)
      .join("")
      .trimEnd(),
  );

const differs = (place: string, expected: string, actual: string): Mismatch => ({ place, expected, actual });

test("a case that passes shows its states, and the time that it did not take", () => {
  expect(text(result({ hasPassed: true }))).toEqual(["✓ my case (2 states)"]);
  expect(text(result({ hasPassed: true, path: ["a"] }, { duration: 3_723_000 }))).toEqual([
    "✓ my case (1 state, 1:02:03)",
  ]);
});

test("a name is not cut, and a table that fits is no wider than its values", () => {
  const long = "x".repeat(150);
  expect(text({ ...result({ hasPassed: true }), name: long })).toEqual([`✓ ${long} (2 states)`]);
  const [, , , row] = text(result({ mismatches: [differs("output", "y".repeat(40), "z")] }));
  expect(row).toBe(`    output  ${"y".repeat(40)}  z`);
});

test("a problem stands alone", () => {
  expect(text(result({ problem: "no mock" }))).toEqual(["✗ my case", "    my.test.json:7", "    no mock"]);
});

test("on a narrow terminal, values are broken into lines, and a long place stands above them", () => {
  const mismatches = [differs("output.a", "1", "2"), differs("requests.step1.Command[0]", "x".repeat(30), "y")];
  expect(text(result({ mismatches }), 40)).toEqual([
    "✗ my case",
    "    my.test.json:7",
    "              expected            actual",
    "    output.a  1                   2",
    "    requests.step1.Command[0]",
    `              ${"x".repeat(18)}  y`,
    `              ${"x".repeat(12)}`,
  ]);
});

test.each([20, 40, 80, 200])("no line is wider than a terminal of %d columns allows", (columns) => {
  const values = ["ok", "長い".repeat(150), "👩‍🚀".repeat(90), "z".repeat(1500), "a\u001b[31mb\nc"];
  const mismatches = values.flatMap((one) => values.map((other) => differs(`output.${one}`, one, other)));
  const paths = { expected: values, actual: values.toReversed(), partsAt: 0 };
  const lines = resultLines(result({ mismatches, paths }), "my.test.json", columns);
  // Below 32 columns, the columns of the table stay as they are.
  expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(Math.max(columns, 32));
  expect(lines.flat().every((span) => !/\p{Cc}/u.test(span.text))).toBe(true);
});

test("two long values are shown from shortly before their difference", () => {
  const long = "same ".repeat(400);
  const [, , , ...rows] = text(result({ mismatches: [differs("output", `${long}one`, `${long}two`)] }));
  expect(rows.join("\n")).toMatch(/…[\s\S]*one +[\s\S]*two/);
  expect(rows.length).toBeLessThanOrEqual(6);
});

test("the first 20 differences are shown, and the others are counted", () => {
  const mismatches = Array.from({ length: 33 }, (_, index) => differs(`output[${index}]`, "1", "2"));
  const lines = text(result({ mismatches }));
  expect([lines.length, lines.at(-1)]).toEqual([24, "    … and 13 more"]);
});

test("paths are shown around the place where they part", () => {
  const states = (count: number, last: string) => [...Array.from({ length: count }, (_, index) => `s${index}`), last];
  const paths = { expected: states(9, "x"), actual: states(9, "y"), partsAt: 9 };
  expect(text(result({ paths }))).toEqual([
    ...["✗ my case", "    my.test.json:7"],
    "    path        expected    actual",
    "                … 6 states  …",
    "                s6          s6",
    "                s7          s7",
    "                s8          s8",
    "    parts here  x           y",
  ]);
});

test("a path that ends too early", () => {
  const paths = { expected: ["a", "b", "c"], actual: ["a"], partsAt: 1 };
  expect(text(result({ paths })).slice(3)).toEqual([
    "                a         a",
    "    parts here  b         (end)",
    "                c",
  ]);
});

test("the last line counts", () => {
  const passed = result({ hasPassed: true });
  const line = (...args: Parameters<typeof summaryLine>) =>
    summaryLine(...args)
      .map((span) => span.text)
      .join("");
  expect(line([passed, passed], 0)).toBe("2 passed");
  expect(line([passed, result({})], 3)).toBe("1 failed, 1 passed, 3 left out");
});
