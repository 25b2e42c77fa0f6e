import fc from "fast-check";
import { all } from "../../../../../src/local/data/memory-store";
import { parseCsv } from "../../../../../src/local/interpreter/distributed/csv";

async function* piecesOf(text: string, length: number) {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

const rowsOf = (text: string, delimiter = ",", length = text.length || 1) =>
  all(parseCsv(piecesOf(text, length), delimiter));

test("reads back what was written in quotation marks, in pieces of any length", async () => {
  const written = (rows: string[][]) =>
    rows.map((row) => row.map((field) => `"${field.replaceAll(/["\\]/g, "$&$&")}"`).join(";")).join("\n");
  const rows = fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (expected, length) => {
      expect(await rowsOf(written(expected), ";", length)).toEqual(expected);
    }),
    { seed: 13, numRuns: 30 },
  );
});
