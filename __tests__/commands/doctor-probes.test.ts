import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetBucketVersioningCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import type { Question } from "../../commands/doctor-checks";
import { findWorkspaces, PROBES } from "../../commands/doctor-probes";
import { UsageError } from "../../errors";
import { exampleSettings } from "../example/example";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function question(environment: NodeJS.ProcessEnv = {}): Question {
  const settings = Object.entries(environment).filter(([name]) => name.startsWith("WORKFLOW_"));
  return {
    settings: exampleSettings(Object.fromEntries(settings)),
    environment,
    signal: new AbortController().signal,
  };
}

/** A folder with commands that print; the environment that finds them there, and nothing else. */
function commands(printing: Readonly<Record<string, string>>, script = ""): NodeJS.ProcessEnv {
  for (const [name, text] of Object.entries(printing)) {
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s' '${text}'\n${script}\n`, { mode: 0o755 });
  }
  return { PATH: folder };
}

test("Node.js is the one that runs this", async () => {
  expect(await PROBES.node(question())).toBe(process.versions.node);
});

describe("Terraform", () => {
  const TERRAFORM = "Terraform v1.11.4\non linux_amd64\n\nYour version of Terraform is out of date!";
  const TOFU = "OpenTofu v1.11.0\non linux_amd64";

  test.each<[string, Record<string, string>, NodeJS.ProcessEnv, object]>([
    [
      "the command",
      { terraform: TERRAFORM, tofu: TOFU },
      {},
      { command: "terraform", found: { product: "Terraform", version: "1.11.4" }, other: null },
    ],
    [
      "the command that is set",
      { terraform: TERRAFORM, tofu: TOFU },
      { TERRAFORM_BINARY_NAME: "tofu" },
      { command: "tofu", found: { product: "OpenTofu", version: "1.11.0" }, other: null },
    ],
    [
      "another command, where the first is missing",
      { tofu: TOFU },
      {},
      { command: "terraform", found: null, other: "tofu" },
    ],
    ["none", {}, {}, { command: "terraform", found: null, other: null }],
  ])("%s", async (_, printing, environment, expected) => {
    expect(await PROBES.terraform(question({ ...commands(printing), ...environment }))).toEqual(expected);
  });

  test("a command of another kind is refused", async () => {
    await expect(PROBES.terraform(question(commands({ terraform: "Pulumi" })))).rejects.toEqual(
      new UsageError("`terraform version` says: Pulumi"),
    );
  });
});

describe("Docker", () => {
  const START = "start a Docker engine; without one, `npm start` runs plain processes, and no image can be deployed";
  const info = { OSType: "linux", Architecture: "x86_64", NCPU: 4, MemTotal: 2 ** 31 };

  test("an engine, with what it runs on", async () => {
    const docker = JSON.stringify({ ...info, ServerVersion: "28.0" });
    expect(await PROBES.docker(question(commands({ docker })))).toEqual({
      version: "28.0",
      os: "linux",
      architecture: "x86_64",
      vcpus: 4,
      memoryMiB: 2048,
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ["no command", {}, `there is no command docker; ${START.replace("start", "install")}`],
    [
      "no engine, says the CLI",
      { docker: JSON.stringify({ ServerVersion: "", ServerErrors: ["Cannot connect"] }) },
      `no engine answers: Cannot connect; ${START}`,
    ],
  ])("%s", async (_, printing, message) => {
    await expect(PROBES.docker(question(commands(printing)))).rejects.toEqual(new UsageError(message));
  });

  test.each(["", '{"ServerVersion":"","ServerErrors":null}'])(
    "no engine, says an old CLI beside what it prints: %p",
    async (docker) => {
      const environment = commands({ docker }, "echo 'Cannot connect' >&2; exit 1");
      await expect(PROBES.docker(question(environment))).rejects.toEqual(
        new UsageError(`no engine answers: Cannot connect; ${START}`),
      );
    },
  );
});

describe("AWS", () => {
  const [ec2, s3, sfn, sts] = [
    mockClient(EC2Client),
    mockClient(S3Client),
    mockClient(SFNClient),
    mockClient(STSClient),
  ];
  const CALLER = { Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/me" };
  const ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev";
  const refused = (properties: object) => Object.assign(new Error("no"), properties);
  beforeEach(() => {
    for (const client of [ec2, s3, sfn]) client.reset();
    sts.reset();
    sts.on(GetCallerIdentityCommand).resolves(CALLER);
  });

  test("the caller", async () => {
    expect(await PROBES.caller(question())).toEqual({ account: CALLER.Account, arn: CALLER.Arn });
  });

  test.each<[object, string | null]>([
    [{ Vpcs: [{ VpcId: "vpc-1" }] }, "vpc-1"],
    [{ Vpcs: [] }, null],
  ])("the default VPC: %j", async (answer, vpc) => {
    ec2.on(DescribeVpcsCommand, { Filters: [{ Name: "is-default", Values: ["true"] }] }).resolves(answer);
    expect(await PROBES.defaultVpc(question())).toBe(vpc);
  });

  test("the state machine", async () => {
    sfn.on(DescribeStateMachineCommand, { stateMachineArn: ARN }).resolves({ status: "ACTIVE" });
    expect(await PROBES.stateMachine(question())).toEqual({ arn: ARN, status: "ACTIVE" });
  });

  test("no state machine", async () => {
    sfn.on(DescribeStateMachineCommand).rejects(refused({ name: "StateMachineDoesNotExist" }));
    expect(await PROBES.stateMachine(question())).toBeNull();
  });

  describe("the bucket", () => {
    const asked = question({ WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" });
    const status = (httpStatusCode: number, headers = {}) =>
      refused({ $metadata: { httpStatusCode }, $response: { headers } });

    test.each<[string, object, object]>([
      ["with versions", { Status: "Enabled" }, { found: "bucket", region: "eu-west-1", versioned: true }],
      ["without versions", {}, { found: "bucket", region: "eu-west-1", versioned: false }],
    ])("%s", async (_, versioning, expected) => {
      s3.on(HeadBucketCommand, { Bucket: "states" }).resolves({ BucketRegion: "eu-west-1" });
      s3.on(GetBucketVersioningCommand, { Bucket: "states" }).resolves(versioning);
      expect(await PROBES.bucket(asked)).toEqual(expected);
    });

    test.each<[string, Error, object]>([
      ["that is not there", status(404), { found: "none" }],
      ["of somebody else", status(403), { found: "refused" }],
      [
        "in another region",
        status(301, { "x-amz-bucket-region": "us-east-1" }),
        { found: "bucket", region: "us-east-1", versioned: true },
      ],
    ])("%s", async (_, error, expected) => {
      s3.on(HeadBucketCommand).rejects(error);
      expect(await PROBES.bucket(asked)).toEqual(expected);
    });
  });
});

describe("HCP Terraform", () => {
  const TOKEN = "a-token-of-somebody";
  const CLOUD = { WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "acme" };
  const ORGANIZATION = "https://app.terraform.io/api/v2/organizations/acme";

  /** Answers by URL with a status and an execution mode, and writes down what it was asked. */
  function host(answers: Readonly<Record<string, readonly [status: number, attributes?: object]>>) {
    const asked: [url: string, authorization: unknown][] = [];
    const ask: typeof fetch = async (url, init) => {
      asked.push([String(url), (init!.headers as Record<string, string>).Authorization]);
      const [status, attributes] = answers[String(url)] ?? [404];
      return new Response(JSON.stringify({ data: { attributes } }), { status });
    };
    return { ask, asked };
  }

  test("the modes of both workspaces, with the token of the environment", async () => {
    const { ask, asked } = host({
      [ORGANIZATION]: [200, { "default-execution-mode": "remote" }],
      [`${ORGANIZATION}/workspaces/echo_dev_image`]: [200, { "execution-mode": "local" }],
    });
    const environment = { ...CLOUD, TF_TOKEN_app_terraform_io: TOKEN };
    expect(await findWorkspaces(question(environment), ask)).toEqual({
      found: "organization",
      defaultMode: "remote",
      modes: { echo_dev_image: "local", echo_dev_workflow: null },
    });
    expect(asked).toEqual(
      ["", "/workspaces/echo_dev_image", "/workspaces/echo_dev_workflow"].map((path) => [
        ORGANIZATION + path,
        `Bearer ${TOKEN}`,
      ]),
    );
  });

  test("the token that terraform login has left", async () => {
    mkdirSync(join(folder, ".terraform.d"));
    const credentials = { credentials: { "app.terraform.io": { token: TOKEN } } };
    writeFileSync(join(folder, ".terraform.d/credentials.tfrc.json"), JSON.stringify(credentials));
    const { ask, asked } = host({ [ORGANIZATION]: [401] });
    expect(await findWorkspaces(question({ ...CLOUD, HOME: folder }), ask)).toEqual({ found: "refused" });
    expect(asked).toEqual([[ORGANIZATION, `Bearer ${TOKEN}`]]);
  });

  test("no token: nothing is asked", async () => {
    const { ask, asked } = host({});
    expect(await findWorkspaces(question({ ...CLOUD, HOME: folder }), ask)).toEqual({ found: "no-token" });
    expect(asked).toEqual([]);
  });

  test("no organization", async () => {
    const environment = { ...CLOUD, TF_TOKEN_app_terraform_io: TOKEN };
    expect(await findWorkspaces(question(environment), host({}).ask)).toEqual({ found: "no-organization" });
  });

  test.each<[string, typeof fetch, string]>([
    ["fails", host({ [ORGANIZATION]: [503] }).ask, "app.terraform.io answers with 503; try again later"],
    [
      "cannot be reached",
      () => Promise.reject(new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND") })),
      "app.terraform.io cannot be reached: getaddrinfo ENOTFOUND; look at the network and WORKFLOW_CLOUD_HOSTNAME",
    ],
  ])("a host that %s", async (_, ask, message) => {
    const environment = { ...CLOUD, TF_TOKEN_app_terraform_io: TOKEN };
    await expect(findWorkspaces(question(environment), ask)).rejects.toEqual(new UsageError(message));
  });
});
