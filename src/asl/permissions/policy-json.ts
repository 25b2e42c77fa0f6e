import type { JsonObject } from "../../base/json";
import type { Statement } from "./statement";

/**
 * Returns a policy in the JSON of IAM.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function policyJson(statements: readonly Statement[]): JsonObject {
  return { Version: "2012-10-17", Statement: statements.map(statementJson) };
}

// --- internal ---

function statementJson({ sid, actions, resources, conditions = [] }: Statement): JsonObject {
  const tests = [...new Set(conditions.map(({ test }) => test))];
  const Condition = Object.fromEntries(
    tests.map((test) => [
      test,
      Object.fromEntries(
        conditions.filter((one) => one.test === test).map(({ variable, values }) => [variable, [...values]]),
      ),
    ]),
  );
  return {
    Sid: sid,
    Effect: "Allow",
    Action: [...actions],
    Resource: [...resources],
    ...(tests.length > 0 && { Condition }),
  };
}
