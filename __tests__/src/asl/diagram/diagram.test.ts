import { toDot } from "../../../../src/asl/diagram/dot";
import { toMermaid } from "../../../../src/asl/diagram/mermaid";
import { toSvg } from "../../../../src/asl/diagram/svg";
import { type StatesDocument, walkStates } from "../../../../src/asl/document";
import echo from "../../../fixtures/echo-jsonpath.asl.json";

const small = {
  StartAt: "Is it new?",
  States: {
    "Is it new?": {
      Type: "Choice",
      Choices: [{ Variable: "$.kind", StringEquals: "new", Next: "each" }],
      Default: "1. Wait",
    },
    "1. Wait": { Type: "Wait", Seconds: 30, Next: "Is it new?" },
    each: {
      Type: "Map",
      ItemsPath: "$.items",
      MaxConcurrency: 5,
      ItemProcessor: {
        StartAt: "job",
        States: {
          job: {
            Type: "Task",
            Resource: "arn:aws:states:::batch:submitJob.sync",
            Parameters: { JobDefinition: "convert" },
            End: true,
          },
        },
      },
      Catch: [{ ErrorEquals: ["States.Timeout", "States.TaskFailed"], Next: "broken" }],
      End: true,
    },
    broken: { Type: "Fail", Error: "Small.Broken" },
  },
} satisfies StatesDocument;

/** A document whose only state has these fields; the state after it is called "next". */
const withState = (state: object) =>
  ({ StartAt: "first", States: { first: state, next: { Type: "Succeed" } } }) as unknown as StatesDocument;

describe("Mermaid", () => {
  test("draws a small document", () => {
    expect(toMermaid(small)).toBe(`---
config:
  flowchart:
    subGraphTitleMargin:
      bottom: 48
---
flowchart TD
  b0_start((" "))
  s0{{"Is it new?"}}
  s1(["1#46; Wait
30 s"])
  subgraph s2["each
for each of $.items
at most 5 at a time"]
    direction TB
    s3("job
Batch job convert")
  end
  s4[/"broken
Small.Broken"\\]
  b0_end(((" ")))
  b0_start --> s0
  s0 -->|"$.kind is #34;new#34;"| s2
  s0 -->|"otherwise"| s1
  s1 --> s0
  s2 --> b0_end
  s2 -.->|"States.Timeout,
States.TaskFailed"| s4
  classDef Choice stroke:#9a6700
  classDef Wait stroke:#8250df
  classDef Map stroke:#818b98
  classDef Task stroke:#0969da
  classDef Fail stroke:#cf222e
  class s0 Choice
  class s1 Wait
  class s2 Map
  class s3 Task
  class s4 Fail
`);
  });

  test.each([
    ['a "b"', "a #34;b#34;"],
    ["`c` <b>*d*</b> _e_ step2_job", "#96;c#96; #60;b#62;#42;d#42;#60;/b#62; #95;e#95;\nstep2_job"],
    ["#f; [g] {h} |\n\\i", "#35;f; #91;g#93; #123;h#125; #124; #92;i"],
    ["1. j", "1#46; j"],
    ["- k -->", "#45; k --#62;"],
    ["http://l www.m", "http#58;//l www#46;m"],
  ])("escapes the special characters of Mermaid and Markdown: %j", (name, label) => {
    expect(toMermaid({ StartAt: name, States: { [name]: { Type: "Pass", End: true } } })).toContain(`s0["${label}"]\n`);
  });
});

describe("DOT", () => {
  const edges = (document: StatesDocument) =>
    toDot(document)
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line.includes(" -> ") && !line.includes('style="invis"'));

  test("ends edges at the border of a box", () => {
    expect(edges(small)).toEqual([
      "b0_start -> s0 []",
      's0 -> b0_0 [arrowhead="none"]',
      'b0_0 -> s3 [lhead="cluster_s2", minlen="2"]',
      's0 -> b0_1 [arrowhead="none"]',
      "b0_1 -> s1 []",
      's0 -> s1 [weight="0", dir="back"]',
      's3 -> b0_end [ltail="cluster_s2", minlen="2", weight="1"]',
      's3 -> b0_4 [ltail="cluster_s2", minlen="2", weight="1", class="error", style="dashed", color="#cf222e", arrowhead="none"]',
      'b0_4 -> s4 [class="error", style="dashed", color="#cf222e", weight="1"]',
    ]);
  });

  test("draws a box around each branch of a Parallel, but not around a single branch", () => {
    const branch = (name: string) => ({ StartAt: name, States: { [name]: { Type: "Pass", End: true } } });
    const boxes = (names: string[]) =>
      toDot(withState({ Type: "Parallel", Branches: names.map(branch), End: true })).match(/cluster_\w+(?= \{)/g);
    expect(boxes(["a", "b", "c"])).toEqual(["cluster_s0", "cluster_b1", "cluster_b2", "cluster_b3"]);
    expect(boxes(["a"])).toEqual(["cluster_s0"]);
  });

  test("draws the state after a Parallel below all its branches", () => {
    const branch = (...names: string[]) => ({
      StartAt: names[0],
      States: Object.fromEntries(
        names.map((name, at) => [name, { Type: "Pass", ...(names[at + 1] ? { Next: names[at + 1] } : { End: true }) }]),
      ),
    });
    const dot = toDot(withState({ Type: "Parallel", Branches: [branch("a"), branch("b", "c")], Next: "next" }));
    expect(dot).toContain('s1 -> s4 [ltail="cluster_s0", minlen="2", weight="1"]');
    expect(dot).toContain('b2_end -> s4 [style="invis", weight="0", minlen="2"]');
  });

  test("escapes quotes, backslashes and entities", () => {
    const name = 'say "hi" &amp; C:\\new\nline';
    expect(toDot({ StartAt: name, States: { [name]: { Type: "Pass", End: true } } })).toContain(
      'label="say \\"hi\\" &amp;amp; C:\\\\new line"',
    );
  });

  test("leaves out transitions to states that do not exist", () => {
    const lost = { StartAt: "nowhere", States: { a: { Type: "Pass", Next: "constructor" } } } satisfies StatesDocument;
    expect(edges(lost)).toEqual([]);
  });

  test.each([
    [{ Variable: "$.x", StringEquals: "a" }, '$.x is "a"'],
    [{ Variable: "$.x", NumericEqualsPath: "$.y" }, "$.x is $.y"],
    [{ Variable: "$.x", NumericGreaterThanEquals: 3 }, "$.x ≥ 3"],
    [{ Variable: "$.x", TimestampLessThan: "2026-01-01T00:00:00Z" }, '$.x < "2026-01-01T00:00:00Z"'],
    [{ Variable: "$.x", BooleanEquals: false }, "$.x is false"],
    [{ Variable: "$.x", StringMatches: "log-*" }, '$.x matches "log-*"'],
    [{ Variable: "$.x", IsPresent: false }, "$.x is not present"],
    [{ Variable: "$.x", IsNumeric: true }, "$.x is a number"],
    [{ Not: { Variable: "$.x", IsNull: true } }, "not ($.x is null)"],
    [
      {
        And: [
          { Variable: "$.x", IsPresent: true },
          {
            Or: [
              { Variable: "$.x", NumericEquals: 1 },
              { Variable: "$.x", NumericEquals: 2 },
            ],
          },
        ],
      },
      "$.x is present and ($.x is 1 or $.x is 2)",
    ],
    [
      {
        Or: [
          { Variable: "$.a.rather.long.path", StringEquals: "one" },
          { Variable: "$.a.rather.long.path", StringEquals: "two" },
          { Variable: "$.a.rather.long.path", StringEquals: "three" },
        ],
      },
      '$.a.rather.long.path is "one" or 2 more',
    ],
    [{ Condition: "{% $states.input.x = 'a' %}" }, '$.x is "a"'],
    [
      { Condition: "{% $states.input.a.rather.long.path = 'one' and $states.input.a.rather.long.path = 'two' %}" },
      '$.a.rather.long.path is "one" and 1 more',
    ],
    [{ Condition: true }, "true"],
    [{ Variable: "$.x", StringEquals: "y".repeat(100) }, `$.x is "${"y".repeat(51)}…`],
  ])("describes a condition in words: %j", (rule, words) => {
    const dot = toDot(withState({ Type: "Choice", Choices: [{ ...rule, Next: "next" }] }));
    const [, label] = /b0_0 \[.*label="(.*?)"\]/.exec(dot)!;
    expect(
      label!
        .split("\\n")
        .map((line) => line.trim())
        .join(" ")
        .replaceAll('\\"', '"')
        .replaceAll(/(?<=y) (?=y)/g, ""),
    ).toBe(words);
  });

  test.each([
    [{ Type: "Task", Resource: "arn:${Partition}:states:::batch:submitJob.sync", Retry: [{}] }, ["Batch job ↻"]],
    [{ Type: "Parallel", Branches: [], Retry: [{}] }, ["↻"]],
    [{ Type: "Pass", Retry: [] }, []],
    [{ Type: "Pass", Assign: { "x.$": "$.a" } }, ["x = $.a"]],
    [{ Type: "Pass", Assign: { x: 1, "y.$": "$.a" } }, ["x, y = …"]],
    [{ Type: "Wait", TimestampPath: "$.until" }, ["until $.until"]],
    [{ Type: "Wait", SecondsPath: "$.delay" }, ["$.delay s"]],
    [{ Type: "Fail", ErrorPath: "$.error" }, ["$.error"]],
    [{ Type: "Unknown" }, []],
  ])("describes what a state does: %j", (state, details) => {
    const [, label] = /s0 \[.*?label="(.*?)"/.exec(toDot(withState(state)))!;
    const lines = label!.split("\\n").map((line) => line.replaceAll("\u2063", "").trim());
    expect(lines).toEqual(["first", ...details]);
  });
});

test("a way shows the variables that its rule sets", () => {
  const choice = { Type: "Choice", Choices: [{ Variable: "$.x", IsNull: true, Assign: { y: 1 }, Next: "next" }] };
  expect(toMermaid(withState(choice))).toContain('s0 -->|"$.x is null; y = 1"| s1');
  const failing = {
    Type: "Task",
    Resource: "a",
    Catch: [{ ErrorEquals: ["A"], Assign: { y: 1, z: 2 }, Next: "next" }],
  };
  expect(toMermaid(withState(failing))).toContain('s0 -.->|"A; y, z = …"| s1'.replace("…", "#8230;"));
});

describe("SVG", () => {
  test("has a title, a role and both colour schemes, and is the same in every run", async () => {
    const svg = await toSvg(echo as unknown as StatesDocument);
    expect(svg).toMatch(/^<svg role="img" class="state-machine" /);
    expect(svg).toContain(`<title>${echo.Comment}</title>`);
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
    expect(svg).not.toMatch(/<\?xml|<!--|Graphviz|xmlns:[^x]/i);
    expect(await toSvg(echo as unknown as StatesDocument)).toBe(svg);
  });

  test("marks the group of each state with its name and its type", async () => {
    const svg = await toSvg(echo as unknown as StatesDocument);
    const groups = [...svg.matchAll(/<g id="(s\d+)" class="\w+ state (\w+)" data-state="(.*?)">/g)];
    expect(groups.map(([, id, type, name]) => [id, type, name]).sort()).toEqual(
      [...walkStates(echo as unknown as StatesDocument)]
        .map(({ name, state }, index) => [`s${index}`, state.Type.toLowerCase(), name])
        .sort(),
    );
  });

  test("uses the first state as the title of a document without a comment", async () => {
    expect(await toSvg(small)).toContain("<title>State machine that starts at Is it new?</title>");
  });
});

describe("a document with many arrows", () => {
  const pass = (name: string, index: number, all: readonly string[]) => [
    name,
    {
      Type: "Choice",
      Choices: all.filter((to) => to !== name).map((Next) => ({ Variable: "$.x", IsPresent: true, Next })),
      Default: all[(index + 1) % all.length],
    },
  ];
  const names = Array.from({ length: 41 }, (_, index) => `s${index}`);
  const document = {
    StartAt: "s0",
    States: Object.fromEntries(names.map(pass)),
  } as unknown as StatesDocument;

  test("has arrows to the next row, and names the other states", () => {
    const dot = toDot(document);
    expect(dot.match(/->/g)!.length).toBeLessThan(100);
    expect(dot).toContain("also to s2, s3, s4 and 36");
  });

  test("draws a chain of 5,000 states without a stack overflow", () => {
    const chain = Array.from({ length: 5000 }, (_, index) => [`s${index}`, { Type: "Pass", Next: `s${index + 1}` }]);
    const States = Object.fromEntries([...chain, ["s5000", { Type: "Succeed" }]]);
    expect(toMermaid({ StartAt: "s0", States } as unknown as StatesDocument)).toContain("s4999 --> s5000");
  });
});
