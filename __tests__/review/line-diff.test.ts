import fc from "fast-check";
import { lineDiff } from "../../review/line-diff";

test("shows what has changed with the lines around it, and how many there are", () => {
  const before = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const after = ["a", "b", "c", "d", "E", "f", "g", "h", "i"];
  expect(lineDiff(before, after, 1)).toEqual({
    lines: ["@@ -4 +4 @@", " d", "-e", "+E", " f", "@@ -8 +8 @@", " h", "+i"],
    added: 2,
    removed: 1,
  });
});

test("of two texts that are the same shows nothing", () => {
  expect(lineDiff(["a", "b"], ["a", "b"])).toEqual({ lines: [], added: 0, removed: 0 });
});

const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });

test("holds both texts: the one without what was added, the other without what was removed", () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const { lines: shown } = lineDiff(before, after, 100);
      const side = (sign: string) =>
        shown.filter((line) => !line.startsWith("@@") && line[0] !== sign).map((line) => line.slice(1));
      const same = before.join() === after.join();
      expect(side("+")).toEqual(same ? [] : before);
      expect(side("-")).toEqual(same ? [] : after);
    }),
  );
});

test("is the shortest that there is", () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const { added, removed } = lineDiff(before, after);
      expect(added + removed).toBe(before.length + after.length - 2 * longestCommon(before, after));
    }),
  );
});

test("of texts that have little in common is found all the same", () => {
  const numbered = (name: string) => Array.from({ length: 3000 }, (_, index) => `${name}${index}`);
  expect(lineDiff(numbered("a"), numbered("b"))).toMatchObject({ added: 3000, removed: 3000 });
});

function longestCommon(one: readonly string[], other: readonly string[]): number {
  const table = one.map(() => other.map(() => 0));
  const at = (x: number, y: number) => table[x]?.[y] ?? 0;
  one.forEach((line, x) => {
    other.forEach((opposite, y) => {
      table[x]![y] = line === opposite ? at(x - 1, y - 1) + 1 : Math.max(at(x - 1, y), at(x, y - 1));
    });
  });
  return at(one.length - 1, other.length - 1);
}
