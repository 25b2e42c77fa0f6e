/** Data that no state could hold passes from step to step through the bucket: here and there, with the same document. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Project } from "./project";
import { pythonPath } from "./python-environment";
import { testWith } from "./requirements";
import { TestBucket } from "./test-bucket";

const FILE_BYTES = 100 * 2 ** 20;
const RESULT_BYTES = 300 * 2 ** 10;

/** Makes a file and a result, or reads both. */
const PROGRAM = `
import hashlib, json, os, sys, tempfile
import boto3

command, folder = sys.argv[1:]
bucket = boto3.resource("s3").Bucket(os.environ["DATA_BUCKET"])

def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

with tempfile.TemporaryDirectory() as scratch:
    path = os.path.join(scratch, "large")
    if command == "make":
        with open(path, "wb") as file:
            for start in range(0, ${FILE_BYTES}, 2**20):
                file.write(os.urandom(2**20))
        bucket.upload_file(path, folder + "/large")
        result = {"digest": digest(path), "filling": ""}
        result["filling"] = "x" * (${RESULT_BYTES} - len(json.dumps(result)))
        bucket.put_object(Key=folder + "/result.json", Body=json.dumps(result).encode())
    else:
        bucket.download_file(folder + "/large", path)
        body = bucket.Object(folder + "/result.json").get()["Body"].read()
        same = json.loads(body)["digest"] == digest(path)
        report = {"same": same, "file": os.path.getsize(path), "result": len(body)}
        bucket.put_object(Key=folder + "/report.json", Body=json.dumps(report).encode())
`;

const DOCKERFILE = `FROM public.ecr.aws/docker/library/python:3.13-slim
RUN pip install --no-cache-dir boto3==1.43.11
COPY large.py /
ENTRYPOINT ["python3", "/large.py"]
`;

function job(command: string, rest: object) {
  return {
    Type: "Task",
    Resource: "arn:${Partition}:states:::batch:submitJob.sync",
    Arguments: {
      JobName: command,
      JobDefinition: "${LargeJobDefinitionArn}",
      JobQueue: "${JobQueueArn}",
      ContainerOverrides: { Command: [command, "{% $folder %}"] },
    },
    ...rest,
  };
}

function object(name: string, rest: object) {
  return {
    Type: "Task",
    Resource: "arn:${Partition}:states:::aws-sdk:s3:getObject",
    Arguments: { Bucket: "${DataBucket}", Key: `{% $folder & '/${name}' %}` },
    ...rest,
  };
}

/** A state takes the start of the result, which as a whole is too large for it. The next job takes all of it. */
const DOCUMENT = {
  QueryLanguage: "JSONata",
  StartAt: "begin",
  States: {
    begin: { Type: "Pass", Assign: { folder: "{% 'runs/' & $states.context.Execution.Name %}" }, Next: "make" },
    make: job("make", { Next: "start" }),
    start: object("result.json", {
      Arguments: { Bucket: "${DataBucket}", Key: "{% $folder & '/result.json' %}", Range: "bytes=0-9" },
      Assign: { start: "{% $states.result.Body %}" },
      Next: "use",
    }),
    use: job("use", { Next: "report" }),
    report: object("report.json", {
      Output: { start: "{% $start %}", report: "{% $parse($states.result.Body) %}" },
      End: true,
    }),
  },
};

const OUTPUT = {
  start: '{"digest":',
  report: { same: true, file: FILE_BYTES, result: RESULT_BYTES },
};

const bucket = new TestBucket();
let project: Project;

beforeAll(() => {
  project = new Project();
  project.write("large/large.py", PROGRAM);
  project.write("large/Dockerfile", DOCKERFILE);
  project.write("workflow/echo.asl.json", JSON.stringify(DOCUMENT));
  project.write("workflow/echo.input.schema.json", "{}");
  project.write("workflow/echo.input.json", "{}");
  configure("create");
});
afterAll(async () => {
  await project.dispose();
  await bucket.dispose();
});

function configure(data: string): void {
  const large = {
    image: "large",
    vcpus: 1,
    memoryMiB: 2048,
    timeoutSeconds: 600,
    attempts: 1,
    localCommand: ["python3", "large/large.py"],
  };
  project.configure({ data, jobs: { large } });
}

/** Runs the workflow to its end, and returns its output. */
async function outputOf(...command: string[]): Promise<unknown> {
  const report = "report.json";
  const { status, output } = await project.startWorkflow(...command, "--report", report, {
    PATH: pythonPath(),
  }).ended;
  expect({ status, output }).toMatchObject({ status: 0 });
  return (JSON.parse(project.read(report)) as { output: unknown }).output;
}

testWith("programs")("100 MB and 300 KiB pass between processes", async () => {
  expect(await outputOf("local", "--engine", "process")).toEqual(OUTPUT);
  rmSync(join(project.folder, "data"), { recursive: true });
});

testWith("images")("and between containers", async () => {
  expect(await outputOf("local", "--engine", "docker")).toEqual(OUTPUT);
  rmSync(join(project.folder, "data"), { recursive: true });
});

testWith(
  "images",
  "terraform",
  "deployments",
)("and there", async () => {
  configure(await bucket.create());
  await project.deploy();
  expect(await outputOf("start")).toEqual(OUTPUT);
});
