import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../src/base/json";
import type { Report } from "../../src/execution/report/collect";
import { Project } from "./project";
import { testWith } from "./requirements";
import { TestBucket } from "./test-bucket";

const step = testWith("terraform", "deployments", "docker");

const s3 = (action: string, Arguments: Record<string, Json>, fields: Record<string, Json>) => ({
  Type: "Task",
  Resource: `arn:\${Partition}:states:::aws-sdk:s3:${action}`,
  Arguments: { Bucket: "${DataBucket}", ...Arguments },
  ...fields,
});

/** A state writes JSON, a job runs, other states read, copy, list and delete what is there. */
const DOCUMENT = {
  QueryLanguage: "JSONata",
  StartAt: "write",
  States: {
    write: s3(
      "putObject",
      { Key: "{% 'runs/' & $states.input.id & '/n.json' %}", Body: { n: "{% $states.input.n + 1 %}", text: "x" } },
      {
        Assign: { key: "{% 'runs/' & $states.input.id & '/n.json' %}", written: "{% $states.result.ETag %}" },
        Next: "job",
      },
    ),
    job: {
      Type: "Task",
      Resource: "arn:${Partition}:states:::batch:submitJob.sync",
      Arguments: { JobName: "job", JobDefinition: "${EchoJobDefinitionArn}", JobQueue: "${JobQueueArn}" },
      Next: "read",
    },
    read: s3(
      "getObject",
      { Key: "{% $key %}", IfMatch: "{% $written %}" },
      {
        Assign: { read: "{% $parse($states.result.Body) %}", bytes: "{% $states.result.ContentLength %}" },
        Next: "readPart",
      },
    ),
    readPart: s3(
      "getObject",
      { Key: "{% $key %}", Range: "bytes=1-3" },
      { Assign: { part: "{% $states.result.Body %}", range: "{% $states.result.ContentRange %}" }, Next: "copy" },
    ),
    copy: s3(
      "copyObject",
      { Key: "copies/a b.json", CopySource: "{% '${DataBucket}/' & $key %}" },
      { Assign: { copied: "{% $states.result.CopyObjectResult.ETag %}" }, Next: "list" },
    ),
    list: s3(
      "listObjectsV2",
      { Delimiter: "/" },
      {
        Assign: { list: "{% [$states.result.CommonPrefixes.Prefix] %}", count: "{% $states.result.KeyCount %}" },
        Next: "delete",
      },
    ),
    delete: s3("deleteObject", { Key: "copies/a b.json" }, { Next: "gone" }),
    gone: s3(
      "getObject",
      { Key: "copies/a b.json" },
      {
        Catch: [
          {
            // The emulator writes s3 in lower case.
            ErrorEquals: ["States.TaskFailed"],
            Assign: { error: "{% $substringAfter($states.errorOutput.Error, '.') %}" },
            Next: "done",
          },
        ],
        End: true,
      },
    ),
    done: {
      Type: "Succeed",
      Output: {
        read: "{% $read %}",
        bytes: "{% $bytes %}",
        part: "{% $part %}",
        range: "{% $range %}",
        sameContent: "{% $copied = $written %}",
        list: "{% $list %}",
        count: "{% $count %}",
        error: "{% $error %}",
      },
    },
  },
};

const OUTPUT = {
  read: { n: 2, text: "x" },
  bytes: 18,
  part: '"n"',
  range: "bytes 1-3/18",
  sameContent: true,
  list: ["copies/", "runs/"],
  count: 2,
  error: "NoSuchKeyException",
};

const bucket = new TestBucket();
let project: Project;

beforeAll(() => {
  project = new Project();
  project.write("workflow/echo.asl.json", JSON.stringify(DOCUMENT));
  project.write("workflow/echo.input.schema.json", "{}");
  project.write("workflow/echo.input.json", '{"id": "r1", "n": 1}');
});
afterAll(async () => {
  await project.dispose();
  await bucket.dispose();
});

/** Runs the `workflow` command, which must succeed. */
async function workflow(...args: string[]): Promise<string> {
  const { output, status } = await project.startWorkflow(...args).ended;
  if (status !== 0) throw new Error(`workflow ${args.join(" ")} ended with ${status}:\n${output}`);
  return output;
}

function outputIn(report: string): Json {
  return (JSON.parse(project.read(report)) as Report).output;
}

step("a document with S3 tasks is deployed, with rights on the keys that it names", async () => {
  project.set({ data: await bucket.create() });
  await project.deploy();
  expect(project.json("workflow")).toMatch(/"s3:PutObject".*\/runs\/\*"/s);
});

step("it gives the same output there and here", async () => {
  await workflow("start", "--name", "there", "--report", "there.json");
  expect(outputIn("there.json")).toEqual(OUTPUT);
  await workflow("local", "--engine", "process", "--name", "here", "--report", "here.json");
  expect(outputIn("here.json")).toEqual(OUTPUT);
  expect(project.read("data/runs/r1/n.json")).toBe('{"n":2,"text":"x"}');
  expect((await bucket.objects()).get("runs/r1/n.json")!.toString()).toBe('{"n":2,"text":"x"}');
});

step("the data command uses the same words there and here", async () => {
  project.write("reads/a.csv", "a,b\n");
  project.write("reads/large.bin", "x".repeat(20_000_000));
  for (const side of [[], ["--aws"]]) {
    await workflow("data", "cp", "reads", "s3:in", "--recursive", ...side);
    const listed = JSON.parse(await workflow("data", "ls", "in/", "--json", ...side)) as {
      key: string;
      size: number;
    }[];
    expect(listed.map(({ key, size }) => [key, size])).toEqual([
      ["in/a.csv", 4],
      ["in/large.bin", 20_000_000],
    ]);
    await workflow("data", "cp", "s3:in/a.csv", "back.csv", ...side);
    expect(project.read("back.csv")).toBe("a,b\n");
    await workflow("data", "rm", "s3:in/", "--recursive", ...side);
    expect(await workflow("data", "ls", "in/", ...side)).toBe("");
  }
  expect(existsSync(join(project.folder, "data/in/a.csv"))).toBe(false);
});
