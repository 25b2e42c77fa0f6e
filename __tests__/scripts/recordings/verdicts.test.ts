import { shortcomings, tableOf, unnamed } from "../../../scripts/recordings/verdicts";

const records = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `${name}${index}`,
    class: name,
    definition: {},
    status: "FAILED",
  }));
const difference = (name: string, verdict: "words" | "different" | "refused" | "crashed") => ({
  id: `scenarios/test_base.py::TestBase::test_${name}[a#b]#get_execution_history`,
  class: name,
  verdict,
});

test("the table counts the verdicts of each class", () => {
  const all = [...records("pure", 4), ...records("mock", 1)];
  expect(tableOf(all, [difference("pure", "words"), difference("mock", "crashed")])).toBe(
    [
      "class            recorded      equal      words  different    refused    crashed      share",
      "mock                    1          0          0          0          0          1      0.0 %",
      "pure                    4          3          1          0          0          0     75.0 %",
    ].join("\n"),
  );
});

test("a class with fewer than 97 % equal executions, or a refused one, falls short", () => {
  const all = [...records("pure", 100), ...records("distributed", 100), ...records("state", 10)];
  const enough = [1, 2, 3].map(() => difference("pure", "different"));
  expect(shortcomings(all, enough)).toEqual([]);
  const more = [...enough, difference("pure", "words"), difference("distributed", "refused")];
  expect(shortcomings(all, more)).toEqual([
    "class pure: 96 of 100 executions are equal, fewer than 97 %",
    "class distributed: 1 executions are refused here",
  ]);
  expect(shortcomings(all, [difference("state", "different")])).toEqual([]);
});

test("a page names a difference by its whole test", () => {
  const differences = [difference("state", "words"), difference("pure", "words")];
  expect(unnamed(differences, "| `test_pure` | `test_states` |")).toEqual([differences[0]!.id]);
});
