import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { DOCUMENT } from "../example";
import { only, type StackJson, settingsWith, synth } from "./stacks";

const folder = mkdtempSync(join(tmpdir(), "schedule-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The example's document, without a schema of its input. */
const document = join(folder, "echo.asl.json");
copyFileSync(join(PROJECT_FOLDER, DOCUMENT), document);

let files = 0;

function scheduled(text: string, expression = "cron(0 6 * * ? *)"): StackJson {
  const input = join(folder, `${files++}.json`);
  writeFileSync(input, text);
  return synth(WorkflowStack, settingsWith({ document, schedule: { expression, timeZone: "Europe/Berlin", input } }));
}

const INPUT = '{\n  "step1_parameter": "a"\n}\n';

test("without a schedule, there is none", () => {
  expect(synth(WorkflowStack, settingsWith()).resource).not.toHaveProperty("aws_scheduler_schedule");
});

test("the schedule starts the state machine in its time zone, at once, with the text of the file", () => {
  expect(only(scheduled(INPUT).resource, "aws_scheduler_schedule")).toMatchObject({
    name: "echo_dev_schedule",
    schedule_expression: "cron(0 6 * * ? *)",
    schedule_expression_timezone: "Europe/Berlin",
    flexible_time_window: { mode: "OFF" },
    target: {
      arn: expect.stringMatching(/^\$\{aws_sfn_state_machine\..*\.arn\}$/),
      role_arn: expect.stringMatching(/^\$\{aws_iam_role\.schedule_role_.*\.arn\}$/),
      input: INPUT,
      retry_policy: { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 185 },
    },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\.schedule_/)],
  });
});

test.each([
  ["digits", '{"step1_parameter": "a", "id": 12345678901234567890, "price": 1.10, "tiny": 1E-400}'],
  ["keywords of EventBridge Scheduler", '{"step1_parameter": "<aws.scheduler.scheduled-time>"}'],
  ["odd characters", '{"step1_parameter": "\\"quoted\\" \\u0000 ü 😀 %"}'],
])("%s are sent as the file has them", (_, text) => {
  expect(only(scheduled(text).resource, "aws_scheduler_schedule").target).toMatchObject({ input: text });
});

test("Terraform does not read the input as a template", () => {
  const { target } = only(scheduled('{"step1_parameter": "${a} %{b} $c"}').resource, "aws_scheduler_schedule");
  expect(target).toMatchObject({ input: '{"step1_parameter": "$${a} %%{b} $c"}' });
});

test("only EventBridge Scheduler may take the role, for schedules of this account, and start this state machine", () => {
  const { data } = scheduled(INPUT);
  const documents = Object.entries(data.aws_iam_policy_document!).filter(([id]) => id.startsWith("schedule_"));
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
