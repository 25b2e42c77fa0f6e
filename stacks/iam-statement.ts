import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { IamStatement } from "../src/project/settings-types";

/** Converts a statement in IAM's JSON to one of a policy document of Terraform. `fill` changes each text of the statement. */
export function policyStatement(
  statement: IamStatement,
  fill: (text: string) => string = (text) => text,
): DataAwsIamPolicyDocumentStatement {
  const { Sid, Effect, Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const texts = (values: string | readonly string[]) => [values].flat().map(fill);
  const condition = conditions(Condition).map(({ test, variable, values }) => ({
    test,
    variable: fill(variable),
    values: values.map(fill),
  }));
  return {
    ...(Sid !== undefined && { sid: Sid }),
    effect: Effect,
    ...(Action !== undefined && { actions: texts(Action) }),
    ...(NotAction !== undefined && { notActions: texts(NotAction) }),
    ...(Resource !== undefined && { resources: texts(Resource) }),
    ...(NotResource !== undefined && { notResources: texts(NotResource) }),
    ...(condition.length > 0 && { condition }),
  };
}

/** Converts the conditions of a statement in IAM's JSON to those of Terraform. */
export function conditions(
  condition: NonNullable<IamStatement["Condition"]>,
): { test: string; variable: string; values: string[] }[] {
  return Object.entries(condition).flatMap(([test, variables]) =>
    Object.entries(variables).map(([variable, values]) => ({ test, variable, values: [values].flat().map(String) })),
  );
}
