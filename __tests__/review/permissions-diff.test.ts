import { permissionChanges } from "../../review/permissions-diff";
import { readPlan } from "../../review/plan";

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
  ["an action less", { Action: ["a:B", "a:C"] }, { Action: "a:B" }, "narrows", ["- no longer a:C"]],
  ["an action that a wildcard covers", { Action: "a:*" }, { Action: ["a:*", "a:C"] }, "none", []],
  ["a wildcard less", { Action: "a:*" }, { Action: "a:B" }, "narrows", ["- no longer a:*"]],
  ["every resource", {}, { Resource: "*" }, "widens", ["+ also on * (any)", "- no longer limited to x"]],
  ["another resource", {}, { Resource: "y" }, "widens", ["+ also on y", "- no longer on x"]],
  ["the same in another order", { Resource: ["x", "y"] }, { Resource: ["y", "x"] }, "none", []],
  ["one as text, and in a list", { Resource: "x" }, { Resource: ["x"] }, "none", []],
  ["a condition", {}, { Condition: { Bool: { "k:v": "true" } } }, "narrows", ["- only if k:v Bool true"]],
  ["a condition less", { Condition: { Bool: { "k:v": "true" } } }, {}, "widens", ["+ no longer only if k:v Bool true"]],
  ["a principal", {}, { Principal: { AWS: "*" } }, "widens", ["+ may also be used by AWS *"]],
  [
    "all but some",
    { Resource: "x" },
    { Resource: undefined, NotResource: "y" },
    "widens",
    ["+ also on all but y", "- no longer on x"],
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
    ["- no longer a:C"],
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

test("the widest come first", () => {
  const role = (name: string, action: string, resource: string) => ({
    address: `aws_iam_role_policy.${name}`,
    mode: "managed",
    type: "aws_iam_role_policy",
    change: {
      ...NOTHING,
      actions: [action],
      [action === "create" ? "after" : "before"]: {
        role: name,
        policy: JSON.stringify({ Statement: { Action: "a:B", Resource: resource } }),
      },
    },
  });
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [role("lost", "delete", "*"), role("one", "create", "x"), role("any", "create", "*")],
  });
  expect(permissionChanges(plan).map(({ owner }) => owner)).toEqual(["any", "one", "lost"]);
});

test("a policy that is no JSON is said to change, no more", () => {
  const change = { ...NOTHING, actions: ["update"], before: { policy: "x" }, after: { policy: "y" } };
  const type = "aws_iam_policy";
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [{ address: "aws_iam_policy.p", mode: "managed", type, change }],
  });
  expect(permissionChanges(plan)).toEqual([
    { owner: "aws_iam_policy.p", effect: "differs", lines: ["! its policy changes in a way that cannot be read here"] },
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
  const type = "aws_iam_policy";
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [{ address: "aws_iam_policy.p", mode: "managed", type, change }],
  });
  expect(permissionChanges(plan)).toEqual([
    { owner: "n", effect: "differs", lines: ["! its policy changes, and is marked as sensitive"] },
  ]);
});
