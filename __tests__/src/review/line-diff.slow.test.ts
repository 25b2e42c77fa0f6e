import { Worker } from "node:worker_threads";
import { lineDiff } from "../../../src/review/line-diff";

test("of texts that have little in common is found all the same", () => {
  const numbered = (name: string) => Array.from({ length: 1500 }, (_, index) => `${name}${index}`);
  expect(lineDiff(numbered("a"), numbered("b"))).toMatchObject({ added: 1500, removed: 1500 });
});

test("takes little memory, however much differs", async () => {
  const lines = (name: string) => `Array.from({ length: 3000 }, (_, index) => "${name}" + index)`;
  const program = `
    require(${JSON.stringify(require.resolve("../../../bin/register"))});
    const { lineDiff } = require(${JSON.stringify(require.resolve("../../../src/review/line-diff"))});
    lineDiff(${lines("a")}, ${lines("b")});
    lineDiff(${lines("a")}.slice(0, 900), ${lines("b")}.slice(0, 900));`;
  const worker = new Worker(program, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 128 } });
  expect(await new Promise((resolve) => worker.once("error", resolve).once("exit", resolve))).toBe(0);
});
