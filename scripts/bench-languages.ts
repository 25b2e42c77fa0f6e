/** Measures what the query languages of the Amazon States Language cost: the same items, the same work, as a user runs them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../src/base/json";
import type { Ratio } from "./ratio";

const ITEMS = 10_000;

/**
 * Returns the ratio. Mocks answer the jobs, which would take most of the time. `processorTimeOf` runs a command and returns its
 * milliseconds of processor time, which other programs change less.
 */
export function languageRatios(scratch: string, processorTimeOf: (command: string) => Promise<number>): Ratio[] {
  const write = (name: string, content: object) => {
    const file = join(scratch, name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  const input = write("words.json", { items: Array.from({ length: ITEMS }, (_, item) => `item ${item}`) });
  const mock = write("mocks.json", { mocks: { submit: { returns: { JobId: "job" } } } });
  const run = (name: string, document: object) => {
    const file = write(name, document);
    return () => processorTimeOf(`node bin/workflow.js local ${file} --input ${input} --mock ${mock} --quiet`);
  };
  return [
    {
      name: `languages: processor time of ${ITEMS} Map items with JSONata expressions against the same items with JSONPath`,
      goal: 1.3,
      rounds: 9,
      measured: run("jsonata.asl.json", inJsonata()),
      against: run("jsonpath.asl.json", inJsonPath()),
    },
  ];
}

// --- internal ---

function inJsonPath(): object {
  const check = {
    Type: "Choice",
    Choices: [{ Variable: "$.index", NumericGreaterThanEquals: 0, Next: "submit" }],
    Default: "submit",
  };
  const submit = submitJob({
    Parameters: {
      "JobName.$": "States.Format('job-{}', $.index)",
      JobDefinition: "job",
      JobQueue: "queue",
      ContainerOverrides: { "Command.$": "States.Array($.word)" },
    },
    ResultSelector: { "id.$": "$.JobId" },
  });
  const ItemSelector = { "index.$": "$$.Map.Item.Index", "word.$": "$$.Map.Item.Value" };
  return { StartAt: "each", States: { each: eachItem({ ItemsPath: "$.items", ItemSelector }, { check, submit }) } };
}

function inJsonata(): object {
  const check = {
    Type: "Choice",
    Choices: [{ Condition: "{% $states.input.index >= 0 %}", Next: "submit" }],
    Default: "submit",
  };
  const submit = submitJob({
    Arguments: {
      JobName: "{% 'job-' & $states.input.index %}",
      JobDefinition: "job",
      JobQueue: "queue",
      ContainerOverrides: { Command: ["{% $states.input.word %}"] },
    },
    Output: { id: "{% $states.result.JobId %}" },
  });
  const item = "$states.context.Map.Item";
  const ItemSelector = { index: `{% ${item}.Index %}`, word: `{% ${item}.Value %}` };
  const each = eachItem({ Items: "{% $states.input.items %}", ItemSelector }, { check, submit });
  return { QueryLanguage: "JSONata", StartAt: "each", States: { each } };
}

function submitJob(fields: JsonObject): JsonObject {
  return { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", ...fields, End: true };
}

function eachItem(fields: JsonObject, states: JsonObject): JsonObject {
  return { Type: "Map", ...fields, ItemProcessor: { StartAt: "check", States: states }, End: true };
}
