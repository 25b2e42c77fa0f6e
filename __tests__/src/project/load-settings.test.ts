import { SettingsError } from "../../../src/base/errors";
import { describeSettings, loadSettings } from "../../../src/project/load-settings";
import type { Settings } from "../../../src/project/settings-types";

const echo = { image: "image", vcpus: 0.25, memoryMiB: 512, timeoutSeconds: 3600, attempts: 3 };
const context = { jobs: { echo } };

/** The settings, each with its variable, its default; a good text and its value; a bad text and the rule that it breaks. */
const SETTINGS: Readonly<
  Record<
    Exclude<keyof Settings, "jobs" | "substitutions" | "statements" | "schedule">,
    readonly [string, unknown, string, unknown, string, string]
  >
> = {
  name: [
    "WORKFLOW_NAME",
    "echo",
    "nightly-2",
    "nightly-2",
    "Echo",
    "a lower-case name of at most 20 letters, digits and single dashes, a letter first",
  ],
  environment: ["WORKFLOW_ENVIRONMENT", "dev", "prod", "prod", "  ", "some text, such as the name of a branch"],
  region: ["AWS_REGION", "eu-west-1", "us-gov-west-1", "us-gov-west-1", "Ireland", "an AWS region, such as eu-west-1"],
  document: [
    "WORKFLOW_DOCUMENT",
    "workflow/echo.asl.json",
    "workflow/other.asl.json",
    "workflow/other.asl.json",
    "workflow/echo.json",
    "the path of a file that ends in .asl.json",
  ],
  compute: [
    "WORKFLOW_COMPUTE",
    ["FARGATE_SPOT"],
    "SPOT, EC2",
    ["SPOT", "EC2"],
    "ec2",
    "one of FARGATE_SPOT, FARGATE, EC2, SPOT, or a list of at most 3 different ones",
  ],
  architecture: ["WORKFLOW_ARCHITECTURE", "X86_64", "ARM64", "ARM64", "arm", "one of X86_64, ARM64"],
  instanceTypes: [
    "WORKFLOW_INSTANCE_TYPES",
    [],
    "m7i.large, c7i",
    ["m7i.large", "c7i"],
    "m7i.large,,c7i",
    "instance types or families such as m7g.large, separated by commas",
  ],
  maxVcpus: ["WORKFLOW_MAX_VCPUS", 10, "256", 256, "0", "a whole number from 1 to 10000"],
  network: ["WORKFLOW_NETWORK", "default", "create", "create", "vpc", "default, create or the id of a VPC"],
  subnets: [
    "WORKFLOW_SUBNETS",
    [],
    "subnet-0a,subnet-0b",
    ["subnet-0a", "subnet-0b"],
    "subnet-0a;subnet-0b",
    "ids of subnets, separated by commas",
  ],
  assignPublicIp: ["WORKFLOW_ASSIGN_PUBLIC_IP", true, "false", false, "no", "true or false"],
  stuckJobSeconds: ["WORKFLOW_STUCK_JOB_SECONDS", 14400, "600", 600, "599", "a whole number from 600 to 86400"],
  imageTagMutability: [
    "WORKFLOW_IMAGE_TAG_MUTABILITY",
    "MUTABLE",
    "IMMUTABLE",
    "IMMUTABLE",
    "immutable",
    "one of MUTABLE, IMMUTABLE",
  ],
  keptImages: ["WORKFLOW_KEPT_IMAGES", 20, "1", 1, "1001", "a whole number from 1 to 1000"],
  logRetentionDays: [
    "WORKFLOW_LOG_RETENTION_DAYS",
    30,
    "365",
    365,
    "31",
    "one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
  ],
  tracing: ["WORKFLOW_TRACING", false, "true", true, "on", "true or false"],
  permissionsBoundary: [
    "WORKFLOW_PERMISSIONS_BOUNDARY",
    null,
    "arn:aws:iam::123456789012:policy/team/boundary",
    "arn:aws:iam::123456789012:policy/team/boundary",
    "boundary",
    "the ARN of an IAM policy",
  ],
  data: [
    "WORKFLOW_DATA",
    "none",
    "our-data",
    "our-data",
    "Our Data",
    "none, create or a bucket's name, 3 to 63 lower-case letters, digits, dots and dashes",
  ],
  onObject: [
    "WORKFLOW_ON_OBJECT",
    null,
    "in/",
    "in/",
    "/in",
    "the start of keys in the data bucket, such as in/, without wildcards or a slash before it",
  ],
  notify: [
    "WORKFLOW_NOTIFY",
    [],
    "ops@example.com,arn:aws:sns:eu-west-1:123456789012:ops",
    ["ops@example.com", "arn:aws:sns:eu-west-1:123456789012:ops"],
    "ops",
    "e-mail addresses and ARNs of SNS topics, separated by commas",
  ],
  backend: ["WORKFLOW_BACKEND", "local", "s3", "s3", "remote", "one of local, s3, cloud"],
  stateBucket: [
    "WORKFLOW_STATE_BUCKET",
    null,
    "our-states",
    "our-states",
    "My_Bucket",
    "a bucket's name, 3 to 63 lower-case letters, digits, dots and dashes",
  ],
  stateRegion: ["WORKFLOW_STATE_REGION", null, "us-east-1", "us-east-1", "Ohio", "an AWS region, such as eu-west-1"],
  cloudOrganization: [
    "WORKFLOW_CLOUD_ORGANIZATION",
    null,
    "our-team",
    "our-team",
    "our team",
    "the name of an organization of HCP Terraform",
  ],
  cloudHostname: [
    "WORKFLOW_CLOUD_HOSTNAME",
    "app.terraform.io",
    "terraform.example.com",
    "terraform.example.com",
    "https://app.terraform.io",
    "a host name",
  ],
};

/** The settings that a good value needs beside it. */
const COMPANIONS: Readonly<Record<string, NodeJS.ProcessEnv>> = {
  instanceTypes: { WORKFLOW_COMPUTE: "EC2" },
  subnets: { WORKFLOW_NETWORK: "vpc-1" },
  onObject: { WORKFLOW_DATA: "create" },
  backend: { WORKFLOW_STATE_BUCKET: "our-states" },
};

const ROWS = Object.entries(SETTINGS) as [keyof typeof SETTINGS, (typeof SETTINGS)["name"]][];

function problems(environment: NodeJS.ProcessEnv, given: unknown = context): string[] {
  try {
    loadSettings(environment, given);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).message.split("\n");
  }
  throw new Error("the settings were taken");
}

describe("defaults", () => {
  test("apply if nothing is set", () => {
    expect(loadSettings({}, context)).toEqual({
      ...Object.fromEntries(ROWS.map(([name, [, fallback]]) => [name, fallback])),
      schedule: null,
      substitutions: {},
      statements: [],
      jobs: {
        echo: {
          ...echo,
          imageUri: null,
          command: [],
          parameters: {},
          environment: {},
          secrets: {},
          statements: [],
          readonlyRootFilesystem: false,
          ephemeralStorageGiB: null,
          gpus: null,
          sharedMemoryMiB: null,
          user: null,
          initProcess: false,
          tags: {},
          efs: {},
          compute: null,
          architecture: null,
          instanceTypes: null,
          exec: false,
          localCommand: null,
        },
      },
    });
  });

  test("give way to the context, and that to the environment; an empty variable is none", () => {
    const given = { ...context, name: "from-context", maxVcpus: 4, subnets: [], stateBucket: null };
    const described = describeSettings({ WORKFLOW_NAME: "from-variable", WORKFLOW_ENVIRONMENT: "" }, given);
    const origins = Object.fromEntries(described.map(({ name, value, origin }) => [name, [value, origin]]));
    expect(origins).toMatchObject({
      name: ["from-variable", "environment"],
      environment: ["dev", "default"],
      maxVcpus: [4, "cdktf.json"],
      subnets: [[], "cdktf.json"],
      stateBucket: [null, "cdktf.json"],
    });
  });
});

test.each(ROWS)("%s takes a good value", (name, [variable, , text, value]) => {
  expect(loadSettings({ [variable]: text, ...COMPANIONS[name] }, context)[name]).toEqual(value);
});

describe("bad values", () => {
  test("are reported all at once, each with its rule, its value and the place to set it", () => {
    const environment = Object.fromEntries(ROWS.map(([, [variable, , , , bad]]) => [variable, bad]));
    expect(problems(environment)).toEqual(
      ROWS.map(
        ([name, [variable, , , , bad, rule]]) =>
          `\`${name}\` must be ${rule}, got: ${JSON.stringify(bad)}; set ${variable}`,
      ),
    );
  });

  test.each(["1.5", "-1", "1e3", "0x10", " 5", "ten"])("a number is not guessed from %j", (text) => {
    expect(problems({ WORKFLOW_MAX_VCPUS: text })).toHaveLength(1);
  });

  test("of a job are named by their path", () => {
    expect(problems({}, { jobs: { echo: { ...echo, timeoutSeconds: 59, attempts: "3", memory: 1 } } })).toEqual([
      "`jobs.echo.timeoutSeconds` must be a whole number of at least 60, such as 3600, got: 59; set it in the context of cdktf.json",
      '`jobs.echo.attempts` must be a whole number from 1 to 10, got: "3"; set it in the context of cdktf.json',
      "`jobs.echo.memory` in the context of cdktf.json is not a field of a job; did you mean memoryMiB?",
    ]);
  });

  test("in cdktf.json are to be corrected there, even if the setting has a variable", () => {
    expect(problems({}, { ...context, name: "My_Workflow", onObject: "in/" })).toEqual([
      '`name` must be a lower-case name of at most 20 letters, digits and single dashes, a letter first, got: "My_Workflow"; set it in the context of cdktf.json',
      '`onObject` must be unset unless `data` is create or the name of a bucket, got: "in/"; set it in the context of cdktf.json',
    ]);
  });

  test("that a job lacks are requested with an example", () => {
    expect(problems({}, { jobs: { echo: { image: "image" } } })).toEqual([
      "`jobs.echo.vcpus` is missing; set it in the context of cdktf.json, to a number above 0, such as 0.25",
      "`jobs.echo.memoryMiB` is missing; set it in the context of cdktf.json, to a whole number of at least 4, such as 512",
      "`jobs.echo.timeoutSeconds` is missing; set it in the context of cdktf.json, to a whole number of at least 60, such as 3600",
      "`jobs.echo.attempts` is missing; set it in the context of cdktf.json, to a whole number from 1 to 10",
    ]);
  });

  test.each<[string, object, string]>([
    [
      "a name in another case",
      { countWords: echo },
      '`jobs.countWords` must have a name of lower-case words joined by hyphens, at most 20 characters, such as train-model, got: "countWords"; change it in the context of cdktf.json',
    ],
    [
      "a field that is needed and misspelt",
      { echo: { ...echo, vcpus: undefined, vcpu: 1 } },
      "`jobs.echo.vcpu` in the context of cdktf.json is not a field of a job; did you mean vcpus?",
    ],
    [
      "a field that is misspelt",
      { echo: { ...echo, vcpu: 1 } },
      "`jobs.echo.vcpu` in the context of cdktf.json is not a field of a job; did you mean vcpus?",
    ],
    [
      "something else in place of its fields",
      { echo: "image" },
      '`jobs.echo` must be an object with image, imageUri, vcpus, memoryMiB, timeoutSeconds, attempts, command, parameters, environment, secrets, statements, readonlyRootFilesystem, ephemeralStorageGiB, gpus, sharedMemoryMiB, user, initProcess, tags, efs, compute, architecture, instanceTypes, exec, localCommand, got: "image"; set it in the context of cdktf.json',
    ],
    [
      "a list with several wrong items",
      { echo: { ...echo, command: [1, 2] } },
      "`jobs.echo.command` must be a list of strings, got: [1,2]; set it in the context of cdktf.json",
    ],
  ])("of a job: %s", (_, jobs, message) => {
    expect(problems({}, { jobs })).toEqual([message]);
  });

  test("include having no job", () => {
    expect(problems({}, {})).toEqual([
      "`jobs` must be an object with at least one job, got: {}; set it in the context of cdktf.json",
    ]);
  });

  test("include variables and keys that are no settings", () => {
    expect(problems({ WORKFLOW_ENVIROMENT: "prod" }, { ...context, maxVcpu: 3 })).toEqual([
      "`maxVcpu` in the context of cdktf.json is not a setting; did you mean maxVcpus?",
      "`WORKFLOW_ENVIROMENT` is not a setting; did you mean WORKFLOW_ENVIRONMENT?",
    ]);
  });
});

describe("an unknown setting gets advice", () => {
  const { image, vcpus, memoryMiB, timeoutSeconds, attempts } = echo;
  const job = { image, vcpus, memoryMiB, timeoutSeconds, attempts };

  test.each([
    ["env", "set `environment`"],
    ["jobRoleArn", "set `statements`: each job has a role of its own"],
    ["volumes", "set `efs`, or read and write S3: see the setting `data`"],
  ])("the field %s of a job", (field, way) => {
    expect(problems({}, { jobs: { echo: { ...job, [field]: 1 } } })).toEqual([
      `\`jobs.echo.${field}\` in the context of cdktf.json is not a field of a job; ${way}`,
    ]);
  });

  test.each(["jobs", "substitutions", "statements", "schedule"])("a variable for %s", (name) => {
    const variable = `WORKFLOW_${name.toUpperCase()}`;
    expect(problems({ [variable]: "{}" })).toEqual([
      `\`${name}\` has no environment variable, got: ${variable}; set it in the context of cdktf.json`,
    ]);
  });

  test.each(["alarms", "alarmEmail"])("%s, which notify replaced", (name) => {
    expect(problems({}, { ...context, [name]: true })).toEqual([
      `\`${name}\` in the context of cdktf.json is not a setting; set \`notify\` to the addresses`,
    ]);
  });

  test.each(["WORKFLOW_ALARMS", "WORKFLOW_ALARM_EMAIL"])("%s, which notify replaced", (variable) => {
    expect(problems({ [variable]: "true" })).toEqual([
      `\`${variable}\` is not a setting; set WORKFLOW_NOTIFY to the addresses`,
    ]);
  });

  test.each([
    [[], "must be an object of strings, got: []"],
    [{ TopicArn: 1, Rest: null }, ".TopicArn must be a string, got: 1", ".Rest must be a string, got: null"],
    [{ "Topic-Arn": "a" }, '.Topic-Arn must have a name of letters, digits and underscores, a letter first, got: "a"'],
    [{ Region: "a" }, '.Region must have another name: the project itself gives this placeholder its value, got: "a"'],
    [
      { EchoJobDefinitionArn: "a" },
      '.EchoJobDefinitionArn must have another name: the project itself gives this placeholder its value, got: "a"',
    ],
    [
      { A: "${B}", B: "${Region}${!A}" },
      '.A must not use ${B}, which has no value (known placeholders are ${Partition}, ${Region}, ${AccountId}, ${StateMachineName}, ${JobQueueArn}, ${EchoJobDefinitionArn}), got: "${B}"',
    ],
  ] as const)("substitutions %j", (...[substitutions, ...messages]) => {
    const given = problems({}, { ...context, substitutions }).map((line) => line.replaceAll("`", ""));
    expect(given).toEqual(
      messages.map(
        (message) =>
          `substitutions${message.startsWith(".") ? "" : " "}${message}; set it in the context of cdktf.json`,
      ),
    );
  });

  test("reports the first hundred of many unknown keys", () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, 1]));
    const told = problems({}, { ...context, ...many });
    expect(told).toHaveLength(101);
    expect(told.at(-1)).toBe("… and 9,900 more");
  });

  test("names and values are shown without control characters, and cut", () => {
    const [unknown, long] = problems({}, { ...context, "\x1b[2J\u202e\n": 1, name: "\x1b".repeat(100_000) });
    expect(unknown).toMatch(/^`␛\[2J�␊` in the context of cdktf.json is not a setting; /);
    expect(long!.length).toBeLessThan(300);
  });

  test("names of prototypes are names like others", () => {
    const jobs = JSON.parse(`{"constructor": ${JSON.stringify(job)}, "__proto__": ${JSON.stringify(job)}}`);
    expect(problems({}, { jobs })).toEqual([
      '`jobs.__proto__` must have a name of lower-case words joined by hyphens, at most 20 characters, such as train-model, got: "__proto__"; change it in the context of cdktf.json',
    ]);
    expect(Object.keys(loadSettings({}, { jobs: { constructor: job } }).jobs)).toEqual(["constructor"]);
  });
});
