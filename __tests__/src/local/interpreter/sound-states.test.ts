import type { State } from "../../../../src/asl/document";
import { SoundStates } from "../../../../src/local/interpreter/sound-states";

const refusalOf = (state: object, jsonata = false) => {
  try {
    new SoundStates().require("one", state as State, jsonata);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

test.each<[string, object, string]>([
  ["type", { Type: "toString", End: true }, 'Type of one must be a state type, got: "toString"'],
  ["missing field", { Type: "Parallel", End: true }, "Branches is missing"],
  ["misspelt field", { Type: "Parallel", Brances: [], End: true }, "Brances is not a known field (/Brances)"],
  ["wrong type", { Type: "Wait", Seconds: "3", End: true }, 'Seconds must be a whole number, got: "3" (/Seconds)'],
])("a state with a wrong %s is refused", (_, state, message) => {
  expect(refusalOf(state)).toBe(`States.Runtime: the state is not valid: ${message}`);
});

test("a state that AWS accepts is taken, also with a value that only AWS limits", () => {
  expect(refusalOf({ Type: "Wait", Seconds: 3, End: true })).toBeNull();
  expect(refusalOf({ Type: "Wait", Seconds: "{% 3 %}", End: true }, true)).toBeNull();
  expect(refusalOf({ Type: "Task", Resource: "activity", End: true })).toBeNull();
});
