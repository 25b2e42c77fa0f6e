/** Decides if IAM allows a call, by the rules that the policies here need. */

/** A statement of a Terraform policy document. */
export interface Statement {
  readonly sid?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: readonly { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

export interface Call {
  readonly action: string;
  /** The resources of the call, by ARN, with the keys that conditions may read. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Test = (value: string | undefined, wanted: readonly string[]) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  ArnEquals: (value, wanted) => value !== undefined && wanted.includes(value),
  Null: (value, wanted) => wanted.includes(String(value === undefined)),
  StringEqualsIfExists: (value, wanted) => value === undefined || wanted.includes(value),
  StringEquals: (value, wanted) => value !== undefined && wanted.includes(value),
  StringLike: (value, wanted) => value !== undefined && wanted.some((pattern) => isLike(value, pattern)),
};

/** True if the statements allow each resource of the call. */
export function allows(statements: readonly Statement[], { action, resources }: Call): boolean {
  return Object.entries(resources).every(([arn, context]) =>
    statements.some(
      (statement) =>
        statement.actions.includes(action) &&
        statement.resources.some((pattern) => isLike(arn, pattern)) &&
        (statement.condition ?? []).every(({ test, variable, values }) => TESTS[test]!(context[variable], values)),
    ),
  );
}

function isLike(text: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`).test(text);
}
