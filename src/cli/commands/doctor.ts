import type { Settings } from "../../project/settings-types";
import { defineCommand, optionallyValued, toggle } from "../define-command";
import { printJson } from "../printing";

/** The value of `--queue` without a name. The help shows it. No queue has such a name. */
const DEPLOYED = "those of the deployment";

export const doctor = defineCommand({
  name: "doctor",
  description: "check all that deploying and running need, and say how to get what is missing",
  flags: {
    json: toggle("print the findings as one JSON document"),
    queue: optionallyValued("name", "explain why jobs wait in job queues", DEPLOYED),
  },
  action: async ({ json, queue }, session) => {
    const { environment, context, stdout } = session;
    const { diagnose, sentence } = await import("../doctor/diagnose");
    const { loadSettings } = await import("../../project/load-settings");
    const question = { settings: loadSettings(environment, context), environment };
    const lines =
      queue === undefined
        ? await diagnose(question, await session.loadProbes(), session.clock)
        : await examine(queue, question.settings, session.clock.now());
    if (json) printJson(session, lines);
    else for (const line of lines) stdout.write(`${line.status.padEnd(WIDEST)}  ${sentence(line)}\n`);
    return lines.some(({ status }) => status === "failure") ? 1 : 0;
  },
});

/** An ARN says the region of its queue. */
async function examine(queue: string, settings: Settings, now: number) {
  const { findQueues, queuesOf } = await import("../doctor/queue/find-queues");
  const { examineQueue } = await import("../doctor/queue/examine-queue");
  const names = queue === DEPLOYED ? queuesOf(settings) : [queue];
  const region = queue.startsWith("arn:") ? queue.split(":")[3]! : settings.region;
  return (await findQueues(names, region)).flatMap((facts) => examineQueue(facts, now));
}

const WIDEST = "failure".length;
