/** The definition of a state machine on AWS: the document with its placeholders filled in. */
import { DescribeStateMachineCommand, DescribeStateMachineForExecutionCommand } from "@aws-sdk/client-sfn";
import { asDocument, type StatesDocument } from "../asl/document";
import { UsageError } from "../base/errors";
import { isObject, type Json } from "../base/json";
import { parseMachineJson } from "../base/read-json";
import { required, textOf } from "./answers";
import type { AwsClients } from "./clients";
import { explain } from "./failures";

/** Returns the definition that new executions run. */
export function stateMachineDefinition({ sfn }: AwsClients, stateMachineArn: string): Promise<StatesDocument> {
  return read(sfn.send(new DescribeStateMachineCommand({ stateMachineArn })));
}

/** Returns the definition that an execution runs, also after a later deployment. */
export function executionDefinition({ sfn }: AwsClients, executionArn: string): Promise<StatesDocument> {
  return read(sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn })));
}

/** Returns the status, such as ACTIVE or DELETING; `null` if there is no such state machine. */
export async function stateMachineStatus(
  { sfn }: AwsClients,
  stateMachineArn: string,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    const request = new DescribeStateMachineCommand({ stateMachineArn });
    const { status } = await sfn.send(request, signal && { abortSignal: signal });
    return required(textOf(status), "status");
  } catch (error) {
    if ((error as Error).name === "StateMachineDoesNotExist") return null;
    throw explain(error);
  }
}

/** AWS also returns these errors for a moment after a resource was created. */
const UNKNOWN = ["StateMachineDoesNotExist", "ExecutionDoesNotExist"];

/** @throws UsageError if AWS does not show the definition */
async function read(answer: Promise<{ readonly definition?: string | undefined }>): Promise<StatesDocument> {
  try {
    return parseDefinition((await answer).definition);
  } catch (error) {
    const { name, message } = error as Error;
    if (!UNKNOWN.includes(name)) throw explain(error);
    throw new UsageError(`AWS does not show the definition: ${message}; check the ARN`, { cause: error });
  }
}

/** @throws UsageError if the text is no document */
function parseDefinition(definition: unknown): StatesDocument {
  const document = jsonOf(required(textOf(definition), "definition"));
  return required(isDocument(document) ? asDocument(document) : undefined, "definition");
}

function jsonOf(text: string): Json | undefined {
  try {
    return parseMachineJson(text);
  } catch {
    return undefined;
  }
}

/** Returns whether the value has states, which the views walk through. AWS itself refuses anything else. */
function isDocument(value: Json | undefined): value is Json & StatesDocument {
  return (
    isObject(value) &&
    typeof value.StartAt === "string" &&
    isObject(value.States) &&
    Object.values(value.States).every(isObject)
  );
}
