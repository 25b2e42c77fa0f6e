import { misjudged } from "../../../scripts/recordings/judged-definitions";

const GOOD = { StartAt: "a", States: { a: { Type: "Succeed" } } };
const BAD = { StartAt: "b", States: { a: { Type: "Succeed" } } };
const REFUSED = { result: "FAIL", diagnostics: [{ message: "no state b" }] };

test("a definition that both accept, or both refuse, is judged alike", () => {
  const records = [
    { id: "good", definition: GOOD, result: { result: "OK" } },
    { id: "bad", definition: BAD, result: REFUSED },
    { id: "no JSON", definitionText: "nothing", result: REFUSED },
  ];
  expect(misjudged(records)).toEqual([]);
});

test("a definition that only one of both refuses is told with the reason", () => {
  const records = [
    { id: "missed", definition: GOOD, result: REFUSED },
    { id: "strict", definition: BAD, result: { result: "OK" } },
  ];
  expect(misjudged(records)).toEqual([
    'not found: missed: {"result":"FAIL","diagnostics":[{"message":"no state b"}]}',
    expect.stringMatching(/^wrongly refused: strict: .*StartAt/),
  ]);
});

test("a refusal that is not about a Standard workflow's definition is left out", () => {
  const records = [
    { id: "express", definition: GOOD, exception: { message: "Express state machine does not support '.sync'" } },
    { id: "name", definition: GOOD, exception: { message: "State Machine Already Exists" } },
  ];
  expect(misjudged(records)).toEqual([]);
});
