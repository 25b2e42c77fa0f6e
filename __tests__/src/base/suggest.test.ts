import { nearest, suggest } from "../../../src/base/suggest";

test.each([
  ["vcpu", ["image", "vcpus"], "vcpus"],
  ["Nxet", ["Next", "End"], "Next"],
  ["retry", ["Catch", "Next"], null],
  ["B", ["A", "Bj", "C"], "Bj"],
  ["B", ["A", "C"], "A"],
  ["b", ["A", "B"], "B"],
  ["x".repeat(100_000), ["Next"], null],
])("what %.20s was meant to be", (name, candidates, meant) => {
  expect(nearest(name, candidates)).toBe(meant);
});

test("lists the first of many candidates", () => {
  const names = Array.from({ length: 1000 }, (_, index) => `state-${index}`);
  expect(suggest("elsewhere", names, "states")).toMatch(/^known states are state-0, .*, state-39 and 960 more$/);
});

test("a name is told without its control characters", () => {
  expect(suggest("\x1b[2Jab", ["\x1b[2Jac"], "states")).toBe("did you mean ␛[2Jac?");
});
