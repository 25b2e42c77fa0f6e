import type { Json } from "../../../../../src/base/json";
import { problemsOf, submitting } from "../problems-of";

const PARAMETERS = "/States/job/Parameters";
const SUBMIT = "arn:${Partition}:states:::batch:submitJob";

test("a queue of another project cannot run here", () => {
  expect(problemsOf(submitting({ JobQueue: "my-other-queue" }))).toEqual([
    `warning other-queue ${PARAMETERS}/JobQueue: JobQueue is "my-other-queue", which is not the queue of this project, so the job cannot run here; write "\${JobQueueArn}", or mock the state`,
  ]);
});

test.each(["align:3", "arn:aws:batch:eu-west-1:123456789012:job-definition/align:3", "${StateMachineName}"])(
  "the job definition %s cannot run here",
  (JobDefinition) => {
    expect(problemsOf(submitting({ JobDefinition }))).toEqual([
      `warning other-job-definition ${PARAMETERS}/JobDefinition: JobDefinition is "${JobDefinition}", which is no job of this project, so it cannot run here; write "\${EchoJobDefinitionArn}" or "\${RefJobDefinitionArn}", or mock the state`,
    ]);
  },
);

test("a mocked state runs with every queue and job definition", () => {
  const foreign = submitting({ JobQueue: "queue", JobDefinition: "align:3" });
  expect(problemsOf(foreign, { mocked: new Set(["job"]) })).toEqual([]);
});

test("in a document that belongs to no project, every queue and job definition is allowed", () => {
  const foreign = { JobQueue: "queue", JobDefinition: "align:3", ShareIdentifier: "x" };
  expect(problemsOf(submitting(foreign), { queues: null })).toEqual([]);
});

test("a queue and a job definition that are known only when the state runs are allowed", () => {
  const request = { JobQueue: "arn:aws:batch:${Region}:123456789012:job-queue/x", JobDefinition: "${Region}-x" };
  expect(problemsOf(submitting(request))).toEqual([]);
});

test.each(["ShareIdentifier", "ShareIdentifier.$"])("%s needs a scheduling policy", (field) => {
  expect(problemsOf(submitting({ [field]: field.endsWith("$") ? "$.share" : "share" }))).toEqual([
    `error batch-share-identifier ${PARAMETERS}/${field}: ShareIdentifier needs a queue with a scheduling policy, but the queue of this project has none; remove it, because Batch refuses the job`,
  ]);
});

test("a job that the state does not wait for is told, with what follows", () => {
  const document = submitting({}, { Resource: SUBMIT });
  expect(problemsOf(document)).toEqual([
    `warning forgotten-sync /States/job/Resource: without .sync, the state ends before the job has ended, and a job that fails does not fail the state; did you mean ${SUBMIT}.sync?`,
  ]);
  const next = { StartAt: "job", States: { job: { Type: "Task", Next: "after" }, after: { Type: "Succeed" } } };
  const { End, ...job } = (document.States as { job: { End: true } }).job;
  expect(problemsOf({ ...next, States: { ...next.States, job: { ...job, Next: "after" } } })).toEqual([
    `warning forgotten-sync /States/job/Resource: without .sync, after starts before the job has ended, and a job that fails does not fail the state; did you mean ${SUBMIT}.sync?`,
  ]);
});

test.each([
  ["the pattern .sync", { Resource: `${SUBMIT}.sync` }],
  ["the id of its job, which the document uses", { Resource: SUBMIT, ResultSelector: { "id.$": "$.JobId" } }],
])("a job is followed by %s", (_, fields) => {
  expect(problemsOf(submitting({}, fields))).toEqual([]);
});

test("a task token outside .waitForTaskToken is a warning", () => {
  expect(
    problemsOf(submitting({ Parameters: { "token.$": "$$.Task.Token" }, JobDefinition: "${EchoJobDefinitionArn}" }), {
      jobDefinitions: {},
      queues: null,
    }),
  ).toEqual([
    `warning task-token ${PARAMETERS}/Parameters/token.$: $$.Task.Token has a value only in a Task whose Resource ends in .waitForTaskToken; add .waitForTaskToken to the Resource, or remove the token`,
  ]);
});

test("a task token is allowed where the Resource is a placeholder", () => {
  const call = { Type: "Task", Resource: "${SendMessage}", Parameters: { "t.$": "$$.Task.Token" }, End: true };
  expect(problemsOf({ StartAt: "call", States: { call } }, { placeholders: null })).toEqual([
    expect.stringMatching(/^warning unknown-right /),
  ]);
});

test("a request in JSONata is checked as one in JSONPath", () => {
  const job = (Arguments: Json) => ({
    QueryLanguage: "JSONata",
    StartAt: "job",
    States: { job: { Type: "Task", Resource: SUBMIT, Arguments, End: true } },
  });
  const rules = (Arguments: Json) =>
    problemsOf(job(Arguments))
      .map((problem) => problem.split(" ", 2).join(" "))
      .filter((rule) => !rule.endsWith("wide-right"));
  const Resources = [
    { Type: "MEMORY", Value: "4000" },
    { Type: "VCPU", Value: "{% $states.input.vcpus %}" },
  ];
  expect(rules({ JobName: "j", JobDefinition: "align:3", JobQueue: "queue" })).toEqual([
    "warning forgotten-sync",
    "warning other-job-definition",
    "warning other-queue",
  ]);
  const ours = { JobName: "j", JobDefinition: "${EchoJobDefinitionArn}", JobQueue: "${JobQueueArn}" };
  expect(rules({ ...ours, ShareIdentifier: "x", ContainerOverrides: { ResourceRequirements: Resources } })).toEqual([
    "warning forgotten-sync",
    "error batch-share-identifier",
  ]);
  expect(rules({ ...ours, ContainerOverrides: { ResourceRequirements: Resources.slice(0, 1) } })).toEqual([
    "warning forgotten-sync",
    "error batch-size",
  ]);
  expect(rules("{% $states.input.request %}")).toEqual(["warning forgotten-sync"]);
});
