import type { JsonObject } from "../../../../../src/base/json";
import { checkInput } from "../check-input";
import { problemsOf } from "../problems-of";

const { inputSchema } = checkInput({ StartAt: "", States: {} });

/** Problems of a JSONata job, without the beginning that all have. */
function ofJob(request: JsonObject | string): string[] {
  const required = { JobName: "job", JobDefinition: "${EchoJobDefinitionArn}", JobQueue: "${JobQueueArn}" };
  const Arguments = typeof request === "string" ? request : { ...required, ...request };
  const job = { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", Arguments, End: true };
  return problemsOf({ QueryLanguage: "JSONata", StartAt: "job", States: { job } }, { inputSchema })
    .map((problem) => problem.replace("/States/job/Arguments", ""))
    .filter((problem) => !problem.includes("wide-right"));
}

test("a request in JSONata is checked as one in JSONPath", () => {
  const ContainerOverrides = { Command: "not a list", Enviroment: [], Environment: [{ Name: "A", Value: 1 }] };
  const Timeout = { AttemptDurationSeconds: 5 };
  expect(ofJob({ JobName: "has blank", ContainerOverrides, Timeout, RetryStrategy: { Attempts: "3" } })).toEqual([
    'error batch-limit /JobName: JobName must start with a letter or a digit and contain only letters, digits, - and _, got: "has blank"; correct the value',
    'error batch-wrong-type /ContainerOverrides/Command: ContainerOverrides.Command must be a list, got: "not a list"; put it in [ and ]',
    "error batch-unknown-field /ContainerOverrides/Enviroment: ContainerOverrides.Enviroment is not a known field; did you mean Environment?",
    'error batch-wrong-type /ContainerOverrides/Environment/0/Value: ContainerOverrides.Environment[0].Value must be a string, got: 1; write it as a string: "1"',
    "error batch-limit /Timeout/AttemptDurationSeconds: Timeout.AttemptDurationSeconds must be at least 60, got: 5; write 60 or more",
    'error batch-wrong-type /RetryStrategy/Attempts: RetryStrategy.Attempts must be a whole number, got: "3"; write a number without quotes',
  ]);
});

test("a request without its fields is not complete", () => {
  const job = { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", Arguments: {}, End: true };
  expect(problemsOf({ QueryLanguage: "JSONata", StartAt: "job", States: { job } })).toEqual([
    "error batch-missing-field /States/job/Arguments: JobDefinition is missing; add JobDefinition",
    "error batch-missing-field /States/job/Arguments: JobName is missing; add JobName",
    "error batch-missing-field /States/job/Arguments: JobQueue is missing; add JobQueue",
  ]);
});

test.each<[string, JsonObject | string, string]>([
  [
    "a number for a text",
    { Tags: { n: "{% $states.input.count %}" } },
    '/Tags/n: Tags.n must be a string, but "{% $states.input.count %}" is a number; write $string(…) around it',
  ],
  [
    "a text for a number",
    { Timeout: { AttemptDurationSeconds: "{% $states.input.name %}" } },
    '/Timeout/AttemptDurationSeconds: Timeout.AttemptDurationSeconds must be a number, but "{% $states.input.name %}" is a string; write $number(…) around it',
  ],
  [
    "a text for a list",
    { ContainerOverrides: { Command: "{% $states.input.name %}" } },
    '/ContainerOverrides/Command: ContainerOverrides.Command must be a list, but "{% $states.input.name %}" is a string; put it in [ and ]',
  ],
  [
    "a list of numbers for one of texts",
    { ContainerOverrides: { Command: "{% $states.input.counts %}" } },
    '/ContainerOverrides/Command: each item of ContainerOverrides.Command must be a string, but each item of "{% $states.input.counts %}" is a number; pass a string instead',
  ],
  [
    "a number in a map of texts",
    { Tags: "{% $states.input.numbers %}" },
    '/Tags: Tags.text must be a string, but "{% $states.input.numbers %}".text is a number; pass a string instead',
  ],
  [
    "a number in a request that is one expression",
    "{% {'JobName': 'a', 'JobQueue': 'b', 'JobDefinition': 'c', 'ShareIdentifier': 5} %}",
    ": Arguments.ShareIdentifier must be a string, but \"{% {'JobName': 'a', 'JobQueue': 'b', 'JobDefinition': 'c', 'ShareIdentifier': 5} %}\".ShareIdentifier is a number; pass a string instead",
  ],
])("%s is a mistake where the type is certain", (_, request, problem) => {
  expect(ofJob(request)).toEqual([
    `error batch-wrong-type ${problem}`.replace("} is a", "} is a").replace("%}.text", '%}".text'),
  ]);
});

test("the constant parts of a name are checked", () => {
  expect(ofJob({ JobName: "{% 'echo ' & $states.input.name %}" })).toEqual([
    'error batch-limit /JobName: JobName must start with a letter or a digit and contain only letters, digits, - and _, got: "echo x"; correct the value',
  ]);
  expect(ofJob({ JobName: "{% 'echo-' & $states.input.name %}" })).toEqual([]);
});

test("JSONata has no names that end in .$", () => {
  expect(ofJob({ "Tags.$": "$.name" })).toEqual([
    'warning path-as-text /Tags.$: Arguments.Tags.$ is the literal text "$.name", which is not evaluated; write "{% $states.input.name %}", and remove ".$" from the name',
    'error batch-unknown-field /Tags.$: Tags.$ is not a known field; JSONata has no ".$": write "Tags": "{% … %}"',
  ]);
});

test.each<[string, JsonObject | string]>([
  ["whole", "{% $states.input.open %}"],
  ["partly", { JobQueue: "{% $states.input.open.queue %}", ContainerOverrides: "{% $states.input.open %}" }],
  [
    "inside",
    {
      JobName: "{% $replace($states.input.name, /[^A-Za-z0-9_-]/, '-') %}",
      ContainerOverrides: {
        Command: ["align", "{% $states.input.name %}", "{% $string($states.input.count) %}"],
        Environment: [{ Name: "A", Value: "{% $states.input.name %}" }],
        ResourceRequirements: [{ Type: "MEMORY", Value: "{% $string($states.input.count * 1024) %}" }],
      },
      Parameters: "{% $states.input.open %}",
      Timeout: { AttemptDurationSeconds: "{% $states.input.count %}" },
    },
  ],
])("a request that is known only %s is accepted", (_, request) => {
  expect(ofJob(request)).toEqual([]);
});

test("the length of an expression is not the length of its value", () => {
  const Environment = Array.from({ length: 90 }, (_, index) => ({
    Name: `V${index}`,
    Value: `{% /* ${"x".repeat(100)} */ 'a' %}`,
  }));
  expect(ofJob({ ContainerOverrides: { Environment } })).toEqual([]);
});

test("the parameters of a command in JSONata are known", () => {
  const JobDefinition = "${RefJobDefinitionArn}";
  expect(ofJob({ JobDefinition, Parameters: { txet: "{% $states.input.name %}" } })).toEqual([
    "error batch-parameter-missing /JobDefinition: Ref::text in the job command has no value; add text to Parameters, or did you mean Ref::txet?",
    "warning batch-parameter-unused /Parameters/txet: Parameters.txet is not used: the job command has no Ref::txet; did you mean text?",
  ]);
  expect(ofJob({ JobDefinition, Parameters: "{% $states.input.open %}" })).toEqual([]);
  expect(ofJob({ JobDefinition, Parameters: {}, ContainerOverrides: { Command: ["{% 'Ref::text' %}"] } })).toEqual([]);
});
