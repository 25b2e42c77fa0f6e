/** Reads policies of IAM, from their JSON or from the configuration of a policy that Terraform renders during the apply. */
import { isObject, type Json, type JsonObject, objectsOf } from "../base/json";
import type { Plan } from "./plan";

/** Names. With `allBut`, everything except these names. */
export interface Scope {
  readonly allBut: boolean;
  readonly names: readonly string[];
}

export interface Statement {
  readonly sid: string;
  readonly allow: boolean;
  /** Type and name, such as `Service batch.amazonaws.com`, or `*`. */
  readonly principals: Scope;
  readonly actions: Scope;
  readonly resources: Scope;
  readonly conditions: readonly string[];
}

/** The text for a value that is in neither the plan nor the configuration. */
export const NOT_KNOWN = "${not known yet}";

/** Returns the statements of a policy; `null` if it cannot be read. */
export function statementsOf(policy: string): Statement[] | null {
  if (policy === "") return [];
  try {
    const { Statement: statements } = JSON.parse(policy) as { Statement: Json };
    return [statements].flat().map((one) => fromIam(one as JsonObject));
  } catch {
    return null;
  }
}

/** Returns the statements that a data source is configured with, if Terraform reads it during the apply; `null` if it cannot tell. */
export function configuredStatements(address: string, attribute: string, plan: Plan): Statement[] | null {
  const source = /^\$\{(data\.aws_iam_policy_document\.[\w-]+)\.(?:json|minified_json)\}$/.exec(
    plan.references.template(address, attribute) ?? "",
  )?.[1];
  const read = plan.resources.find((resource) => resource.address === source)?.change.after;
  if (source === undefined || !isObject(read) || !Array.isArray(read.statement)) return null;
  // The plan does not hold statements of other documents.
  if (MERGED.some((documents) => read[documents] !== null)) return null;
  const templates = blocksOf(plan.references.configured(source, "statement"));
  return objectsOf(read.statement).map((statement, index) => fromTerraform(statement, templates[index] ?? {}, plan));
}

/** Returns the texts of a value that is a text or a list. */
export function textsOf(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
}

// --- internal ---

const MERGED = ["source_policy_documents", "override_policy_documents"];

function fromIam(statement: JsonObject): Statement {
  const conditions = isObject(statement.Condition) ? Object.entries(statement.Condition) : [];
  return {
    sid: String(statement.Sid ?? ""),
    allow: statement.Effect !== "Deny",
    principals: scopeOf(principals(statement.Principal), principals(statement.NotPrincipal)),
    actions: scopeOf(textsOf(statement.Action), textsOf(statement.NotAction)),
    resources: scopeOf(textsOf(statement.Resource), textsOf(statement.NotResource)),
    conditions: conditions
      .flatMap(([test, variables]) =>
        Object.entries(variables as JsonObject).map(([name, values]) =>
          conditionOf(name, test, [values].flat().map(String)),
        ),
      )
      .sort(),
  };
}

function principals(value: Json | undefined): string[] {
  if (!isObject(value)) return textsOf(value);
  return Object.entries(value).flatMap(([kind, names]) => textsOf(names).map((name) => `${kind} ${name}`));
}

/** A plan leaves out an unknown value, and has `null` for each unknown item of a list. */
function fromTerraform(statement: JsonObject, template: JsonObject, plan: Plan): Statement {
  const names = (attribute: string) => namesOf(statement, template, attribute, plan);
  const blocks = <Read>(attribute: string, read: (block: JsonObject, template: JsonObject) => Read): Read[] => {
    const templates = blocksOf(template[attribute]);
    return objectsOf(statement[attribute]).map((block, index) => read(block, templates[index] ?? {}));
  };
  const identifiers = (attribute: string) =>
    attribute in statement
      ? blocks(attribute, (block, own) =>
          namesOf(block, own, "identifiers", plan).map((name) => (block.type === "*" ? name : `${block.type} ${name}`)),
        ).flat()
      : [NOT_KNOWN];
  const conditions = blocks("condition", (block, own) =>
    conditionOf(String(block.variable), String(block.test), namesOf(block, own, "values", plan)),
  );
  return {
    sid: String(statement.sid ?? ""),
    allow: statement.effect !== "Deny",
    principals: scopeOf(identifiers("principals"), identifiers("not_principals")),
    actions: scopeOf(names("actions"), names("not_actions")),
    resources: scopeOf(names("resources"), names("not_resources")),
    conditions: "condition" in statement ? conditions.sort() : [NOT_KNOWN],
  };
}

/** Returns the names of a list. For unknown names, returns their expression in the configuration, or a remark. */
function namesOf(values: JsonObject, template: JsonObject, attribute: string, { references }: Plan): string[] {
  const list = attribute in values ? values[attribute] : [null];
  const known = textsOf(list);
  const missing = Array.isArray(list) ? list.length - known.length : 0;
  if (missing === 0) return known;
  const configured = template[attribute];
  const others = textsOf(isObject(configured) ? configured.constant_value : configured)
    .map((name) => references.resolve(name))
    .filter((name) => !known.includes(name));
  return [...known, ...(others.length > 0 ? others : Array.from({ length: missing }, () => NOT_KNOWN))];
}

/** Returns configured blocks. The configuration has them as blocks, or as a value that is nothing, one block or a list. */
function blocksOf(configured: Json | undefined): JsonObject[] {
  const blocks = isObject(configured) ? (configured.constant_value ?? configured.blocks ?? configured) : configured;
  return objectsOf([blocks ?? []].flat());
}

function conditionOf(variable: string, test: string, values: readonly string[]): string {
  return `${variable} ${test} ${sorted(values).join(", ")}`;
}

/** A statement has either names or exceptions. */
function scopeOf(names: readonly string[], exceptions: readonly string[]): Scope {
  return exceptions.length > 0 ? { allBut: true, names: sorted(exceptions) } : { allBut: false, names: sorted(names) };
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
