/** A mistake in a document, with its place and its fix. */
export interface Problem {
  readonly severity: "error" | "warning";
  /** A stable code in kebab case. */
  readonly rule: string;
  /** The path of its state, such as `step2/step2_job`; `null` for the whole document. */
  readonly state: string | null;
  /** The JSON pointer of the mistake. For a missing field, the pointer of its object. */
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}

/** The finding of a rule. `check` derives the state from the pointer. */
export type Finding = Omit<Problem, "state">;

/** Returns a finding that prevents a deployment. */
export function error(rule: string, pointer: string, message: string, fix: string): Finding {
  return { severity: "error", rule, pointer, message, fix };
}

/** Returns a finding that the user may ignore. */
export function warning(rule: string, pointer: string, message: string, fix: string): Finding {
  return { severity: "warning", rule, pointer, message, fix };
}
