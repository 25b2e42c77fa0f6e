import { byName } from "../../../src/review/named-items";

test.each([
  [
    "names",
    [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ],
    { A: { value: "1" }, B: { value: "2" } },
  ],
  ["types", [{ type: "VCPU", value: "1" }], { VCPU: { value: "1" } }],
  ["paths", [{ containerPath: "/a", sourceVolume: "x" }], { "/a": { sourceVolume: "x" } }],
  ["a name alone", [{ name: "A" }], { A: { name: "A" } }],
  ["a list inside", { secrets: [{ name: "A", valueFrom: "x" }] }, { secrets: { A: { valueFrom: "x" } } }],
  ["a name twice", [{ name: "A" }, { name: "A" }], [{ name: "A" }, { name: "A" }]],
  ["an item without a name", [{ name: "A" }, {}], [{ name: "A" }, {}]],
  ["plain values", ["a", 1, null], ["a", 1, null]],
  ["nothing", [], []],
])("turns a list into an object if each item has a name of its own: %s", (_, value, expected) => {
  expect(byName(value)).toEqual(expected);
});
