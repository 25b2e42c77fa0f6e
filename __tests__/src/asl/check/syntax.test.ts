import { passing, problemsOf } from "./problems-of";

const PLACE = "error expression /States/pass/Parameters/v.$: Parameters.v:";
const BRACES = String.raw`; write \\{ and \\} for braces that are not a placeholder`;

test.each([
  [
    `States.Format('{"name": "{}"}', $.n)`,
    `Invalid template in States.Format: matching '}' not found for '{'${BRACES}`,
  ],
  ["States.Format('{0}', $.n)", `Invalid template in States.Format: matching '}' not found for '{'${BRACES}`],
  ["States.Format('{}}', $.n)", `Invalid template in States.Format: matching '{' not found for '}'${BRACES}`],
  [
    "States.Array(States.Format('{', $.n))",
    `Invalid template in States.Format: matching '}' not found for '{'${BRACES}`,
  ],
  [
    "States.Format('{x}', $$.Execution.Name)",
    `Invalid template in States.Format: matching '}' not found for '{'${BRACES}`,
  ],
  ["States.Format('{}-{}', $.n)", "States.Format has 2 {} for 1 value; write one {} for each value"],
  ["States.Format('x', $.n, $.m)", "States.Format has 0 {} for 2 values; write one {} for each value"],
])("%s has a template that AWS refuses", (call, problem) => {
  expect(problemsOf(passing({ Parameters: { "v.$": call } }))).toEqual([`${PLACE} ${problem}`]);
});

test.each([
  ["$.items.length()", "write States.ArrayLength($.items): AWS has no functions in paths"],
  ["$.items.sum()", "remove .sum(): AWS has no functions in paths"],
])("%s is no path of AWS", (path, fix) => {
  const message = `column ${path.indexOf("(") + 1} of "${path}": expected the end, got: "()"`;
  expect(problemsOf(passing({ Parameters: { "v.$": path } }))).toEqual([`${PLACE} ${message}; ${fix}`]);
});

test("a backslash in StringMatches has something to escape", () => {
  const rule = (StringMatches: string) => ({ Variable: "$.v", StringMatches, Next: "end" });
  const choice = {
    Type: "Choice",
    Choices: [rule("\\*.csv"), { And: [rule("*\\.csv")].map(({ Next: _, ...test }) => test), Next: "end" }],
  };
  expect(problemsOf({ StartAt: "choice", States: { choice, end: { Type: "Succeed" } } })).toEqual([
    String.raw`warning expression /States/choice/Choices/1/And/0/StringMatches: Choices[1].And[0].StringMatches: the pattern "*\\.csv" has a backslash that stands before neither * nor \, so the state fails with States.Runtime; in the document, write \\\\ for a backslash of the text, and \\* for a star`,
  ]);
});

test.each([
  String.raw`States.Format('\{"name": "{}"\}', $.n)`,
  "States.Format($.template, $.n)",
  "States.Format('s3://${Bucket}/{}', $.n)",
  "States.Format('{}{}', $.n, '{')",
  "$$.Execution.Name ",
  "$.people[?(@.name =~ /S.*/i)].id",
  "$.fields[?(@.Type.Text==TOTAL)].Value",
])("%s is correct", (call) => {
  expect(problemsOf(passing({ Parameters: { "v.$": call } }), { local: true, placeholders: null })).toEqual([]);
});

test("a mistake in a long text is told by its column in the whole text", () => {
  const call = `States.Array(${"'a', ".repeat(100)}$.b c)`;
  const [problem] = problemsOf(passing({ Parameters: { "v.$": call } }));
  expect(problem).toMatch(
    /Parameters\.v: column 518 of the whole text, near "…a', 'a', .*": expected "," or "\)", got: "c\)"/,
  );
});

test("a dynamic value that is no text is told with the name that makes it dynamic", () => {
  expect(problemsOf(passing({ Parameters: { "v.$": 1 } }))).toEqual([
    'error expression /States/pass/Parameters/v.$: the name of Parameters.v.$ ends in ".$", so its value must be a path or an intrinsic function, got: 1; remove ".$" from the name, or write a path such as "$.name"',
  ]);
});
