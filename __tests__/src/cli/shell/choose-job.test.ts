import { UsageError } from "../../../../src/base/errors";
import { chooseJob, type NamedJob } from "../../../../src/cli/shell/choose-job";

const job = (place: string, status: NamedJob["status"] = "RUNNING", id = `id-of-${place}`): NamedJob => ({
  id,
  name: `name-of-${place}`,
  place,
  status,
});

/** Newest first. */
const JOBS = [
  job("all[2]"),
  job("wide:7", "RUNNING", "array:7"),
  job("one"),
  job("all[1]"),
  job("all[0]", "SUCCEEDED"),
  job("later", "RUNNABLE"),
  job("broken", "FAILED"),
];

test.each([
  ["id-of-one", "one"],
  ["name-of-one", "one"],
  ["one", "one"],
  ["all[1]", "all[1]"],
  ["array:7", "wide:7"],
  ["wide", "wide:7"],
  ["latest", "all[2]"],
])("finds %s", (reference, place) => {
  expect(chooseJob(JOBS, reference, "none").place).toBe(place);
});

test("takes the only running job", () => {
  expect(chooseJob(JOBS.slice(3), undefined, "none").place).toBe("all[1]");
});

test.each<[string | undefined, readonly NamedJob[], string]>([
  [undefined, [], "none"],
  ["latest", JOBS.slice(4), "none"],
  ["one", [], "none"],
  [
    undefined,
    JOBS.slice(2),
    "several jobs are running: all[1] (id-of-all[1]), one (id-of-one); name one by its state with its items, or by its id",
  ],
  [
    "all",
    JOBS,
    "several jobs are running: all[1] (id-of-all[1]), all[2] (id-of-all[2]); name one by its state with its items, or by its id",
  ],
  ["later", JOBS, "the job later is RUNNABLE: it has no container yet; try again when it is RUNNING"],
  ["all[0]", JOBS, "the job all[0] has ended: SUCCEEDED; its container is gone"],
  ["broken", JOBS, "the job broken has ended: FAILED; its container is gone"],
  ["ome", JOBS, "no running job is called ome; did you mean one?"],
  ["all[9]", JOBS.slice(2, 3), "no running job is called all[9]; known jobs are one"],
])("refuses %s", (reference, jobs, message) => {
  expect(() => chooseJob(jobs, reference, "none")).toThrow(new UsageError(message));
});

test("a command in the place of the job is refused with the right order", () => {
  expect(() => chooseJob(JOBS.slice(2, 3), "echo", "none", true)).toThrow(
    new UsageError(
      "no running job is called echo; known jobs are one; the job comes before the command: shell one -- …",
    ),
  );
});
