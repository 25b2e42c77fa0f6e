import { asDocument } from "../../../src/asl/document";
import type { Json } from "../../../src/base/json";
import { placeKey } from "../../../src/execution/events";
import { jobsToRun } from "../../../src/local/jobs-to-run";
import type { Mock, Mocks } from "../../../src/local/mocks";
import { exampleSettings } from "../../example";

const settings = exampleSettings({ WORKFLOW_ENVIRONMENT: "dev" });
const [example] = Object.values(settings.jobs);
const both = { ...settings, jobs: { train: example!, "score-all": example! } };

const task = (JobDefinition: Json, field = "JobDefinition") => ({
  Type: "Task",
  Resource: "arn:aws:states:::batch:submitJob.sync",
  Parameters: { JobName: "one", JobQueue: "q", [field]: JobDefinition },
  End: true,
});
const named = (definition: Json, field?: string) =>
  asDocument({ StartAt: "one", States: { one: task(definition, field) } } as unknown as Json);

test.each([
  ["its placeholder", "${ScoreAllJobDefinitionArn}", ["score-all"]],
  ["its name", "echo_dev_train", ["train"]],
  ["its ARN", "arn:aws:batch:${Region}:${AccountId}:job-definition/echo_dev_train:3", ["train"]],
  ["another name, which may be any", "${Prefix}_train", ["train", "score-all"]],
])("a task names a job by %s", (_, definition, jobs) => {
  expect(Object.keys(jobsToRun(both, named(definition), null))).toEqual(jobs);
});

test("a task that computes the name may run any job", () => {
  expect(Object.keys(jobsToRun(both, named("$.job", "JobDefinition.$"), null))).toEqual(["train", "score-all"]);
});

test("a mocked task runs none", () => {
  const mock = { countedPer: "execution", steps: [] } as unknown as Mock;
  const mocks = {
    file: "mocks.json",
    format: "mocks",
    byPlace: new Map([[placeKey({ state: "one", indices: [] }), mock]]),
  };
  expect(jobsToRun(both, named("echo_dev_train"), mocks as unknown as Mocks)).toEqual({});
});
