/** Deploys a job for each setting of a job, and reads what each one saw. */
import { BatchClient, paginateDescribeJobDefinitions } from "@aws-sdk/client-batch";
import type { Report } from "../../src/execution/report/collect";
import { BUSYBOX, JOB_FIELDS, type JobField, SECRET_VALUES } from "../job-fields";
import { clientConfiguration, REGION, testEnvironment } from "./environment";
import { Project } from "./project";
import { testWith } from "./requirements";

const step = testWith("terraform", "deployments", "docker");

const JOB = { imageUri: BUSYBOX, vcpus: 0.25, memoryMiB: 512, timeoutSeconds: 60, attempts: 1 };

let project: Project;
beforeAll(() => {
  project = new Project();
  configure({});
  // One after the other: the emulator fails at times when many jobs are submitted at the same time.
  const states = JOB_FIELDS.map((field, index) => [field.name, { ...state(field), ...after(JOB_FIELDS[index + 1]) }]);
  const document = { StartAt: JOB_FIELDS[0]!.name, States: Object.fromEntries(states) };
  project.write("workflow/echo.asl.json", JSON.stringify(document));
  project.write("workflow/echo.input.json", "{}");
  project.write("workflow/echo.input.schema.json", "{}");
});
afterAll(() => project.dispose());

/** Configures a job for each field. `more` changes some of them. */
function configure(more: Readonly<Record<string, object>>, context: object = {}): void {
  const jobs = JOB_FIELDS.map(({ name, settings }) => [name, { ...JOB, ...settings, ...more[name] }]);
  project.configure({ ...context, jobs: Object.fromEntries(jobs) });
}

function state({ name, settings, shell }: JobField): object {
  const placeholder = `${name.charAt(0).toUpperCase()}${name.slice(1)}Job`;
  return {
    Type: "Task",
    Resource: "arn:${Partition}:states:::batch:submitJob.sync",
    Parameters: {
      JobName: name,
      JobDefinition: `\${${placeholder}DefinitionArn}`,
      JobQueue: "compute" in settings ? `\${${placeholder}QueueArn}` : "${JobQueueArn}",
      ContainerOverrides: {
        Command: ["sh", "-c", `{ ${shell}; } || true`, ...("parameters" in settings ? ["Ref::word", "last"] : [])],
      },
    },
    ResultPath: null,
  };
}

function after(next: JobField | undefined): object {
  return next === undefined ? { End: true } : { Next: next.name };
}

/** Creates the parameter with the secret of the table. */
async function putSecret(): Promise<void> {
  const response = await fetch(testEnvironment().AWS_ENDPOINT_URL!, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": "AmazonSSM.PutParameter",
      Authorization:
        "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ssm/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify({ Name: "token", Value: SECRET_VALUES.TOKEN, Type: "SecureString", Overwrite: true }),
  });
  if (!response.ok) throw new Error(await response.text());
}

interface Change {
  readonly type: string;
  readonly name: string;
  readonly change: { readonly actions: readonly string[]; readonly after: { name?: string } | null };
}

/** Synthesizes and plans the workflow's stack. Returns the actions for each resource that changes. */
async function plannedChanges(): Promise<string[]> {
  await project.synth();
  await project.terraform("workflow", ["plan", "-input=false", "-out=plan"]);
  const plan = JSON.parse(await project.terraform("workflow", ["show", "-json", "plan"])) as {
    resource_changes: readonly Change[];
  };
  return plan.resource_changes
    .filter(
      ({ type, change }) =>
        type.startsWith("aws_") && !change.actions.every((one) => one === "no-op" || one === "read"),
    )
    .map(({ type, change }) => `${change.actions.join("+")} ${type} ${change.after?.name ?? ""}`)
    .sort();
}

step("is deployed, and a second plan finds nothing to change", async () => {
  await putSecret();
  await project.deploy();
  expect(await project.replan()).toBe("");
});

const seen = new Map<string, string>();

step("runs a job for each field", async () => {
  const { status, output } = await project.startWorkflow("start", "--name", "fields", "--report", "report.json").ended;
  if (status !== 0) throw new Error(output);
  for (const { name, log } of (JSON.parse(project.read("report.json")) as Report).jobs) seen.set(name, log.trimEnd());
});

for (const { name, container, aws = container } of JOB_FIELDS) {
  if (aws === null) continue;
  step(`a deployed job sees ${name}`, async () => {
    expect(seen.get(name)).toBe(aws);
  });
}

step("the definition of a job has its tags", async () => {
  const client = new BatchClient(clientConfiguration(REGION));
  const tags = [];
  for await (const { jobDefinitions = [] } of paginateDescribeJobDefinitions({ client }, { status: "ACTIVE" })) {
    tags.push(...jobDefinitions.filter(({ jobDefinitionName: name }) => name?.endsWith(`${project.environment}_tags`)));
  }
  expect(tags).toMatchObject([{ tags: { team: "data" }, propagateTags: true }]);
});

step("adding rights to jobs replaces nothing: roles get policies, and definitions a new revision", async () => {
  const statements = [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }];
  const secrets = { TOKEN: "arn:${Partition}:secretsmanager:${Region}:${AccountId}:secret:other-a1B2c3" };
  configure({ environment: { statements }, init: { secrets }, user: { exec: true } });
  expect(await plannedChanges()).toEqual([
    expect.stringMatching(/^create aws_iam_role_policy /),
    expect.stringMatching(/^create aws_iam_role_policy /),
    `update aws_batch_job_definition echo_${project.environment}_init`,
    `update aws_batch_job_definition echo_${project.environment}_user`,
    expect.stringMatching(/^update aws_iam_role_policy /),
    expect.stringMatching(/^update aws_iam_role_policy /),
    `update aws_sfn_state_machine echo_${project.environment}`,
  ]);
});

step("another compute environment behind the queue replaces nothing", async () => {
  configure({}, { compute: ["FARGATE_SPOT", "FARGATE"] });
  const changes = await plannedChanges();
  expect(changes.filter((change) => change.includes("delete"))).toEqual([]);
  expect(changes).toContainEqual(expect.stringMatching(/^create aws_batch_compute_environment/));
  expect(changes).toContainEqual(`update aws_batch_job_queue echo_${project.environment}`);
});

step("a destroy leaves nothing", async () => {
  configure({});
  await project.destroy();
  expect(await project.managed()).toEqual([]);
});
