import { findSecretTexts, isSecretVariable } from "../../../../../src/asl/check/jobs/secret-texts";
import { subjectOf } from "../../../../../src/asl/check/subject";
import { asDocument } from "../../../../../src/asl/document";

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
])("%s=%s looks like a secret", (name, value) => {
  expect(isSecretVariable(name, value)).toBe(true);
});

test.each<[string, string]>([
  ["LOG_LEVEL", "debug"],
  ["TOKEN_URL", "https://auth.example.com/token"],
  ["OAUTH_TOKEN", "https://auth.example.com/token"],
  ["API_TOKEN", "arn:aws:ssm:eu-west-1:123456789012:parameter/a"],
  ["PRIVATE_KEY", "/run/keys/private.pem"],
  ["MAX_TOKENS", "4096"],
  ["REQUIRE_PASSWORD", "true"],
  ["PASSWORD", ""],
  ["PARTITION_KEY", "sample"],
  ["SECRETARY", "Ann"],
  ["TASK_TOKEN", "{% $states.context.Task.Token %}"],
  ["token", "$.token"],
  ["token", "${Token}"],
])("%s=%s does not", (name, value) => {
  expect(isSecretVariable(name, value)).toBe(false);
});

test("a request of a job is read in all its texts, and the secret is not shown", () => {
  const Arguments = {
    Parameters: { "a/b-password": "hunter2", other: "x" },
    ContainerOverrides: {
      Command: ["--url", "https://a:hunter2@example.com"],
      Environment: [{ Name: "A", Value: "b" }, { Name: "TOKEN", Value: "hunter2" }, { Name: "TOKEN" }, 1],
    },
  };
  const document = asDocument({
    QueryLanguage: "JSONata",
    StartAt: "A",
    States: { A: { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", Arguments, End: true } },
  });
  const found = [
    ...findSecretTexts(
      subjectOf({ document, placeholders: null, jobDefinitions: {}, queues: null, inputSchema: null, local: false }),
    ),
  ];
  expect(found.map(({ severity, rule, pointer, message }) => `${severity} ${rule} ${pointer}: ${message}`)).toEqual(
    [
      ["ContainerOverrides/Command/1", "ContainerOverrides.Command[1]"],
      ["ContainerOverrides/Environment/1/Value", "ContainerOverrides.Environment[1].Value"],
      ["Parameters/a~1b-password", "Parameters.a/b-password"],
    ].map(
      ([pointer, field]) =>
        `warning visible-secret /States/A/Arguments/${pointer}: ${field} looks like a secret, and everybody who reads the document or a history sees it`,
    ),
  );
  expect(found.every(({ message, fix }) => !`${message}${fix}`.includes("hunter2"))).toBe(true);
});
