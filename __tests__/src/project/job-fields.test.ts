import { loadSettings } from "../../../src/project/load-settings";
import type { JobSettings } from "../../../src/project/settings-types";

const job = { image: "image", vcpus: 0.25, memoryMiB: 512, timeoutSeconds: 3600, attempts: 3 };
const instances = { compute: "EC2", vcpus: 1 };
const secret = "arn:${Partition}:secretsmanager:eu-west-1:${AccountId}:secret:db-a1B2c3";

type Fields = Record<string, unknown>;

const settingsOf = (fields: Fields, context: Fields = {}) =>
  loadSettings({}, { ...context, jobs: { echo: { ...job, ...fields } } });

function problems(fields: Fields, context: Fields = {}): string[] {
  try {
    settingsOf(fields, context);
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  throw new Error("the job was taken");
}

test.each<[keyof JobSettings, unknown, unknown, Fields?]>([
  ["imageUri", "python:3.13-slim", "python:3.13-slim", { image: null }],
  ["imageUri", `a.example:5000/b/c@sha256:${"0".repeat(64)}`, expect.any(String), { image: null }],
  ["environment", { LOG_LEVEL: "debug" }, { LOG_LEVEL: "debug" }],
  ["secrets", { DB: secret }, { DB: secret }],
  ["secrets", { DB: `${secret}:password::` }, { DB: `${secret}:password::` }],
  ["secrets", { K: "arn:aws:ssm:eu-west-1:123456789012:parameter/a/b" }, expect.anything()],
  ["secrets", { K: "arn:${Partition}:ssm:${Region}:${AccountId}:parameter/${StateMachineName}/b" }, expect.anything()],
  ["statements", [{ Effect: "Allow", Action: "s3:*", Resource: "*" }], expect.anything()],
  ["readonlyRootFilesystem", true, true],
  ["ephemeralStorageGiB", 200, 200],
  ["gpus", 1, 1, { ...instances, instanceTypes: ["g5"] }],
  ["sharedMemoryMiB", 512, 512, instances],
  ["user", "1000:nogroup", "1000:nogroup"],
  ["initProcess", true, true],
  ["tags", { "cost centre": "a/b=1", Größe: "groß" }, { "cost centre": "a/b=1", Größe: "groß" }],
  ["efs", { "/mnt/a": "fs-1" }, { "/mnt/a": { fileSystem: "fs-1", accessPoint: null, readOnly: false } }],
  [
    "efs",
    { "/a": { fileSystem: "fs-1", accessPoint: "fsap-2", readOnly: true } },
    { "/a": { fileSystem: "fs-1", accessPoint: "fsap-2", readOnly: true } },
  ],
  ["compute", "SPOT", ["SPOT"]],
  ["compute", "SPOT, EC2", ["SPOT", "EC2"]],
  ["compute", ["FARGATE_SPOT", "FARGATE"], ["FARGATE_SPOT", "FARGATE"]],
  ["architecture", "ARM64", "ARM64"],
  ["instanceTypes", ["m7g.large", "a1"], ["m7g.large", "a1"], { ...instances, architecture: "ARM64" }],
  ["instanceTypes", "m5, g6.xlarge", ["m5", "g6.xlarge"], instances],
  ["instanceTypes", ["default_x86_64", "optimal"], expect.anything(), instances],
  ["instanceTypes", ["default_arm64"], expect.anything(), { ...instances, architecture: "ARM64" }],
  ["exec", true, true],
])("the field %s takes %j", (field, given, value, others = {}) => {
  expect(settingsOf({ ...others, [field]: given }).jobs.echo![field]).toEqual(value);
});

test.each<[Fields, string]>([
  [
    { image: null },
    "image` must be the folder of an image, such as image, or `imageUri` the URI of a ready one, got: null",
  ],
  [{ imageUri: "a:1" }, 'imageUri` must be unset if `image` is set: a job has one image, got: "a:1"'],
  [
    { imageUri: "python" },
    'imageUri` must be an image with its tag or digest, such as public.ecr.aws/docker/library/python:3.13-slim, got: "python"',
  ],
  [{ environment: { A: 1 } }, "environment.A` must be a string that is not empty, got: 1"],
  [{ environment: { A: "" } }, 'environment.A` must be a string that is not empty, got: ""'],
  [
    { environment: { AWS_BATCH_X: "1" } },
    "environment.AWS_BATCH_X` must have a name that is a variable's name, such as LOG_LEVEL, and does not start with AWS_BATCH",
  ],
  [
    { secrets: { DB: "hunter2" } },
    expect.stringContaining(
      "must be the ARN of a parameter, such as arn:${Partition}:ssm:${Region}:${AccountId}:parameter/name, or of a secret, such as arn:${Partition}:secretsmanager:${Region}:${AccountId}:secret:name, also with :key:stage:version, got: a text of 7 characters; write the ARN; the value itself belongs in the file with secrets, see docs/running.md",
    ),
  ],
  [
    { secrets: { A: secret }, environment: { A: "1" } },
    `secrets.A\` must have another name: \`environment\` has this variable too, got: ${JSON.stringify(secret)}`,
  ],
  [{ statements: [{ Action: "s3:*", Resource: "*" }] }, "statements[0].Effect` is missing"],
  [{ readonlyRootFilesystem: "yes" }, 'readonlyRootFilesystem` must be true or false, got: "yes"'],
  [{ ephemeralStorageGiB: 20 }, "ephemeralStorageGiB` must be a whole number from 21 to 200, got: 20"],
  [
    { ...instances, ephemeralStorageGiB: 30 },
    "ephemeralStorageGiB` must be unset unless the job's `compute` is FARGATE or FARGATE_SPOT, got: 30",
  ],
  [
    { ...instances, gpus: 1, instanceTypes: ["g5g"], architecture: "ARM64" },
    "gpus` must be unset unless the job's `architecture` is X86_64: the system image for GPUs has no other, got: 1",
  ],
  [{ gpus: 1 }, "gpus` must be unset unless the job's `compute` is EC2 or SPOT: Fargate has no GPU, got: 1"],
  [
    { ...instances, gpus: 1 },
    "gpus` must be unset unless `instanceTypes` names instances with GPUs, such as g5: the default ones have none, got: 1",
  ],
  [{ sharedMemoryMiB: 64 }, "sharedMemoryMiB` must be unset unless the job's `compute` is EC2 or SPOT, got: 64"],
  [
    { ...instances, sharedMemoryMiB: 513 },
    "sharedMemoryMiB` must be at most `memoryMiB`: it counts towards the memory, got: 513",
  ],
  [{ user: "a b" }, 'user` must be a user, or a user and a group, such as "1000", "1000:1000" or "nobody", got: "a b"'],
  [{ user: 1000 }, 'user` must be a user, or a user and a group, such as "1000", "1000:1000" or "nobody", got: 1000'],
  [{ initProcess: 1 }, "initProcess` must be true or false, got: 1"],
  [
    { tags: { "aws:x": "1" } },
    "tags.aws:x` must have a name that is 1 to 128 letters, digits, blanks and any of _.:/=+-@, and does not start with aws:",
  ],
  [
    { efs: { mnt: "fs-1" } },
    "efs.mnt` must have a name that is an absolute path in the container outside of /proc, such as /mnt/models",
  ],
  [{ efs: { "/proc/a": "fs-1" } }, expect.stringContaining("an absolute path in the container outside of /proc")],
  [{ efs: { "/a/../b": "fs-1" } }, expect.stringContaining("an absolute path in the container")],
  [
    { efs: { "/a": "vol-1" } },
    'efs./a` must be the id of a file system, such as fs-0123456789abcdef0, or an object with fileSystem, accessPoint and readOnly, got: "vol-1"',
  ],
  [
    { efs: { "/a": { fileSystem: "fs-1", readonly: true } } },
    "efs./a.readonly` in the context of cdktf.json is not a field; did you mean readOnly?",
  ],
  [{ efs: { "/a": {} } }, "efs./a.fileSystem` is missing"],
  [
    { efs: { "/a": 1 } },
    "efs./a` must be the id of a file system, such as fs-0123456789abcdef0, or an object with fileSystem, accessPoint and readOnly, got: 1",
  ],
  [
    { compute: "LAMBDA" },
    'compute` must be one of FARGATE_SPOT, FARGATE, EC2, SPOT, or a list of at most 3 different ones, got: "LAMBDA"',
  ],
  [
    { compute: ["EC2", "FARGATE"] },
    'compute` must be all of FARGATE and FARGATE_SPOT, or all of EC2 and SPOT: a queue cannot have both, got: ["EC2","FARGATE"]',
  ],
  [{ architecture: "arm" }, 'architecture` must be one of X86_64, ARM64, got: "arm"'],
  [
    { ...instances, gpus: 1, instanceTypes: ["m5", "g4ad"] },
    "gpus` must be unset unless `instanceTypes` names instances with GPUs, such as g5: the default ones have none, got: 1",
  ],
  [
    { ...instances, instanceTypes: ["m5.large", "m7g.large", "im4gn"] },
    'instanceTypes` must name only types of the architecture X86_64, not m7g.large, im4gn, got: ["m5.large","m7g.large","im4gn"]',
  ],
  [
    { ...instances, architecture: "ARM64", instanceTypes: ["optimal"] },
    'instanceTypes` must name only types of the architecture ARM64, not optimal, got: ["optimal"]',
  ],
  [
    { environment: { A: "x".repeat(25_000) } },
    expect.stringContaining(
      "environment` must be shorter: a job definition has at most 24 KiB; put long values into a file, such as in the data bucket, got:",
    ),
  ],
  [
    { statements: [{ Effect: "Allow", Action: "s3:*", Resource: Array(400).fill("arn:aws:s3:::a-bucket/*") }] },
    expect.stringContaining("statements` must be shorter: the policies of a role have at most 10,240 characters"),
  ],
  [
    { tags: Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`t${index}`, ""])) },
    expect.stringContaining("tags` must have at most 47 tags: AWS allows 50, and the project sets 3, got:"),
  ],
  [
    { ...instances, instanceTypes: ["m5.large", "M5.large", "c5"] },
    'instanceTypes[1]` must be an instance type or family, such as m7g.large, got: "M5.large"',
  ],
  [{ instanceTypes: ["m5"] }, 'instanceTypes` must be unset unless the job\'s `compute` is EC2 or SPOT, got: ["m5"]'],
  [
    { exec: true, readonlyRootFilesystem: true },
    "exec` must be false if `readonlyRootFilesystem` is true: the agent of ECS Exec writes to the file system, got: true",
  ],
])("the job %j is refused", (fields, message) => {
  const [first] = problems(fields);
  if (typeof message === "string")
    expect(first).toBe(`\`jobs.echo.${message}${/\?$/.test(message) ? "" : "; set it in the context of cdktf.json"}`);
  else expect(first).toEqual(message);
});

test("the setting data gives every job the name of the bucket", () => {
  const clash = 'must be unset: the setting `data` gives it its value, got: "x"; set it in the context of cdktf.json';
  expect(problems({ environment: { DATA_BUCKET: "x" } }, { data: "create" })).toEqual([
    `\`jobs.echo.environment.DATA_BUCKET\` ${clash}`,
  ]);
  expect(settingsOf({ environment: { DATA_BUCKET: "x" } }).jobs.echo!.environment).toEqual({ DATA_BUCKET: "x" });
});

test("secrets and statements use only placeholders that have a value", () => {
  const arn = "arn:aws:ssm:${Regoin}:123456789012:parameter/a";
  const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::${DataBucket}/*" };
  const fields = { secrets: { A: arn }, statements: [statement] };
  expect(problems(fields, { substitutions: { Mine: "x" } })).toEqual([
    `\`jobs.echo.secrets.A\` must not use \${Regoin}, which has no value (did you mean \${Region}?), got: "${arn}"; set it in the context of cdktf.json`,
    `\`jobs.echo.statements[0]\` must not use \${DataBucket}, which has no value (set \`data\` in cdktf.json to "create", or to the name of a bucket that exists), got: ${JSON.stringify(statement)}; set it in the context of cdktf.json`,
  ]);
  expect(settingsOf({ statements: [statement] }, { data: "create" }).jobs.echo!.statements).toEqual([statement]);
});

const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:";
const PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter";
const WRITE_ARN = "write the ARN; the value itself belongs in the file with secrets, see docs/running.md";
const ALL_PARTS = "write all three parts behind the name, also those that are empty, such as :password::";
const ONE_SECRET = "name one secret: a pattern names many";

test.each<[unknown, string, string]>([
  [`${SECRET}db:password`, "a text of 64 characters", ALL_PARTS],
  [`${SECRET}db:password:`, "a text of 65 characters", ALL_PARTS],
  [`${SECRET}db*`, "a text of 56 characters", ONE_SECRET],
  [`${PARAMETER}/a/*`, "a text of 48 characters", ONE_SECRET],
  [`${PARAMETER}/a:3`, "a text of 48 characters", "leave out the version or label behind the name"],
  [`${PARAMETER}/a/`, "a text of 47 characters", WRITE_ARN],
  [`${PARAMETER}//a`, "a text of 47 characters", WRITE_ARN],
  ["arn:aws:ssm:europe:123456789012:parameter/a", "a text of 43 characters", WRITE_ARN],
  ["arn:aws:ssm:eu-west-1:1234:parameter/a", "a text of 38 characters", WRITE_ARN],
  ["arn:amazon:ssm:eu-west-1:123456789012:parameter/a", "a text of 49 characters", WRITE_ARN],
  ["${Token} and more", "a text of 17 characters", WRITE_ARN],
  [null, "null", WRITE_ARN],
  [{ arn: "hunter2" }, "object", WRITE_ARN],
])("the secret %j is refused, and not shown", (reference, got, fix) => {
  const [only, ...more] = problems({ secrets: { A: reference } });
  expect(only).toMatch(
    /^`jobs\.echo\.secrets\.A` in the context of cdktf\.json must be the ARN of a parameter, such as/,
  );
  expect(only!.endsWith(`, also with :key:stage:version, got: ${got}; ${fix}`)).toBe(true);
  expect(more).toEqual([]);
});

test("the placeholders of a secret make an ARN", () => {
  const substitutions = { DbArn: `${SECRET}db-a1B2c3`, Name: "db", Wrong: "hunter2" };
  const secrets = {
    A: "${DbArn}",
    B: "${DbArn}:password::",
    C: "arn:${Partition}:ssm:${Region}:${AccountId}:parameter/${Name}",
  };
  expect(settingsOf({ secrets }, { substitutions }).jobs.echo!.secrets).toEqual(secrets);
  const [wrong, ...more] = problems({ secrets: { A: "${Wrong}" } }, { substitutions });
  expect(wrong).toMatch(
    /^`jobs\.echo\.secrets\.A` must be the ARN of .*, when its placeholders have their values, got: "\$\{Wrong\}"; set/,
  );
  expect(more).toEqual([]);
  expect(problems({ secrets: { A: "${Unknown}" } }, { substitutions })).toEqual([
    expect.stringContaining("must not use ${Unknown}, which has no value"),
  ]);
});

test("instance types of the workflow have its architecture", () => {
  expect(problems({}, { compute: "EC2", instanceTypes: ["m7g", "m5"] })[0]).toBe(
    '`instanceTypes` must name only types of the architecture X86_64, not m7g, got: ["m7g","m5"]; set it in the context of cdktf.json',
  );
});

test.each<[string, string]>([
  ["${EchoJobDefinitionArn}", "when its placeholders have their values"],
  ["arn:aws:ssm:eu-west-1:123456789012:parameter/${Mine}/${!x}", "when its placeholders have their values"],
  ["arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/a", "be in the partition aws, which is that of eu-west-1"],
])("the secret %s is refused, because it names none", (reference, must) => {
  const [only, ...more] = problems({ secrets: { A: reference } }, { substitutions: { Mine: "m" } });
  expect(only).toContain(`${must}, got: ${JSON.stringify(reference)}; set it in the context of cdktf.json`);
  expect(more).toEqual([]);
});

test.each(["${DataBucket}/*", "${Region}", "${Topic}", "${Topic}*"])(
  "the resource %s is refused, because it is no ARN",
  (Resource) => {
    const statements = [{ Effect: "Allow", Action: "s3:GetObject", Resource: ["*", Resource] }];
    const context = { data: "create", substitutions: { Topic: "alerts" } };
    const must =
      "must be an ARN when its placeholders have their values, such as arn:${Partition}:s3:::${DataBucket}/* for the objects of the data bucket";
    const end = `${must}, got: ["*",${JSON.stringify(Resource)}]; set it in the context of cdktf.json`;
    expect(problems({ statements }, context)).toEqual([`\`jobs.echo.statements[0].Resource\` ${end}`]);
    expect(problems({}, { ...context, statements })).toEqual([`\`statements[0].Resource\` ${end}`]);
  },
);

test("a resource may be a placeholder that stands for an ARN", () => {
  const Resource = ["${JobQueueArn}", "${Topic}", "${Bucket}/${aws:username}/*", "arn:${Partition}:s3:::${DataBucket}"];
  const statements = [{ Effect: "Allow", Action: "s3:GetObject", Resource }];
  const substitutions = { Topic: "arn:${Partition}:sns:${Region}:${AccountId}:alerts", Bucket: "arn:aws:s3:::b" };
  expect(settingsOf({ statements }, { data: "create", substitutions }).jobs.echo!.statements).toEqual(statements);
});
