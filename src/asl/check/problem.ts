/** Something wrong with a document, its place and the way out. */
export interface Problem {
  readonly severity: "error" | "warning";
  /** Stable code in kebab case. */
  readonly rule: string;
  /** The names of the states around it and its own, such as `step2/step2_job`; `null` for the document as a whole. */
  readonly state: string | null;
  /** JSON pointer into the document; what is missing has the pointer of what it is missing in. */
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}

/** What a rule finds: `check` adds the state, which the pointer tells. */
export type Finding = Omit<Problem, "state">;

/** A finding that makes the document unfit for deployment. */
export function error(rule: string, pointer: string, message: string, fix: string): Finding {
  return { severity: "error", rule, pointer, message, fix };
}

/** A finding that a user may know better about. */
export function warning(rule: string, pointer: string, message: string, fix: string): Finding {
  return { severity: "warning", rule, pointer, message, fix };
}
