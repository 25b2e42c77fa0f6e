import type { StatesDocument } from "../../../src/asl/document";
import type { Json, JsonObject } from "../../../src/base/json";
import { mockableStates } from "../../../src/testing/mockable-states";
import { pathTaken, summarizedMaps } from "../../../src/testing/path-taken";
import { runCase } from "../../../src/testing/run-case";

const block = (states: JsonObject): JsonObject => ({ StartAt: Object.keys(states)[0]!, States: states });
const pass = (rest: JsonObject = { End: true }): JsonObject => ({ Type: "Pass", ...rest });

/** Runs a document and returns its path. The states of `written` without an index are summarized. */
async function pathOf(states: JsonObject, { input = {}, written = [] }: { input?: Json; written?: string[] } = {}) {
  const document = block(states) as unknown as StatesDocument;
  const setup = { executionName: "test", startedAt: 0, input, mocks: null, objects: {} };
  const { events } = await runCase({ name: "paths", document }, setup);
  const known = mockableStates(document);
  return pathTaken(events, known, summarizedMaps(written, known));
}

/** Item 0 waits, so that item 1 is ahead of it. */
const MAP: JsonObject = {
  Each: {
    Type: "Map",
    Iterator: block({
      Slow: { Type: "Choice", Choices: [{ Variable: "$", NumericEquals: 0, Next: "Wait" }], Default: "Last" },
      Wait: { Type: "Wait", Seconds: 5, Next: "Last" },
      Last: pass(),
    }),
    Next: "End",
  },
  End: pass(),
};

test("each item of a Map stands by itself, however fast it is", async () => {
  expect(await pathOf(MAP, { input: [0, 1] })).toEqual([
    ...["Each", "Slow[0]", "Wait[0]", "Last[0]", "Slow[1]", "Last[1]", "End"],
  ]);
});

test("without indices, each different way of an item comes once", async () => {
  expect(await pathOf(MAP, { input: [1, 0, 1, 1, 0], written: ["Last"] })).toEqual([
    ...["Each", "Slow", "Last", "Slow", "Wait", "Last", "End"],
  ]);
});

test("the items of a Map in a Map", async () => {
  const inner = { Type: "Map", Iterator: block({ One: pass() }), End: true };
  const states = { Outer: { Type: "Map", Iterator: block({ Inner: inner }), End: true } };
  const input = [[1, 2], [3]];
  expect(await pathOf(states, { input })).toEqual([
    ...["Outer", "Inner[0]", "One[0][0]", "One[0][1]", "Inner[1]", "One[1][0]"],
  ]);
  expect(await pathOf(states, { input, written: ["One"] })).toEqual(["Outer", "Inner", "One"]);
});

test("the branches of a Parallel come one after another, in the order of the document", async () => {
  const wait = block({ Wait: { Type: "Wait", Seconds: 5, Next: "A" }, A: pass() });
  const states = {
    Both: { Type: "Parallel", Branches: [wait, block({ B: pass({ Next: "C" }), C: pass() })], Next: "D" },
  };
  expect(await pathOf({ ...states, D: pass() })).toEqual(["Both", "Wait", "A", "B", "C", "D"]);
});

test("a loop shows each visit, with the items of each", async () => {
  const states = {
    Start: pass({ Result: [1], Next: "Each" }),
    Each: { Type: "Map", Iterator: block({ One: pass() }), ResultPath: null, Next: "Again" },
    Again: { Type: "Choice", Choices: [{ Variable: "$[0]", NumericEquals: 1, Next: "More" }], Default: "End" },
    More: pass({ Result: [2, 3], Next: "Each" }),
    End: pass(),
  };
  expect(await pathOf(states)).toEqual([
    ...["Start", "Each", "One[0]", "Again", "More", "Each", "One[0]", "One[1]", "Again", "End"],
  ]);
});

test("names that look like fields or pointers", async () => {
  const inner = { Type: "Map", ItemProcessor: block({ "a/Branches/1/States": pass() }), End: true };
  const states = { Branches: { Type: "Parallel", Branches: [block({ ItemProcessor: inner })], End: true } };
  expect(await pathOf(states, { input: [1] })).toEqual(["Branches", "ItemProcessor", "a/Branches/1/States[0]"]);
});
