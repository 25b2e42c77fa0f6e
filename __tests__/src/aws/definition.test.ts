import { DescribeStateMachineCommand, DescribeStateMachineForExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { mockClient } from "aws-sdk-client-mock";
import { connect } from "../../../src/aws/clients";
import { executionDefinition, stateMachineDefinition } from "../../../src/aws/definition";
import { UsageError } from "../../../src/base/errors";
import { DOCUMENT, execution, STATE_MACHINE } from "../cli/scene";

const sfn = mockClient(SFNClient);
const aws = connect("eu-west-1");
const { arn } = execution("mine");
const answer = { definition: JSON.stringify(DOCUMENT) };

beforeEach(() => sfn.reset());

test("the document that an execution runs", async () => {
  sfn.on(DescribeStateMachineForExecutionCommand, { executionArn: arn }).resolves(answer);
  expect(await executionDefinition(aws, arn)).toEqual(DOCUMENT);
});

test("the document that the next execution runs", async () => {
  sfn.on(DescribeStateMachineCommand, { stateMachineArn: STATE_MACHINE }).resolves(answer);
  expect(await stateMachineDefinition(aws, STATE_MACHINE)).toEqual(DOCUMENT);
});

test.each([
  ["ExecutionDoesNotExist", "AWS does not show the definition: not here; check the ARN"],
  ["AccessDeniedException", "AWS denies access: not here; grant the missing permission, or use other credentials"],
])("%s is a usage error", async (name, message) => {
  sfn.on(DescribeStateMachineForExecutionCommand).rejects(Object.assign(new Error("not here"), { name }));
  await expect(executionDefinition(aws, arn)).rejects.toEqual(new UsageError(message));
});

test.each([undefined, null, 5, "", "{", "[]", "{}", '{"StartAt": "a", "States": {"a": null}}'])(
  "a definition that is %j is said, without a stack trace",
  async (definition) => {
    sfn.on(DescribeStateMachineCommand).resolves({ definition } as never);
    await expect(stateMachineDefinition(aws, STATE_MACHINE)).rejects.toEqual(
      new UsageError(
        "AWS gave an answer that the command does not understand: it has no `definition`; check AWS_ENDPOINT_URL and the proxy",
      ),
    );
  },
);
