import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { DOCUMENT } from "../example";
import { only, settingsWith, synth } from "./stacks";

const folder = mkdtempSync(join(tmpdir(), "schedule-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The example's document, without a schema of its input. */
const document = join(folder, "echo.asl.json");
copyFileSync(join(PROJECT_FOLDER, DOCUMENT), document);

const INPUT = `{
  "digits": [12345678901234567890, 1.10, 1E-400],
  "at": "<aws.scheduler.scheduled-time>",
  "text": "\\"quoted\\" \\u0000 ü 😀 100%",
  "template": "\${a} %{b} $c"
}
`;
const input = join(folder, "nightly.json");
writeFileSync(input, INPUT);
const schedule = { expression: "cron(0 6 * * ? *)", timeZone: "Europe/Berlin", input };
const stack = synth(WorkflowStack, settingsWith({ document, schedule }));

test("without a schedule, there is none", () => {
  expect(synth(WorkflowStack, settingsWith()).resource).not.toHaveProperty("aws_scheduler_schedule");
});

test("the schedule starts the state machine in its time zone, at once, and gives up after an hour", () => {
  expect(only(stack.resource, "aws_scheduler_schedule")).toMatchObject({
    name: "echo_dev_schedule",
    schedule_expression: "cron(0 6 * * ? *)",
    schedule_expression_timezone: "Europe/Berlin",
    flexible_time_window: { mode: "OFF" },
    target: {
      arn: expect.stringMatching(/^\$\{aws_sfn_state_machine\..*\.arn\}$/),
      role_arn: expect.stringMatching(/^\$\{aws_iam_role\.schedule_role_.*\.arn\}$/),
      retry_policy: { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 185 },
    },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\.schedule_/)],
  });
});

test("the input is the text of the file, with its digits and keywords, and Terraform does not read it as a template", () => {
  const { target } = only(stack.resource, "aws_scheduler_schedule") as { target: { input: string } };
  expect(target.input).toBe(INPUT.replace(/[$%](?=\{)/g, "$&$&"));
});

test("only EventBridge Scheduler may take the role, for schedules of this account, and start this state machine", () => {
  const documents = Object.entries(stack.data.aws_iam_policy_document!).filter(([id]) => id.startsWith("schedule_"));
  const [policy, trust] = documents.map(([, { statement }]) => statement as Record<string, unknown>[]);
  expect(policy).toEqual([
    {
      sid: "Start",
      actions: ["states:StartExecution"],
      resources: [expect.stringMatching(/^\$\{aws_sfn_state_machine\..*\.arn\}$/)],
    },
  ]);
  expect(trust).toEqual([
    {
      actions: ["sts:AssumeRole"],
      principals: [{ type: "Service", identifiers: ["scheduler.amazonaws.com"] }],
      condition: [
        { test: "StringEquals", variable: "aws:SourceAccount", values: [expect.any(String)] },
        {
          test: "ArnEquals",
          variable: "aws:SourceArn",
          values: [expect.stringMatching(/^arn:\S+:scheduler:\S+:schedule-group\/default$/)],
        },
      ],
    },
  ]);
});
