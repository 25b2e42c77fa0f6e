import { isDistributed } from "../../../asl/map-mode";
import type { Json, JsonObject } from "../../../base/json";
import { asObject } from "../../../base/json";
import { matchingRule } from "../choice";
import { applyPath, applyResultPath, fillTemplate, numberField, selectItems, textField } from "../data-flow";
import type { Scope } from "../paths";
import { waitingTime } from "../wait";
import {
  type Departure,
  type ErrorOutput,
  type NumberKind,
  partOf,
  type StateData,
  type StateFields,
} from "./language";

/** The fields of a state in JSONPath: InputPath, Parameters, ResultSelector, ResultPath and OutputPath. */
export class JsonPathFields implements StateFields {
  readonly input: Json;
  private readonly scope: Scope;

  /** Applies InputPath. */
  constructor(
    private readonly data: StateData,
    private readonly chance: Pick<Scope, "random" | "uuid">,
  ) {
    this.input = applyPath(data.state.InputPath, this.scopeOf(data.input));
    this.scope = this.scopeOf(this.input);
  }

  async arguments(): Promise<Json> {
    const { Parameters } = this.data.state;
    return Parameters === undefined ? this.input : fillTemplate(Parameters, this.scope);
  }

  async requestOf(part: string): Promise<Json> {
    return fillTemplate(asObject(this.data.state[part]).Parameters ?? {}, this.scope);
  }

  async number(name: string, kind: NumberKind, part?: string): Promise<number | undefined> {
    const { state } = this.data;
    return numberField(part === undefined ? state : partOf(state, part), name, kind, this.scope);
  }

  async text(name: "Error" | "Cause"): Promise<string> {
    return textField(this.data.state, name, this.scope);
  }

  async template(value: Json, _name: string, context?: JsonObject): Promise<Json> {
    return fillTemplate(value, context === undefined ? this.scope : { ...this.scope, context });
  }

  async items(): Promise<Json[] | JsonObject> {
    const { state } = this.data;
    return selectItems(state.ItemsPath, this.scope, isDistributed(state));
  }

  /** The Parameters of a Map are an older name of its ItemSelector. */
  itemSelector(): Json | undefined {
    return this.data.state.ItemSelector ?? this.data.state.Parameters;
  }

  async waitingTime(now: number): Promise<number> {
    return waitingTime(this.data.state, this.scope, now);
  }

  async rule(): Promise<JsonObject | null> {
    return matchingRule(this.data.state, this.scope);
  }

  /** In `Assign`, `$` is the result after ResultSelector. */
  async leave(result: Json, rule: JsonObject | null): Promise<Departure> {
    const { state, input } = this.data;
    const selected =
      state.ResultSelector === undefined ? result : fillTemplate(state.ResultSelector, this.scopeOf(result));
    return {
      output: applyPath(state.OutputPath, this.scopeOf(applyResultPath(state.ResultPath, input, selected))),
      assigned: this.assigned((rule ?? state).Assign, selected),
    };
  }

  async caught(catcher: JsonObject, error: ErrorOutput): Promise<Departure> {
    return {
      output: applyResultPath(catcher.ResultPath, this.data.input, error),
      assigned: this.assigned(catcher.Assign, error),
    };
  }

  private assigned(template: Json | undefined, input: Json): JsonObject {
    return template === undefined ? {} : asObject(fillTemplate(template, this.scopeOf(input)));
  }

  private scopeOf(input: Json): Scope {
    const { context, variables } = this.data;
    const { random, uuid } = this.chance;
    return { input, context, variables, random, uuid };
  }
}
