import { InOrder } from "../../../../../src/local/interpreter/distributed/in-order";

test("hands over values in the order of their indices", async () => {
  const got: string[] = [];
  const inOrder = new InOrder<string>(async (value) => {
    await Promise.resolve();
    got.push(value);
  });
  await inOrder.add(1, "b");
  expect(got).toEqual([]);
  await Promise.all([inOrder.add(0, "a"), inOrder.add(3, "d"), inOrder.add(2, "c")]);
  expect(got).toEqual(["a", "b", "c", "d"]);
});

test("whoever adds waits for a slow receiver, but not for missing values", async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const inOrder = new InOrder<string>(() => slow);
  const log: string[] = [];
  const first = inOrder.add(0, "a").then(() => log.push("first"));
  const third = inOrder.add(2, "c").then(() => log.push("third"));
  await new Promise(setImmediate);
  expect(log).toEqual([]);
  finish();
  await Promise.all([first, third]);
  expect(log).toEqual(["first", "third"]);
});

test("passes on the error of the receiver", async () => {
  const inOrder = new InOrder<string>(async () => {
    throw new Error("full");
  });
  await expect(inOrder.add(0, "a")).rejects.toThrow("full");
});
