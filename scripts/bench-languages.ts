/** Measures what the query languages of the Amazon States Language cost: the same items, the same work. */
import { setMaxListeners } from "node:events";
import type { StatesDocument } from "../src/asl/document";
import type { JsonObject } from "../src/base/json";
import { interpret } from "../src/local/interpreter/interpreter";
import { FakeClock } from "./demo/fake-clock";
import { memoryStore } from "./demo/memory-store";
import type { Ratio } from "./ratio";

const ITEMS = 10_000;

export const LANGUAGE_RATIOS: readonly Ratio[] = [
  {
    name: `languages: processor time of ${ITEMS} Map items with JSONata expressions against the same items with JSONPath`,
    goal: 1.3,
    rounds: 9,
    measured: () => timeToRun(inJsonata()),
    against: () => timeToRun(inJsonPath()),
  },
];

// --- internal ---

/** Runs a document whose jobs end at once. Returns milliseconds of processor time: other programs change it less. */
async function timeToRun(document: object): Promise<number> {
  const input = { items: Array.from({ length: ITEMS }, (_, item) => `item ${item}`) };
  const context = { Execution: { Id: "run", Input: input, Name: "run" }, StateMachine: { Id: "machine", Name: "m" } };
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const before = process.cpuUsage();
  const outcome = await interpret(
    document as StatesDocument,
    { input, context },
    {
      task: async () => ({ JobId: "job" }),
      emit: () => {},
      clock: new FakeClock(),
      random: Math.random,
      objects: memoryStore({}),
    },
    signal,
  );
  const { user, system } = process.cpuUsage(before);
  if (outcome.status !== "SUCCEEDED") throw new Error(`the execution failed: ${outcome.cause}`);
  return (user + system) / 1000;
}

function inJsonPath(): object {
  const check = { Type: "Choice", Choices: [{ Variable: "$.index", NumericGreaterThanEquals: 0, Next: "submit" }] };
  const submit = submitJob({
    Parameters: {
      "JobName.$": "States.Format('job-{}', $.index)",
      ContainerOverrides: { "Command.$": "States.Array($.word)" },
    },
    ResultSelector: { "id.$": "$.JobId" },
  });
  const ItemSelector = { "index.$": "$$.Map.Item.Index", "word.$": "$$.Map.Item.Value" };
  return { StartAt: "each", States: { each: eachItem({ ItemsPath: "$.items", ItemSelector }, { check, submit }) } };
}

function inJsonata(): object {
  const check = { Type: "Choice", Choices: [{ Condition: "{% $states.input.index >= 0 %}", Next: "submit" }] };
  const submit = submitJob({
    Arguments: {
      JobName: "{% 'job-' & $states.input.index %}",
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
