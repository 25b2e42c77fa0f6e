import * as fc from "fast-check";
import type { Json } from "../../../../src/base/json";
import { type Delta, deltaOf, withDelta } from "../../../../src/execution/report/deltas";

test.each<[Json, Json, Delta | null]>([
  [{ a: 1, b: [1, 2] }, { a: 1, b: [1, 2] }, null],
  [{ a: 1, b: 2 }, { a: 1, b: 3 }, { b: [3] }],
  [
    { a: 1, b: 2 },
    { a: 1, c: 2 },
    { c: [2], b: [] },
  ],
  [["run", "s1"], ["run", "s2"], { 1: ["s2"] }],
  [["run"], ["run", "s2"], [["run", "s2"]]],
  [[], {}, [{}]],
  [null, [], [[]]],
])("from %j to %j is %j", (base, value, delta) => {
  expect(deltaOf(base, value)).toEqual(delta);
});

test("a value comes back from its delta, also through JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [base, value] = [one, other].map((each) => JSON.parse(JSON.stringify(each)) as Json) as [Json, Json];
      const delta = JSON.parse(JSON.stringify(deltaOf(base, value))) as Delta | null;
      expect(withDelta(base, delta)).toEqual(value);
      const pair = { base, shared: base };
      expect(withDelta(pair, deltaOf(pair, { base: value, shared: base }))).toEqual({ base: value, shared: base });
    }),
    { numRuns: 100 },
  );
});
