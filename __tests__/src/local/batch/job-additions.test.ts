import { jobMounts, jobVariables, NO_ADDITIONS } from "../../../../src/local/batch/job-additions";

const JOB = { definition: "train", environment: { LEVEL: "info", MODE: "fast" } };

test("a job without additions has its own variables", () => {
  expect(jobVariables(JOB, NO_ADDITIONS, { AWS_BATCH_JOB_ID: "1" })).toEqual({
    environment: { LEVEL: "info", MODE: "fast", AWS_BATCH_JOB_ID: "1" },
    secrets: {},
  });
});

test("the user's variables replace the job's, the run's give way to both, and Batch's stay", () => {
  const additions = {
    ...NO_ADDITIONS,
    defaults: { environment: { LEVEL: "run", REGION: "run" }, secrets: { MODE: "run", KEY: "run", ID: "run" } },
    environment: { LEVEL: "user", ID: "user", AWS_BATCH_JOB_ID: "user" },
  };
  expect(jobVariables(JOB, additions, { AWS_BATCH_JOB_ID: "1" })).toEqual({
    environment: { REGION: "run", LEVEL: "user", MODE: "fast", ID: "user", AWS_BATCH_JOB_ID: "1" },
    secrets: { KEY: "run" },
  });
});

test("a job gets the secrets of its own definition, and never as plain variables", () => {
  const additions = {
    ...NO_ADDITIONS,
    environment: { TOKEN: "user" },
    secrets: { train: { TOKEN: "hidden" }, other: { TOKEN: "other", KEY: "other" } },
  };
  expect(jobVariables({ ...JOB, environment: { TOKEN: "plain" } }, additions, {})).toEqual({
    environment: {},
    secrets: { TOKEN: "hidden" },
  });
});

test("a job that gets the secret of another job by --env gets it as a secret", () => {
  const additions = { ...NO_ADDITIONS, environment: { TOKEN: "hidden" }, secrets: { other: { TOKEN: "hidden" } } };
  expect(jobVariables({ ...JOB, environment: {} }, additions, {})).toEqual({
    environment: {},
    secrets: { TOKEN: "hidden" },
  });
});

test("a mount of the user replaces the job's own at the same path", () => {
  const [own, other, users] = ["/own", "/other", "/users"].map((host) => ({ host, container: "/in", readOnly: false }));
  const mounts = [own!, { ...other!, container: "/out" }];
  expect(jobMounts(mounts, { ...NO_ADDITIONS, mounts: [users!] })).toEqual([mounts[1], users]);
});
