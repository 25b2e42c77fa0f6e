/** The JSON of `terraform show -json` for a saved plan: its types, and a check against them. */
import { z } from "zod";
import { depthOf, type Json, type JsonObject } from "../base/json";

/** A change as Terraform writes it. */
export interface Change {
  readonly actions: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
  readonly after_unknown?: Json;
  readonly before_sensitive?: Json;
  readonly after_sensitive?: Json;
  readonly replace_paths?: readonly (readonly (string | number)[])[] | null;
  readonly importing?: { readonly id?: string } | null;
}

export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly mode?: string;
  readonly change: Change;
  readonly previous_address?: string;
  readonly deposed?: string;
  readonly action_reason?: string;
}

export interface PlanJson {
  readonly format_version: string;
  readonly errored?: boolean;
  readonly complete?: boolean;
  readonly resource_changes?: readonly PlannedResource[] | null;
  /** Changes outside Terraform since it last applied. */
  readonly resource_drift?: readonly PlannedResource[] | null;
  readonly output_changes?: Readonly<Record<string, Change>> | null;
  readonly prior_state?: JsonObject | null;
  readonly configuration?: JsonObject | null;
}

const JSON_OBJECT = z.custom<JsonObject>((value) => typeof value === "object" && !Array.isArray(value), {
  error: "an object was expected",
});
const JSON_VALUE = z.custom<Json>(() => true);

const CHANGE = z.looseObject({
  actions: z.array(z.string()),
  before: JSON_VALUE.optional(),
  after: JSON_VALUE.optional(),
  after_unknown: JSON_VALUE.optional(),
  before_sensitive: JSON_VALUE.optional(),
  after_sensitive: JSON_VALUE.optional(),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).nullish(),
  importing: z.looseObject({ id: z.string().optional() }).nullish(),
});

const RESOURCE = z.looseObject({
  address: z.string(),
  type: z.string(),
  mode: z.string().optional(),
  change: CHANGE,
  previous_address: z.string().optional(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
});

const PLAN = z.looseObject({
  format_version: z.string(),
  errored: z.boolean().optional(),
  complete: z.boolean().optional(),
  resource_changes: z.array(RESOURCE).nullish(),
  resource_drift: z.array(RESOURCE).nullish(),
  output_changes: z.record(z.string(), CHANGE).nullish(),
  prior_state: JSON_OBJECT.nullish(),
  configuration: JSON_OBJECT.nullish(),
});

/** Terraform nests values a few dozen levels deep. A limit keeps recursive code from running out of stack. */
export const DEEPEST = 500;
/** Characters of a wrong value that a message shows. */
const LONGEST_VALUE = 60;
const PROBLEMS_SHOWN = 3;

/**
 * Checks that a value is a complete plan of format 1.
 * @throws Error that names the mistake and its place
 */
export function checkedPlan(json: unknown): PlanJson {
  const version =
    typeof json === "object" && json !== null ? (json as { format_version?: unknown }).format_version : null;
  if (typeof version !== "string" || !/^1\./.test(version)) {
    throw new Error(`a plan of format 1 was expected, got: ${shown(version)}`);
  }
  if (depthOf(json) > DEEPEST) throw new Error(`a plan was expected, got values nested more than ${DEEPEST} deep`);
  const { success, error } = PLAN.safeParse(json);
  if (!success) {
    const problems = error.issues.slice(0, PROBLEMS_SHOWN).map(({ path, message }) => `${place(path)}: ${message}`);
    const more = error.issues.length - problems.length;
    throw new Error(
      `a plan was expected, got ${[...problems, ...(more > 0 ? [`${more} more problems`] : [])].join("; ")}`,
    );
  }
  const plan = json as PlanJson;
  if (plan.errored === true) {
    throw new Error("Terraform failed while it created this plan, so the plan is incomplete; create it again");
  }
  return plan;
}

// --- internal ---

function place(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return shortened(text.replace(/^\./, "")) || "the whole";
}

function shown(value: unknown): string {
  const text = value === undefined ? "null" : depthOf(value) > DEEPEST ? "a nested value" : JSON.stringify(value);
  return shortened(text);
}

function shortened(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
