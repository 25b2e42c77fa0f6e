/** The input of the executions that the schedule starts. */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { error, type Finding } from "../asl/check/problem";
import { inputText, parseInput } from "../asl/input";
import type { JsonObject } from "../base/json";
import { linesOf } from "../base/json-places";
import { suggest } from "../base/suggest";
import { readTextFile } from "../base/text-file";
import { inputFileProblems, type NamedFile } from "./companion-files";
import { type FileProblem, inFile, ofNoState } from "./file-problem";
import { PROJECT_FOLDER } from "./project-folder";
import type { Schedule } from "./settings-types";

/**
 * The keywords that EventBridge Scheduler replaces in the input, with examples of their values.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ["<aws.scheduler.schedule-arn>", "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/echo_dev_schedule"],
  ["<aws.scheduler.scheduled-time>", "2022-03-22T18:59:43Z"],
  ["<aws.scheduler.execution-id>", "d32c5kddcf5bb8c3"],
  ["<aws.scheduler.attempt-number>", "1"],
]);
const KEYWORD = /<aws\.scheduler\.[^<>"]*>/g;

/** Returns the text of the file as StartExecution takes it, with its keywords. `checkScheduleInput` must have found no errors. */
export function scheduleInput(schedule: Schedule): string {
  const text = readTextFile(fileOf(schedule).path);
  return inputText(text, parseInput(text));
}

/** Finds a file that does not exist. The problem is one of the settings. */
export function findMissingScheduleInput({ input }: Schedule): Finding[] {
  if (existsSync(resolve(PROJECT_FOLDER, input))) return [];
  const message = `\`schedule.input\` names ${input}, which does not exist`;
  return [error("no-schedule-input", "/context/schedule/input", message, "create it, or name another file")];
}

/** Checks the file, if it exists. `schema` is `null` if there is no schema of the input. */
export function checkScheduleInput(schedule: Schedule, schema: JsonObject | null): FileProblem[] {
  const file = fileOf(schedule);
  if (!existsSync(file.path)) return [];
  const fix = "correct the file, or name another one in `schedule.input`";
  const problems = inputFileProblems(
    file,
    schema,
    (pointer, message) => error("schedule-input", pointer, message, fix),
    (text) => text.replace(KEYWORD, (keyword) => KEYWORDS.get(keyword) ?? keyword),
  );
  return problems.length > 0 ? problems : unknownKeywords(file);
}

// --- internal ---

function fileOf({ input }: Schedule): NamedFile {
  const path = resolve(PROJECT_FOLDER, input);
  return { path, name: relative(PROJECT_FOLDER, path) };
}

/** Finds keywords that EventBridge Scheduler does not replace. */
function unknownKeywords({ path, name }: NamedFile): FileProblem[] {
  const text = readTextFile(path);
  const placeOf = linesOf(text);
  const findings = [...text.matchAll(KEYWORD)]
    .filter(([keyword]) => !KEYWORDS.has(keyword))
    .map(({ 0: keyword, index }) => ({
      ...error(
        "schedule-keyword",
        "",
        `EventBridge Scheduler has no keyword ${keyword}`,
        suggest(keyword, KEYWORDS.keys(), "keywords"),
      ),
      place: placeOf(index),
    }));
  return inFile(name, text, findings.map(ofNoState));
}
