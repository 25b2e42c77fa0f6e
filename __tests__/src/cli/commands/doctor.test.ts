import { UsageError } from "../../../../src/base/errors";
import { doctor } from "../../../../src/cli/commands/doctor";
import { diagnoseNamed } from "../../../../src/cli/doctor/diagnose";
import type { Probes } from "../../../../src/cli/doctor/probes";
import { exampleSettings } from "../../../example";
import { act } from "../../../terminal";
import { scene } from "../scene";

const unneeded = () => Promise.reject(new Error("should not be asked"));

/** A machine and an account that lack nothing. */
const WELL: Probes = {
  node: async () => "20.19.0",
  terraform: async () => ({ command: "terraform", found: { product: "Terraform", version: "1.11.4" }, other: null }),
  docker: async () => ({ version: "28.0", os: "linux", architecture: "x86_64", vcpus: 2, memoryMiB: 4000 }),
  caller: async () => ({ account: "123456789012", arn: "arn:aws:iam::123456789012:user/me" }),
  defaultVpc: async () => "vpc-1",
  bucket: unneeded,
  dataBucket: async () => ({ name: "echo--dev-123456789012-euw1", found: "none" }),
  workspaces: unneeded,
  profile: async () => ({ name: "default", region: null }),
  stateMachine: async () => ({ arn: "arn:echo_dev", status: "ACTIVE" }),
  state: async () => ({ isDeployed: true, local: "state/echo/dev/", inBackend: null }),
  jobQueue: async () => ({ state: "ENABLED", status: "VALID", reason: null }),
  computeEnvironments: async () => [{ name: "echo_dev-1", state: "ENABLED", status: "VALID", reason: null }],
  images: async () => [{ job: "echo", image: "registry/echo_dev_echo:a1", isThere: true }],
};

async function diagnosis(probes: Partial<Probes> = {}, environment: NodeJS.ProcessEnv = {}, json = false) {
  const { session, output } = scene({
    session: { environment, loadProbes: async () => ({ ...WELL, ...probes }) },
  });
  return { code: await act(doctor, { json }, session), ...output };
}

test("a line for each check, and 0 where all is well", async () => {
  expect(await diagnosis()).toEqual({
    code: 0,
    stderr: "",
    stdout: `ok       Node.js: 20.19.0
ok       Terraform: Terraform 1.11.4
ok       Docker: engine 28.0
ok       credentials: account 123456789012, arn:aws:iam::123456789012:user/me
ok       region: eu-west-1
ok       default VPC: vpc-1
ok       backend: local, in state/
ok       state machine: arn:echo_dev
ok       job queue: echo_dev
ok       compute environment: echo_dev-1
ok       images: echo_dev_echo:a1
`,
  });
});

test("a warning has its fix, and gives 0", async () => {
  const { code, stdout } = await diagnosis({ stateMachine: async () => null });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^warning {2}state machine: echo_dev is not deployed; run `npx workflow deploy`$/m);
});

test("a failure has its fix, and gives 1", async () => {
  const { code, stdout } = await diagnosis({ node: async () => "18.0.0" });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^failure {2}Node\.js: 18\.0\.0 is older than 20\.19\.0; install a newer one$/m);
});

test("--json is one list", async () => {
  const { stdout } = await diagnosis({ defaultVpc: async () => null }, {}, true);
  expect(JSON.parse(stdout)).toContainEqual({
    name: "default VPC",
    status: "failure",
    message: "eu-west-1 has none",
    fix: "set WORKFLOW_NETWORK=create, give a VPC and its subnets, or run `aws ec2 create-default-vpc`",
  });
});

test("without credentials, what needs them is not looked at", async () => {
  const caller = () => Promise.reject(new UsageError("there are no AWS credentials; log in"));
  const deployed = { state: unneeded, jobQueue: unneeded, computeEnvironments: unneeded, images: unneeded };
  const probes = { caller, defaultVpc: unneeded, stateMachine: unneeded, ...deployed };
  expect((await diagnosis(probes)).stdout.split("\n").slice(3)).toEqual([
    "failure  credentials: there are no AWS credentials; log in",
    "ok       region: eu-west-1",
    "warning  default VPC: not checked: see credentials",
    "ok       backend: local, in state/",
    "warning  data bucket: not checked: see credentials",
    "warning  state: not checked: see credentials",
    "warning  state machine: not checked: see credentials",
    "warning  job queue: not checked: see credentials",
    "warning  compute environment: not checked: see credentials",
    "warning  images: not checked: see credentials",
    "",
  ]);
});

test("what does not answer is given up, and told to end", async () => {
  const ended: unknown[] = [];
  const docker: Probes["docker"] = ({ signal }) =>
    new Promise(() => signal.addEventListener("abort", () => ended.push("docker")));
  const { code, stdout } = await diagnosis({ docker });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^failure {2}Docker: no answer within 15 s; check the network and the proxy$/m);
  expect(ended).toEqual(["docker"]);
});

test.each<[keyof Probes, string]>([
  ["stateMachine", "failure  state machine: Error: boom"],
  ["defaultVpc", "warning  default VPC: Error: boom"],
])("an unexpected error of %s is a line too", async (probe, line) => {
  const { stdout } = await diagnosis({ [probe]: () => Promise.reject(new Error("boom")) });
  expect(stdout.split("\n")).toContain(line);
});

test("no secret is printed, neither those of the environment nor those of a signed request", async () => {
  const environment = {
    AWS_SECRET_ACCESS_KEY: "secretsecret",
    TF_TOKEN_app_terraform_io: "tokentoken",
    CI_TOKEN: "on",
  };
  const message = "not secretsecret on tokentoken\nthe string to sign was\nx-amz-security-token:abc";
  const { stdout } = await diagnosis({ caller: () => Promise.reject(new UsageError(message)) }, environment);
  expect(stdout.split("\n")[3]).toBe("failure  credentials: not … on …");
  expect(stdout).not.toMatch(/security-token/);
});

test("what other programs say is printable, and cut", async () => {
  const docker = () => Promise.reject(new UsageError(`\u001b[2J\u0007${"long ".repeat(10_000)}`));
  const line = (await diagnosis({ docker })).stdout.split("\n")[2]!;
  expect(line).toMatch(/^failure {2}Docker: \u2407long long .*…$/);
  expect(line.length).toBe("failure  Docker: ".length + 500);
});

test("what would stop a deploy is found without one, by the named checks alone", async () => {
  const { session } = scene({});
  const settings = exampleSettings({ WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "acme" });
  const workspaces: Probes["workspaces"] = async () => ({
    found: "organization",
    defaultMode: "remote",
    modes: { echo_dev_image: null, echo_dev_workflow: "local" },
  });
  const unasked = { docker: unneeded, jobQueue: unneeded, images: unneeded };
  expect(
    await diagnoseNamed(
      { settings, environment: {} },
      { ...WELL, ...unasked, workspaces },
      session.clock,
      ["credentials", "default VPC", "backend"],
      new AbortController().signal,
    ),
  ).toEqual([
    expect.objectContaining({ name: "credentials", status: "ok" }),
    expect.objectContaining({ name: "default VPC", status: "ok" }),
    {
      name: "backend",
      status: "failure",
      message: "cloud, acme at app.terraform.io: the first deploy would create echo_dev_image in mode remote",
      fix: "set the organization's default execution mode to Local, or create the workspaces in that mode",
    },
  ]);
});

test("the settings are read first", async () => {
  await expect(diagnosis({}, { WORKFLOW_BACKEND: "s4" })).rejects.toThrow(UsageError);
});
