import { UsageError } from "../../../src/base/errors";
import { type SecretSources, secretValues } from "../../../src/local/job-secrets";
import { exampleSettings } from "../../example";

const ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter/token";
const [example] = Object.values(exampleSettings().jobs);
const jobs = {
  train: { ...example!, secrets: { TOKEN: ARN } },
  score: { ...example!, secrets: { TOKEN: ARN, KEY: ARN } },
};
const NOWHERE: SecretSources = { given: {}, file: {}, fileName: ".secrets.env", environment: {} };

test("a variable of the user comes first, then the file's line for the job, its line for all jobs, and the environment", () => {
  const environment = { TOKEN: "environment", KEY: "environment" };
  const file = { TOKEN: "file", "train.TOKEN": "train" };
  expect(secretValues(jobs, { ...NOWHERE, file, environment })).toEqual({
    train: { TOKEN: "train" },
    score: { TOKEN: "file", KEY: "environment" },
  });
  expect(secretValues(jobs, { given: { TOKEN: "given" }, file, fileName: "f", environment })).toEqual({
    train: { TOKEN: "given" },
    score: { TOKEN: "given", KEY: "environment" },
  });
});

test("all values that are missing or empty are named, with the lines to add", () => {
  expect(() => secretValues(jobs, { ...NOWHERE, file: { TOKEN: "" }, environment: { KEY: "x" } })).toThrow(
    new UsageError(
      [
        "secrets have no value here; add these lines to .secrets.env, set the variables in the environment, or mock the states of the jobs:",
        "  TOKEN=…   (for the job train)",
        "  TOKEN=…   (for the job score)",
      ].join("\n"),
    ),
  );
});

test("a job without secrets needs none", () => {
  expect(secretValues({ echo: example! }, NOWHERE)).toEqual({ echo: {} });
});
