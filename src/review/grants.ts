/** What grants a right as a whole, not by a statement: an attached policy, a rule that lets traffic in. */
import { type Json, type JsonObject, objectsOf } from "../base/json";
import { textsOf } from "./policy";

export interface GrantRule {
  readonly type: string;
  /** The attributes that the grants are made of. */
  readonly attributes: readonly string[];
  /** The attribute whose value says whose they are. */
  readonly owner: string;
  readonly about: string;
  /** A limit: what is granted narrows. */
  readonly isLimit?: true;
  /** The grants of a resource with such values, in words. */
  readonly grants: (values: JsonObject) => string[];
}

const ATTACHED = "policy attached";
const BOUNDARY = "permissions boundary";
const REACHED = "who may reach it";

/** Sources of traffic, as the several ways of writing a rule have them. */
const SOURCES = [
  ...["cidr_ipv4", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks", "prefix_list_id", "prefix_list_ids"],
  ...["referenced_security_group_id", "source_security_group_id", "security_groups"],
];
const PORTS = ["ip_protocol", "protocol", "from_port", "to_port"];

export const GRANTS: readonly GrantRule[] = [
  ...["role", "user", "group"].map((owner) => ({
    type: `aws_iam_${owner}_policy_attachment`,
    attributes: ["policy_arn"],
    owner,
    about: ATTACHED,
    grants: ({ policy_arn }: JsonObject) => textsOf(policy_arn).map(allOf),
  })),
  {
    type: "aws_iam_policy_attachment",
    attributes: ["policy_arn", "roles", "users", "groups"],
    owner: "name",
    about: ATTACHED,
    grants: ({ policy_arn, roles, users, groups }) =>
      Object.entries({ role: roles, user: users, group: groups }).flatMap(([kind, names]) =>
        textsOf(names).flatMap((name) => textsOf(policy_arn).map((arn) => `to the ${kind} ${name}: ${allOf(arn)}`)),
      ),
  },
  {
    type: "aws_iam_role",
    attributes: ["managed_policy_arns"],
    owner: "name",
    about: ATTACHED,
    grants: ({ managed_policy_arns }) => textsOf(managed_policy_arns).map(allOf),
  },
  ...["role", "user"].map((kind) => ({
    type: `aws_iam_${kind}`,
    attributes: ["permissions_boundary"],
    owner: "name",
    about: BOUNDARY,
    isLimit: true as const,
    grants: ({ permissions_boundary }: JsonObject) =>
      textsOf(permissions_boundary)
        .filter((boundary) => boundary !== "")
        .map((boundary) => `the boundary ${boundary}`),
  })),
  {
    type: "aws_iam_instance_profile",
    attributes: ["role"],
    owner: "name",
    about: "instances that have this profile",
    grants: ({ role }) => textsOf(role).map((name) => `all that the role ${name} may`),
  },
  {
    type: "aws_lambda_permission",
    attributes: ["action", "principal", "principal_org_id", "source_account", "source_arn"],
    owner: "function_name",
    about: "who may use it",
    grants: ({ action, principal, ...limits }) =>
      textsOf(principal).map((one) =>
        [
          `${one === "*" ? "anyone (*)" : one} may ${textsOf(action).join()}`,
          ...textsOf(limits.source_arn).map((arn) => `only from ${arn}`),
          ...textsOf(limits.source_account).map((account) => `only of the account ${account}`),
          ...textsOf(limits.principal_org_id).map((organization) => `only of the organization ${organization}`),
        ].join(", "),
      ),
  },
  {
    type: "aws_vpc_security_group_ingress_rule",
    attributes: [...SOURCES, ...PORTS],
    owner: "security_group_id",
    about: REACHED,
    grants: traffic,
  },
  {
    type: "aws_security_group_rule",
    attributes: ["type", ...SOURCES, ...PORTS],
    owner: "security_group_id",
    about: REACHED,
    grants: (values) => (values.type === "ingress" ? traffic(values) : []),
  },
  {
    type: "aws_security_group",
    attributes: ["ingress"],
    owner: "name",
    about: REACHED,
    // As a whole it may be a text, which says that it is not known.
    grants: ({ ingress }) => [
      ...objectsOf(ingress).flatMap(traffic),
      ...(Array.isArray(ingress) ? [] : textsOf(ingress)),
    ],
  },
];

// --- internal ---

function allOf(policy: string): string {
  return `all that the policy allows: ${policy}`;
}

/** Who may send what: a text for each source. */
function traffic(rule: JsonObject): string[] {
  const sources = SOURCES.flatMap((name) => textsOf(rule[name]));
  return sources.map(
    (source) => `in from ${ANYWHERE.includes(source) ? `anyone (${source})` : source}, ${ports(rule)}`,
  );
}

const ANYWHERE = ["0.0.0.0/0", "::/0"];

function ports({ ip_protocol, protocol, from_port, to_port }: JsonObject): string {
  const kind = String(ip_protocol ?? protocol);
  if (kind === "-1" || kind === "all") return "all ports and protocols";
  const known = (port: Json | undefined) =>
    typeof port === "number" || typeof port === "string" ? String(port) : "any";
  return `${kind} ${from_port === to_port ? known(from_port) : `${known(from_port)}-${known(to_port)}`}`;
}
