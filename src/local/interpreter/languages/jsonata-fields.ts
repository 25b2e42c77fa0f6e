import { isDistributed } from "../../../asl/map-mode";
import { limitsPassed } from "../../../asl/number-limits";
import { jsonataIn } from "../../../asl/query-language";
import { parseTimestamp } from "../../../asl/timestamps";
import { asObject, isTree, type Json, type JsonObject, stringifyJson, typeOf } from "../../../base/json";
import { MAX_PAYLOAD_BYTES, payloadBytes } from "../payload-size";
import type { StatesError } from "../states-error";
import { milliseconds } from "../wait";
import { type Evaluate, queryError } from "./jsonata-evaluator";
import {
  type Departure,
  type ErrorOutput,
  type NumberKind,
  partOf,
  type StateData,
  type StateFields,
} from "./language";

/** Parts of `$states` that only some fields can read. */
type Outcome = { readonly result?: Json; readonly errorOutput?: ErrorOutput };

/** The fields of a state in JSONata: Arguments, Output, Assign, and expressions between `{%` and `%}` in all fields. */
export class JsonataFields implements StateFields {
  readonly input: Json;

  constructor(
    private readonly data: StateData,
    private readonly evaluate: Evaluate,
  ) {
    this.input = data.input;
  }

  async arguments(): Promise<Json> {
    const { Arguments } = this.data.state;
    return Arguments === undefined ? this.input : this.template(Arguments, "Arguments");
  }

  async requestOf(part: string): Promise<Json> {
    return this.template(asObject(this.data.state[part]).Arguments ?? {}, `${part}/Arguments`);
  }

  async number(name: string, kind: NumberKind, part?: string): Promise<number | undefined> {
    const { state } = this.data;
    const holder = part === undefined ? state : partOf(state, part);
    if (holder[name] === undefined) return undefined;
    const field = part === undefined ? name : `${part}/${name}`;
    const number = Number(await this.typed(holder[name], field, "number"));
    const passed = limitsPassed(name, number);
    if (passed === null && (kind === "float" || Number.isInteger(number))) return number;
    throw queryError(`The ${field} field refers to value "${number}" which is not a valid ${kind}${said(passed)}`);
  }

  async text(name: "Error" | "Cause"): Promise<string> {
    const value = this.data.state[name];
    return value === undefined ? "" : ((await this.typed(value, name, "string")) as string);
  }

  async template(value: Json, name: string, context = this.data.context): Promise<Json> {
    return this.fill(value, name, context, {});
  }

  async items(): Promise<Json[] | JsonObject> {
    const { state } = this.data;
    const { Items } = state;
    const types = isDistributed(state) ? ["array", "object"] : ["array"];
    if (Items !== undefined) return (await this.typed(Items, "Items", ...types)) as Json[] | JsonObject;
    if (types.includes(typeOf(this.input))) return this.input as Json[] | JsonObject;
    throw queryError(`Map state input must be an array but was: ${stringifyJson(this.input)}`);
  }

  itemSelector(): Json | undefined {
    return this.data.state.ItemSelector;
  }

  async waitingTime(now: number): Promise<number> {
    const { Timestamp } = this.data.state;
    if (Timestamp === undefined) return (await this.number("Seconds", "integer"))! * 1000;
    const text = (await this.typed(Timestamp, "Timestamp", "string")) as string;
    const end = parseTimestamp(text);
    if (end !== null) return milliseconds(Math.max(0, Number(end / 1_000_000n) - now) / 1000);
    throw queryError(
      `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
    );
  }

  async rule(): Promise<JsonObject | null> {
    const rules = this.data.state.Choices as JsonObject[];
    for (const [index, rule] of rules.entries()) {
      if (await this.typed(rule.Condition!, `Choices[${index}]/Condition`, "boolean")) return rule;
    }
    return null;
  }

  leave(result: Json, rule: JsonObject | null): Promise<Departure> {
    const hasResult = RESULT_TYPES.includes(this.data.state.Type);
    return this.depart(rule ?? this.data.state, result, hasResult ? { result } : {});
  }

  caught(catcher: JsonObject, errorOutput: ErrorOutput): Promise<Departure> {
    return this.depart(catcher, errorOutput, { errorOutput });
  }

  private async depart({ Output, Assign }: JsonObject, otherwise: Json, outcome: Outcome): Promise<Departure> {
    const fill = (value: Json, name: string) => this.fill(value, name, this.data.context, outcome);
    return {
      output: Output === undefined ? otherwise : await fill(Output, "Output"),
      assigned: Assign === undefined ? {} : asObject(await fill(Assign, "Assign")),
    };
  }

  /** Returns the value of a field that must have one of some types of JSON. */
  private async typed(value: Json, field: string, ...types: readonly string[]): Promise<Json> {
    const found = await this.template(value, field);
    if (types.includes(typeOf(found))) return found;
    const written = typeof value === "string" ? (jsonataIn(value)?.trim() ?? value) : stringifyJson(value);
    throw unexpectedType(written, field, types.join(" or "), found);
  }

  /** Most expressions are evaluated at once: a promise for each takes longer than they do. */
  private fill(value: Json, field: string, context: JsonObject, outcome: Outcome): Json | Promise<Json> {
    if (typeof value !== "string") return isTree(value) ? this.fillTree(value, field, context, outcome) : value;
    const expression = jsonataIn(value)?.trim();
    if (expression === undefined) return value;
    const { input, variables } = this.data;
    const states = { input, context, ...outcome };
    return this.evaluate(expression, field, { ...variables.all(), states });
  }

  private async fillTree(
    value: Json[] | JsonObject,
    field: string,
    context: JsonObject,
    outcome: Outcome,
  ): Promise<Json> {
    const isList = Array.isArray(value);
    const filled: [string, Json][] = [];
    for (const [key, item] of Object.entries(value)) {
      const made = this.fill(item, isList ? `${field}[${key}]` : `${field}/${key}`, context, outcome);
      filled.push([key, made instanceof Promise ? await made : made]);
    }
    return isList ? filled.map(([, item]) => item) : Object.fromEntries(filled);
  }
}

// --- internal ---

/** Returns the limits that a number passes, for the end of a message. */
function said(passed: string | null): string {
  return passed === null ? "" : ` ${passed}`;
}

/** Returns the error of an expression whose value has the wrong type. */
function unexpectedType(expression: string, field: string, type: string, value: Json): StatesError {
  const bytes = payloadBytes(value);
  const shown = bytes > MAX_PAYLOAD_BYTES ? `${bytes} bytes` : stringifyJson(value);
  return queryError(
    `The JSONata expression '${expression}' specified for the field '${field}' returned an unexpected result type. ` +
      `Expected '${type}', but was '${typeOf(value)}' for value: ${shown}`,
  );
}

/** The types of states that have `$states.result`. */
const RESULT_TYPES: readonly string[] = ["Task", "Parallel", "Map"];
