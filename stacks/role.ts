import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { resourceName } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";

export interface RoleProps {
  readonly settings: Settings;
  /** Last part of the role's name, unique within the deployment. */
  readonly name: string;
  readonly description: string;
  /** The service that takes the role, such as `states.amazonaws.com`. */
  readonly service: string;
  /**
   * Account for which the service may take the role.
   * @default any account: EC2 does not say for which account it takes the role of an instance
   */
  readonly accountId?: string;
  /** ARNs of the resources for which the service may take the role. @default any resource of the account */
  readonly sourceArns?: string[];
  /** Rights of the role. @default none */
  readonly statements?: DataAwsIamPolicyDocumentStatement[];
  /** ARN of a policy that AWS manages. @default none */
  readonly managedPolicyArn?: string;
}

/**
 * An IAM role for a service. Its policies are policy documents of Terraform, which scanners can read, and not encoded JSON. A
 * resource that uses the role must depend on `policies` too. Otherwise it may start before the policy is attached.
 */
export class Role extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly policies: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const { settings, description, service, accountId, sourceArns, statements = [], managedPolicyArn } = props;
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        {
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: [service] }],
          ...(accountId && {
            condition: [
              { test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] },
              ...(sourceArns ? [{ test: "ArnEquals", variable: "aws:SourceArn", values: sourceArns }] : []),
            ],
          }),
        },
      ],
    });
    const role = new IamRole(this, "role", {
      name: resourceName(settings, props.name),
      description,
      assumeRolePolicy: trust.json,
      ...(settings.permissionsBoundary && { permissionsBoundary: settings.permissionsBoundary }),
    });
    if (statements.length > 0) {
      const policy = new DataAwsIamPolicyDocument(this, "policy", { statement: statements });
      this.policies.push(new IamRolePolicy(this, "attached", { name: "policy", role: role.id, policy: policy.json }));
    }
    if (managedPolicyArn !== undefined) {
      this.policies.push(new IamRolePolicyAttachment(this, "managed", { role: role.id, policyArn: managedPolicyArn }));
    }
    this.name = role.name;
    this.arn = role.arn;
  }
}
