import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberOf } from "../../../src/base/exact-number";
import { mockReader } from "../../../src/testing/read-mocks";
import { DOCUMENT } from "./document";

const folder = mkdtempSync(join(tmpdir(), "mocks-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file and reads the mocks in it. `testCase` follows its name. */
function read(text: string, testCase = "", name = "my.mock.json") {
  const path = join(folder, name);
  writeFileSync(path, text);
  return mockReader(path + testCase, ["orders"]).read(DOCUMENT);
}

const message = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, "");
  }
  return "no error";
};

const CONFIG = JSON.stringify({
  StateMachines: { orders: { TestCases: { A: { Notify: "R" }, B: { Ask: "R" } } } },
  MockedResponses: { R: { "0": { Return: 1 } } },
});

test("without the flag there are no mocks", () => {
  const reader = mockReader(undefined, []);
  expect([reader.read(DOCUMENT), reader.mocked(DOCUMENT)]).toEqual([null, new Set()]);
});

test("the digits of numbers stay as written, also in a cause", () => {
  const { byPlace } = read(
    '{"mocks": {"Notify": {"returns": {"id": 20261128093015123456}}, "Ask": {"throws": {"Error": "E", "Cause": [1.0]}}}}',
  )!;
  expect(byPlace.get(" Notify")?.steps[0]?.answer).toEqual({
    kind: "returns",
    result: { id: numberOf("20261128093015123456") },
  });
  expect(byPlace.get(" Ask")?.steps[0]?.answer).toEqual({ kind: "throws", error: "E", cause: "[1.0]" });
});

test("a state counts as mocked if all of its items are", () => {
  const path = join(folder, "items.json");
  writeFileSync(path, '{"mocks": {"Notify": {"returns": 1}, "Charge[0]": {"returns": 1}}}');
  expect(mockReader(path, []).mocked(DOCUMENT)).toEqual(new Set(["Notify"]));
});

test("the test case of Step Functions Local follows a #, which the name of a file may have too", () => {
  expect([...read(CONFIG, "#B")!.byPlace.keys()]).toEqual([" Ask"]);
  expect([...read('{"mocks": {"Notify": {"returns": 1}}}', "", "a#b.json")!.byPlace.keys()]).toEqual([" Notify"]);
});

test.each<[string, string, () => unknown]>([
  [
    "a mistake has its line and column",
    'my.mock.json:3:5: the document has no state "Notfy"; did you mean Notify?\n' +
      "my.mock.json:4:18: never must be true, got: 1; write true, or remove the field\n" +
      "my.mock.json:4:34: throws.Error is missing; add Error",
    () =>
      read('{\n  "mocks": {\n    "Notfy": { "returns": 1 },\n    "Charge": [{ "never": 1 }, { "throws": {} }]\n  }\n}'),
  ],
  [
    "a text that is no JSON",
    "`--mock` must be JSON, got: my.mock.json, line 1, column 2: mocks is not JSON; put names and strings in double quotes",
    () => read("{mocks: {}}"),
  ],
  [
    "a file that is not there",
    "`--mock` must be a file that can be read: there is no such file, got: none.json",
    () => mockReader(join(folder, "none.json"), []).read(DOCUMENT),
  ],
  [
    "a test case of a file without test cases",
    "`--mock`: my.mock.json has no test cases; leave out #A",
    () => read('{"mocks": {}}', "#A"),
  ],
])("%s", (_, expected, act) => {
  expect(message(act)).toBe(expected);
});
