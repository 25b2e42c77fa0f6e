/** Counts the states and branches of a document that executions have reached. Pure. */
import { type StatesDocument, walkStates } from "../asl/document";
import { exitsOf } from "../asl/exits";
import { isObject } from "../base/json";
import type { EventSink } from "../execution/events";

/** A state, or a branch of a state: a rule of a Choice, its Default, an item of Catch or an item of Retry. */
export interface Part {
  readonly kind: "state" | "choice" | "default" | "catch" | "retry";
  readonly state: string;
  /** Its JSON pointer in the document. */
  readonly pointer: string;
  /** The place of a rule among its kind, from 1; `null` for a state and a Default. */
  readonly number: number | null;
  /** The state that the branch leads to; `null` for a state and a Retry. */
  readonly next: string | null;
}

interface Counted {
  readonly reached: number;
  readonly total: number;
}

export interface Coverage {
  readonly states: Counted;
  readonly branches: Counted;
  /** The share of states and branches together, rounded down to one decimal. 100 only if all were reached. */
  readonly percent: number;
  /** In the order of the document. */
  readonly notReached: readonly Part[];
}

/** Collects what the events of all executions reach. */
export class CoverageCounter {
  private readonly parts: readonly Part[];
  private readonly pointers: ReadonlyMap<string, string>;
  private readonly reached = new Set<string>();

  constructor(document: StatesDocument) {
    this.parts = partsOf(document);
    this.pointers = new Map([...walkStates(document)].map(({ name, pointer }) => [name, pointer]));
  }

  /** Takes the events of an execution here. The events of AWS do not tell the rules that were taken. */
  readonly sink: EventSink = (event) => {
    switch (event.type) {
      case "state-entered":
        return this.reach(event.state, "");
      case "state-succeeded":
      case "state-caught":
      case "state-retried":
        if (event.rule !== undefined) this.reach(event.state, event.rule);
    }
  };

  result(): Coverage {
    const { parts, reached } = this;
    const count = (some: readonly Part[]): Counted => ({
      reached: some.filter(({ pointer }) => reached.has(pointer)).length,
      total: some.length,
    });
    const all = count(parts);
    return {
      states: count(parts.filter(({ kind }) => kind === "state")),
      branches: count(parts.filter(({ kind }) => kind !== "state")),
      percent: Math.floor((all.reached * 1000) / all.total) / 10,
      notReached: parts.filter(({ pointer }) => !reached.has(pointer)),
    };
  }

  private reach(state: string, rule: string): void {
    this.reached.add((this.pointers.get(state) ?? "") + rule);
  }
}

// --- internal ---

function partsOf(document: StatesDocument): Part[] {
  return [...walkStates(document)].flatMap(({ name, state, pointer }) => {
    const ofState: Part = { kind: "state", state: name, pointer, number: null, next: null };
    const retries = Array.isArray(state.Retry) ? state.Retry : [];
    return [
      ofState,
      ...exitsOf(state).flatMap(({ kind, to, pointer: field }): Part[] => {
        if (kind === "next") return [];
        const rule = kind === "default" ? field : field.replace(/\/Next$/, "");
        const number = kind === "default" ? null : Number(rule.split("/").at(-1)) + 1;
        return [{ kind, state: name, pointer: pointer + rule, number, next: to }];
      }),
      ...retries.flatMap((rule, index): Part[] =>
        // No error is retried with such a rule.
        isObject(rule) && rule.MaxAttempts === 0
          ? []
          : [{ kind: "retry", state: name, pointer: `${pointer}/Retry/${index}`, number: index + 1, next: null }],
      ),
    ];
  });
}
