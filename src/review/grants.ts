/** Resources that grant a right as a whole, without a policy statement: an attached policy, or a rule that lets traffic in. */
import type { Json, JsonObject } from "../base/json";
import { textsOf } from "./policy";

export interface GrantRule {
  readonly type: string;
  /** The attributes that the grants are made of. */
  readonly attributes: readonly string[];
  /** The attribute that names the owner of the grants. */
  readonly owner: string;
  readonly about: string;
  /** True if the resource limits rights: each grant then narrows. */
  readonly isLimit?: true;
  /** Returns the grants of a resource with these values, in words. */
  readonly grants: (values: JsonObject) => string[];
}

/** Sources of traffic. */
const SOURCES = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];

export const GRANTS: readonly GrantRule[] = [
  {
    type: "aws_iam_role_policy_attachment",
    attributes: ["policy_arn"],
    owner: "role",
    about: "policy attached",
    grants: ({ policy_arn }) => textsOf(policy_arn).map((policy) => `all that the policy allows: ${policy}`),
  },
  {
    type: "aws_iam_role",
    attributes: ["permissions_boundary"],
    owner: "name",
    about: "permissions boundary",
    isLimit: true,
    grants: ({ permissions_boundary }) =>
      textsOf(permissions_boundary)
        .filter((boundary) => boundary !== "")
        .map((boundary) => `the boundary ${boundary}`),
  },
  {
    type: "aws_iam_instance_profile",
    attributes: ["role"],
    owner: "name",
    about: "instances that have this profile",
    grants: ({ role }) => textsOf(role).map((name) => `all that the role ${name} may`),
  },
  {
    type: "aws_vpc_security_group_ingress_rule",
    attributes: [...SOURCES, "ip_protocol", "from_port", "to_port"],
    owner: "security_group_id",
    about: "who may reach it",
    grants: (rule) =>
      SOURCES.flatMap((name) => textsOf(rule[name])).map(
        (source) => `in from ${ANYWHERE.includes(source) ? `anyone (${source})` : source}, ${ports(rule)}`,
      ),
  },
];

// --- internal ---

const ANYWHERE = ["0.0.0.0/0", "::/0"];

function ports({ ip_protocol, from_port, to_port }: JsonObject): string {
  const kind = String(ip_protocol);
  if (kind === "-1") return "all ports and protocols";
  const known = (port: Json | undefined) => String(port ?? "any");
  return `${kind} ${from_port === to_port ? known(from_port) : `${known(from_port)}-${known(to_port)}`}`;
}
