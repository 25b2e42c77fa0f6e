/**
 * The permissions of a document as a policy document of Terraform.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 */
import type { Statement } from "../asl/permissions/statement";
import { fillIn, placeholdersIn } from "../asl/substitution";
import type { JsonObject } from "../base/json";
import { toHcl } from "./hcl";
import { escapeTemplate } from "./templates";

/** Returns the policy in HCL. Placeholders become data sources of the deployment, or variables. */
export function policyDocument(name: string, statements: readonly Statement[]): string {
  const names = [...new Set(placeholdersIn(JSON.stringify(statements)))].sort();
  const variables = names.filter((each) => !Object.hasOwn(DEPLOYMENT, each));
  const references = Object.fromEntries(
    names.map((each) => [each, `\${${DEPLOYMENT[each]?.reference ?? `var.${snakeCase(each)}`}}`]),
  );
  const fill = (text: string) => fillIn(text, references, escapeTemplate);
  const document = { statement: statements.map((statement) => statementBlock(statement, fill)) };
  const label = snakeCase(name);
  return toHcl(
    {
      variable: Object.fromEntries(variables.map((each) => [snakeCase(each), { type: "string" }])),
      data: {
        ...Object.fromEntries(
          names.flatMap((each) => (each in DEPLOYMENT ? [[DEPLOYMENT[each]!.source, { current: {} }]] : [])),
        ),
        aws_iam_policy_document: { [label]: document },
      },
    },
    `data "aws_iam_policy_document" "${label}" {\nstatement {\ncondition {`,
  );
}

// --- internal ---

/** Placeholders that the provider knows. */
const DEPLOYMENT: Readonly<Record<string, { readonly source: string; readonly reference: string }>> = {
  AccountId: { source: "aws_caller_identity", reference: "data.aws_caller_identity.current.account_id" },
  Partition: { source: "aws_partition", reference: "data.aws_partition.current.partition" },
  Region: { source: "aws_region", reference: "data.aws_region.current.region" },
};

function statementBlock(
  { sid, actions, resources, conditions = [] }: Statement,
  fill: (text: string) => string,
): JsonObject {
  return {
    sid,
    actions: [...actions],
    resources: resources.map(fill),
    ...(conditions.length > 0 && {
      condition: conditions.map(({ test, variable, values }) => ({ test, variable, values: values.map(fill) })),
    }),
  };
}

/** Returns a name as Terraform's style guide writes it: `JobQueueArn` becomes `job_queue_arn`. */
function snakeCase(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/\W+/g, "_");
  return words.toLowerCase().replace(/^(?=\d)/, "_");
}
