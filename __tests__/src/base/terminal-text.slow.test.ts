import fc from "fast-check";
import { cutLine, lineWidth, printable } from "../../../src/base/terminal-text";

test("never makes a line wider than asked", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), fc.nat(40), (texts, columns) => {
      const line = texts.map((text) => ({ text: printable(text) }));
      expect(lineWidth(cutLine(line, columns))).toBeLessThanOrEqual(columns);
    }),
    { numRuns: 40 },
  );
});
