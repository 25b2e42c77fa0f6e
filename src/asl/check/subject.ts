import type { JsonObject } from "../../base/json";
import { type StateLocation, type StatesDocument, walkStates } from "../document";
import { usesJsonata } from "../query-language";
import { ANYTHING, shapeOfSchema } from "./data-shape";
import { type DataFlow, followData } from "./state-data";

/** What is checked, and what is known of it. */
export interface CheckInput {
  /** Its placeholders are not filled in yet. */
  readonly document: StatesDocument;
  /** JSON Schema of the input of an execution; `null`: nothing is known of the input. */
  readonly inputSchema: JsonObject | null;
  readonly placeholders: {
    /** Always offered; may stay unused. */
    readonly known: readonly string[];
    /** One for each job: an unused one is a problem. */
    readonly expected: readonly string[];
    /** Returns the job that a placeholder would name; `null` if no job can have that name. */
    readonly jobOf: (placeholder: string) => string | null;
  };
  /** By placeholder. */
  readonly jobDefinitions: Readonly<
    Record<string, { readonly command: readonly string[]; readonly parameters: Readonly<Record<string, string>> }>
  >;
  /** Whether what the local run cannot do is refused as well. */
  readonly local: boolean;
}

/** A state, and whether its language is JSONata. */
export interface CheckedState extends StateLocation {
  readonly jsonata: boolean;
}

/** What the rules look at: the input of the check, and what several of them need to know. */
export interface Subject extends CheckInput {
  readonly states: readonly CheckedState[];
  readonly flow: DataFlow;
}

/** `input.document` must have a sound structure. */
export function subjectOf(input: CheckInput): Subject {
  const { document, inputSchema } = input;
  return {
    ...input,
    states: [...walkStates(document)].map((location) => ({
      ...location,
      jsonata: usesJsonata(document, location.state),
    })),
    flow: followData(document, inputSchema === null ? ANYTHING : shapeOfSchema(inputSchema)),
  };
}
