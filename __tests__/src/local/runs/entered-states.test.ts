import type { StatesDocument } from "../../../../src/asl/document";
import type { Json, JsonObject } from "../../../../src/base/json";
import type { ExecutionEvent } from "../../../../src/execution/events";
import { collectEnteredStates } from "../../../../src/local/runs/entered-states";

const task = (Next?: string) => ({ Type: "Task", Resource: "r", ...(Next === undefined ? { End: true } : { Next }) });
const document = {
  StartAt: "first",
  States: {
    first: task("each"),
    each: {
      ...{ Type: "Map", Next: "last" },
      ItemProcessor: { StartAt: "a", States: { a: task("b"), b: task() } },
    },
    last: task(),
  },
} as unknown as StatesDocument;

const entered = (state: string, indices: number[], input: Json, more: object = {}): ExecutionEvent =>
  ({ at: 0, type: "state-entered", state, indices, input, ...more }) as ExecutionEvent;
const succeeded = (state: string, indices: number[], assigned?: JsonObject, more: object = {}): ExecutionEvent =>
  ({ at: 0, type: "state-succeeded", state, indices, ...(assigned && { assigned }), ...more }) as ExecutionEvent;

function last(events: readonly ExecutionEvent[], state: string, indices: number[]) {
  const place = { state, indices };
  const data = collectEnteredStates(document, [place]);
  for (const event of events) data.sink(event);
  return data.last(place);
}

const KEPT = { isMasked: false, isLeftOut: false };

test("a state had its last input, and the variables of the states before it", () => {
  const events = [
    ...[entered("first", [], 1), succeeded("first", [], { x: 1, y: 1 }), entered("each", [], 2)],
    ...[
      succeeded("each", [], { y: 2 }),
      entered("last", [], 3),
      succeeded("last", [], { z: 1 }),
      entered("last", [], 4),
    ],
  ];
  expect(last(events, "last", [])).toEqual({ input: 4, variables: { x: 1, y: 2, z: 1 }, ...KEPT });
  expect(last(events, "first", [])).toEqual({ input: 1, variables: {}, ...KEPT });
});

test("a state in a Map had the variables of its item and of the states around", () => {
  const events = [
    ...[succeeded("first", [], { x: 1 }), entered("each", [], 0)],
    ...[entered("a", [0], 1), succeeded("a", [0], { own: 0 }), entered("a", [1], 1), succeeded("a", [1], { own: 1 })],
    entered("b", [1], "in"),
  ];
  expect(last(events, "b", [1])).toEqual({ input: "in", variables: { x: 1, own: 1 }, ...KEPT });
  expect(last(events, "b", [0])).toBeNull();
  const again = [...events, entered("each", [], 0), entered("b", [1], "again")];
  expect(last(again, "b", [1])).toEqual({ input: "again", variables: { x: 1 }, ...KEPT });
});

test("what was hidden or left out is told, also of the variables", () => {
  expect(last([entered("last", [], "***", { masked: true })], "last", [])).toMatchObject({ isMasked: true });
  const withoutInput = { at: 0, type: "state-entered", state: "last", indices: [] } as ExecutionEvent;
  expect(last([withoutInput], "last", [])).toMatchObject({ isLeftOut: true });
  const hidden = succeeded("first", [], { x: "***" }, { masked: true });
  expect(last([hidden, entered("last", [], 1)], "last", [])).toMatchObject({ isMasked: true });
  const leftOut = succeeded("first", [], undefined, { leftOut: true });
  expect(last([leftOut, entered("last", [], 1)], "last", [])).toMatchObject({ isLeftOut: true });
});
