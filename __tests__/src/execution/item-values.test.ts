import type { StatesDocument } from "../../../src/asl/document";
import type { Json } from "../../../src/base/json";
import type { Place } from "../../../src/execution/events";
import { itemText, itemValues } from "../../../src/execution/item-values";
import { at, entered, mapStarted, succeeded, type Told } from "../../events";

const DOCUMENT = {
  StartAt: "samples",
  States: {
    before: { Type: "Task" },
    samples: {
      Type: "Map",
      ItemProcessor: {
        StartAt: "first",
        States: {
          first: { Type: "Task" },
          both: { Type: "Parallel", Branches: [{ StartAt: "in_branch", States: { in_branch: { Type: "Task" } } }] },
          lanes: { Type: "Map", ItemProcessor: { StartAt: "lane", States: { lane: { Type: "Task" } } } },
        },
      },
    },
    others: { Type: "Map", ItemProcessor: { StartAt: "other", States: { other: { Type: "Task" } } } },
  },
} as unknown as StatesDocument;

const entry = (input: Json, state: string, ...indices: number[]) => ({ ...entered(state, ...indices), input }) as Told;

function itemsAfter(...events: Told[]): (state: string, ...indices: number[]) => Json {
  const values = itemValues(DOCUMENT);
  for (const event of events) values.take(at(0, event));
  return (state, ...indices) => values.itemOf({ state, indices } satisfies Place);
}

test("the item is the input of the first state that is entered for it", () => {
  const item = itemsAfter(entry("s0", "first", 0), entry({ status: "done" }, "both", 0), entry("s1", "first", 1));
  expect([item("first", 0), item("both", 0), item("in_branch", 0), item("first", 1)]).toEqual(["s0", "s0", "s0", "s1"]);
});

test("in nested Maps it is the innermost item", () => {
  const item = itemsAfter(entry("s4", "first", 4), entry("s4", "lanes", 4), entry("l1", "lane", 4, 1));
  expect([item("lanes", 4), item("lane", 4, 1), item("lane", 4, 2)]).toEqual(["s4", "l1", null]);
});

test("Maps with equal indices have their own items", () => {
  const item = itemsAfter(entry("sample", "first", 0), entry("other", "other", 0));
  expect([item("first", 0), item("other", 0)]).toEqual(["sample", "other"]);
});

test("a Map that runs again has new items, and one that has ended has none", () => {
  const again = itemsAfter(entry("old", "first", 0), mapStarted(1, "samples"), entry("new", "first", 0));
  expect(again("first", 0)).toBe("new");
  expect(itemsAfter(entry("old", "first", 0), succeeded("samples"))("first", 0)).toBeNull();
});

test("there is no item outside Maps, or without an input", () => {
  const item = itemsAfter(entry("input", "before"), entered("first", 0));
  expect([item("before"), item("first", 0), item("unknown", 0)]).toEqual([null, null, null]);
});

test("a long item becomes a text that is cut off", () => {
  const long = "x".repeat(999);
  const item = itemsAfter(entry([long], "first", 0), entry(`${long}xx`, "first", 1), entry(long, "first", 2));
  expect([item("first", 0), item("first", 1), item("first", 2)]).toEqual([
    `["${long.slice(2)}…`.replace(long.slice(2), long.slice(1)),
    `${long}x…`,
    long,
  ]);
});

test("the text of an item is the text itself, or JSON", () => {
  expect([itemText("a b"), itemText({ a: [1] }), itemText(null)]).toEqual(["a b", '{"a":[1]}', "null"]);
});
