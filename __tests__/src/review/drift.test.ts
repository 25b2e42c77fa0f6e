import { writeComment } from "../../../src/review/comment";
import { driftOf } from "../../../src/review/drift";
import { readPlan } from "../../../src/review/plan";

const NAME = "aws_x.one";
const change = (actions: readonly string[], before: object | null, after: object | null, more: object = {}) => ({
  actions,
  before,
  after,
  after_unknown: {},
  before_sensitive: {},
  after_sensitive: {},
  ...more,
});
const resource = (of: object, more: object = {}) => ({
  address: NAME,
  mode: "managed",
  type: "aws_x",
  change: of,
  ...more,
});
const planOf = (drift: readonly object[], planned: readonly object[]) =>
  readPlan({ format_version: "1.2", resource_drift: drift, resource_changes: planned });
const found = (drift: readonly object[], planned: readonly object[]) =>
  driftOf(planOf(drift, planned), "echo_dev").map(({ address, happened, remedy, attributes }) => [
    address,
    happened,
    remedy,
    attributes.map(({ path, before, after }) => [path, before, after]),
  ]);

const BY_HAND = resource(change(["update"], { size: 1 }, { size: 2 }));

test.each([
  ["restored", ["update"], "a deploy restores it"],
  ["replaced", ["delete", "create"], "a deploy replaces it"],
  ["destroyed", ["delete"], "a deploy destroys it"],
])("what was changed by hand and is %s is named, with what was changed", (_, actions, remedy) => {
  const planned = resource(
    change(actions, { size: 2 }, actions.length === 1 && actions[0] === "delete" ? null : { size: 1 }),
  );
  expect(found([BY_HAND], [planned])).toEqual([[NAME, "changed", remedy, [["size", "1", "2"]]]]);
});

test("what a deploy leaves as it is, such as a digest that AWS sets, is not named", () => {
  expect(found([BY_HAND], [resource(change(["no-op"], { size: 2 }, { size: 2 }))])).toEqual([]);
  const other = change(["update"], { size: 2, name: "a" }, { size: 2, name: "b" });
  expect(found([BY_HAND], [resource(other)])).toEqual([]);
});

test("what was deleted is named with what a deploy does about it", () => {
  const deleted = resource(change(["delete"], { size: 1 }, null));
  const again = resource(change(["create"], null, { size: 1 }));
  expect(found([deleted], [again])).toEqual([[NAME, "deleted", "a deploy creates it again", []]]);
  expect(found([deleted], [])).toEqual([[NAME, "deleted", "it is no longer configured", []]]);
});

test("an image that is missing in this machine's engine is not deleted", () => {
  const image = { type: "docker_image" };
  const deleted = resource(change(["delete"], { name: "a" }, null), image);
  expect(found([deleted], [resource(change(["create"], null, { name: "a" }), image)])).toEqual([]);
});

test("a deposed object is not taken for the resource", () => {
  const deposed = resource(change(["delete"], { size: 1 }, null), { deposed: "abc" });
  expect(found([deposed], [resource(change(["create"], null, { size: 1 }))])).toEqual([]);
});

test("what is made again is compared with what it was", () => {
  const role = { address: "aws_iam_role_policy.p", type: "aws_iam_role_policy" };
  const policy = (action: string) =>
    JSON.stringify({ Statement: [{ Sid: "A", Effect: "Allow", Action: action, Resource: "*" }] });
  const reviewed = (action: string) =>
    writeComment({
      ...{ name: "echo", environment: "dev", region: "eu-west-1", running: [], image: null, problems: [] },
      stacks: [
        {
          stack: "workflow",
          failure: null,
          plan: planOf(
            [resource(change(["delete"], { role: "r", policy: policy("s3:GetObject") }, null), role)],
            [
              resource(change(["create"], null, { role: "r", policy: policy(action) }), role),
              resource(change(["no-op"], {}, {})),
            ],
          ),
        },
      ],
    });
  expect(reviewed("s3:GetObject")).not.toContain("rights");
  expect(reviewed("s3:PutObject")).toContain("# MORE rights: r: A: s3:PutObject, s3:GetObject".split(",")[0]!);
});

test("what is marked as sensitive is not shown of what was changed outside", () => {
  const marks = { before_sensitive: { size: true }, after_sensitive: { size: true } };
  const drift = resource(change(["update"], { size: "one-secret" }, { size: "other-secret" }, marks));
  const back = resource(change(["update"], { size: "other-secret" }, { size: "one-secret" }, marks));
  expect(found([drift], [back])).toEqual([
    [NAME, "changed", "a deploy restores it", [["size", "(sensitive value)", "(sensitive value)"]]],
  ]);
});
