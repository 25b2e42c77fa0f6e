import { type CheckInput, check } from "../../../../src/asl/check/check-document";
import type { StatesDocument } from "../../../../src/asl/document";
import type { Json, JsonObject } from "../../../../src/base/json";
import { checkInput } from "./check-input";

/** Returns the problems of a document without its jobs, each as one line. */
export function problemsOf(document: JsonObject, input: Partial<CheckInput> = {}): string[] {
  const given = checkInput(document as unknown as StatesDocument, false);
  const { known, expected, ...rest } = given.placeholders!;
  const placeholders = { known: [...known, ...expected], expected: [], ...rest };
  return check({ ...given, inputSchema: null, placeholders, ...input }).map(
    ({ severity, rule, pointer, message, fix }) => `${severity} ${rule} ${pointer}: ${message}; ${fix}`,
  );
}

/** Returns a document of one Pass state with these fields. */
export function passing(fields: JsonObject): JsonObject {
  return { StartAt: "pass", States: { pass: { Type: "Pass", End: true, ...fields } } };
}

/** Returns a document of one Task that runs a job. `request` and `fields` change its parts. */
export function submitting(request: JsonObject, fields: JsonObject = {}): JsonObject {
  const job: Json = {
    Type: "Task",
    Resource: "arn:aws:states:::batch:submitJob.sync",
    Parameters: {
      JobName: "job",
      JobDefinition: "${EchoJobDefinitionArn}",
      JobQueue: "${JobQueueArn}",
      ...request,
    },
    End: true,
    ...fields,
  };
  return { StartAt: "job", States: { job } };
}
