import { findVisibleSecrets } from "../../../src/project/visible-secrets";
import { exampleSettings } from "../../example";

const settings = exampleSettings();
const found = (job: object) => findVisibleSecrets({ ...settings, jobs: { echo: { ...settings.jobs.echo!, ...job } } });

test("a variable that looks like a secret is pointed out, and not shown", () => {
  expect(found({ environment: { LOG_LEVEL: "debug", "DB/PASSWORD": "", DB_PASSWORD: "hunter2" } })).toEqual([
    {
      severity: "warning",
      rule: "visible-secret",
      pointer: "/context/jobs/echo/environment/DB_PASSWORD",
      message:
        "`jobs.echo.environment.DB_PASSWORD` looks like a secret, and everybody who reads the plan, the state or the job definition sees it",
      fix: "store it in Secrets Manager or SSM, and write its ARN into `secrets` of the job",
    },
  ]);
});

test("parameters and commands are read too", () => {
  const job = { parameters: { password: "x" }, command: ["--token", "Ref::token", "https://a:b@example.com"] };
  expect(found(job).map(({ pointer }) => pointer)).toEqual([
    "/context/jobs/echo/command/2",
    "/context/jobs/echo/parameters/password",
  ]);
});
