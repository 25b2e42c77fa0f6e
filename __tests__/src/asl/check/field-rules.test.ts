import { problemsOf, submitting } from "./problems-of";

const PARAMETERS = "/States/job/Parameters";

test("an optional member of a request that is null is a warning", () => {
  const request = { ContainerOverrides: { Environment: [{ Name: "A", Value: null }] }, Tags: null };
  expect(problemsOf(submitting(request))).toEqual([
    `warning batch-null ${PARAMETERS}/ContainerOverrides/Environment/0/Value: ContainerOverrides.Environment[0].Value is null, so Batch gets no value for it; remove it, or write a value`,
    `warning batch-null ${PARAMETERS}/Tags: Tags is null, so Batch gets no value for it; remove it, or write a value`,
  ]);
});

test("a required member, and an item, may not be null", () => {
  expect(problemsOf(submitting({ JobName: null, ContainerOverrides: { Command: [null] } }))).toEqual([
    `error batch-wrong-type ${PARAMETERS}/JobName: JobName must be a string, got: null; write a string in double quotes`,
    `error batch-wrong-type ${PARAMETERS}/ContainerOverrides/Command/0: ContainerOverrides.Command[0] must be a string, got: null; write a string in double quotes`,
  ]);
});
