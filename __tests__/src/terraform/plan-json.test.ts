import { checkedPlan } from "../../../src/terraform/plan-json";

const plan = (more: object) => ({ format_version: "1.2", ...more });
const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));

test("a whole plan is taken, whatever else is in it", () => {
  const whole = plan({
    resource_changes: [{ address: "a.b", type: "a", change: { actions: ["no-op"] }, more: 1 }],
    planned_values: {},
  });
  expect(checkedPlan(whole)).toBe(whole);
});

test.each<[string, unknown, string]>([
  ["nothing", null, "a plan of format 1 was expected, got: null"],
  ["a text", "plan", "a plan of format 1 was expected, got: null"],
  ["a list", [], "a plan of format 1 was expected, got: null"],
  ["no version", {}, "a plan of format 1 was expected, got: null"],
  ["another format", { format_version: "2.0" }, 'a plan of format 1 was expected, got: "2.0"'],
  ["a number for a version", { format_version: 1.2 }, "a plan of format 1 was expected, got: 1.2"],
  [
    "a version without end",
    { format_version: "9".repeat(1000) },
    `a plan of format 1 was expected, got: "${"9".repeat(59)}…`,
  ],
  ["a nested version", { format_version: nested(5000) }, "a plan of format 1 was expected, got: a nested value"],
  [
    "a failed plan",
    plan({ errored: true }),
    "Terraform failed while it created this plan, so the plan is incomplete; create it again",
  ],
  [
    "an object for a list",
    plan({ resource_changes: {} }),
    "a plan was expected, got resource_changes: Invalid input: expected array, received object",
  ],
  [
    "a resource without a change",
    plan({ resource_changes: [{ address: "a.b", type: "a" }] }),
    "a plan was expected, got resource_changes[0].change: Invalid input: expected object, received undefined",
  ],
  [
    "a text for actions",
    plan({ resource_drift: [{ address: "a.b", type: "a", change: { actions: "create" } }] }),
    "a plan was expected, got resource_drift[0].change.actions: Invalid input: expected array, received string",
  ],
  [
    "a number for an address",
    plan({ resource_changes: [{ address: 5, type: "a", change: { actions: [] } }] }),
    "a plan was expected, got resource_changes[0].address: Invalid input: expected string, received number",
  ],
  [
    "a list for a configuration",
    plan({ configuration: [] }),
    "a plan was expected, got configuration: an object was expected",
  ],
  [
    "more problems than one reads",
    plan({ resource_changes: [1, 2, 3, 4, 5] }),
    "a plan was expected, got resource_changes[0]: Invalid input: expected object, received number; resource_changes[1]: Invalid input: expected object, received number; resource_changes[2]: Invalid input: expected object, received number; 2 more problems",
  ],
  [
    "values without a bottom",
    plan({ prior_state: { values: nested(100_000) } }),
    "a plan was expected, got values nested more than 500 deep",
  ],
])("%s is refused", (_, json, message) => {
  expect(() => checkedPlan(json)).toThrow(new Error(message));
});
