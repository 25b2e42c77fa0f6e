/** Policies of IAM, read: as AWS has them, and as Terraform's configuration has those that it renders when it applies. */
import { isObject, type Json, type JsonObject } from "../workflow/document";
import type { Plan } from "./plan";

/** Names; with `allBut`, all that there are without these. */
export interface Scope {
  readonly allBut: boolean;
  readonly names: readonly string[];
}

export interface Statement {
  readonly sid: string;
  readonly allow: boolean;
  /** Each as its type and its name, such as `Service batch.amazonaws.com`, or `*`. */
  readonly principals: Scope;
  readonly actions: Scope;
  readonly resources: Scope;
  readonly conditions: readonly string[];
}

/** Stands for what neither the plan nor the configuration tells. */
export const NOT_KNOWN = "${what is not known yet}";

/** The statements of a policy; `null` where it cannot be read. */
export function statementsOf(policy: string): Statement[] | null {
  if (policy === "") return [];
  try {
    const { Statement: statements } = JSON.parse(policy) as { Statement: Json };
    return [statements].flat().map((one) => fromIam(one as JsonObject));
  } catch {
    return null;
  }
}

/** Statements as a data source's configuration has them: of a policy that is read only when the plan is applied. */
export function configuredStatements(address: string, attribute: string, plan: Plan): Statement[] | null {
  const source = /^\$\{(data\.aws_iam_policy_document\.[\w-]+)\.(?:json|minified_json)\}$/.exec(
    String(plan.configured(address, attribute)?.constant_value),
  )?.[1];
  const read = plan.resources.find((resource) => resource.address === source);
  const rendered = isObject(read?.change.after) ? read.change.after.statement : undefined;
  if (source === undefined || !Array.isArray(rendered)) return null;
  const configured = plan.configured(source, "statement");
  const templates = Array.isArray(configured?.constant_value) ? configured.constant_value : (configured?.blocks ?? []);
  return rendered.filter(isObject).map((statement, index) => {
    const template = Array.isArray(templates) && isObject(templates[index]) ? templates[index] : {};
    return fromTerraform(statement, template, plan);
  });
}

/** The texts of a value that is one, or a list of them. */
export function textsOf(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
}

// --- internal ---

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
        Object.entries(variables as JsonObject).map(
          ([name, values]) => `${name} ${test} ${sorted(textsOf(values)).join(", ")}`,
        ),
      )
      .sort(),
  };
}

function principals(value: Json | undefined): string[] {
  if (!isObject(value)) return textsOf(value);
  return Object.entries(value).flatMap(([kind, names]) => textsOf(names).map((name) => `${kind} ${name}`));
}

function fromTerraform(statement: JsonObject, template: JsonObject, { resolve }: Plan): Statement {
  const values = (name: string) => {
    const known = textsOf(statement[name]);
    const missing = Array.isArray(statement[name]) ? statement[name].length - known.length : 0;
    if (missing === 0) return known;
    const expression = template[name];
    const texts = textsOf(isObject(expression) ? expression.constant_value : expression).map(resolve);
    const others = texts.filter((one) => !known.includes(one));
    return [...known, ...(others.length > 0 ? others : Array.from({ length: missing }, () => NOT_KNOWN))];
  };
  const conditions = Array.isArray(statement.condition) ? statement.condition.filter(isObject) : [];
  const identifiers = (name: string) =>
    (Array.isArray(statement[name]) ? statement[name] : [])
      .filter(isObject)
      .flatMap((one) => textsOf(one.identifiers).map((id) => (one.type === "*" ? id : `${one.type} ${id}`)));
  return {
    sid: String(statement.sid ?? ""),
    allow: statement.effect !== "Deny",
    principals: scopeOf(identifiers("principals"), identifiers("not_principals")),
    actions: scopeOf(values("actions"), values("not_actions")),
    resources: scopeOf(values("resources"), values("not_resources")),
    conditions: conditions
      .map(({ test, variable, values: allowed }) => `${variable} ${test} ${sorted(textsOf(allowed)).join(", ")}`)
      .sort(),
  };
}

/** A statement has names, or exceptions. */
function scopeOf(names: readonly string[], exceptions: readonly string[]): Scope {
  return exceptions.length > 0 ? { allBut: true, names: sorted(exceptions) } : { allBut: false, names: sorted(names) };
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
