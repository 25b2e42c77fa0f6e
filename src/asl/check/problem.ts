import type { TextPlace } from "../../base/json-places";

/** A mistake in a document, with its place and its fix. */
export interface Problem extends Finding {
  /** The path of its state, such as `step2/step2_job`; `null` for the whole document. */
  readonly state: string | null;
}

/** The finding of a rule. `check` derives the state from the pointer. */
export interface Finding {
  /** An error prevents a deployment. A hint is only shown. */
  readonly severity: "error" | "warning" | "hint";
  /** A stable code in kebab case. */
  readonly rule: string;
  /** The JSON pointer of the mistake. For a missing field, the pointer of its object. */
  readonly pointer: string;
  /** The place of a mistake that has no pointer, because the text is not JSON. */
  readonly place?: TextPlace;
  readonly message: string;
  readonly fix: string;
}

/** Returns a finding that prevents a deployment. */
export function error(rule: string, pointer: string, message: string, fix: string): Finding {
  return { severity: "error", rule, pointer, message, fix };
}

/** Returns a finding that the user may ignore. */
export function warning(rule: string, pointer: string, message: string, fix: string): Finding {
  return { severity: "warning", rule, pointer, message, fix };
}

/** Returns a finding about something that is allowed and often not meant. */
export function hint(rule: string, pointer: string, message: string, fix: string): Finding {
  return { severity: "hint", rule, pointer, message, fix };
}
