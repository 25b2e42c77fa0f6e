import { findLiteralPlaceholders } from "../../../src/project/literal-placeholders";
import type { JobSettings } from "../../../src/project/settings-types";
import { exampleSettings } from "../../example";

function found(job: Partial<JobSettings>): string[] {
  const settings = exampleSettings();
  const given = { ...settings, substitutions: { Mine: "x" }, jobs: { echo: { ...settings.jobs.echo!, ...job } } };
  return findLiteralPlaceholders(given).map(({ pointer, message, fix }) => `${pointer} ${message}; ${fix}`);
}

const FIX = "write the value, or set it in the document, where placeholders have their values";

test("a placeholder in a text that the job gets as it is written is pointed out", () => {
  expect(
    found({
      command: ["-b", "${Mine}"],
      parameters: { p: "${Region}" },
      environment: { "A/B": "s3://${DataBucket}/in" },
    }),
  ).toEqual([
    `/context/jobs/echo/command/1 \`jobs.echo.command\` has \${Mine}, which the job gets as it is written; ${FIX}`,
    `/context/jobs/echo/parameters/p \`jobs.echo.parameters\` has \${Region}, which the job gets as it is written; ${FIX}`,
    "/context/jobs/echo/environment/A~1B `jobs.echo.environment` has ${DataBucket}, which the job gets as it is written; read the variable DATA_BUCKET, which `data` gives to every job, or set it in the document",
  ]);
});

test("text that is no placeholder of the project is not", () => {
  expect(found({ command: ["${HOME}", "${!Region}", "$Region"], environment: { A: "${region}" } })).toEqual([]);
});
