import { permissionChanges } from "../../../src/review/permissions-diff";
import { readPlan } from "../../../src/review/plan";
import { compareStatements } from "../../../src/review/statement-diff";

const NOTHING = { after_unknown: {}, before_sensitive: {}, after_sensitive: {} };

/** A role's policy before and after, each statement with the defaults of the table below. */
function changesOf(before: object | null, after: object | null) {
  const values = (statement: object | null) =>
    statement && {
      role: "r",
      policy: JSON.stringify({
        Statement: [{ Sid: "S", Effect: "Allow", Action: ["a:B"], Resource: ["x"], ...statement }],
      }),
    };
  const change = {
    ...NOTHING,
    actions: [after === null ? "delete" : "update"],
    before: values(before),
    after: values(after),
  };
  const address = "aws_iam_role_policy.p";
  return permissionChanges(
    readPlan({
      format_version: "1.2",
      resource_changes: [{ address, mode: "managed", type: "aws_iam_role_policy", change }],
    }),
  );
}

test.each<[string, object, object, string, string[]]>([
  ["an action", { Action: "a:B" }, { Action: ["a:B", "a:C"] }, "widens", ["+ also a:C"]],
  ["every action", {}, { Action: "*" }, "widens", ["+ also * (any)", "- no longer limited to a:B"]],
  ["an action less", { Action: ["a:B", "a:C"] }, { Action: "a:B" }, "narrows", ["- no longer a:C", "  still: a:B"]],
  ["an action that a wildcard covers", { Action: "a:*" }, { Action: ["a:*", "a:C"] }, "none", []],
  ["a wildcard less", { Action: "a:*" }, { Action: "a:B" }, "narrows", ["- no longer a:*", "  still: a:B"]],
  ["every resource", {}, { Resource: "*" }, "widens", ["+ also on * (any)", "- no longer limited to x"]],
  ["another resource", {}, { Resource: "y" }, "widens", ["+ also on y", "- no longer on x"]],
  ["the same in another order", { Resource: ["x", "y"] }, { Resource: ["y", "x"] }, "none", []],
  ["one as text, and in a list", { Resource: "x" }, { Resource: ["x"] }, "none", []],
  ["a condition", {}, { Condition: { Bool: { "k:v": "true" } } }, "narrows", ["- only if k:v Bool true"]],
  ["a condition less", { Condition: { Bool: { "k:v": "true" } } }, {}, "widens", ["+ no longer only if k:v Bool true"]],
  [
    "a condition with another number",
    { Condition: { NumericLessThan: { "k:v": 60 } } },
    { Condition: { NumericLessThan: { "k:v": 99 } } },
    "widens",
    ["+ no longer only if k:v NumericLessThan 60", "- only if k:v NumericLessThan 99"],
  ],
  [
    "a condition that is turned round",
    { Condition: { Bool: { "k:v": true } } },
    { Condition: { Bool: { "k:v": [false] } } },
    "widens",
    ["+ no longer only if k:v Bool true", "- only if k:v Bool false"],
  ],
  [
    "a long condition where it differs",
    { Condition: { StringEquals: { k: "a".repeat(400) } } },
    { Condition: { StringEquals: { k: `${"a".repeat(400)}b` } } },
    "widens",
    [`+ no longer only if …${"a".repeat(75)}`, `- only if …${"a".repeat(75)}b`],
  ],
  ["another name of the statement", {}, { Sid: "T" }, "none", []],
  ["a principal", {}, { Principal: { AWS: "1" } }, "widens", ["+ may also be used by AWS 1"]],
  ["anyone", {}, { Principal: { AWS: "*" } }, "widens", ["+ may also be used by anyone (AWS *)"]],
  ["anyone at all", {}, { Principal: "*" }, "widens", ["+ may also be used by anyone (*)"]],
  [
    "an exception less",
    { Action: undefined, NotAction: ["iam:*", "s3:*"], Resource: "*" },
    { Action: undefined, NotAction: ["iam:*"], Resource: "*" },
    "widens",
    ["+ no longer excepted: s3:*"],
  ],
  [
    "a smaller exception",
    { Action: undefined, NotAction: "s3:*" },
    { Action: undefined, NotAction: "s3:Delete*" },
    "widens",
    ["+ no longer excepted: s3:*", "  still excepted: s3:Delete*"],
  ],
  [
    "one more exception",
    { Action: undefined, NotAction: "iam:*" },
    { Action: undefined, NotAction: ["iam:*", "s3:*"] },
    "narrows",
    ["- excepted now: s3:*"],
  ],
  [
    "a resource less that is excepted",
    { Resource: undefined, NotResource: ["x", "y"] },
    { Resource: undefined, NotResource: "y" },
    "widens",
    ["+ no longer excepted: on x"],
  ],
  [
    "one more resource that is excepted",
    { Resource: undefined, NotResource: "y" },
    { Resource: undefined, NotResource: ["x", "y"] },
    "narrows",
    ["- excepted now: on x"],
  ],
  [
    "a principal less that is excepted",
    { NotPrincipal: { AWS: ["1", "2"] } },
    { NotPrincipal: { AWS: "1" } },
    "widens",
    ["+ no longer excepted: used by AWS 2"],
  ],
  [
    "one more principal that is excepted",
    { NotPrincipal: { AWS: "1" } },
    { NotPrincipal: { AWS: ["1", "2"] } },
    "narrows",
    ["- excepted now: used by AWS 2"],
  ],
  [
    "one more exception from what is denied",
    { Effect: "Deny", Action: undefined, NotAction: "a:B" },
    { Effect: "Deny", Action: undefined, NotAction: ["a:B", "a:C"] },
    "widens",
    ["- excepted now: a:C"],
  ],
  [
    "all but some in place of some",
    { Resource: "x" },
    { Resource: undefined, NotResource: "y" },
    "differs",
    ["! on x -> on all but y"],
  ],
  [
    "some in place of all but some",
    { Action: undefined, NotAction: ["a:B", "a:C"] },
    { Action: "a:D" },
    "differs",
    ["! all but a:B, a:C -> a:D"],
  ],
  [
    "everything in place of all but some",
    { Action: undefined, NotAction: "iam:*" },
    { Action: "*" },
    "widens",
    ["+ no longer excepted: iam:*"],
  ],
  [
    "all but some in place of everything",
    { Resource: "*" },
    { Resource: undefined, NotResource: "y" },
    "narrows",
    ["- excepted now: on y"],
  ],
  [
    "more that is denied",
    { Effect: "Deny" },
    { Effect: "Deny", Resource: "*" },
    "narrows",
    ["+ also on * (any)", "- no longer limited to x"],
  ],
  [
    "less that is denied",
    { Effect: "Deny", Action: ["a:B", "a:C"] },
    { Effect: "Deny" },
    "widens",
    ["- no longer denied: a:C", "  still: a:B"],
  ],
])("says of %s what it comes to", (_, before, after, effect, lines) => {
  const found = changesOf(before, after);
  expect(found.map((one) => one.effect)).toEqual(effect === "none" ? [] : [effect]);
  expect(found.flatMap((one) => one.lines.slice(1))).toEqual(lines);
});

test.each<[string, object | null, object | null, string[]]>([
  ["gained", null, {}, ["widens", "S: new", "+ may a:B", "+   on x"]],
  ["lost", {}, null, ["narrows", "S: removed", "- may no longer a:B", "-   on x"]],
  ["denied", null, { Effect: "Deny" }, ["narrows", "S: new", "+ is denied a:B", "+   on x"]],
  ["no longer denied", { Effect: "Deny" }, null, ["widens", "S: removed", "- is no longer denied a:B", "-   on x"]],
])("says of a statement that it is %s", (_, before, after, said) => {
  expect(changesOf(before, after).map(({ owner, effect, lines }) => [owner, effect, ...lines])).toEqual([
    ["r", ...said],
  ]);
});

test.each<[string, object, string[]]>([
  ["all but some", { Action: undefined, NotAction: ["a:B", "a:C"] }, ["+ may all but a:B, a:C", "+   on x"]],
  [
    "who may assume a role",
    { Sid: "", Action: "sts:AssumeRole", Resource: undefined, Principal: { Service: "batch.amazonaws.com" } },
    ["+ may be assumed by service batch.amazonaws.com"],
  ],
  [
    "anyone who may assume a role",
    { Action: "sts:AssumeRole", Resource: undefined, Principal: { AWS: "*" } },
    ["+ may be assumed by anyone (AWS *)"],
  ],
  [
    "who may use something, and for what",
    { Action: "ecr:Push", Resource: undefined, Principal: { AWS: "1" } },
    ["+ may be used by AWS 1", "+ may ecr:Push"],
  ],
])("says of a new statement %s", (_, statement, said) => {
  expect(changesOf(null, statement)[0]!.lines.slice(1)).toEqual(said);
});

test("the heading names what is lost, not what stays", () => {
  expect(changesOf({ Action: ["a:B", "a:C"] }, { Action: "a:B" })[0]!.lines[0]).toBe("S: a:C");
});

test("statements that stay as they are are found before those that are only alike", () => {
  const policy = (...actions: string[][]) => ({
    role: "r",
    policy: JSON.stringify({ Statement: actions.map((Action) => ({ Action, Resource: "x" })) }),
  });
  expect(whole("aws_iam_role_policy", policy(["a:B"], ["a:B", "a:C"]), policy(["a:B", "a:C"]))).toEqual([
    ["narrows", "removed", "- may no longer a:B", "-   on x"],
  ]);
  expect(whole("aws_iam_role_policy", policy(["a:B", "a:C"]), policy(["a:B"], ["a:B", "a:C"]))).toEqual([
    ["widens", "new", "+ may a:B", "+   on x"],
  ]);
});

test("an Allow that becomes a Deny is a right lost, and a denial gained", () => {
  expect(changesOf({}, { Effect: "Deny" }).map(({ effect, lines }) => [effect, lines[1]])).toEqual([
    ["narrows", "+ is denied a:B"],
    ["narrows", "- may no longer a:B"],
  ]);
});

function whole(type: string, before: object, after: object) {
  const change = { ...NOTHING, actions: ["update"], before, after };
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [{ address: `${type}.p`, mode: "managed", type, change }],
  });
  return permissionChanges(plan).map(({ effect, lines }) => [effect, ...lines]);
}

test.each([
  [{ permissions_boundary: "b" }, {}, ["widens", "permissions boundary", "- no longer the boundary b"]],
  [{}, { permissions_boundary: "b" }, ["narrows", "permissions boundary", "+ the boundary b"]],
])("a role's boundary limits its rights: %j -> %j", (before, after, said) => {
  expect(whole("aws_iam_role", before, after)).toEqual([said]);
});

test.each([
  ["aws_iam_role_policy", { policy: JSON.stringify({ Statement: { Action: "a:B" } }) }],
  ["aws_iam_role_policy_attachment", { policy_arn: "p" }],
])("%s that goes from one role to another is lost and gained", (type, same) => {
  const change = {
    ...NOTHING,
    actions: ["delete", "create"],
    before: { role: "r", ...same },
    after: { role: "s", ...same },
  };
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [{ address: "a.b", mode: "managed", type, change }],
  });
  expect(permissionChanges(plan).map(({ owner, effect }) => [owner, effect])).toEqual([
    ["s", "widens"],
    ["r", "narrows"],
  ]);
});

test.each([
  ["aws_iam_role_policy", { policy: JSON.stringify({ Statement: { Action: "a:B", Resource: "x" } }) }],
  ["aws_iam_role_policy_attachment", { policy_arn: "p" }],
])(
  "%s that goes to a role which is known after the apply is lost and gained, unless it is the same role",
  (type, same) => {
    const owners = (role: string) =>
      permissionChanges(
        readPlan({
          format_version: "1.2",
          resource_changes: [
            {
              ...{ address: "a.b", mode: "managed", type },
              change: {
                ...{ ...NOTHING, actions: ["delete", "create"], after_unknown: { role: true } },
                before: { role: "r", ...same },
                after: same,
              },
            },
            {
              ...{ address: "aws_iam_role.old", mode: "managed", type: "aws_iam_role" },
              change: { ...NOTHING, actions: ["no-op"], before: { id: "r" }, after: { id: "r" } },
            },
            {
              ...{ address: "aws_iam_role.new", mode: "managed", type: "aws_iam_role" },
              change: {
                ...NOTHING,
                actions: ["create"],
                before: null,
                after: { name: "s" },
                after_unknown: { id: true },
              },
            },
          ],
          configuration: {
            root_module: {
              resources: [
                { address: "a.b", expressions: { role: { constant_value: `\${aws_iam_role.${role}.id}` } } },
                { address: "aws_iam_role.new", expressions: {} },
              ],
            },
          },
        }),
      ).map(({ owner, effect }) => [owner, effect]);
    expect(owners("new")).toEqual([
      ["s", "widens"],
      ["r", "narrows"],
    ]);
    expect(owners("old")).toEqual([]);
  },
);

/** A role whose trust changes to what a data source renders when the plan is applied. */
function trustOf(statement: object, template: object, more: object = {}) {
  const trust = { Sid: "T", Action: "sts:AssumeRole", Principal: { AWS: "old" } };
  const nothing = { not_actions: null, not_resources: null, not_principals: [], resources: null, condition: [] };
  const documents = { source_policy_documents: null, override_policy_documents: null };
  // A plan leaves unknown values out.
  const known = JSON.parse(JSON.stringify({ ...nothing, ...statement })) as object;
  return permissionChanges(
    readPlan({
      format_version: "1.2",
      resource_changes: [
        {
          ...{ address: "aws_iam_role.r", mode: "managed", type: "aws_iam_role" },
          change: {
            ...{ ...NOTHING, actions: ["update"], after_unknown: { assume_role_policy: true } },
            before: { name: "r", assume_role_policy: JSON.stringify({ Statement: trust }) },
            after: { name: "r" },
          },
        },
        {
          ...{ address: "data.aws_iam_policy_document.d", mode: "data", type: "aws_iam_policy_document" },
          change: {
            ...{ ...NOTHING, actions: ["read"], before: null },
            after: {
              ...documents,
              statement: [{ sid: "T", effect: "Allow", actions: ["sts:AssumeRole"], ...known }],
              ...more,
            },
          },
        },
      ],
      configuration: {
        root_module: {
          resources: [
            {
              address: "aws_iam_role.r",
              expressions: {
                assume_role_policy: { constant_value: "${data.aws_iam_policy_document.d.json}" },
              },
            },
            {
              address: "data.aws_iam_policy_document.d",
              expressions: { statement: { constant_value: [template] } },
            },
          ],
        },
      },
    }),
  ).map(({ effect, lines }) => [effect, ...lines]);
}

const TRUSTED = [{ type: "AWS", identifiers: ["old"] }];

test.each<[string, object, object, string[]]>([
  ["all of it", { principals: TRUSTED }, {}, []],
  [
    "all but one principal",
    { principals: [{ type: "AWS", identifiers: ["old", null] }] },
    { principals: [{ identifiers: ["old", "${aws_iam_role.new.arn}"] }] },
    ["widens", "T: sts:AssumeRole", "+ may also be assumed by AWS ${aws_iam_role.new.arn}"],
  ],
  [
    "no principal",
    { principals: [{ type: "AWS" }] },
    {},
    [
      ...["widens", "T: sts:AssumeRole", "+ may also be assumed by AWS ${not known yet}"],
      "- may no longer be assumed by AWS old",
    ],
  ],
  [
    "no resource",
    { principals: TRUSTED, resources: undefined },
    {},
    ["widens", "T: sts:AssumeRole", "+ also on ${not known yet}"],
  ],
  [
    "no value of a condition",
    { principals: TRUSTED, condition: [{ test: "StringEquals", variable: "k", values: [null] }] },
    { condition: [{ values: ["${aws_sqs_queue.q.arn}"] }] },
    ["narrows", "T: sts:AssumeRole", "- only if k StringEquals ${aws_sqs_queue.q.arn}"],
  ],
  [
    "no condition",
    { principals: TRUSTED, condition: undefined },
    {},
    ["narrows", "T: sts:AssumeRole", "- only if ${not known yet}"],
  ],
])("of a policy that is rendered by the apply, with %s known", (_, statement, template, said) => {
  expect(trustOf(statement, template)).toEqual(said.length === 0 ? [] : [said]);
});

test.each([{ source_policy_documents: ["{}"] }, { override_policy_documents: ["{}"] }])(
  "a policy into which others are merged by the apply is not clear: %j",
  (documents) => {
    expect(trustOf({ principals: TRUSTED }, {}, documents)).toEqual([
      ["differs", "its assume_role_policy is (known after apply)"],
    ]);
  },
);

test("a condition of which only a reference is known is not clear where it was the same before", () => {
  const { former, after } = { former: "${aws_sqs_queue.q.arn}", after: "arn:queue" };
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [
      {
        ...{ address: "aws_sqs_queue.q", mode: "managed", type: "aws_sqs_queue" },
        change: { ...NOTHING, actions: ["delete", "create"], before: { arn: after }, after: {} },
      },
    ],
  });
  const statement = (value: string) => ({
    ...{ sid: "S", allow: true, principals: { allBut: false, names: [] } },
    ...{ actions: { allBut: false, names: ["a:B"] }, resources: { allBut: false, names: ["x"] } },
    conditions: [`k StringEquals ${value}`],
  });
  expect(compareStatements([statement(after)], [statement(former)], plan)).toEqual([
    {
      effect: "differs",
      isBroad: false,
      lines: ["S: a:B", "! only if k StringEquals ${aws_sqs_queue.q.arn}, which is (known after apply)"],
    },
  ]);
});

const STATEMENT = { Sid: "S", Effect: "Allow", Action: "a:B", Resource: "x" };
const POLICY = JSON.stringify({ Statement: STATEMENT });
const ALLOWED = ["widens", "S: new", "+ may a:B", "+   on x"];

test.each([
  ...["aws_iam_role_policy", "aws_iam_policy", "aws_s3_bucket_policy", "aws_sns_topic"],
  ...["aws_kms_key", "aws_ecr_repository_policy", "aws_secretsmanager_secret_policy"],
])("reads the policy of %s", (type) => {
  expect(whole(type, {}, { policy: POLICY })).toEqual([ALLOWED]);
});

test("reads a policy by another name, and leaves alone what only has such a name", () => {
  expect(whole("aws_any", {}, { access_policy: POLICY })).toEqual([ALLOWED]);
  expect(whole("aws_sqs_queue", {}, { redrive_policy: '{"maxReceiveCount":3}' })).toEqual([]);
  expect(whole("aws_lb_listener", {}, { ssl_policy: "TLS" })).toEqual([]);
});

test.each(["policy_document", "access_policies", "policies"])("reads a policy that is called %s", (name) => {
  expect(whole("aws_any", {}, { [name]: POLICY })).toEqual([ALLOWED]);
});

test.each<[string, object, string[][]]>([
  ["AWS makes", {}, []],
  ["is configured", { policy: { references: ["local.policy"] } }, [["differs", "its policy is (known after apply)"]]],
])("a policy that %s and is not known yet", (_, expressions, said) => {
  const change = {
    ...NOTHING,
    actions: ["create"],
    before: null,
    after: { name: "t" },
    after_unknown: { policy: true },
  };
  const address = "aws_sns_topic.t";
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [{ address, mode: "managed", type: "aws_sns_topic", change }],
    configuration: { root_module: { resources: [{ address, expressions }] } },
  });
  expect(permissionChanges(plan).map(({ effect, lines }) => [effect, ...lines])).toEqual(said);
});

test("what an earlier replacement has left has no rights that matter", () => {
  const change = { ...NOTHING, actions: ["delete"], before: { role: "r", policy: POLICY }, after: null };
  const type = "aws_iam_role_policy";
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [{ address: `${type}.p`, deposed: "abcd1234", mode: "managed", type, change }],
  });
  expect(permissionChanges(plan)).toEqual([]);
});

test.each([
  ["comes", null, { name: "r", permissions_boundary: "b" }],
  ["goes", { name: "r", permissions_boundary: "b" }, null],
])("a role that %s with its boundary has none more or less", (_, before, after) => {
  const change = { ...NOTHING, actions: [before === null ? "create" : "delete"], before, after };
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [{ address: "aws_iam_role.r", mode: "managed", type: "aws_iam_role", change }],
  });
  expect(permissionChanges(plan)).toEqual([]);
});

test.each<[string, object, string, string]>([
  ["aws_iam_role_policy_attachment", { policy_arn: "p" }, "policy attached", "all that the policy allows: p"],
  ["aws_iam_instance_profile", { role: "r" }, "instances that have this profile", "all that the role r may"],
  [
    "aws_vpc_security_group_ingress_rule",
    { cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 22, to_port: 22 },
    "who may reach it",
    "in from anyone (0.0.0.0/0), tcp 22",
  ],
  [
    "aws_vpc_security_group_ingress_rule",
    { referenced_security_group_id: "sg", ip_protocol: "-1" },
    "who may reach it",
    "in from sg, all ports and protocols",
  ],
  [
    "aws_vpc_security_group_ingress_rule",
    { cidr_ipv4: "10.0.0.0/8", ip_protocol: "udp", from_port: 1, to_port: 9 },
    "who may reach it",
    "in from 10.0.0.0/8, udp 1-9",
  ],
])("what %s grants with %j is gained and lost", (type, values, about, grant) => {
  expect(whole(type, {}, values)).toEqual([["widens", about, `+ ${grant}`]]);
  expect(whole(type, values, {})).toEqual([["narrows", about, `- no longer ${grant}`]]);
});

test.each<[string, object]>([
  ["aws_vpc_security_group_egress_rule", { cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" }],
  ["aws_iam_role", { tags: { a: "b" } }],
])("%s with %j grants nothing", (type, values) => {
  expect(whole(type, {}, values)).toEqual([]);
});

test("of any other type of IAM says that it changes, no more", () => {
  expect(whole("aws_iam_access_key", {}, { user: "u" })).toEqual([
    ["differs", "changes in a way that the review does not read; see the stack"],
  ]);
});

test("what AWS fills in is no grant, and what is configured is one before it is known", () => {
  const attached = (expressions: object) =>
    permissionChanges(
      readPlan({
        format_version: "1.2",
        resource_changes: [
          {
            ...{ address: "aws_iam_instance_profile.p", mode: "managed", type: "aws_iam_instance_profile" },
            change: { ...NOTHING, actions: ["create"], after: {}, after_unknown: { role: true } },
          },
        ],
        configuration: { root_module: { resources: [{ address: "aws_iam_instance_profile.p", expressions }] } },
      }),
    ).map(({ lines }) => lines[1]);
  expect(attached({})).toEqual([]);
  expect(attached({ role: { constant_value: "${aws_iam_role.r.name}" } })).toEqual([
    "+ all that the role ${aws_iam_role.r.name} may",
  ]);
  expect(attached({ role: { references: ["local.role"] } })).toEqual(["+ all that the role ${not known yet} may"]);
});

test("the widest come first", () => {
  const role = (name: string, action: string, resource: string, more: object = {}) => ({
    address: `aws_iam_role_policy.${name}`,
    mode: "managed",
    type: "aws_iam_role_policy",
    change: {
      ...NOTHING,
      actions: [action],
      [action === "create" ? "after" : "before"]: {
        role: name,
        policy: JSON.stringify({ Statement: { Action: "a:B", Resource: resource, ...more } }),
      },
    },
  });
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [
      role("lost", "delete", "*"),
      role("one", "create", "x"),
      role("any", "create", "*"),
      role("anyone", "create", "x", { Principal: { AWS: "*" } }),
      role("all but one", "create", "x", { Action: undefined, NotAction: "a:B" }),
    ],
  });
  expect(permissionChanges(plan).map(({ owner }) => owner)).toEqual(["any", "anyone", "all but one", "one", "lost"]);
});

function policyPlan(change: object) {
  return readPlan({
    format_version: "1.2",
    resource_changes: [{ address: "aws_iam_policy.p", mode: "managed", type: "aws_iam_policy", change }],
  });
}

test("a policy that is no JSON is said to change, no more", () => {
  const change = { ...NOTHING, actions: ["update"], before: { policy: "x" }, after: { policy: "y" } };
  const plan = policyPlan(change);
  expect(permissionChanges(plan)).toEqual([
    expect.objectContaining({
      owner: "aws_iam_policy.p",
      effect: "differs",
      lines: ["its policy changes in a way that the review cannot read"],
    }),
  ]);
});

test("a policy that is sensitive is said to change, no more", () => {
  const change = {
    actions: ["update"],
    before: { name: "n", policy: "{}" },
    after: { name: "n", policy: '{"Statement":[]}' },
    after_unknown: {},
    before_sensitive: { policy: true },
    after_sensitive: { policy: true },
  };
  const plan = policyPlan(change);
  expect(permissionChanges(plan)).toEqual([
    expect.objectContaining({
      owner: "n",
      effect: "differs",
      lines: ["its policy changes, and is marked as sensitive"],
    }),
  ]);
});
