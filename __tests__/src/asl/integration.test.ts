import { calledDirectly, integrationOf } from "../../../src/asl/integration";

test.each([
  ["arn:aws:states:::batch:submitJob.sync", "batch:submitJob", ".sync"],
  ["arn:${Partition}:states:::lambda:invoke.waitForTaskToken", "lambda:invoke", ".waitForTaskToken"],
  ["arn:${AWS::Partition}:states:::states:startExecution.sync:2", "states:startExecution", ".sync:2"],
  ["arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:aws-sdk:s3:getObject", "aws-sdk:s3:getObject", ""],
  ["arn:aws:states:us-east-1:123456789012:aws-sdk:s3:getObject", "aws-sdk:s3:getObject", ""],
])("reads the integration of %s", (resource, action, suffix) => {
  expect(integrationOf(resource)).toEqual({ action, suffix, name: action + suffix });
});

test.each([
  "arn:aws:states:us-east-1:123456789012:activity:review",
  "arn:aws:states:us-east-1:123456789012:stateMachine:orders",
  "arn:aws:lambda:us-east-1:123456789012:function:tidy",
  "${TidyArn}",
  "batch:submitJob.sync",
  undefined,
])("%s is no integration", (resource) => {
  expect(integrationOf(resource)).toBeNull();
});

test.each([
  ["arn:aws:lambda:us-east-1:123456789012:function:tidy", "function"],
  ["arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:tidy:live", "function"],
  ["${TidyFunctionArn}", "function"],
  ["${lambda_arn}", "function"],
  ["arn:${Partition}:states:${AWS::Region}:${AccountId}:activity:review", "activity"],
  ["${ReviewActivityArn}", "activity"],
  ["${TidyArn}", null],
  ["arn:aws:states:us-east-1:123456789012:stateMachine:orders", null],
  ["arn:aws:states:::lambda:invoke", null],
])("%s is called as a %s", (resource, called) => {
  expect(calledDirectly(resource)).toBe(called);
});
