/** The request of a state to a service: the values that the document has, and those that are known only when the state runs. */
import { asObject, isObject, type Json, type JsonObject } from "../../base/json";
import { startOfJsonata, startOfPath } from "../literal-start";
import { givenRequest, isJsonataText } from "../query-language";

export interface ServiceRequest {
  /** Returns whether the request has a parameter, with any value. */
  has(parameter: string): boolean;
  /** Returns whether the value of a parameter, or the whole request, is known only when the state runs. */
  isOfRun(parameter: string): boolean;
  /** Returns the text of a parameter, or of a member such as `ResultConfiguration.OutputLocation`; otherwise `null`. */
  text(path: string): string | null;
  /** Returns the text with which a parameter begins, such as `runs/` for `States.Format('runs/{}', $.id)`; `""` if it is not known. */
  start(parameter: string): string;
  /** Returns the first text of these parameters, with any case of letters. */
  firstText(parameters: readonly string[]): string | null;
  /** Walks all members at any depth, with their names as in AWS: without `.$`. `null` is a value of the run. */
  members(): Iterable<{ readonly name: string; readonly text: string | null }>;
  /** Returns the names in an object; `null` if the object is known only when the state runs. */
  names(parameter: string): readonly string[] | null;
  /** Returns the objects of a list; `null` if the list, or one of its objects, is known only when the state runs. */
  list(parameter: string): readonly ServiceRequest[] | null;
}

/** Returns the request of a Task, an ItemReader or a ResultWriter, from its Parameters or its Arguments. */
export function requestOf(caller: JsonObject): ServiceRequest {
  return request(givenRequest(caller));
}

// --- internal ---

/** A request without Parameters or Arguments is the input of the state, or what an expression gives. */
function request(given: Json | undefined): ServiceRequest {
  const parameters = asObject(given);
  const byLowerCase = new Map(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
  const has = (name: string) => parameters[name] !== undefined || parameters[`${name}.$`] !== undefined;
  return {
    has,
    isOfRun: (name) => !isObject(given) || has(name),
    text: (path) => textAt(parameters, path.split(".")),
    start: (name) => startOf(parameters, name),
    firstText: (names) => {
      for (const name of names) {
        const found = constantText(byLowerCase.get(name.toLowerCase()));
        if (found !== null) return found;
      }
      return null;
    },
    members: () => membersOf(parameters),
    names: (name) => (isObject(parameters[name]) ? Object.keys(parameters[name]) : null),
    list: (name) => {
      const items = parameters[name];
      return Array.isArray(items) && items.every(isObject) ? items.map(request) : null;
    },
  };
}

function textAt(value: JsonObject, [name = "", ...rest]: readonly string[]): string | null {
  const member = value[name];
  return rest.length === 0 ? constantText(member) : textAt(asObject(member), rest);
}

function startOf(parameters: JsonObject, name: string): string {
  const { [name]: value, [`${name}.$`]: path } = parameters;
  if (typeof path === "string") return startOfPath(path);
  if (typeof value !== "string") return "";
  return isJsonataText(value) ? startOfJsonata(value) : value;
}

function constantText(value: Json | undefined): string | null {
  return typeof value === "string" && !isJsonataText(value) ? value : null;
}

function* membersOf(value: Json): Generator<{ name: string; text: string | null }, void, undefined> {
  if (Array.isArray(value)) {
    for (const item of value) yield* membersOf(item);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      if (key.endsWith(".$")) yield { name: key.slice(0, -2), text: null };
      else if (typeof member === "string") yield { name: key, text: constantText(member) };
      else yield* membersOf(member);
    }
  }
}
