import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "../../../../src/base/json";
import { permissions } from "../../../../src/cli/commands/permissions";
import { CONTEXT } from "../../../example";
import { act, recordSession } from "../../../terminal";

const folder = mkdtempSync(join(tmpdir(), "permissions-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, document: Json): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(document));
  return path;
}

const task = (Resource: string, Parameters: Json) => ({
  StartAt: "a",
  States: { a: { Type: "Task", Resource: `arn:aws:states:::${Resource}`, Parameters, End: true } },
});

const PUBLISH = file("publish.asl.json", task("sns:publish", { TopicArn: "${TopicArn}" }));

test("prints the policy of a file in the JSON of IAM, and names the placeholders that are left", async () => {
  const { session, output } = recordSession();
  expect(await act(permissions, { document: PUBLISH }, session)).toBe(0);
  expect(JSON.parse(output.stdout)).toEqual({
    Version: "2012-10-17",
    Statement: [{ Sid: "SnsPublish", Effect: "Allow", Action: ["sns:Publish"], Resource: ["${TopicArn}"] }],
  });
  expect(output.stderr).toBe("give a value to TopicArn with `--set name=value` before you use the policy\n");
});

test("--set gives a placeholder its value", async () => {
  const { session, output } = recordSession();
  await act(permissions, { document: PUBLISH, set: ["TopicArn=arn:aws:sns:eu-west-1:123456789012:t"] }, session);
  expect(JSON.parse(output.stdout)).toMatchObject({
    Statement: [{ Resource: ["arn:aws:sns:eu-west-1:123456789012:t"] }],
  });
  expect(output.stderr).toBe("");
});

test("names a value of --set that nothing uses", async () => {
  const { session, output } = recordSession();
  const set = ["TopicArn=arn:aws:sns:eu-west-1:123456789012:t", "Regoin=eu-west-1", "AccountId=123456789012"];
  expect(await act(permissions, { document: PUBLISH, set }, session)).toBe(0);
  expect(output.stderr).toBe("nothing uses the value of `--set Regoin`; did you mean Region?\n");
});

test("a substitution of the project has its value, and --set reaches the placeholders in it", async () => {
  const topic = {
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Parameters: { TopicArn: "${TopicArn}" },
    End: true,
  };
  const document = file("own.asl.json", { StartAt: "a", States: { a: topic } });
  const context = { ...CONTEXT, document, substitutions: { TopicArn: "arn:aws:sns:${Region}:${AccountId}:t" } };
  const { session, output } = recordSession({ context });
  await act(permissions, { set: ["Region=eu-west-1"] }, session);
  expect(JSON.parse(output.stdout).Statement).toMatchObject([{ Resource: ["arn:aws:sns:eu-west-1:${AccountId}:t"] }]);
  expect(output.stderr).toContain("give a value to AccountId with");
});

test("--terraform prints a policy document with the name of the file", async () => {
  const { session, output } = recordSession();
  await act(permissions, { document: PUBLISH, terraform: true }, session);
  expect(output).toEqual({
    stdout: `variable "topic_arn" {
  type = string
}

data "aws_iam_policy_document" "publish" {
  statement {
    sid       = "SnsPublish"
    actions   = ["sns:Publish"]
    resources = [var.topic_arn]
  }
}
`,
    stderr: "",
  });
});

test("conditions are in the JSON of IAM", async () => {
  const document = file("train.asl.json", task("glue:startJobRun", { JobName: "j" }));
  const pass = file(
    "pass.asl.json",
    task("aws-sdk:glue:createJob", { Name: "j", Role: "arn:aws:iam::123456789012:role/r" }),
  );
  const { session, output } = recordSession();
  await act(permissions, { document: pass }, session);
  expect(JSON.parse(output.stdout).Statement).toContainEqual({
    Sid: "PassRolesToGlue",
    Effect: "Allow",
    Action: ["iam:PassRole"],
    Resource: ["arn:aws:iam::123456789012:role/r"],
    Condition: { StringEquals: { "iam:PassedToService": ["glue.amazonaws.com"] } },
  });
  expect(await act(permissions, { document }, session)).toBe(0);
});

test("warnings of the permissions, and no others, go to standard error", async () => {
  const document = file("wide.asl.json", task("aws-sdk:s3:getObject", { "Bucket.$": "$.b", Key: "k" }));
  const { session, output } = recordSession();
  expect(await act(permissions, { document }, session)).toBe(0);
  expect(output.stderr).toBe(
    `${document}:1:26: warning: a: the role may use s3:GetObject, s3:ListBucket on arn:\${Partition}:s3:::*/k, arn:\${Partition}:s3:::*, because Bucket is known only when the state runs; write Bucket as a text, or as a placeholder for an ARN, to narrow the role\n` +
      "give a value to Partition with `--set name=value` before you use the policy\n",
  );
});

test("a misspelt integration is an error", async () => {
  const { session, output } = recordSession();
  expect(await act(permissions, { document: file("bad.asl.json", task("sns:publsh", {})) }, session)).toBe(1);
  expect(output.stderr).toMatch(/: error: a: the Resource is no integration .*; did you mean sns:publish\?\n$/);
});

test("without a file, it is the project's document", async () => {
  const { session, output } = recordSession();
  expect(await act(permissions, {}, session)).toBe(0);
  expect(JSON.parse(output.stdout).Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
    "DescribeJobs",
    "HearOfJobs",
    "SubmitJobs",
    "TerminateJobs",
  ]);
});
