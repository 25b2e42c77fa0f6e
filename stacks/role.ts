import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface RoleProps {
  /** 64 characters at most. */
  readonly name: string;
  readonly description: string;
  /** The service that takes the role, such as `states.amazonaws.com`; only on behalf of `accountId`. */
  readonly service: string;
  readonly accountId: string;
  /** What the role may do. @default nothing */
  readonly statements?: DataAwsIamPolicyDocumentStatement[];
}

/**
 * An IAM role for a service. Policies are policy documents of Terraform's, not encoded JSON: scanners read those. What uses
 * the role depends on `policies`, not on the ARN alone, or it may start before the policy is attached.
 */
export class Role extends Construct {
  readonly arn: string;
  readonly policies: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, { name, description, service, accountId, statements = [] }: RoleProps) {
    super(scope, id);
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        {
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: [service] }],
          condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] }],
        },
      ],
    });
    const role = new IamRole(this, "role", { name, description, assumeRolePolicy: trust.json });
    if (statements.length > 0) {
      const policy = new DataAwsIamPolicyDocument(this, "policy", { statement: statements });
      this.policies.push(new IamRolePolicy(this, "attached", { name: "policy", role: role.id, policy: policy.json }));
    }
    this.arn = role.arn;
  }
}
