import * as fc from "fast-check";
import { escapePointer, isObject, type Json } from "../../../src/base/json";
import { placesIn } from "../../../src/base/json-places";

test("each value of a text has the place where it starts", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const lines = text.split("\n");
      const place = placesIn(text);
      for (const [pointer, written] of walk(JSON.parse(text) as Json, "")) {
        const { line, column } = place(pointer);
        expect(lines[line - 1]!.slice(column - 1, column - 1 + written.length)).toBe(written);
      }
    }),
    { numRuns: 50 },
  );
});

/** Walks the pointers of a value, each with the text at its place. */
function* walk(value: Json, pointer: string): Generator<[pointer: string, written: string]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const here = `${pointer}/${index}`;
      if (item === null || typeof item !== "object") yield [here, JSON.stringify(item)];
      yield* walk(item, here);
    }
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const here = `${pointer}/${escapePointer(key)}`;
      yield [here, JSON.stringify(key)];
      yield* walk(inner, here);
    }
  }
}
