import type { CheckInput } from "../../../../src/asl/check/check-document";
import { type CheckedQueue, WORKFLOW_QUEUE } from "../../../../src/asl/check/subject";
import type { StatesDocument } from "../../../../src/asl/document";
import { jobOfPlaceholder } from "../../../../src/project/names";
import { settingOfPlaceholder } from "../../../../src/project/project-placeholders";

const JOB = { vcpus: 0.25, memoryMiB: 512, gpus: null, secrets: {}, queue: WORKFLOW_QUEUE };

export const FARGATE_QUEUE: CheckedQueue = { isFargate: true, maxVcpus: 16, instance: null, architecture: "X86_64" };

/** The check of a document for an input, placeholders and job definitions of all kinds. */
export function checkInput(document: StatesDocument, local = true): CheckInput {
  const listOf = (type: string, maxItems?: number) => ({
    type: "array",
    items: { type },
    ...(maxItems === undefined ? {} : { maxItems }),
  });
  return {
    document,
    inputSchema: {
      type: "object",
      additionalProperties: false,
      properties: {
        name: { type: "string" },
        count: { type: "integer" },
        names: listOf("string", 10),
        counts: listOf("integer", 10),
        numbers: { type: "object", additionalProperties: false, properties: { text: { type: "number" } } },
        nested: { type: "object", additionalProperties: false, properties: { deep: { type: "string" } } },
        open: { type: "object" },
        long: listOf("string", 4000),
        endless: listOf("string"),
      },
    },
    placeholders: {
      known: [
        "Partition",
        "Region",
        "AccountId",
        "DataBucket",
        "JobQueueArn",
        "StateMachineName",
        "RefJobDefinitionArn",
      ],
      expected: ["EchoJobDefinitionArn"],
      jobOf: jobOfPlaceholder,
      settingOf: settingOfPlaceholder,
    },
    jobDefinitions: {
      EchoJobDefinitionArn: { ...JOB, command: [], parameters: {} },
      RefJobDefinitionArn: { ...JOB, command: ["print", "Ref::text", "Ref::lang"], parameters: { lang: "en" } },
    },
    queues: { JobQueueArn: FARGATE_QUEUE },
    local,
  };
}
