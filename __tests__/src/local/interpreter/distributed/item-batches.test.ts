import type { Json } from "../../../../../src/base/json";
import { all } from "../../../../../src/local/data/memory-store";
import { type ItemBatcher, inBatches, oneByOne } from "../../../../../src/local/interpreter/distributed/item-batches";

async function* each(items: readonly Json[]) {
  yield* items;
}

const batchesOf = async (items: readonly Json[], batcher: Partial<ItemBatcher>) =>
  (
    await all(inBatches(each(items), { maxItems: Infinity, maxBytes: Infinity, batchInput: undefined, ...batcher }))
  ).map(({ value }) => value);

test("1,130 items in batches of 100 make 12 batches, the last with 30 items", async () => {
  const batches = await all(
    inBatches(each(Array.from({ length: 1130 }, (_, index) => index)), {
      maxItems: 100,
      maxBytes: Infinity,
      batchInput: undefined,
    }),
  );
  expect(batches).toHaveLength(12);
  expect(batches.at(-1)!.items).toBe(30);
  expect(batches[0]!.value).toEqual({ Items: Array.from({ length: 100 }, (_, index) => index) });
});

test("each batch has the BatchInput", async () => {
  expect(await batchesOf([1, 2, 3], { maxItems: 2, batchInput: { a: 1 } })).toEqual([
    { BatchInput: { a: 1 }, Items: [1, 2] },
    { BatchInput: { a: 1 }, Items: [3] },
  ]);
});

test("no batch is larger than MaxInputBytesPerBatch, unless one item is", async () => {
  // {"Items":["aa","bb"]} has 21 bytes.
  expect(await batchesOf(["aa", "bb", "cc", "dddddddddddddddd"], { maxBytes: 21 })).toEqual([
    { Items: ["aa", "bb"] },
    { Items: ["cc"] },
    { Items: ["dddddddddddddddd"] },
  ]);
  expect(await batchesOf(["aa", "bb"], { maxBytes: 20 })).toEqual([{ Items: ["aa"] }, { Items: ["bb"] }]);
  expect(await batchesOf(["aa", "bb"], { maxBytes: 37, batchInput: {} })).toEqual([
    { BatchInput: {}, Items: ["aa", "bb"] },
  ]);
  expect(await batchesOf(["aa", "bb"], { maxBytes: 36, batchInput: {} })).toHaveLength(2);
});

test("a batch never passes the largest input of an execution", async () => {
  const items = Array.from({ length: 4 }, () => "x".repeat(100_000));
  expect((await batchesOf(items, {})).map((batch) => (batch as { Items: Json[] }).Items.length)).toEqual([2, 2]);
});

test("without a batcher, each item is an input, and no items make none", async () => {
  expect(await all(oneByOne(each(["a", 1])))).toEqual([
    { value: "a", items: 1 },
    { value: 1, items: 1 },
  ]);
  expect(await batchesOf([], { maxItems: 2 })).toEqual([]);
});
