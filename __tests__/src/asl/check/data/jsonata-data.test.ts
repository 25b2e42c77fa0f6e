import type { Json, JsonObject } from "../../../../../src/base/json";
import { checkInput } from "../check-input";
import { problemsOf } from "../problems-of";

const { inputSchema } = checkInput({ StartAt: "", States: {} });
const INPUT =
  "$states.input is an object with the fields name, count, names, counts, numbers, nested, open, long, endless";

/** Problems of JSONata states, whose execution has the input of the other tests. */
function ofStates(States: JsonObject): string[] {
  return problemsOf({ QueryLanguage: "JSONata", StartAt: Object.keys(States)[0]!, States }, { inputSchema });
}

function ofOutput(Output: Json): string[] {
  return ofStates({ pass: { Type: "Pass", Output, End: true } });
}

const JOB = {
  Type: "Task",
  Resource: "arn:aws:states:::batch:submitJob.sync",
  Arguments: { JobName: "job", JobDefinition: "${EchoJobDefinitionArn}", JobQueue: "${JobQueueArn}" },
};

describe("a path that leads nowhere", () => {
  test.each([
    ["$states.input.nmae", "$states.input.nmae", INPUT, "did you mean $states.input.name?"],
    ["$uppercase($states.input.nmae)", "$states.input.nmae", INPUT, "did you mean $states.input.name?"],
    ["$states.input.nmae + 1", "$states.input.nmae", INPUT, "did you mean $states.input.name?"],
    ["$string($states.input.nmae)", "$states.input.nmae", INPUT, "did you mean $states.input.name?"],
    [
      "$states.input.nested.deap",
      "$states.input.nested.deap",
      "$states.input.nested is an object with the field deep",
      "did you mean $states.input.nested.deep?",
    ],
    [
      "$states.input.name.first",
      "$states.input.name.first",
      "$states.input.name is a string",
      "use another path, or add it to the input schema or to the output of an earlier state",
    ],
    [
      "$states.input.names.length",
      "$states.input.names.length",
      "$states.input.names is a string",
      "use another path, or add it to the input schema or to the output of an earlier state",
    ],
    [
      "$states.context.Execution.Nmae",
      "$states.context.Execution.Nmae",
      "$states.context.Execution is an object with the fields Id, Name, RoleArn, StartTime, RedriveTime, Input, RedriveCount",
      "did you mean $states.context.Execution.Name?",
    ],
    [
      "$states.context.Map.Item.Value",
      "$states.context.Map",
      "$states.context is an object with the fields Execution, State, StateMachine",
      "it exists only in the ItemSelector and in the states of a Map: pass it on in the ItemSelector",
    ],
    [
      "$map([$states.input.nested], function($v) { $v.deap })",
      "$v.deap",
      "$v is an object with the field deep",
      "did you mean $v.deep?",
    ],
    [
      "($n := $states.input.nested; $n.deap)",
      "$n.deap",
      "$n is an object with the field deep",
      "did you mean $n.deep?",
    ],
    ["{'a': 1}.b", "(…).b", "(…) is an object with the field a", "did you mean (…).a?"],
  ])("is found in %s", (expression, path, reached, fix) => {
    expect(ofOutput({ value: `{% ${expression} %}` })).toEqual([
      `error path-not-found /States/pass/Output/value: ${path} does not exist: ${reached}; ${fix}`,
    ]);
  });

  test.each([
    "$states.input.nmae = 'a'",
    "$states.input.nmae ? 1 : 2",
    "'a' in $states.input.nmae",
    "$count($states.input.nmae)",
    "'--in=' & $states.input.nmae",
    "[1, $states.input.nmae]",
    "{'name': $states.input.nmae}",
    "$states.input.open[$states.input.nmae]",
  ])("is a warning where %s has a value nevertheless", (expression) => {
    expect(ofOutput(`{% ${expression} %}`)).toEqual([
      `warning path-not-found /States/pass/Output: $states.input.nmae does not exist: ${INPUT}; did you mean $states.input.name?`,
    ]);
  });

  test.each([
    "$exists($states.input.nmae) ? $states.input.nmae.x : 'none'",
    "$states.input.open.anything.at.all",
    "$states.input.names[0]",
    "$states.input.names[$ = 'a']",
    "$states.input.*.deep",
    "$states.input.**.deap",
    "$states.input.nested.(deep & 'x')",
    "$merge([$states.input, {'more': 1}]).more",
    "$lookup($states.input, 'nmae')",
    "$states.input^(name).name",
    "$states.input.nested.%.name",
    "$states.context.Execution.Input.name",
    "[].a",
  ])("is not seen in %s", (expression) => {
    expect(ofOutput(`{% ${expression} %}`)).toEqual([]);
  });
});

describe("the data of a state", () => {
  const read = (expression: string) => ({ Type: "Pass", Output: `{% ${expression} %}`, End: true });

  test("is the Output of the state before", () => {
    const States = {
      a: { Type: "Pass", Output: { sample: "{% $states.input.name %}", list: [{ id: 1 }] }, Next: "b" },
      b: read("$states.input.smaple + $states.input.list.id + $states.input.list.di"),
    };
    expect(ofStates(States)).toEqual([
      "error path-not-found /States/b/Output: $states.input.smaple does not exist: $states.input is an object with the fields sample, list; did you mean $states.input.sample?",
      "error path-not-found /States/b/Output: $states.input.list.di does not exist: $states.input.list is an object with the field id; did you mean $states.input.list.id?",
    ]);
  });

  test("is the result of a Batch job behind a job", () => {
    const States = {
      a: { ...JOB, Output: { id: "{% $states.result.jobId %}", all: "{% $states.result %}" }, Next: "b" },
      b: { ...JOB, Next: "c" },
      c: read("$states.input.sample"),
    };
    expect(ofStates(States)).toEqual([
      "error path-not-found /States/a/Output/id: $states.result.jobId does not exist: $states.result is the result of a Batch job; did you mean $states.result.JobId?",
      "error path-not-found /States/c/Output: $states.input.sample does not exist: $states.input is the result of a Batch job; use a field of it, or keep the input: in the state before, set Output, or a variable with Assign",
    ]);
  });

  test("is the answer of Batch behind a job that is not waited for", () => {
    const States = {
      a: { ...JOB, Resource: "arn:aws:states:::batch:submitJob", Next: "b" },
      b: read("($states.input.JobId; $states.input.Status)"),
    };
    expect(ofStates(States)).toEqual([
      "error path-not-found /States/b/Output: $states.input.Status does not exist: $states.input is the answer of SubmitJob; use a field of it, or keep the input: in the state before, set Output, or a variable with Assign",
    ]);
  });

  test("is not known behind a job that has the task token", () => {
    const Tags = { token: "{% $states.context.Task.Token %}" };
    const States = { a: { ...JOB, Arguments: { ...JOB.Arguments, Tags }, Next: "b" }, b: read("$states.input.own") };
    expect(ofStates(States)).toEqual([
      "warning task-token /States/a/Arguments/Tags/token: $states.context.Task.Token has a value only in a Task whose Resource ends in .waitForTaskToken; add .waitForTaskToken to the Resource, or remove the token",
    ]);
  });

  test("is the error behind a Catch", () => {
    const States = {
      a: { ...JOB, Catch: [{ ErrorEquals: ["States.ALL"], Next: "failed" }], End: true },
      failed: { Type: "Fail", Error: "{% $states.input.Error %}", Cause: "{% $states.input.cuase %}" },
    };
    expect(ofStates(States)).toEqual([
      "error path-not-found /States/failed/Cause: $states.input.cuase does not exist: $states.input is an object with the fields Error, Cause; did you mean $states.input.Cause?",
    ]);
  });

  test("is an item of the list inside a Map, and of the ItemSelector", () => {
    const list = (expression: string, fields: JsonObject = {}) => ({
      Type: "Map",
      Items: "{% $states.input.names.{'sample': $} %}",
      ItemProcessor: { StartAt: "item", States: { item: read(expression) } },
      ...fields,
      End: true,
    });
    expect(ofStates({ list: list("$states.input.smaple") })).toEqual([
      "error path-not-found /States/list/ItemProcessor/States/item/Output: $states.input.smaple does not exist: $states.input is an object with the field sample; did you mean $states.input.sample?",
    ]);
    const ItemSelector = { value: "{% $states.context.Map.Item.Value.smaple %}" };
    expect(ofStates({ list: list("$states.input.all", { ItemSelector }) })).toEqual([
      "error path-not-found /States/list/ItemProcessor/States/item/Output: $states.input.all does not exist: $states.input is an object with the field value; add it to the ItemSelector of list, or use another path",
      "error path-not-found /States/list/ItemSelector/value: $states.context.Map.Item.Value.smaple does not exist: $states.context.Map.Item.Value is an object with the field sample; did you mean $states.context.Map.Item.Value.sample?",
    ]);
  });

  test("is in the variables that it was assigned to", () => {
    const States = {
      a: { Type: "Pass", Assign: { config: { size: "{% $states.input.count %}" } }, Next: "b" },
      b: read("$config.sise"),
    };
    expect(ofStates(States)).toEqual([
      "error path-not-found /States/b/Output: $config.sise does not exist: $config is an object with the field size; did you mean $config.size?",
    ]);
  });

  test("passes from one language to the other", () => {
    const States = {
      a: { Type: "Pass", Parameters: { sample: 1 }, Assign: { "config.$": "$" }, Next: "b" },
      b: { Type: "Pass", QueryLanguage: "JSONata", Output: { x: "{% $states.input.smaple %}" }, Next: "c" },
      c: { Type: "Pass", Parameters: { "y.$": "$.z", "w.$": "$config.smaple" }, End: true },
    };
    expect(problemsOf({ StartAt: "a", States })).toEqual([
      "error path-not-found /States/b/Output/x: $states.input.smaple does not exist: $states.input is an object with the field sample; did you mean $states.input.sample?",
      "error path-not-found /States/c/Parameters/y.$: $.z does not exist: $ is an object with the field x; did you mean $.x?",
      "error path-not-found /States/c/Parameters/w.$: $config.smaple does not exist: $config is an object with the field sample; did you mean $config.sample?",
    ]);
  });

  test("depends on the number of rounds in a loop", () => {
    const States = {
      a: { Type: "Pass", Output: { x: 1 }, Assign: { n: { x: 1 } }, Next: "b" },
      b: { Type: "Pass", Output: { y: "{% $states.input.y %}" }, Assign: { n: { y: "{% $n.y %}" } }, Next: "c" },
      c: { Type: "Choice", Choices: [{ Condition: "{% $states.input.y = 1 %}", Next: "b" }], Default: "d" },
      d: { Type: "Succeed", Output: "{% $states.input.z %}" },
    };
    expect(ofStates(States)).toEqual([]);
  });
});

describe("the type of a field", () => {
  const item = { StartAt: "i", States: { i: { Type: "Pass", End: true } } };
  const map = (Items: Json) => ({ Type: "Map", Items, ItemProcessor: item, End: true });

  test.each<[string, JsonObject, string]>([
    [
      "Condition",
      { Type: "Choice", Choices: [{ Condition: "{% $states.input.name %}", Next: "end" }], Default: "end" },
      'wrong-type /States/s/Choices/0/Condition: Condition must be true or false, but "{% $states.input.name %}" is a string; write a comparison, such as $states.input.count > 1',
    ],
    [
      "Seconds",
      { Type: "Wait", Seconds: "{% $states.input.name %}", Next: "end" },
      'wrong-type /States/s/Seconds: Seconds must be a number, but "{% $states.input.name %}" is a string; write $number(…) around it',
    ],
    [
      "Timestamp",
      { Type: "Wait", Timestamp: "{% $millis() %}", Next: "end" },
      'wrong-type /States/s/Timestamp: Timestamp must be a timestamp, but "{% $millis() %}" is a number; write $fromMillis(…) for milliseconds',
    ],
    [
      "Items",
      { ...map("{% $states.input.count + 1 %}"), Next: "end", End: undefined as unknown as Json },
      'items-not-a-list /States/s/Items: a Map needs a list, but "{% $states.input.count + 1 %}" is a number; set Items to an expression for a list, such as "{% $states.input.names %}"',
    ],
    [
      "TimeoutSeconds",
      { ...JOB, TimeoutSeconds: "{% '60' %}", Next: "end" },
      "wrong-type /States/s/TimeoutSeconds: TimeoutSeconds must be a number, but \"{% '60' %}\" is a string; write $number(…) around it",
    ],
  ])("%s is checked where the type is certain", (_, s, problem) => {
    const { End, ...rest } = s;
    expect(ofStates({ s: rest, end: { Type: "Succeed" } })).toEqual([`error ${problem}`]);
  });

  test.each(["{% $states.input.names %}", "{% [1..3] %}", "{% $states.input.open.x %}", [1]])(
    "the items %j are accepted",
    (Items) => {
      expect(ofStates({ s: map(Items) })).toEqual([]);
    },
  );

  test.each<[Json, string]>([
    ["{% $states.input.open %}", '"{% $states.input.open %}" is an object'],
    [{ a: 1 }, "Items is an object with the field a"],
  ])("the items %j are for a distributed Map", (Items, words) => {
    const s = map(Items) as JsonObject & { ItemProcessor: JsonObject };
    expect(ofStates({ s })).toEqual([
      `error items-not-a-list /States/s/Items: a Map needs a list, but ${words}; set Items to an expression for a list, such as "{% $states.input.names %}"`,
    ]);
    const ProcessorConfig = { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" };
    expect(ofStates({ s: { ...s, ItemProcessor: { ...s.ItemProcessor, ProcessorConfig } } })).toEqual([]);
  });

  test("a Map without Items needs a list as its input", () => {
    const { Items, ...s } = map([]);
    expect(ofStates({ s })).toEqual([
      'error items-not-a-list /States/s: a Map needs a list, but the input is an object with the fields name, count, names, counts, numbers, nested, open, long, endless; set Items to an expression for a list, such as "{% $states.input.names %}"',
    ]);
  });
});
