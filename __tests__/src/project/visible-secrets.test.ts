import { findVisibleSecrets } from "../../../src/project/visible-secrets";
import { exampleSettings } from "../../example";

const settings = exampleSettings();
const found = (job: object) => findVisibleSecrets({ ...settings, jobs: { echo: { ...settings.jobs.echo!, ...job } } });

test.each<[string, string]>([
  ["DB_PASSWORD", "hunter2"],
  ["API_KEY", "0d1e2f"],
  ["apiKey", "0d1e2f"],
  ["GITHUB_TOKEN", "x"],
  ["AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG"],
  ["client-secret", "s"],
  ["DATABASE_URL", "postgres://app:hunter2@db/x"],
  ["ID", "AKIAIOSFODNN7EXAMPLE"],
  ["KEY", "-----BEGIN RSA PRIVATE KEY-----"],
])("the variable %s=%s is pointed out, and not shown", (name, value) => {
  const [only, ...more] = found({ environment: { [name]: value } });
  expect(only).toEqual({
    severity: "warning",
    rule: "visible-secret",
    pointer: `/context/jobs/echo/environment/${name}`,
    message: `\`jobs.echo.environment.${name}\` looks like a secret, and everybody who reads the plan, the state or the job definition sees it`,
    fix: "store it in Secrets Manager or SSM, and write its ARN into `secrets` of the job",
  });
  expect(more).toEqual([]);
});

test.each<[string, string]>([
  ["LOG_LEVEL", "debug"],
  ["TOKEN_URL", "https://auth.example.com/token"],
  ["OAUTH_TOKEN", "https://auth.example.com/token"],
  ["API_TOKEN", "arn:aws:ssm:eu-west-1:123456789012:parameter/a"],
  ["PRIVATE_KEY", "/run/keys/private.pem"],
  ["MAX_TOKENS", "4096"],
  ["REQUIRE_PASSWORD", "true"],
  ["PARTITION_KEY", "sample"],
  ["SECRETARY", "Ann"],
])("the variable %s=%s is not", (name, value) => {
  expect(found({ environment: { [name]: value } })).toEqual([]);
});

test("parameters and commands are read too", () => {
  const job = { parameters: { password: "x" }, command: ["--token", "Ref::token", "https://a:b@example.com"] };
  expect(found(job).map(({ pointer }) => pointer)).toEqual([
    "/context/jobs/echo/command/2",
    "/context/jobs/echo/parameters/password",
  ]);
});
