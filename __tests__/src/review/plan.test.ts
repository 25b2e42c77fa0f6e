import { readPlan } from "../../../src/review/plan";

const change = (more: object) => ({
  actions: ["update"],
  before: {},
  after: {},
  after_unknown: {},
  before_sensitive: {},
  after_sensitive: {},
  ...more,
});
const planOf = (more: object, rest: object = {}) =>
  readPlan({
    format_version: "1.2",
    resource_changes: [{ address: "a.b", mode: "managed", type: "a", change: change(more), ...rest }],
  });
const attributesOf = (more: object) =>
  planOf(more).resources[0]!.attributes.map(({ path, before, after, forcesReplacement }) => [
    path,
    before,
    after,
    ...(forcesReplacement ? ["forced"] : []),
  ]);

test.each([
  [["no-op"], "no-op", false],
  [["read"], "read", false],
  [["create"], "create", true],
  [["update"], "update", true],
  [["delete"], "delete", true],
  [["delete", "create"], "replace", true],
  [["create", "delete"], "replace", true],
  [["forget"], "forget", true],
])("%j is %s", (actions, action, changes) => {
  const plan = planOf({ actions });
  expect([plan.resources[0]!.action, plan.changes]).toEqual([action, changes]);
});

test("a resource that has only another address is moved", () => {
  const plan = planOf({ actions: ["no-op"] }, { previous_address: "a.old" });
  expect([plan.resources[0]!.action, plan.changes]).toEqual(["move", true]);
});

test("a resource that is only imported is a change, and so is one that changes as it is moved", () => {
  const of = (more: object, rest: object = {}) => {
    const plan = planOf(more, rest);
    return [plan.resources[0]!.action, plan.changes, ...plan.resources[0]!.details];
  };
  expect(of({ actions: ["no-op"], importing: { id: "i-1" } })).toEqual(["import", true, "imported: i-1"]);
  expect(of({ actions: ["update"], importing: { id: "i-1" } })).toEqual(["update", true, "imported: i-1"]);
  expect(of({}, { previous_address: "a.old" })).toEqual(["update", true, "moved from a.old"]);
});

test.each([
  [["delete", "create"], "old one first"],
  [["create", "delete"], "new one first"],
  [["create", "forget"], "old one left alone"],
])("says of %j in which order that goes", (actions, order) => {
  expect(planOf({ actions }).resources[0]!.details).toEqual([order]);
});

test("what an earlier replacement has left is told apart from what stands", () => {
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [
      { address: "a.b", mode: "managed", type: "a", change: change({ actions: ["no-op"], before: { id: "now" } }) },
      {
        ...{ address: "a.b", deposed: "abcd1234", mode: "managed", type: "a" },
        change: change({ actions: ["delete"], before: { id: "left" }, after: null }),
      },
    ],
  });
  expect(plan.resources.map(({ address, action, isDeposed }) => [address, action, isDeposed])).toEqual([
    ["a.b", "no-op", false],
    ["a.b (deposed abcd1234)", "delete", true],
  ]);
  expect(plan.references.formerly("${a.b.id}")).toBe("now");
});

test.each<[string, object, object, string[]]>([
  ["an attribute", { replace_paths: [["b", 0, "x"], ["c"]] }, {}, ["b[0].x", "c"]],
  ["that it is tainted", {}, { action_reason: "replace_because_tainted" }, ["a creation that failed (tainted)"]],
  ["a request", {}, { action_reason: "replace_by_request" }, ["a request (-replace)"]],
  ["a trigger", {}, { action_reason: "replace_by_triggers" }, ["a dependency (replace_triggered_by)"]],
])("says of a replacement that it is because of %s", (_, more, rest, reasons) => {
  expect(planOf({ actions: ["delete", "create"], ...more }, rest).resources[0]!.reasons).toEqual(reasons);
});

test("what is replaced and kept is told as that", () => {
  const kept = { type: "docker_image" };
  const of = (keep_locally: boolean) =>
    planOf({ actions: ["delete", "create"], before: { keep_locally } }, kept).resources[0]!.details;
  expect([of(true), of(false)]).toEqual([["old one kept"], ["old one first"]]);
});

test("a plan that Terraform could not finish is none", () => {
  expect(() => readPlan({ format_version: "1.2", errored: true, resource_changes: [] })).toThrow(
    "Terraform failed while it created this plan, so the plan is incomplete; create it again",
  );
});

test.each([
  [{}, true],
  [{ complete: true }, true],
  [{ complete: false }, false],
])("a plan with %j is whole: %s", (more, isComplete) => {
  expect(readPlan({ format_version: "1.2", ...more }).isComplete).toBe(isComplete);
});

test("all instances of a resource have its configuration", () => {
  const configuration = { root_module: { resources: [{ address: "a.b", expressions: { x: { constant_value: 1 } } }] } };
  const { references } = readPlan({ format_version: "1.2", configuration });
  expect(references.configured('a.b["one"]', "x")).toEqual({ constant_value: 1 });
  expect([
    references.mayBeConfigured("a.b[0]", "x"),
    references.mayBeConfigured("a.b[0]", "y"),
    references.mayBeConfigured("module.m.a.b", "y"),
  ]).toEqual([true, false, true]);
});

test("what AWS sets by itself is left out, what is configured is not", () => {
  const more = { before: { own: "a" }, after_unknown: { own: true, revision_id: true } };
  const paths = (configuration: object, actions: string[]) =>
    readPlan({
      format_version: "1.2",
      resource_changes: [{ address: "a.b", mode: "managed", type: "a", change: change({ ...more, actions }) }],
      configuration,
    }).resources[0]!.attributes.map(({ path }) => path);
  const configuration = { root_module: { resources: [{ address: "a.b", expressions: { own: {} } }] } };
  expect(paths(configuration, ["update"])).toEqual(["own"]);
  expect(paths(configuration, ["delete", "create"])).toEqual(["own"]);
  expect(paths(configuration, ["create"])).toEqual(["own"]);
  // The configuration inside a module is not known.
  expect(paths({}, ["update"])).toEqual(["own", "revision_id"]);
});

test("outputs are changes, too", () => {
  const plan = readPlan({
    format_version: "1.2",
    output_changes: { url: change({ before: "a", after: "b", after_unknown: false }) },
  });
  expect(plan.changes).toBe(true);
  expect(plan.resources[0]).toMatchObject({
    address: "output.url",
    attributes: [{ path: "value", before: '"a"', after: '"b"' }],
  });
});

test.each<[string, object, unknown[]]>([
  ["a value", { before: { x: 1 }, after: { x: 2 } }, [["x", "1", "2"]]],
  ["the same value", { before: { x: 1 }, after: { x: 1 } }, []],
  ["a value that goes", { before: { x: 1 }, after: { x: null } }, [["x", "1", null]]],
  ["no value in another form", { before: { x: null, y: [] }, after: { x: "" } }, []],
  ["part of a block", { before: { b: [{ x: 1, y: 1 }] }, after: { b: [{ x: 2, y: 1 }] } }, [["b[0].x", "1", "2"]]],
  ["a list", { before: { l: ["a"] }, after: { l: ["a", "b"] } }, [["l", '["a"]', '["a","b"]']]],
  [
    "a list of which one item is not known",
    { before: { l: ["a", "b"] }, after: { l: ["a", null, "c"] }, after_unknown: { l: [false, true, false] } },
    [["l", '["a","b"]', '["a",(known after apply),"c"]']],
  ],
  [
    "a list whose last item is not known",
    { before: { l: ["a"] }, after: { l: ["a"] }, after_unknown: { l: [false, true] } },
    [["l", '["a"]', '["a",(known after apply)]']],
  ],
  [
    "a list of which one item is sensitive",
    { before: { l: ["a", "b"] }, after: { l: ["a", "secret word"] }, after_sensitive: { l: [false, true] } },
    [["l", '["a","b"]', '["a",(sensitive value)]']],
  ],
  ["part of JSON in a text", { before: { j: '{"x":1,"y":1}' }, after: { j: '{"x":2,"y":1}' } }, [["j.x", "1", "2"]]],
  [
    "what is not known",
    { before: { x: 1 }, after: {}, after_unknown: { x: true } },
    [["x", "1", "(known after apply)"]],
  ],
  [
    "parts of what is not known as a whole",
    { before: { b: [{ x: 1 }, { x: 2 }] }, after: {}, after_unknown: { b: true } },
    [
      ["b[0].x", "1", "(known after apply)"],
      ["b[1].x", "2", "(known after apply)"],
    ],
  ],
  [
    "what forces a replacement",
    { before: { b: [{ x: 1 }] }, after: { b: [{ x: 2 }] }, replace_paths: [["b", 0, "x"]] },
    [["b[0].x", "1", "2", "forced"]],
  ],
  [
    "what a parent of forces a replacement",
    { before: { t: { x: "a" }, t2: "a" }, after: { t: { x: "b" }, t2: "b" }, replace_paths: [["t"]] },
    [
      ["t.x", '"a"', '"b"', "forced"],
      ["t2", '"a"', '"b"'],
    ],
  ],
  [
    "tags once, but those of the provider",
    { before: { tags: {} }, after: { tags: { x: "1" }, tags_all: { x: "1", y: "2" } } },
    [
      ["tags.x", null, '"1"'],
      ["tags_all.y", null, '"2"'],
    ],
  ],
  [
    "a sensitive value",
    {
      before: { x: "one-secret" },
      after: { x: "other-secret" },
      before_sensitive: { x: true },
      after_sensitive: { x: true },
    },
    [["x", "(sensitive value)", "(sensitive value)"]],
  ],
  [
    "the same sensitive value",
    {
      before: { x: "one-secret" },
      after: { x: "one-secret" },
      before_sensitive: { x: true },
      after_sensitive: { x: true },
    },
    [],
  ],
  [
    "a value that has become sensitive",
    {
      before: { x: "old-secret", y: "old-secret" },
      after: { x: "old-secret", y: "new" },
      after_sensitive: { x: true },
    },
    [["y", "(sensitive value)", '"new"']],
  ],
  [
    "another value that holds a sensitive one",
    { before: {}, after: { x: "the-secret", "the-secret": "(the-secret)", short: "no" }, after_sensitive: { x: true } },
    [
      ["x", null, "(sensitive value)"],
      ["(sensitive value)", null, '"((sensitive value))"'],
      ["short", null, '"no"'],
    ],
  ],
  [
    "a short sensitive value, which only stands alone",
    { before: {}, after: { x: "ab", y: "ab", z: "crab" }, after_sensitive: { x: true } },
    [
      ["x", null, "(sensitive value)"],
      ["y", null, "(sensitive value)"],
      ["z", null, '"crab"'],
    ],
  ],
  [
    "a sensitive number",
    { before: {}, after: { x: 123456, y: "n123456" }, after_sensitive: { x: true } },
    [
      ["x", null, "(sensitive value)"],
      ["y", null, '"n(sensitive value)"'],
    ],
  ],
])("shows %s", (_, more, attributes) => {
  expect(attributesOf(more)).toEqual(attributes);
});

test("sensitive variables are taken out of every text", () => {
  const { conceal } = readPlan({
    format_version: "1.2",
    variables: { password: { value: "hunter22" }, name: { value: "shown" } },
    configuration: { root_module: { variables: { password: { sensitive: true }, name: {} } } },
  });
  expect(conceal("shown hunter22 hunter22")).toBe("shown (sensitive value) (sensitive value)");
});

test("a reference becomes what is known of it, and stays where nothing is", () => {
  const plan = planOf({ before: { arn: "old", id: "same" }, after: { id: "same" }, after_unknown: { arn: true } });
  expect(plan.references.resolve("${a.b.id} ${a.b.arn} ${c.d.id} $${a.b.id}")).toBe(
    "same ${a.b.arn} ${c.d.id} ${a.b.id}",
  );
  expect(plan.references.formerly("${a.b.arn} ${c.d.id}")).toBe("old ${c.d.id}");
});

test("what forces a replacement comes first", () => {
  const more = { before: { a: 1, z: 1 }, after: { a: 2, z: 2 }, replace_paths: [["z"]] };
  expect(attributesOf(more)).toEqual([
    ["z", "1", "2", "forced"],
    ["a", "1", "2"],
  ]);
});

test.each([null, {}, { format_version: "2.0" }])("%j is no plan that can be read", (json) => {
  expect(() => readPlan(json)).toThrow(/^a plan of format 1 was expected, got: /);
});
