import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { NO_DATA } from "../../../../src/local/reuse/data-trace";
import { readResults, resultsFile, type StoredResult } from "../../../../src/local/reuse/stored-results";

const folder = mkdtempSync(join(tmpdir(), "results-"));
const path = join(folder, "results.jsonl");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const result = (index: number): StoredResult => ({
  ...{ key: `key-${index}`, parts: "", place: ` state-${index}`, execution: "run" },
  job: { id: `id-${index}`, createdAt: 1, stoppedAt: 2, statusReason: "ééé", attempts: [] },
  data: NO_DATA,
});

const broken = (error: unknown) => {
  throw error;
};

function write(results: readonly StoredResult[]): string {
  rmSync(path, { force: true });
  const file = resultsFile(path, broken);
  for (const each of results) file.add({ result: each });
  file.close();
  return readFileSync(path, "utf8");
}

test("a file that was cut at any byte has all results whose lines are whole, and no other", () => {
  const results = Array.from({ length: 200 }, (_, index) => result(index));
  const lines = write(results).split("\n").slice(0, -1);
  const bytes = readFileSync(path);
  fc.assert(
    fc.property(fc.nat(bytes.length), (cut) => {
      writeFileSync(path, bytes.subarray(0, cut));
      let end = 0;
      // The line end itself may be missing.
      const whole = lines.filter((line) => {
        end += Buffer.byteLength(line) + 1;
        return end - 1 <= cut;
      });
      expect(readResults(path).results).toEqual(results.slice(0, whole.length));
    }),
    { numRuns: 20 },
  );
});

test("a line with one wrong byte does not count, those after it do", () => {
  const text = write([result(0), result(1)]);
  writeFileSync(path, text.replace("key-0", "key-9"));
  expect(readResults(path).results).toEqual([result(1)]);
});

test("a run that goes on from another one begins with its whole lines", () => {
  const text = write([result(0), result(1)]);
  writeFileSync(path, text.slice(0, -10));
  expect(readResults(path).text).toBe(`${text.split("\n")[0]}\n`);
});

test("a run that goes on after a line that was cut loses none of its own results", () => {
  const text = write([result(0), result(1)]);
  writeFileSync(path, text.slice(0, -10));
  const file = resultsFile(path, broken);
  file.add({ result: result(2) });
  file.add({ result: result(3) });
  file.close();
  expect(readResults(path).results).toEqual([result(0), result(2), result(3)]);
});

test("there are no results without a file", () => {
  expect(readResults(join(folder, "none"))).toEqual({
    text: "",
    results: [],
    unkept: new Map(),
    variables: [],
    objects: [],
  });
});

test("a file that cannot be written is told once, and nothing is written after it", () => {
  const told: unknown[] = [];
  const file = resultsFile(join(folder, "none/results.jsonl"), (error) => told.push(error));
  file.add({ result: result(0) });
  file.add({ result: result(1) });
  expect(told).toEqual([expect.objectContaining({ code: "ENOENT" })]);
});
