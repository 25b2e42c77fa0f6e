import { asDocument, type StatesDocument } from "../../../src/asl/document";
import type { Json } from "../../../src/base/json";
import { placesIn } from "../../../src/base/json-places";
import { StatesError } from "../../../src/local/interpreter/states-error";
import { CoverageCounter } from "../../../src/testing/coverage";
import { coverageJson, coverageLines, tooLittle } from "../../../src/testing/coverage-lines";
import { runDocument } from "../local/interpreter/run-document";

const TEXT = `{
  "QueryLanguage": "JSONata",
  "StartAt": "Which",
  "States": {
    "Which": {
      "Type": "Choice",
      "Choices": [
        { "Condition": "{% $states.input = 1 %}", "Next": "Both" },
        { "Condition": "{% $states.input = 2 %}", "Next": "Both" }
      ],
      "Default": "Stop"
    },
    "Both": {
      "Type": "Parallel",
      "Branches": [
        { "StartAt": "Left", "States": { "Left": { "Type": "Pass", "End": true } } },
        { "StartAt": "Right", "States": { "Right": { "Type": "Pass", "End": true } } }
      ],
      "Next": "Each"
    },
    "Each": {
      "Type": "Map",
      "Items": "{% [] %}",
      "ItemProcessor": { "StartAt": "Item", "States": { "Item": { "Type": "Pass", "End": true } } },
      "Next": "Work"
    },
    "Work": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Retry": [
        { "ErrorEquals": ["Never"], "MaxAttempts": 0 },
        { "ErrorEquals": ["Once"], "MaxAttempts": 1 }
      ],
      "Catch": [
        { "ErrorEquals": ["Never"], "Next": "Stop" },
        { "ErrorEquals": ["States.ALL"], "Next": "Stop" }
      ],
      "End": true
    },
    "Stop": { "Type": "Fail" }
  }
}`;
const DOCUMENT: StatesDocument = asDocument(JSON.parse(TEXT) as Json);
const FILE = { name: "a.asl.json", placeOf: placesIn(TEXT) };

/** Runs the document. Each call of its task fails with the next error. */
async function cover(...runs: { input: Json; errors?: readonly string[] }[]) {
  const counter = new CoverageCounter(DOCUMENT);
  for (const { input, errors = [] } of runs) {
    const left = [...errors];
    const task = async () => {
      const error = left.shift();
      if (error !== undefined) throw new StatesError(error, "");
      return null;
    };
    await runDocument(DOCUMENT, { input, task, onEvent: counter.sink });
  }
  return counter.result();
}

test("without an execution, nothing is reached, and each state and branch has its line", async () => {
  expect(coverageLines(await cover(), FILE)).toEqual([
    "coverage: 0 of 8 states, 0 of 6 branches; not reached:",
    "  a.asl.json:5: state Which",
    "  a.asl.json:8: Which, rule 1 to Both",
    "  a.asl.json:9: Which, rule 2 to Both",
    "  a.asl.json:11: Which, Default to Stop",
    "  a.asl.json:13: state Both",
    "  a.asl.json:16: state Left",
    "  a.asl.json:17: state Right",
    "  a.asl.json:21: state Each",
    "  a.asl.json:24: state Item",
    "  a.asl.json:27: state Work",
    "  a.asl.json:32: Work, Retry 2",
    "  a.asl.json:35: Work, Catch 1 to Stop",
    "  a.asl.json:36: Work, Catch 2 to Stop",
    "  a.asl.json:40: state Stop",
  ]);
});

test("two rules to the same state are two branches, and so are two catchers", async () => {
  const reached = await cover({ input: 2, errors: ["Once", "Other"] });
  expect(coverageLines(reached, FILE)).toEqual([
    "coverage: 7 of 8 states, 3 of 6 branches; not reached:",
    "  a.asl.json:8: Which, rule 1 to Both",
    "  a.asl.json:11: Which, Default to Stop",
    "  a.asl.json:24: state Item",
    "  a.asl.json:35: Work, Catch 1 to Stop",
  ]);
  expect(coverageJson(reached, FILE)).toEqual({
    states: { reached: 7, total: 8 },
    branches: { reached: 3, total: 6 },
    percent: 71.4,
    notReached: [
      { kind: "choice", state: "Which", number: 1, next: "Both", line: 8 },
      { kind: "default", state: "Which", number: null, next: "Stop", line: 11 },
      { kind: "state", state: "Item", number: null, next: null, line: 24 },
      { kind: "catch", state: "Work", number: 1, next: "Stop", line: 35 },
    ],
  });
});

test("executions add up", async () => {
  const { branches } = await cover({ input: 1 }, { input: 3 }, { input: 1, errors: ["Never"] });
  expect(branches).toEqual({ reached: 3, total: 6 });
});

test("the coverage is at least the minimum, or the reason is told", async () => {
  const reached = await cover({ input: 2, errors: ["Once", "Other"] });
  expect([undefined, 71.4, 72].map((minimum) => tooLittle(reached, minimum))).toEqual([
    null,
    null,
    "the cases reach 71.4 % of the states and branches, fewer than `--min-coverage 72`; add cases for those that no case has reached",
  ]);
});
