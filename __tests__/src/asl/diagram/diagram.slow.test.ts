import fc from "fast-check";
import { toSvg } from "../../../../src/asl/diagram/svg";
import type { StatesDocument } from "../../../../src/asl/document";

describe("SVG", () => {
  const oddName = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 80 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }),
    fc.constantFrom(
      '"]}',
      "<b>&lt;",
      "]]>",
      "\\N\\",
      "--> -->",
      " ",
      "\n",
      "\ud800",
      "\u0000",
      "end",
      "🎉".repeat(40),
      "$&",
    ),
  );

  test("stays well-formed and shows every state once, whatever its name", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(oddName, { minLength: 5, maxLength: 5 }), async (names) => {
        const [map, item, choice, task, fail] = names as [string, string, string, string, string];
        const document = {
          StartAt: map,
          States: {
            [map]: {
              Type: "Map",
              ItemProcessor: { StartAt: item, States: { [item]: { Type: "Task", Resource: item, End: true } } },
              Catch: [{ ErrorEquals: [task], Next: fail }],
              Next: choice,
            },
            [choice]: {
              Type: "Choice",
              Choices: [{ Variable: "$.x", StringEquals: task, Next: map }],
              Default: task,
            },
            [task]: { Type: "Task", Resource: "r", Parameters: { JobName: choice }, End: true },
            [fail]: { Type: "Fail", Error: fail },
          },
        } as unknown as StatesDocument;
        const svg = await toSvg(document);
        expect(xmlProblem(svg)).toBeUndefined();
        const shown = [...svg.matchAll(/ data-state="(.*?)"/g)].map(([, name]) => decoded(name!));
        expect(shown.sort()).toEqual(names.map(writable).sort());
      }),
      { numRuns: 8 },
    );
  });
});

/** U+FFFD replaces characters that XML 1.0 and the picture cannot hold. */
function writable(name: string): string {
  return name.replaceAll(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF\u2063]/gu, "\uFFFD");
}

function decoded(text: string): string {
  return text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

/** A small check of well-formedness: tags nest, attributes are quoted, `<` and `&` stand for nothing else. */
function xmlProblem(xml: string): string | undefined {
  if (/(?![\t\n\r])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/u.test(xml)) return "a character that XML cannot hold";
  const open: string[] = [];
  const rest = xml.replaceAll(
    /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, close, name, attributes, empty) => {
      if (close) open.push(open.pop() === name ? "" : `</${name}>`);
      if (close && open.at(-1) === "") open.pop();
      if (!close && !empty) open.push(name);
      return attributes;
    },
  );
  if (open.length > 0) return `tags that do not nest: ${open}`;
  if (rest.includes("<")) return "a stray <";
  return /&(?!(?:#\d+|#x[0-9a-f]+|amp|lt|gt|quot|apos);)/i.test(rest) ? "a stray &" : undefined;
}
