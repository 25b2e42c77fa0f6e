import { toJunit } from "../../../src/testing/junit";
import type { CaseResult } from "../../../src/testing/run-tests";
import { SUCCEEDED_RUN } from "./succeeded-run";

/**
 * The attributes of the schema that Jenkins checks reports with.
 *
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  testsuites: ["name", "time", "tests", "failures", "errors"],
  testsuite: ["name", "tests", "failures", "errors", "time", "skipped", "timestamp", "file"],
  testcase: ["name", "time", "classname", "group"],
  failure: ["type", "message"],
};

test("the XML has only elements and attributes of the schema of Jenkins, and no characters that XML forbids", () => {
  const name = '<a & "b"> \u0000\u001b[31m\uFFFE\ud800 ]]>';
  const mismatches = [{ place: "output", expected: '"a"', actual: '"\u0001<"' }];
  const verdict = { hasPassed: false, problem: null, hint: null, mismatches, paths: null, path: ["a"] };
  const failed: CaseResult = { name, line: 7, run: SUCCEEDED_RUN, verdict, milliseconds: 61_234 };
  const xml = toJunit([failed, { ...failed, name: "b", verdict: { ...verdict, hasPassed: true } }], "my.test.json");
  const elements = [...xml.matchAll(/<([a-z]+)((?: [a-z]+="[^"<]*")*)\/?>/g)];
  expect(elements.map(([, element]) => element)).toEqual([
    ...["testsuites", "testsuite", "testcase", "failure", "testcase"],
  ]);
  const unknown = elements.flatMap(([, element = "", attributes = ""]) =>
    [...attributes.matchAll(/ ([a-z]+)=/g)].filter(([, one = ""]) => !ATTRIBUTES[element]?.includes(one)),
  );
  expect(unknown).toEqual([]);
  expect(xml).toMatch(/^[\t\n\u0020-\uD7FF\uE000-\uFFFD]*$/);
  expect(xml).toContain(
    '<testcase name="&lt;a &amp; &quot;b&quot;&gt; ␀␛[31m\uFFFD\uFFFD ]]&gt;" classname="my.test.json" time="61.234">',
  );
  expect(xml).toContain("my.test.json:7");
});
