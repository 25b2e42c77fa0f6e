import type { Json, JsonObject } from "../../../../src/base/json";
import { problemsOf } from "./problems-of";

/** Problems of a Pass state with this Output. */
function ofOutput(Output: Json): string[] {
  return ofStates({ pass: { Type: "Pass", Output, End: true } });
}

function ofStates(States: JsonObject): string[] {
  return problemsOf({ QueryLanguage: "JSONata", StartAt: Object.keys(States)[0]!, States });
}

const OUTPUT = "/States/pass/Output";

test.each([
  ["a[1,2)", 'column 7: Expected "]", got ","'],
  ['"unterminated', "column 18: String literal must be terminated by a matching quote"],
  ["1 +", "column 8: Unexpected end of expression"],
  ['{"a":}', 'column 9: The symbol "}" cannot be used as a unary operator'],
  ["$x :=", "column 10: Unexpected end of expression"],
  ["", "column 5: Unexpected end of expression"],
  ["$match('a', /[/)", "column 21: No terminating / in regular expression"],
  ["(".repeat(20_000), "its brackets are nested too deeply"],
])("the syntax of %j is a mistake with its place, as on AWS", (expression, mistake) => {
  const [problem, ...others] = ofOutput(`{% ${expression} %}`);
  expect(others).toEqual([]);
  expect(problem).toContain(`error jsonata ${OUTPUT}: Output: `);
  expect(problem).toContain(`is not a valid JSONata expression: ${mistake}`);
});

test.each([
  ["operators that double what stands before them", `${"(".repeat(40)}a${" ?: b)".repeat(40)}`],
  ["merges inside each other", `${"$merge([".repeat(60)}{'a': 1}${"])".repeat(60)}`],
])("%s do not take forever", (_, expression) => {
  expect(ofOutput(`{% ${expression} %}`)).toEqual([]);
});

test.each([
  ["$states.input.n == 1", "write = for equal"],
  ["$states.input.a && $states.input.b", "write and instead of &&"],
  ["$states.input.a || $states.input.b", "write or instead of ||"],
  ["'a==b' & (", "correct it, see https://docs.jsonata.org"],
])("the fix of %j is the operator of JSONata", (expression, fix) => {
  expect(ofOutput(`{% ${expression} %}`)).toEqual([expect.stringContaining(`; ${fix}`)]);
});

test("a name that ends in .$ loses its ending in JSONata", () => {
  expect(ofOutput({ "id.$": "$.id" })).toEqual([
    `warning path-as-text ${OUTPUT}/id.$: Output.id.$ is the literal text "$.id", which is not evaluated; write "{% $states.input.id %}", and remove ".$" from the name`,
  ]);
});

test("an expression without its end is a mistake", () => {
  expect(ofOutput("{% $states.input")).toEqual([
    `error jsonata ${OUTPUT}: Output: "{% $states.input" is not a valid JSONata expression: it does not end with %}; write it as {% … %}, without blanks around it`,
  ]);
});

const READS = "is not a field of anything: an expression has no input of its own";

test.each([
  ["phone", `phone ${READS}`, "write $states.input.phone for the input, or $phone for a variable"],
  [
    "$states.input.a ? phone : 2",
    `phone ${READS}`,
    "write $states.input.phone for the input, or $phone for a variable",
  ],
  [
    "$map($states.input, function($y) { phone })",
    `phone ${READS}`,
    "write $states.input.phone for the input, or $phone for a variable",
  ],
  [
    "States.Format('a {}', 1)",
    "intrinsic functions such as States.Format are part of JSONPath only",
    "use an operator or a function of JSONata, such as 'job ' & $states.input.id; see docs/language.md",
  ],
  ["states.input", `states ${READS}`, "did you mean $states?"],
  ["uppercase('a')", `uppercase ${READS}`, "did you mean $uppercase?"],
  ["$", "$ has no value outside of a path or a filter", "write $states.input"],
  ["$.name", "$ has no value outside of a path or a filter", "write $states.input"],
  ["$$.name", "Step Functions does not support $$", "write $states.input or $states.context"],
  ["$states.inputs", "$states.inputs does not exist", "did you mean $states.input?"],
  ["$states.customer", "$states.customer does not exist", "write $states.input.customer for a field of the input"],
  [
    "$states.result",
    "$states.result exists only in Assign and Output of a Task, Parallel or Map",
    "use $states.input, or a variable of an earlier state",
  ],
  [
    "$states.errorOutput.Error",
    "$states.errorOutput exists only in Assign and Output of a Catch",
    "use $states.input, or a variable of an earlier state",
  ],
  ["$eval('1')", "$eval is not a function of JSONata in Step Functions", "use $parse, which reads JSON"],
  ["$upercase('a')", "$upercase is not a function of JSONata in Step Functions", "did you mean $uppercase?"],
  [
    "$frobnicate('a')",
    "$frobnicate is not a function of JSONata in Step Functions",
    "see https://docs.jsonata.org for the functions, or define it with :=",
  ],
  [
    "$states.input.a ?? 1",
    "the operator ?? is not part of JSONata 2.0.6, which Step Functions runs",
    "write $exists(a) ? a : b",
  ],
  [
    "$states.input.a ?: 1",
    "the operator ?: is not part of JSONata 2.0.6, which Step Functions runs",
    "write $exists(a) ? a : b",
  ],
])("%s refers to what is not there", (expression, mistake, fix) => {
  expect(ofOutput(`{% ${expression} %}`)).toEqual([
    `error jsonata ${OUTPUT}: Output: ${mistake}, in "{% ${expression} %}"; ${fix}`,
  ]);
});

test.each([
  "$states",
  "$states.input.items[price > 3]",
  "$states.input.a^(price)",
  "$states.input.a{'k': price}",
  "$states.input.a.(price)",
  "$states.input.a[$ > 1]",
  "$map($states.input.a, function($x, $i) { $x.price + $i })",
  "($twice := function($x) { $x * 2 }; $twice(4))",
  "$states.input.a ~> $sum()",
  "$states.input ~> |a|{'b': 1}|",
  "$states.input.a@$x.b#$i.{'x': $x, 'i': $i}",
  "$partition([1, 2], 1)",
  "$range(0, 10, 2) ~> $map($string)",
  "$hash('a', 'SHA-256') & $uuid() & $random(1)",
  "$parse('{}')",
  "$exists($states.input.a) ? $states.input.a : 'none'",
  "/* a comment */ $now('[Y]')",
  "'${Region}' & ${Count} & $states.input.${Key}",
  `'a'${" & 'a'".repeat(1000)}`,
])("%s is accepted, as AWS accepts it", (expression) => {
  expect(ofOutput(`{% ${expression} %}`).filter((problem) => !problem.includes("placeholder"))).toEqual([]);
});

test("the result exists after a task, and the error in a Catch", () => {
  const problems = ofStates({
    call: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "f", Payload: { Comment: "{% $states.result %}" } },
      Output: { result: "{% $states.result %}", error: "{% $states.errorOutput %}" },
      Assign: { kept: "{% $states.result.Payload %}" },
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Output: { error: "{% $states.errorOutput %}", result: "{% $states.result %}" },
          Next: "end",
        },
      ],
      Next: "end",
    },
    end: { Type: "Succeed" },
  });
  expect(problems.map((problem) => problem.replace(/:.*; /, "; "))).toEqual([
    "error jsonata /States/call/Arguments/Payload/Comment; use $states.input, or a variable of an earlier state",
    "error jsonata /States/call/Output/error; use $states.input, or a variable of an earlier state",
    "error jsonata /States/call/Catch/0/Output/result; use $states.errorOutput",
  ]);
});

test("comments and names of errors are text", () => {
  const Comment = "{% not parsed";
  const document = {
    QueryLanguage: "JSONata",
    Comment,
    StartAt: "choose",
    States: {
      choose: { Type: "Choice", Comment, Choices: [{ Comment, Condition: "{% true %}", Next: "end" }], Default: "end" },
      end: { Type: "Succeed", Comment },
    },
  };
  expect(problemsOf(document)).toEqual([]);
});

test.each([
  ["$.name", 'write "{% $states.input.name %}"'],
  ["$states.input.name", 'write "{% $states.input.name %}"'],
  ["$$.Execution.Id", 'write "{% $states.context.Execution.Id %}"'],
  ["States.Format('{}', $.name)", "write it with a function of JSONata, as {% … %}"],
  [" {% $states.input.name %}", "remove the blanks before {% and after %}"],
  ["hello {% $states.input.name %}", "write the whole text as one expression, such as {% 'a ' & $states.input.b %}"],
])("the text %j looks like an expression", (text, fix) => {
  expect(ofOutput({ list: [text] })).toEqual([
    `warning path-as-text ${OUTPUT}/list/0: Output.list[0] is the literal text "${text}", which is not evaluated; ${fix}`,
  ]);
});

test.each(["$5.00", "$HOME/bin", "{ % }", "100%}", "hello {% name"])("the text %j is a text", (text) => {
  expect(ofOutput(text)).toEqual([]);
});

test("an expression in a constant field of a JSONPath state is text", () => {
  const Cause = "{% $states.input.Cause %}";
  expect(problemsOf({ StartAt: "fail", States: { fail: { Type: "Fail", Cause } } })).toEqual([
    `warning path-as-text /States/fail/Cause: Cause is the literal text "${Cause}", which is not evaluated; add "QueryLanguage": "JSONata" to the state`,
  ]);
});
