import { settingOfPlaceholder } from "../../../src/project/project-placeholders";

test.each([
  ["DataBucket", 'set `data` in cdktf.json to "create", or to the name of a bucket that exists'],
  [
    "TrainModelJobQueueArn",
    "give the job `train-model` a `compute` of its own in cdktf.json, or write ${JobQueueArn} for the queue of all jobs",
  ],
  ["JobQueueArn", null],
  ["TrainModelJobDefinitionArn", null],
  ["AlertTopicArn", null],
])("the setting of %s", (placeholder, setting) => {
  expect(settingOfPlaceholder(placeholder)).toBe(setting);
});
