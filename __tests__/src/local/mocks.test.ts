import { type Mock, MockedCalls } from "../../../src/local/mocks";

const step = (first: number, last: number, result: string) => ({
  first,
  last,
  answer: { kind: "returns", result } as const,
});
const STEPS = [step(0, 0, "first"), step(1, 2, "more")];

/** The answers of calls of a state, each from an item. */
function answers(mock: Mock, items: readonly number[]): (string | null)[] {
  const calls = new MockedCalls({ file: "m.json", format: "own", byPlace: new Map([[" call", mock]]) });
  return items.map((item) => {
    const place = { state: "call", indices: [item] };
    const { answer } = calls.next(calls.find(place)!, place);
    return answer?.kind === "returns" ? (answer.result as string) : null;
  });
}

test("each item of a Map counts its own calls", () => {
  expect(answers({ steps: STEPS, countedPer: "item" }, [0, 1, 0, 1])).toEqual(["first", "first", "more", "more"]);
});

test("the items of a Map share a count, as in Step Functions Local", () => {
  expect(answers({ steps: STEPS, countedPer: "execution" }, [0, 1, 0, 1])).toEqual(["first", "more", "more", null]);
});

test("the answer of an item goes before that of the state", () => {
  const calls = new MockedCalls({
    file: "m.json",
    format: "own",
    byPlace: new Map([
      [" call", { steps: [step(0, Infinity, "all")], countedPer: "item" }],
      ["1 call", { steps: [step(0, Infinity, "one")], countedPer: "item" }],
    ]),
  });
  expect([0, 1, 2].map((item) => calls.find({ state: "call", indices: [item] })?.steps[0]?.answer)).toEqual([
    { kind: "returns", result: "all" },
    { kind: "returns", result: "one" },
    { kind: "returns", result: "all" },
  ]);
  expect(calls.find({ state: "other", indices: [] })).toBeNull();
});
