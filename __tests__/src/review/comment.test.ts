import fc from "fast-check";
import type { Json } from "../../../src/base/json";
import { LONGEST_COMMENT, writeComment } from "../../../src/review/comment";
import { readPlan } from "../../../src/review/plan";
import type { Review } from "../../../src/review/review-types";
import { chain, changedMachine, commentOn } from "./endless-documents";

/** Texts that could break out of Markdown, and invisible characters. */
// biome-ignore format: a list
const NASTY = [
  "`", "``", "```", "````\n", "`".repeat(80), "`".repeat(256), "\u3164", "\u2800", "\ufe0f", "~~~", "<!--", "-->", "|", "@everyone", "</details>", "<details>", "</code>", "<script>",
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
  // The same was changed outside Terraform; what goes was deleted there.
  const drift = changes.map(({ change, ...resource }) => ({
    ...resource,
    change: { ...change, before: change.after, after: change.before },
  }));
  return { format_version: "1.2", resource_changes: changes, resource_drift: drift } as unknown as Json;
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
    running: texts.map((address) => ({ address, action: "update", count: 100 })),
    image: { base: text, lines: [text] },
    problems: [text],
  };
}

/** Returns the Markdown of a comment, without the text of fences, code spans and `<code>`. */
function markup(comment: string): string {
  const left: string[] = [];
  let fence: string | null = null;
  for (const line of comment.split("\n")) {
    const [, mark] = /^(`{3,})[a-z]*$/.exec(line) ?? [];
    if (fence === null && mark !== undefined) fence = mark;
    else if (fence !== null && /^ {0,3}`+\s*$/.test(line) && line.trim().length >= Math.min(fence.length, 255))
      fence = null;
    else if (fence === null)
      left.push(
        line
          .replace(/(?<!`)(`{1,80})(?!`).*?(?<!`)\1(?!`)/g, "CODE")
          .replace(/<code>(?:[^<>@#]|&#\d+;)*<\/code>/g, "CODE"),
      );
  }
  expect(fence).toBeNull();
  return left.join("\n");
}

const OWN = new RegExp(
  [
    "CODE in CODE \\(CODE\\): \\*\\*planned\\*\\* .*; \\*\\*.*\\*\\* could not be planned",
    "> \\[!WARNING\\]",
    "(> )?- \\*\\*[A-Z][a-zT ,]+\\*\\*: (CODE( \\(some without a limit\\))?(, )?)+( and \\d+ more)?",
    "> - \\*\\*Changed outside Terraform\\*\\*: (([A-Za-z ]+ )?CODE \\((changed|deleted); [a-z ]+\\)(, )?)+( and \\d+ more)?",
    "As Terraform left it -> as it is now:",
    // What changes, in words.
    "- (([A-Za-z ]+ )?CODE, )*(([A-Za-z ]+ )?CODE|\\d+ more): [a-zA-Z0-9 ,:]*(CODE[a-zA-Z0-9 ,:]*)*",
    "- … \\d+ more, see the stacks",
    "> - \\*\\*Running\\*\\*: (100 or more executions of (CODE, which|the state machine that) is changed(; )?)+( and \\d+ more)?",
    "> - \\*\\*Check\\*\\*: \\d+ warnings?",
    "<details( open)?><summary>(Changed outside Terraform|Permissions|Diagram CODE|Failed CODE|Workflow CODE|Stack CODE|Image|Check)(: [\\w ,]+)?</summary>",
    "</details>",
    "> - \\*\\*State machines\\*\\*: \\d+ of \\d+ are shown",
    "Thick and dashed: changed \\(amber\\)\\. Thick: added \\(green\\)\\.",
    "A value shown as CODE is known after apply\\.",
    "(Left out|Shortened): [\\w ;]+(CODE)?[\\w ]*\\.",
    "An image is new or changed; its files against CODE:",
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
    { numRuns: 30 },
  );
});

test("a comment is never longer than GitHub takes, whatever there is to say", () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 3 }), fc.constantFrom(1, 30, 300), (texts, times) => {
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
    { numRuns: 4 },
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
    running: [],
    image: null,
    problems: ["warning: the one problem"],
  });

  test("loses attributes from the end first, and says so", () => {
    const comment = writeComment(review(500));
    const shown = comment.match(/^ {4}number: /gm)!.length;
    expect(comment).toContain(
      `Shortened: the attributes of ${500 - shown} resources are left out; \`terraform show\` of the plan shows them.`,
    );
    expect(comment).toContain(`+ aws_x.y[0] (create)\n    value: "${"v".repeat(100)}"\n    number: 0\n`);
    expect(comment).toContain("+ aws_x.y[498] (create)\n+ aws_x.y[499] (create)\n");
  });

  test("then loses resources, and says how many", () => {
    const comment = writeComment(review(3000));
    const shown = comment.match(/^\+ aws_x/gm)!.length;
    expect(shown).toBeGreaterThan(1000);
    expect(comment).toContain(`Shortened: ${3000 - shown} lines are left out;`);
    expect(comment).toContain("warning: the one problem");
  });
});

describe("values that cannot be seen, or that would end a code span", () => {
  const shown = (address: string) => writeComment(reviewOfOne({ address, actions: ["delete"] }));

  test.each([
    ["`".repeat(49), "`".repeat(49)],
    ["`".repeat(50), "(50 backticks)"],
    ["`".repeat(256), "(256 backticks)"],
    ["\u3164", "\\u{3164}"],
    ["\u115f", "\\u{115f}"],
    ["\u1160", "\\u{1160}"],
    ["\u2800", "\\u{2800}"],
    ["\ufe0f", "\\u{fe0f}"],
    ["\u{e0100}", "\\u{e0100}"],
  ])("%j is shown as %s", (text, instead) => {
    expect(shown(`a${text}b`)).toContain(`- a${instead}b (delete)\n`);
  });
});

/** A review of a plan with one resource. */
function reviewOfOne(
  { address = "a.b", type = "a", actions = ["update"], ...change }: { [name: string]: unknown },
  more: Partial<Review> = {},
  rest: object = {},
): Review {
  const resource = { ...RESOURCE, address, type, change: { ...NOTHING, actions, before: {}, after: {}, ...change } };
  const plan = readPlan({ format_version: "1.2", resource_changes: [resource], ...rest });
  return {
    ...{ name: "echo", environment: "dev", region: "r", running: [], image: null, problems: [] },
    stacks: [{ stack: "workflow", plan, failure: null }],
    ...more,
  };
}

const linesOf = (review: Review) => writeComment(review).split("\n");

describe("the head", () => {
  test("cuts a long name of a stack", () => {
    const review = { ...reviewOfOne({}), stacks: [{ stack: "s".repeat(300), plan: null, failure: "no" }] };
    expect(linesOf(review)[0]).toBe(`\`echo\` in \`dev\` (\`r\`): **\`${"s".repeat(59)}…\`** could not be planned`);
  });

  test("counts what check has found", () => {
    const problems = ["warning: one", "error: another", "warning: a third"];
    expect(linesOf(reviewOfOne({}, { problems }))).toContain("> - **Check**: 1 error, 2 warnings");
  });

  test.each([
    [["delete", "create"], "old one first"],
    [["create", "delete"], "new one first"],
  ])("says of a replacement by %j which comes first", (actions, order) => {
    const lines = linesOf(reviewOfOne({ actions }));
    expect(lines).toContain(`> - **Replaced, ${order}**: \`a.b\``);
    expect(lines).toContain(`- a.b (replace, ${order})`);
  });

  test.each([
    ["docker_image", "keep_locally", true, false],
    ["docker_registry_image", "keep_remotely", true, false],
    ["docker_registry_image", "keep_remotely", false, true],
    ["docker_image", "keep_remotely", true, true],
  ])("warns of a replaced %s with %s %s: %s", (type, attribute, keeps, isWarned) => {
    const lines = linesOf(reviewOfOne({ type, actions: ["delete", "create"], before: { [attribute]: keeps } }));
    expect(lines[0]).toBe("`echo` in `dev` (`r`): **workflow** 1 to replace");
    expect(lines.includes("> [!WARNING]")).toBe(isWarned);
  });

  test.each<[Review["running"], string | undefined]>([
    [[], undefined],
    [[{ address: "a", action: "update", count: 0 }], undefined],
    [[{ address: "a", action: "update", count: 1 }], "1 execution of the state machine that is changed"],
    [[{ address: "a", action: "replace", count: 99 }], "99 executions of the state machine that is replaced"],
    [[{ address: "a", action: "delete", count: 100 }], "100 or more executions of the state machine that is destroyed"],
    [
      [{ address: "a", action: "delete", count: null }],
      "unknown for the state machine that is destroyed: AWS did not answer",
    ],
    [
      [
        { address: "a", action: "update", count: 2 },
        { address: "b", action: "delete", count: 3 },
        { address: "c", action: "update", count: 0 },
      ],
      "2 executions of `a`, which is changed; 3 executions of `b`, which is destroyed",
    ],
  ])("says of running executions %j: %s", (running, said) => {
    const line = linesOf(reviewOfOne({}, { running })).find((one) => one.startsWith("> - **Running**: "));
    expect(line).toBe(said && `> - **Running**: ${said}`);
  });

  test("warns of rights that may be more, where something stands already", () => {
    const values = (statement: object) => ({ role: "r", policy: JSON.stringify({ Statement: statement }) });
    const more = {
      type: "aws_iam_role_policy",
      before: values({ Action: "a:B" }),
      after: values({ NotAction: "a:C" }),
    };
    expect(
      linesOf(
        reviewOfOne({
          ...more,
          before: values({ Sid: "S", Action: "a:B" }),
          after: values({ Sid: "S", NotAction: "a:C" }),
        }),
      ),
    ).toContain("> - **Rights that are not clear**: `r`");
    expect(linesOf(reviewOfOne(more))).toContain("> - **More rights**: `r` (some without a limit)");
  });
});

describe("a stack", () => {
  test("of which not all is planned is warned of", () => {
    expect(linesOf(reviewOfOne({}, {}, { complete: false }))).toContain("> - **Not the whole plan**: `workflow`");
  });

  test("says because of what something is replaced, at its head too", () => {
    const change = { actions: ["create", "delete"], before: { x: 1 }, after: { x: 2 }, replace_paths: [["x"]] };
    const lines = linesOf(reviewOfOne(change));
    expect(lines).toContain("> - **Replaced, new one first**: `a.b` because of `x`");
    expect(lines).toContain("- a.b (replace, new one first, because of x)");
    expect(lines).toContain("    x: 1 -> 2  # forces replacement");
  });

  test("counts what is imported and changed as both", () => {
    expect(linesOf(reviewOfOne({ importing: { id: "i-1" } }))[0]).toContain("**workflow** 1 to change, 1 to import");
  });

  test("shows of long values what differs, whatever their path", () => {
    const [path, text] = ["p".repeat(200), "x".repeat(300)];
    const change = { before: { [path]: `${text}old` }, after: { [path]: `${text}new` }, replace_paths: [[path]] };
    const lines = linesOf(reviewOfOne({ actions: ["delete", "create"], ...change }));
    expect(lines.find((line) => line.startsWith("    ppp"))).toBe(
      `    ${"p".repeat(159)}…: …${"x".repeat(40)}old" -> …${"x".repeat(40)}new"  # forces replacement`,
    );
  });

  test("shows an import, and that it is a change", () => {
    const review = reviewOfOne({ actions: ["no-op"], importing: { id: "i-1" } });
    expect(linesOf(review)[0]).toContain("**workflow** 1 to import");
    expect(linesOf(review)).toContain("! a.b (import, imported: i-1)");
  });

  test("points to the permissions only where they have something", () => {
    const policy = (statement: object) => JSON.stringify({ Statement: statement });
    const [same, reordered] = [{ Action: ["a:B", "a:C"] }, { Action: ["a:C", "a:B"] }];
    const shown = (before: object, after: object) =>
      linesOf(
        reviewOfOne({ type: "aws_iam_policy", before: { policy: policy(before) }, after: { policy: policy(after) } }),
      ).filter((line) => line.startsWith("    policy"));
    expect(shown(same, reordered)).toEqual(["    policy: the same rights"]);
    expect(shown(same, { Action: "a:B" })).toEqual(["    policy: see the permissions"]);
  });
});

test("each part of the permissions has an empty line before it", () => {
  const policy = JSON.stringify({ Statement: ["a:B", "a:C"].map((Action) => ({ Sid: Action.slice(2), Action })) });
  const comment = writeComment(reviewOfOne({ type: "aws_iam_policy", after: { name: "n", policy } }));
  expect(comment).toContain("```diff\n# MORE rights: n: B: new\n+ may a:B\n\n# MORE rights: n: C: new\n+ may a:C\n```");
  expect(comment).toContain("<summary>Permissions: 2 widened</summary>");
});

describe("a document", () => {
  const ARN = "${aws_batch_job_definition.j.arn}";
  const machine = (States: object, StartAt = "a") => JSON.stringify({ StartAt, States });
  const task = (definition: string) => ({ a: { Type: "Task", Resource: "r", Parameters: { definition }, End: true } });
  const changed = (before: string, after: string, more: object = {}, rest: object = {}) =>
    writeComment(
      reviewOfOne(
        {
          ...{ type: "aws_sfn_state_machine", address: "aws_sfn_state_machine.m" },
          ...{ before: { definition: before }, after: { definition: after }, ...more },
        },
        {},
        rest,
      ),
    );

  test("is open where it changes, closed where nothing but a reference does", () => {
    const state = {
      ...{ address: "aws_batch_job_definition.j", type: "x", values: { arn: "old" } },
    };
    const prior_state = { values: { root_module: { resources: [state] } } };
    const open = (after: string) =>
      /<details( open)?><summary>Workflow/.exec(changed(machine(task("old")), after, {}, { prior_state }))![1];
    expect(open(machine(task(ARN)))).toBeUndefined();
    expect(open(machine(task("new")))).toBe(" open");
  });

  test("that goes has no part of its own", () => {
    expect(changed(machine(task("x")), "", { actions: ["delete"], after: null })).not.toContain("Workflow");
  });

  test("has the state in the heads of its diff", () => {
    expect(changed(machine(task("old")), machine(task("new")))).toMatch(/^@@ -\d+ \+\d+ @@ a$/m);
    const inside = (definition: string) =>
      machine(
        { outer: { Type: "Map", ItemProcessor: { StartAt: "a", States: task(definition) }, End: true } },
        "outer",
      );
    expect(changed(inside("old"), inside("new"))).toMatch(/^@@ -\d+ \+\d+ @@ outer \/ a$/m);
  });

  test.each([
    ["null", { ResultPath: null }],
    ["empty", { ResultSelector: {} }],
  ])("of which something becomes %s is shown", (_, field) => {
    const one = (more: object) => machine({ a: { Type: "Task", Resource: "r", End: true, ...more } });
    const comment = changed(one({}), one(field));
    expect(comment).toContain("- **States changed**: `a`");
    expect(comment).toContain(`+      ${JSON.stringify(field).slice(1, -1).replace(":", ": ")}`);
  });

  test("of which one digit of a long number changes is shown", () => {
    const one = (n: string) => machine({ a: { Type: "Pass", Result: "N", End: true } }).replace('"N"', n);
    const comment = changed(one("9007199254740992"), one("9007199254740993"));
    expect(comment).toContain("- **States changed**: `a`");
    expect(comment).toContain('-      "Result": 9007199254740992,\n+      "Result": 9007199254740993,');
  });

  test("of which only the layout changes says so", () => {
    const one = machine(task("x"));
    const layout = "- Only the layout of the document changes: white space, or the order of fields.";
    expect(changed(one, JSON.stringify(JSON.parse(one), null, 2))).toContain(layout);
    expect(changed(one, machine(task("y")))).not.toContain(layout);
  });

  test("that is known holds no references", () => {
    expect(changed(machine(task("old")), machine(task("${job.name}")))).not.toContain("Known after apply");
  });

  test("conceals a number that is sensitive elsewhere", () => {
    const waiting = (Seconds: number) => machine({ a: { Type: "Wait", Seconds, End: true } });
    const comment = changed(waiting(1), waiting(987654), {
      after: { definition: waiting(987654), pin: 987654 },
      after_sensitive: { pin: true },
    });
    expect(comment).not.toContain("987654");
    expect(comment).toContain('+      "Seconds": "(sensitive value)",');
  });

  test.each([
    [498, true],
    [499, false],
  ])("of %i states in a row is drawn: %s", (count, isDrawn) => {
    const names = Array.from({ length: count }, (_, index) => `s${index}`);
    const states = names.map((name, index) => [
      name,
      { Type: "Pass", ...(index + 1 < count ? { Next: names[index + 1] } : { End: true }) },
    ]);
    const comment = changed(
      machine({ s0: { Type: "Pass", End: true } }, "s0"),
      machine(Object.fromEntries(states), "s0"),
    );
    expect(comment.includes("```mermaid")).toBe(isDrawn);
    expect(comment.includes("Left out: its 500 arrows are more than GitHub draws; see")).toBe(!isDrawn);
  });
});

describe("a document without end", () => {
  test("that Step Functions does not take is not compared", () => {
    const comment = commentOn(changedMachine(chain(10, "a"), chain(1, "b".repeat(2 ** 20))));
    expect(comment).toContain(
      "- A document is larger than 1 MiB, which Step Functions does not take: it is not compared.",
    );
  });

  test("full of backticks stays in its fence", () => {
    const ticks = "` ".repeat(130_000);
    const comment = commentOn(changedMachine(chain(1, "a"), chain(1, ticks)));
    expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(LONGEST_COMMENT);
  });

  test("nested without a bottom is compared as text", () => {
    const deep = `{"States":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    expect(commentOn(changedMachine(null, deep), changedMachine(deep, deep))).toContain("<details");
  });
});
