import { type Earlier, earlierText } from "../../../src/cli/resume";
import type { Prepared } from "../../../src/cli/runnable";
import { NO_DATA } from "../../../src/local/reuse/data-trace";
import type { StoredResult } from "../../../src/local/reuse/stored-results";

const RUN = { head: { name: "before" } } as Earlier["run"];
const result = (place: string): StoredResult => ({
  ...{ key: "key", parts: "", place, execution: "before", data: NO_DATA },
  job: { id: "id", createdAt: 0, stoppedAt: 1, statusReason: "", attempts: [] },
});

function textOf(
  earlier: Partial<Earlier>,
  places: readonly string[] = [],
  programs: Prepared["programs"] = () => null,
): string | null {
  const stored = { text: "", results: places.map(result), unkept: new Map(), variables: [], objects: [] };
  const whole = { run: RUN, stored, reuses: true, input: {}, start: null, ...earlier };
  return earlierText(whole, { programs } as Prepared);
}

test("a run says what it goes on from", () => {
  expect(textOf({ run: null, reuses: false })).toBe(null);
  expect(textOf({ run: null })).toBe("no earlier run of this workflow is kept here: every job runs");
  expect(textOf({}, ["0 a"], "they are unknown")).toBe("every job runs: they are unknown");
  expect(textOf({})).toBe("resuming before: it has kept no result, so every job runs");
  expect(textOf({}, ["0 a"])).toBe("resuming before: the results of 1 job can be reused");
});

test("the results of a job in several runs count once", () => {
  expect(textOf({}, ["0 a", "1 a", "0 a", " b"])).toBe("resuming before: the results of 3 jobs can be reused");
});
