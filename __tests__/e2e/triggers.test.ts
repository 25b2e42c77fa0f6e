/** The emulator keeps schedules, rules and topics, but never acts on them: these tests look at what AWS would act on. */
import { paginateListSubscriptions, SNSClient } from "@aws-sdk/client-sns";
import { dataBucketName } from "../../src/project/names";
import { exampleObjectEvent } from "../../src/project/object-event";
import { inventory } from "./account";
import { clientConfiguration, REGION } from "./environment";
import { describeRule, describeSchedule } from "./event-services";
import { execute, placeOf } from "./executions";
import { Project } from "./project";
import { testWith } from "./requirements";

const step = testWith("terraform", "deployments", "docker");

const ALERTS = `arn:aws:sns:${REGION}:123456789012:alerts`;
const PREFIX = 'in/ü "1" ${x}/';
const KEY = `${PREFIX}a 😀.csv`;
const INPUT =
  '{\n  "object": { "key": "<aws.scheduler.scheduled-time>", "size": 12345678901234567890, "note": "${a} %{b}" }\n}\n';

const project = new Project();
const bucket = dataBucketName({ name: "echo", environment: project.environment }, "123456789012", REGION);
const name = (part: string) => `echo_${project.environment}_${part}`;
let isDeployed = false;

/** Sets the recipients, beside the other triggers. */
function configure(notify: string[]): void {
  const { context } = JSON.parse(project.read("cdktf.json"));
  project.configure({
    ...context,
    schedule: { expression: "cron(0 6 * * ? *)", timeZone: "Europe/Berlin", input: "workflow/nightly.json" },
    data: "create",
    onObject: PREFIX,
    notify,
  });
}

async function addresses(): Promise<string[]> {
  const found = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptions(
    { client: new SNSClient(clientConfiguration(REGION)) },
    {},
  )) {
    found.push(...Subscriptions.filter(({ TopicArn }) => TopicArn!.endsWith(`:${name("alarms")}`)));
  }
  return found.map(({ Endpoint }) => Endpoint!).sort();
}

beforeAll(() => {
  const string = { type: "string" };
  const properties = { object: { type: "object", required: ["key"], properties: { key: string } } };
  const schema = { type: "object", required: ["object"], properties };
  project.write("workflow/echo.input.schema.json", JSON.stringify(schema));
  project.write("workflow/echo.input.json", JSON.stringify({ object: { key: "in/example" } }));
  project.write("workflow/nightly.json", INPUT);
  const job = {
    Type: "Task",
    Resource: "arn:aws:states:::batch:submitJob.sync",
    Arguments: {
      JobName: "print-key",
      JobQueue: "${JobQueueArn}",
      JobDefinition: "${EchoJobDefinitionArn}",
      ContainerOverrides: { Command: ["{% $states.input.object.key %}"] },
    },
    End: true,
  };
  const document = { QueryLanguage: "JSONata", StartAt: "print", States: { print: job } };
  project.write("workflow/echo.asl.json", JSON.stringify(document));
});
afterAll(async () => {
  if (isDeployed) await destroy();
  await project.dispose();
});

async function destroy(): Promise<void> {
  expect(await project.startWorkflow("destroy", "--data", "--auto-approve").ended).toMatchObject({ status: 0 });
  isDeployed = false;
}

step("a schedule, a rule for new objects and messages are deployed, and nothing is left to change", async () => {
  isDeployed = true;
  configure(["ops@example.com", ALERTS]);
  await project.deploy();
  expect((await project.plan("data")) + (await project.replan())).toBe("");
});

step("the bucket of the deployment sends its events to EventBridge", async () => {
  const addresses = (await project.terraform("data", ["state", "list"])).split("\n");
  expect(addresses.filter((address) => address.startsWith("aws_s3_bucket_notification."))).toHaveLength(1);
});

step("the schedule would start the state machine with the text of the file", async () => {
  const { stateMachineArn } = await placeOf(project);
  expect(await describeSchedule(REGION, name("schedule"))).toMatchObject({
    ScheduleExpression: "cron(0 6 * * ? *)",
    ScheduleExpressionTimezone: "Europe/Berlin",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: stateMachineArn,
      RoleArn: expect.stringMatching(new RegExp(`:role/${name("schedule")}$`)),
      Input: INPUT,
    },
  });
});

step("the rule would start the state machine with the part of the event that S3 writes", async () => {
  const { stateMachineArn } = await placeOf(project);
  const { EventPattern, Targets } = await describeRule(REGION, name("object"));
  expect(JSON.parse(EventPattern).detail).toEqual({
    bucket: { name: [bucket] },
    object: { key: [{ prefix: PREFIX }] },
  });
  expect(Targets).toEqual([
    expect.objectContaining({
      Arn: stateMachineArn,
      RoleArn: expect.stringMatching(new RegExp(`:role/${name("object")}$`)),
      InputPath: "$.detail",
    }),
  ]);
});

step("an execution that gets an event hands its key to a job, here and on the emulator", async () => {
  const event = JSON.stringify(exampleObjectEvent(bucket, KEY));
  expect(await execute(await placeOf(project), event)).toEqual({ status: "SUCCEEDED", printed: [[KEY]] });
  project.write("event.json", event);
  const ran = await project.startWorkflow("local", "--input", "event.json").ended;
  expect([ran.status, ran.output.includes(KEY)]).toEqual([0, true]);
});

step("executions that do not succeed would be told to the topics, and the address is subscribed", async () => {
  for (const rule of ["failed", "recovered"]) {
    const { Targets } = await describeRule(REGION, name(rule));
    expect(Targets.map(({ Arn }) => Arn).sort()).toEqual([
      ALERTS,
      expect.stringMatching(new RegExp(`:${name("alarms")}$`)),
    ]);
  }
  expect(await addresses()).toEqual(["ops@example.com"]);
});

step("a change of each is applied, and the subscription of the first address stays", async () => {
  const before = (await inventory(project.environment, REGION)).topics;
  configure(["dev@example.com", "ops@example.com"]);
  project.write("workflow/nightly.json", '{ "object": { "key": "in/other" } }');
  await project.deploy();
  expect(await project.replan()).toBe("");
  expect((await inventory(project.environment, REGION)).topics).toEqual(before);
  expect(await addresses()).toEqual(["dev@example.com", "ops@example.com"]);
  const { Target } = await describeSchedule(REGION, name("schedule"));
  expect(Target.Input).toBe('{ "object": { "key": "in/other" } }');
  expect((await describeRule(REGION, name("failed"))).Targets).toHaveLength(1);
});

step("the subscription of an earlier version is taken over, and not made again", async () => {
  const subscriptions = (await project.terraform("workflow", ["state", "list"])).match(
    /^aws_sns_topic_subscription.*$/gm,
  )!;
  const [first] = JSON.parse(project.json("workflow")).moved;
  expect(subscriptions).toContain(first.to);
  await project.terraform("workflow", ["state", "mv", first.to, first.from]);
  const plan = await project.plan("workflow");
  expect(plan).toContain(`# ${first.from} has moved to ${first.to}`);
  expect(plan).toContain("Plan: 0 to add, 0 to change, 0 to destroy.");
});

step("a destroy leaves nothing", async () => {
  await destroy();
  expect(await inventory(project.environment, REGION)).toEqual({});
});
