import { escapePointer, isObject, type Json, type JsonObject } from "../../../base/json";
import { nearest, suggest } from "../../../base/suggest";
import { isJsonataText } from "../../query-language";
import { tryParse } from "../data/expression-shape";
import { error, type Finding, warning } from "../problem";
import type { RequestTask } from "../request-fields";
import type { CheckedJob, Subject } from "../subject";
import { batchTasks } from "./batch-request";

/**
 * Finds `Ref::name` elements without a value, and parameters that no element names. Reports nothing if the job definition,
 * the command or the parameters are only known when the state runs.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_definition_parameters.html#parameters
 */
export function* findParameterMistakes(subject: Subject): Generator<Finding, void, undefined> {
  for (const task of batchTasks(subject)) {
    const definition = definitionOf(task, subject);
    const command = definition && commandOf(task, definition.command);
    const given = parametersOf(task.request);
    if (!definition || !command || given === null) continue;
    const known = [...Object.keys(definition.parameters), ...given.keys()];
    for (const name of command.elements.flatMap((element) => element.match(WHOLE)?.[1] ?? [])) {
      if (known.includes(name)) continue;
      const meant = nearest(name, known);
      yield error(
        "batch-parameter-missing",
        task.requestPointer + command.pointer,
        `Ref::${name} in the job command has no value`,
        `add ${name} to Parameters${meant === null ? "" : `, or did you mean Ref::${meant}?`}`,
      );
    }
    if (!command.complete) continue;
    const named = command.elements.flatMap((element) => [...element.matchAll(ANYWHERE)].map(([, name]) => name!));
    for (const [name, key] of given) {
      if (named.includes(name)) continue;
      const message = `Parameters.${name} is not used: the job command has no Ref::${name}`;
      const fix =
        named.length > 0
          ? suggest(name, new Set(named), "references")
          : `remove it, or add Ref::${name} to the command`;
      yield warning("batch-parameter-unused", `${task.requestPointer}/Parameters/${escapePointer(key)}`, message, fix);
    }
  }
}

/** Returns the job definition that a request names; `null` if it is not one of the project. */
export function definitionOf({ request }: RequestTask, { jobDefinitions }: Subject): CheckedJob | null {
  const name = namedPlaceholder(request.JobDefinition);
  return name !== null && Object.hasOwn(jobDefinitions, name) ? jobDefinitions[name]! : null;
}

/** Returns the placeholder that is a whole value; `null` if the value is anything else. */
export function namedPlaceholder(value: Json | undefined): string | null {
  return typeof value === "string" ? (/^\$\{(\w+)\}$/.exec(value)?.[1] ?? null) : null;
}

// --- internal ---

const WHOLE = /^Ref::(\S+)$/;
const ANYWHERE = /Ref::([\w.-]+)/g;

interface Command {
  readonly elements: readonly string[];
  /** True if the command has no other elements. */
  readonly complete: boolean;
  /** The JSON pointer relative to the request. */
  readonly pointer: string;
}

/** Returns the command of a job: from its definition, unless the task overrides it. */
function commandOf({ request }: RequestTask, byDefault: readonly string[]): Command | null {
  if (request["ContainerOverrides.$"] !== undefined || isJsonataText(request.ContainerOverrides)) return null;
  const overrides = isObject(request.ContainerOverrides) ? request.ContainerOverrides : {};
  if (Array.isArray(overrides.Command)) {
    const elements = overrides.Command.filter((element) => typeof element === "string" && !isJsonataText(element));
    const complete = elements.length === overrides.Command.length;
    return { elements, complete, pointer: "/ContainerOverrides/Command" };
  }
  if (isJsonataText(overrides.Command)) return null;
  const dynamic = overrides["Command.$"];
  if (typeof dynamic !== "string") return { elements: byDefault, complete: true, pointer: "/JobDefinition" };
  const call = tryParse(dynamic);
  if (call?.kind !== "call" || call.name !== "States.Array") return null;
  const elements = call.arguments.flatMap((argument) => (argument.kind === "literal" ? [String(argument.value)] : []));
  return { elements, complete: elements.length === call.arguments.length, pointer: "/ContainerOverrides/Command.$" };
}

/** Returns the names of the parameters that a task sets, each with its key. */
function parametersOf(request: JsonObject): Map<string, string> | null {
  if (request["Parameters.$"] !== undefined || isJsonataText(request.Parameters)) return null;
  const parameters = isObject(request.Parameters) ? request.Parameters : {};
  return new Map(Object.keys(parameters).map((key) => [key.replace(/\.\$$/, ""), key]));
}
