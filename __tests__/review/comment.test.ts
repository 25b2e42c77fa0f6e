import fc from "fast-check";
import { LONGEST_COMMENT, type Review, writeComment } from "../../review/comment";
import { readPlan } from "../../review/plan";
import type { Json } from "../../workflow/document";

/** What breaks out of Markdown where it is not kept in, and what cannot be seen. */
// biome-ignore format: a list
const NASTY = [
  "`", "``", "```", "````\n", "~~~", "<!--", "-->", "|", "@everyone", "</details>", "<details>", "</code>", "<script>",
  "\n", "\r", "\r\n\r\n", "\n\n# ", "\u2028", "\u202e", "\u0000", "\ud800", "](http://a.b)", "![", "**", "_", "\\", "$", "${a.b.c}", "#1", "&lt;", " ", "é", "x",
];
const nasty = fc.array(fc.constantFrom(...NASTY), { minLength: 1, maxLength: 8 }).map((parts) => parts.join(""));

const RESOURCE = { mode: "managed", name: "x" };
const NOTHING = { before_sensitive: false, after_sensitive: {}, after_unknown: {} };
const policy = (resource: string) =>
  JSON.stringify({ Statement: [{ Sid: resource, Action: resource, Resource: resource }] });
const definition = (state: string) =>
  JSON.stringify({ StartAt: state, States: { [state]: { Type: "Pass", Comment: state, End: true } } });

function planOf(texts: readonly string[]): Json {
  const changes = texts.flatMap((text, index) => {
    const at = `${text}[${index}]`;
    const change = (after: Json) => ({ ...NOTHING, actions: ["update"], before: {}, after });
    return [
      {
        ...RESOURCE,
        address: `a.${at}`,
        type: "a",
        change: { ...NOTHING, actions: ["delete"], before: { [text]: text }, after: null },
      },
      { ...RESOURCE, address: `b.${at}`, type: "b", change: change({ [text]: text, list: [text] }) },
      {
        ...RESOURCE,
        address: `r.${at}`,
        type: "aws_iam_role_policy",
        change: change({ role: text, policy: policy(text) }),
      },
      {
        ...RESOURCE,
        address: `s.${at}`,
        type: "aws_sfn_state_machine",
        change: change({ definition: definition(text) }),
      },
    ];
  });
  return { format_version: "1.2", resource_changes: changes } as unknown as Json;
}

function reviewOf(texts: readonly string[]): Review {
  const text = texts.join("");
  return {
    name: text,
    environment: "dev",
    region: text,
    stacks: [
      { stack: "planned", plan: readPlan(planOf(texts)), failure: null },
      { stack: text, plan: null, failure: text },
    ],
    running: null,
    image: { base: text, lines: [text] },
    problems: [text],
  };
}

/** What of a comment is Markdown: its fences, code spans and the text of `<code>` taken out. */
function markup(comment: string): string {
  const left: string[] = [];
  let fence: string | null = null;
  for (const line of comment.split("\n")) {
    const [, mark] = /^(`{3,})[a-z]*$/.exec(line) ?? [];
    if (fence === null && mark !== undefined) fence = mark;
    else if (fence !== null && /^ {0,3}`+\s*$/.test(line) && line.trim().length >= fence.length) fence = null;
    else if (fence === null)
      left.push(
        line.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "CODE").replace(/<code>(?:[^<>@#]|&#\d+;)*<\/code>/g, "CODE"),
      );
  }
  expect(fence).toBeNull();
  return left.join("\n");
}

const OWN = new RegExp(
  [
    "CODE in CODE \\(CODE\\): \\*\\*planned\\*\\* .*; \\*\\*.*\\*\\* could not be planned",
    "> \\[!WARNING\\]",
    "(> )?- \\*\\*[A-Z][a-z ]+\\*\\*: (CODE(, )?)+( and \\d+ more)?",
    "<details( open)?><summary>(Permissions|Diagram CODE|Failed CODE|Workflow CODE|Stack CODE|Image|Check)(: [\\w ,]+)?</summary>",
    "</details>",
    "> - \\*\\*State machines\\*\\*: \\d+ of \\d+ are shown",
    "Thick: added \\(green\\) or changed \\(dashed, amber\\)\\.",
    "What stands as CODE is known after apply\\.",
    "(Left out|Shortened): [\\w ;]+(CODE)?[\\w ]*\\.",
    "The image changes; its files against CODE:",
    "<!-- workflow-review .* dev -->",
    "",
  ]
    .map((line) => `^${line}$`)
    .join("|"),
);

test("no name and no value breaks out of the Markdown", () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 3 }), (texts) => {
      const lines = markup(writeComment({ ...reviewOf(texts), name: "echo" })).split("\n");
      expect(lines.filter((line) => !OWN.test(line))).toEqual([]);
      expect(lines.filter((line) => line.startsWith("<details")).length).toBe(
        lines.filter((line) => line === "</details>").length,
      );
    }),
    { numRuns: 300 },
  );
});

test("a comment is never longer than GitHub takes, whatever there is to say", () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 3 }), fc.constantFrom(1, 30, 300, 1500), (texts, times) => {
      const many = Array.from({ length: Math.ceil(times / 10) }, (_, index) =>
        texts.map((text) => `${text}${index}`),
      ).flat();
      const long = { ...reviewOf(many), name: "echo" };
      const lines = Array.from({ length: times }, () => texts.join(" ").repeat(20));
      const comment = writeComment({ ...long, problems: lines, image: { base: null, lines } });
      expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(LONGEST_COMMENT);
      expect(comment.trimEnd().endsWith("<!-- workflow-review echo dev -->")).toBe(true);
      markup(comment);
    }),
    { numRuns: 10 },
  );
});

describe("what is too long", () => {
  const stack = (count: number) =>
    readPlan({
      format_version: "1.2",
      resource_changes: Array.from({ length: count }, (_, index) => ({
        ...RESOURCE,
        address: `aws_x.y[${index}]`,
        type: "aws_x",
        change: { ...NOTHING, actions: ["create"], before: null, after: { value: "v".repeat(100), number: index } },
      })),
    });
  const review = (count: number): Review => ({
    name: "echo",
    environment: "dev",
    region: "eu-west-1",
    stacks: [{ stack: "workflow", plan: stack(count), failure: null }],
    running: null,
    image: null,
    problems: ["warning: the one problem"],
  });

  test("loses attributes from the end first, and says so", () => {
    const comment = writeComment(review(500));
    expect(comment).toContain("Shortened: attributes are left out; `terraform show` of the plan shows them.");
    expect(comment).toContain(`+ aws_x.y[0] (create)\n    value: "${"v".repeat(100)}"\n    number: 0\n`);
    expect(comment).toContain("+ aws_x.y[498] (create)\n+ aws_x.y[499] (create)\n");
  });

  test("then loses resources, and says how many", () => {
    const comment = writeComment(review(5000));
    const shown = comment.match(/^\+ aws_x/gm)!.length;
    expect(shown).toBeGreaterThan(1000);
    expect(comment).toContain(`Shortened: ${5000 - shown} lines are left out;`);
    expect(comment).toContain("warning: the one problem");
  });
});
