import fc from "fast-check";
import { lineDiff } from "../../../src/review/line-diff";

test("shows what has changed with the lines around it, and how many there are", () => {
  const before = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const after = ["a", "b", "c", "d", "E", "f", "g", "h", "i"];
  expect(lineDiff(before, after, { context: 1 })).toEqual({
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
      const { lines: shown } = lineDiff(before, after, { context: 100 });
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

test("names in the head what the first change stands in, on the side that has it", () => {
  const sectionsOf = (lines: readonly string[]) => lines.map((line) => (line === "d" ? "" : `of ${line}`));
  const heads = (before: string[], after: string[]) =>
    lineDiff(before, after, { context: 1, sectionsOf }).lines.filter((line) => line.startsWith("@@"));
  expect(heads(["a", "b", "c", "e", "f"], ["a", "c", "e", "f", "g"])).toEqual(["@@ -1 +1 @@ of b", "@@ -5 +4 @@ of g"]);
  expect(heads(["a"], ["a", "d"])).toEqual(["@@ -1 +1 @@"]);
});

test("takes what comes and goes as a whole, not from the middle of one to the middle of the next", () => {
  const part = (name: string) => ["  {", `    ${name}`, "  },"];
  const [two, three] = [
    ["[", ...part("a"), ...part("c"), "]"],
    ["[", ...part("a"), ...part("b"), ...part("c"), "]"],
  ];
  const shown = (before: string[], after: string[]) => lineDiff(before, after, { context: 1 }).lines.slice(1);
  expect(shown(two, three)).toEqual(["   },", "+  {", "+    b", "+  },", "   {"]);
  expect(shown(three, two)).toEqual(["   },", "-  {", "-    b", "-  },", "   {"]);
});

test("finds the place of a line by what it counts as, and shows it as it is", () => {
  const before = ["a: old", "b", "c: old", "d"];
  const countedAs = ["c: old", "d"];
  expect(lineDiff(before, ["c: new", "d"], { countedAs })).toEqual({
    lines: ["@@ -1 +1 @@", "-a: old", "-b", "-c: old", "+c: new", " d"],
    added: 1,
    removed: 3,
  });
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
