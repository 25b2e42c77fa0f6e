import { jobDefinition, QUEUE } from "../../../../scripts/demo/example-job";
import { NO_ADDITIONS } from "../../../../src/local/batch/job-additions";
import { planJob } from "../../../../src/local/batch/job-plan";
import { type JobKey, jobKeys } from "../../../../src/local/reuse/job-key";
import { VariableNames } from "../../../../src/local/reuse/variable-names";

/** The key of a job with variables of its own, of its terminal, and with secrets. */
function keyOf(own: Record<string, string>, terminal = {}, secrets = {}): JobKey {
  const environment = Object.entries(own).map(([name, value]) => ({ name, value }));
  const definition = jobDefinition({ name: "echo", environment });
  const request = { JobName: "job", JobDefinition: definition.arn, JobQueue: QUEUE.arn };
  const additions = { ...NO_ADDITIONS, secrets: { echo: secrets } };
  const surroundings = { salt: "salt", seesData: false, engine: "process", terminal, additions };
  return jobKeys(surroundings)(planJob(request, [definition], [QUEUE]), "program", "folders");
}

const ALL = ["terminal", "environment", "secrets"] as const;

test("names the variables that have changed, come or gone, and holds none of their values", () => {
  const before = keyOf({ STAYS: "1", CHANGES: "hunter2", GOES: "1" }, { HOME: "/a" }, { TOKEN: "first-secret" });
  const kept = new VariableNames("salt", []).fresh(before);
  expect(JSON.stringify(kept)).not.toMatch(/hunter2|first-secret|\/a/);
  const after = keyOf({ STAYS: "1", CHANGES: "2", COMES: "1" }, { HOME: "/b" }, { TOKEN: "second-secret" });
  const names = new VariableNames("salt", kept);
  expect(names.changed(after, before.parts, ALL)).toEqual(["HOME", "CHANGES", "GOES", "COMES", "TOKEN"]);
  expect(names.changed(after, before.parts, ["environment", "command"])).toEqual(["CHANGES", "GOES", "COMES"]);
});

test("keeps the variables of jobs with the same ones once, and those of a hundred parts at most", () => {
  const names = new VariableNames("salt", []);
  const numbers = Array.from({ length: 200 }, (_, number) => number);
  const kept = numbers.map((number) => names.fresh(keyOf({ NUMBER: String(number) })).length);
  expect(kept.slice(0, 3)).toEqual([3, 1, 1]);
  expect(kept.reduce((sum, each) => sum + each)).toBe(100);
  expect(names.fresh(keyOf({ NUMBER: "0" }))).toEqual([]);
});

test("names nothing if the variables of the earlier job are not kept", () => {
  const before = keyOf({ LEVEL: "1" });
  expect(new VariableNames("salt", []).changed(keyOf({ LEVEL: "2" }), before.parts, ALL)).toEqual([]);
});
