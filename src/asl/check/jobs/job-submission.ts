import type { Json } from "../../../base/json";
import { quote } from "../../../base/text";
import { asJson, type StatesDocument, walkStrings } from "../../document";
import { integrationOf } from "../../integration";
import { isJsonataText } from "../../query-language";
import { error, type Finding, warning } from "../problem";
import type { RequestTask } from "../request-fields";
import { type CheckedState, type Subject, WORKFLOW_QUEUE } from "../subject";
import { batchTasks } from "./batch-request";
import { definitionOf } from "./job-parameters";
import { queueOf } from "./job-queue";

/** Finds jobs that go to another queue or job definition, share a queue that is not shared, or are not waited for. */
export function* findSubmissionMistakes(subject: Subject): Generator<Finding, void, undefined> {
  if (!mentionsJobIds(subject.document)) yield* subject.states.flatMap(forgottenSync);
  if (subject.queues === null) return;
  for (const task of batchTasks(subject)) yield* checkOwner(task, subject);
}

// --- internal ---

/** A document that reads the id of a job waits for the job by itself, or hands the id to the next job. */
function mentionsJobIds(document: StatesDocument): boolean {
  for (const { text } of walkStrings(asJson(document))) if (text.includes("JobId")) return true;
  return false;
}

function forgottenSync({ state, pointer }: CheckedState): Finding[] {
  const { Type, Resource, Next } = state;
  if (Type !== "Task" || integrationOf(Resource)?.name !== "batch:submitJob") return [];
  const then = typeof Next === "string" ? `${Next} starts` : "the state ends";
  const message = `without .sync, ${then} before the job has ended, and a job that fails does not fail the state`;
  return [warning("forgotten-sync", `${pointer}/Resource`, message, `did you mean ${Resource}.sync?`)];
}

function* checkOwner(task: RequestTask, subject: Subject): Generator<Finding, void, undefined> {
  const { request, requestPointer } = task;
  const { JobQueue, JobDefinition } = request;
  const known = subject.placeholders?.known ?? [];
  const isMocked = subject.mocked?.has(task.name) ?? false;
  const isOurs = queueOf(task, subject) !== null;
  if (!isMocked && isConstant(JobQueue, known) && !isOurs) {
    const message = `JobQueue is ${quote(JobQueue)}, which is not the queue of this project, so the job cannot run here`;
    const ours = definitionOf(task, subject)?.queue ?? WORKFLOW_QUEUE;
    yield warning("other-queue", `${requestPointer}/JobQueue`, message, `write "\${${ours}}", or mock the state`);
  }
  if (!isMocked && isConstant(JobDefinition, known) && definitionOf(task, subject) === null) {
    const message = `JobDefinition is ${quote(JobDefinition)}, which is no job of this project, so it cannot run here`;
    const ours = Object.keys(subject.jobDefinitions).map((name) => `"\${${name}}"`);
    yield warning(
      "other-job-definition",
      `${requestPointer}/JobDefinition`,
      message,
      `write ${ours.join(" or ")}, or mock the state`,
    );
  }
  const share = ["ShareIdentifier", "ShareIdentifier.$"].find((field) => request[field] !== undefined);
  if (share !== undefined && isOurs) {
    const message = "ShareIdentifier needs a queue with a scheduling policy, but the queue of this project has none";
    yield error(
      "batch-share-identifier",
      `${requestPointer}/${share}`,
      message,
      "remove it, because Batch refuses the job",
    );
  }
}

/** Returns whether a value is a text without parts that are filled in later, or one placeholder with a value. */
function isConstant(value: Json | undefined, known: readonly string[]): value is string {
  if (typeof value !== "string" || isJsonataText(value)) return false;
  const [whole, name = ""] = /\$\{(\w+)\}/.exec(value) ?? [];
  return whole === undefined || (whole === value && known.includes(name));
}
