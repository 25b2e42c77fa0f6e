import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../../src/base/errors";
import { type BootstrapSurroundings, makeWorkspaces, run } from "../../../../src/cli/commands/bootstrap";
import type { BootstrapProps } from "../../../../stacks/bootstrap-stack";
import { CONTEXT, exampleSettings } from "../../../example";

const CLOUD = { WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "my-org", TF_TOKEN_app_terraform_io: "secret" };
const GIVEN = ["--repository", "owner/repo", "--bucket", "my-states"];

/** HCP Terraform: workspaces and their execution modes. */
class Hcp {
  readonly workspaces = new Map<string, string>();
  readonly changes: string[] = [];
  /** Answered to every request in place of what was asked for. */
  status: number | null = null;
  private readonly server: Server;

  constructor() {
    this.server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      const answer = (status: number, mode?: string) => {
        response.writeHead(status, { "content-type": "application/vnd.api+json" });
        response.end(JSON.stringify({ data: { attributes: { "execution-mode": mode } } }));
      };
      const [, , , , organization, , name] = request.url!.split("/");
      if (this.status !== null) return answer(this.status);
      if (request.headers.authorization !== "Bearer secret") return answer(401);
      if (organization !== "my-org") return answer(404);
      if (request.method === "GET") return answer(this.workspaces.has(name!) ? 200 : 404, this.workspaces.get(name!));
      const { type, attributes } = JSON.parse(text).data;
      if (type !== "workspaces" || request.headers["content-type"] !== "application/vnd.api+json") return answer(422);
      const changed = name ?? attributes.name;
      this.changes.push(`${request.method} ${changed}`);
      this.workspaces.set(changed, attributes["execution-mode"]);
      answer(request.method === "POST" ? 201 : 200, attributes["execution-mode"]);
    });
  }

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  /** `fetch`, which finds this server under the name of HCP Terraform. */
  readonly fetch: typeof fetch = (url, options) => {
    const { port } = this.server.address() as AddressInfo;
    return fetch(String(url).replace("https://app.terraform.io", `http://127.0.0.1:${port}`), options);
  };
}

let hcp: Hcp;

beforeEach(async () => {
  hcp = new Hcp();
  await hcp.start();
});
afterEach(() => hcp.stop());

/** Runs the bootstrap, without Terraform. */
async function bootstrap(
  args: string[],
  environment: NodeJS.ProcessEnv = {},
  exitCodes: Record<string, number> = {},
  changes: Partial<BootstrapSurroundings> = {},
) {
  const ran = { stdout: "", stderr: "", props: null as BootstrapProps | null, terraform: [] as string[] };
  const written = (stream: "stdout" | "stderr", text: string | Uint8Array) => {
    ran[stream] += text;
    return true;
  };
  const surroundings: BootstrapSurroundings = {
    environment,
    context: CONTEXT,
    stdout: { write: (text) => written("stdout", text) },
    stderr: { write: (text) => written("stderr", text) },
    fetch: hcp.fetch,
    isInteractive: true,
    synthesize: (_, props) => {
      ran.props = props;
      return "folder";
    },
    terraform: async (args, folder) => {
      ran.terraform.push(`${folder}: ${args.join(" ")}`);
      return exitCodes[args[0]!] ?? 0;
    },
    ...changes,
  };
  const exitCode = await run(args, surroundings);
  return { ...ran, exitCode };
}

test("Terraform is initialized and applies, and asks for itself", async () => {
  expect(await bootstrap(GIVEN)).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "",
    props: {
      repository: "owner/repo",
      branch: "main",
      bucket: "my-states",
      existingBucket: false,
      mainOnly: false,
      existingProvider: false,
      stateInBucket: false,
    },
    terraform: ["folder: init -migrate-state", "folder: apply"],
  });
});

test("with --plan-only nothing is applied", async () => {
  const { terraform } = await bootstrap([...GIVEN, "--plan-only"]);
  expect(terraform).toEqual(["folder: init -migrate-state", "folder: plan"]);
});

test("with --auto-approve nothing is asked, and its state moves unasked too", async () => {
  const { terraform } = await bootstrap([...GIVEN, "--auto-approve"], {}, {}, { isInteractive: false });
  expect(terraform).toEqual(["folder: init -migrate-state -force-copy", "folder: apply -auto-approve"]);
});

test("without a terminal and --auto-approve nothing is started", async () => {
  expect(await bootstrap(GIVEN, {}, {}, { isInteractive: false })).toMatchObject({
    exitCode: 2,
    stderr: "bootstrap asks for approval, and there is no terminal to ask in; give `--auto-approve`\n",
    props: null,
    terraform: [],
  });
});

test("without a terminal --plan-only may be had", async () => {
  const ran = await bootstrap([...GIVEN, "--plan-only"], {}, {}, { isInteractive: false });
  expect(ran).toMatchObject({ exitCode: 0, terraform: ["folder: init -migrate-state", "folder: plan"] });
});

test.each([
  [{ init: 1 }, 1, ["folder: init -migrate-state"]],
  [{ apply: 3 }, 3, ["folder: init -migrate-state", "folder: apply"]],
])("a Terraform that fails, %j, ends it with its exit code", async (exitCodes, exitCode, terraform) => {
  expect(await bootstrap(GIVEN, {}, exitCodes)).toMatchObject({ exitCode, terraform });
});

test("every flag reaches the stack", async () => {
  const flags = ["--branch", "trunk", "--main-only", "--existing-bucket", "--existing-provider", "--state-in-bucket"];
  const { props } = await bootstrap([...GIVEN, ...flags]);
  expect(props).toEqual({
    repository: "owner/repo",
    branch: "trunk",
    bucket: "my-states",
    existingBucket: true,
    mainOnly: true,
    existingProvider: true,
    stateInBucket: true,
  });
});

test.each([
  "owner/repo",
  "Owner-1/Repo_2.js",
  "octo-org@123456/octo-repo@456789",
  "managed_company/repo",
  "managed_company@1/repo@2",
])("the repository %s is taken as it stands", async (repository) => {
  const { props } = await bootstrap(["--repository", repository, "--bucket", "my-states"]);
  expect(props!.repository).toBe(repository);
});

const HOW_TO_FIND_IT = "`gh api repos/OWNER/REPO/actions/oidc/customization/sub --jq .sub_claim_prefix`";

/** What is said of a repository that is none. */
function refused(repository?: string): string {
  return (
    "`--repository` must be a repository on GitHub as OWNER/REPO or OWNER@ID/REPO@ID, " +
    `got: ${repository === undefined ? "nothing" : JSON.stringify(repository)}; ${HOW_TO_FIND_IT} prints it after \`repo:\``
  );
}

const BUCKET_RULE = "`--bucket` must be a bucket's name, 3 to 63 lower-case letters, digits, dots and dashes";

test.each<[string[], NodeJS.ProcessEnv, string]>([
  [[], {}, `${refused()}\n${BUCKET_RULE}, got: nothing`],
  [["--repository", "repo", "--bucket", "states"], {}, refused("repo")],
  [["--repository", "o@1/r", "--bucket", "states"], {}, refused("o@1/r")],
  [["--repository", "o/r@2", "--bucket", "states"], {}, refused("o/r@2")],
  [["--repository", "o@x/r@2", "--bucket", "states"], {}, refused("o@x/r@2")],
  [["--repository", "o/r:*", "--bucket", "states"], {}, refused("o/r:*")],
  [["--repository", "o/r", "--bucket", ""], {}, `${BUCKET_RULE}, got: ""`],
  [["--repository", "o/r", "--bucket", "My_States"], {}, `${BUCKET_RULE}, got: "My_States"`],
  [GIVEN, CLOUD, '`--bucket` must be left out with the backend cloud, which keeps the state, got: "my-states"'],
  [["--repository", "o/r", "--state-in-bucket"], CLOUD, "`--state-in-bucket` needs `--bucket`"],
  [[...GIVEN, "--bucked", "x"], {}, "error: unknown option '--bucked'\n(Did you mean --bucket?)"],
  [[...GIVEN, "more"], {}, "error: too many arguments. Expected 0 arguments but got 1."],
])("wrong usage, %j, is told, and nothing is started", async (args, environment, message) => {
  expect(await bootstrap(args, environment)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: `${message}\n`,
    props: null,
    terraform: [],
  });
  expect(hcp.changes).toEqual([]);
});

test("--help ends with 0, and says how to find the repository's name in its tokens", async () => {
  const { exitCode, stdout, terraform } = await bootstrap(["--help"]);
  expect([exitCode, terraform]).toEqual([0, []]);
  expect(stdout).toContain("--repository <owner/repo>");
  expect(stdout).toContain(HOW_TO_FIND_IT.slice(1, -1));
});

const S3 = { WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "our-states" };

test("the bucket is that of the settings, and no other", async () => {
  const { props } = await bootstrap(["--repository", "owner/repo", "--existing-bucket"], S3);
  expect(props).toMatchObject({ bucket: "our-states", existingBucket: true });
  expect(await bootstrap(GIVEN, S3)).toMatchObject({
    exitCode: 2,
    stderr: '`--bucket` must be the setting `stateBucket`, "our-states", got: "my-states"\n',
  });
});

test.each(["--state-in-bucket", "--existing-bucket"])("%s needs a bucket", async (flag) => {
  expect(await bootstrap(["--repository", "owner/repo", flag], CLOUD)).toMatchObject({
    exitCode: 2,
    stderr: `\`${flag}\` needs \`--bucket\`\n`,
  });
});

test("with HCP Terraform the workspaces are made, then the roles, without a bucket", async () => {
  const ran = await bootstrap(["--repository", "owner/repo"], CLOUD);
  expect(ran.stderr).toBe(
    "made the workspace echo_dev_image, in execution mode local\nmade the workspace echo_dev_workflow, in execution mode local\n",
  );
  expect(ran.props!.bucket).toBeNull();
  expect(ran.terraform).toEqual(["folder: init -migrate-state", "folder: apply"]);
  expect(Object.fromEntries(hcp.workspaces)).toEqual({ echo_dev_image: "local", echo_dev_workflow: "local" });
});

test("with --workspaces-only nothing else is done", async () => {
  const ran = await bootstrap(["--workspaces-only"], { ...CLOUD, WORKFLOW_ENVIRONMENT: "test" });
  expect(ran).toMatchObject({ exitCode: 0, props: null, terraform: [] });
  expect(hcp.changes).toEqual(["POST echo_test_image", "POST echo_test_workflow"]);
});

test("with --workspaces-only and a backend that has none, nothing is done", async () => {
  const ran = await bootstrap(["--workspaces-only"], {});
  expect(ran).toMatchObject({ exitCode: 0, stderr: "the backend local has no workspaces to make\n", terraform: [] });
  expect(hcp.changes).toEqual([]);
});

test("with --plan-only no workspace is made", async () => {
  await bootstrap(["--repository", "owner/repo", "--plan-only"], CLOUD);
  expect(hcp.changes).toEqual([]);
});

test("a workspace that is there is set to local only where it is not, and is not touched again", async () => {
  hcp.workspaces.set("echo_dev_image", "local").set("echo_dev_workflow", "remote");
  const first = await bootstrap(["--workspaces-only"], CLOUD);
  expect(first.stderr).toBe("set the workspace echo_dev_workflow to execution mode local\n");
  expect((await bootstrap(["--workspaces-only"], CLOUD)).stderr).toBe("");
  expect(hcp.changes).toEqual(["PATCH echo_dev_workflow"]);
});

test.each<[string, NodeJS.ProcessEnv, number | null, string]>([
  [
    "no token",
    { TF_TOKEN_app_terraform_io: "", HOME: "/nowhere" },
    null,
    "the bootstrap needs a token of app.terraform.io that may make workspaces, and there is none; run `terraform login app.terraform.io`, set TF_TOKEN_app_terraform_io or add a `credentials` block to ~/.terraformrc",
  ],
  [
    "a token that is refused",
    { TF_TOKEN_app_terraform_io: "other" },
    null,
    "app.terraform.io refused to GET /api/v2/organizations/my-org/workspaces/echo_dev_image with status 401; look at the rights of the token",
  ],
  [
    "no organization, or no right to make workspaces in it",
    { WORKFLOW_CLOUD_ORGANIZATION: "other" },
    null,
    "app.terraform.io refused to POST /api/v2/organizations/other/workspaces with status 404; look at the rights of the token",
  ],
  [
    "a server that fails",
    {},
    500,
    "app.terraform.io refused to GET /api/v2/organizations/my-org/workspaces/echo_dev_image with status 500; look at the rights of the token",
  ],
])("%s is told, without the token", async (_, changes, status, message) => {
  hcp.status = status;
  expect(await bootstrap(["--workspaces-only"], { ...CLOUD, ...changes })).toMatchObject({
    exitCode: 2,
    stderr: `${message}\n`,
  });
});

test("the token that terraform login has stored makes the workspaces", async () => {
  const home = mkdtempSync(join(tmpdir(), "bootstrap-token-"));
  try {
    mkdirSync(join(home, ".terraform.d"));
    const credentials = { credentials: { "app.terraform.io": { token: "secret" } } };
    writeFileSync(join(home, ".terraform.d/credentials.tfrc.json"), JSON.stringify(credentials));
    const { exitCode } = await bootstrap(["--workspaces-only"], {
      ...CLOUD,
      TF_TOKEN_app_terraform_io: "",
      HOME: home,
    });
    expect([exitCode, hcp.changes]).toEqual([0, ["POST echo_dev_image", "POST echo_dev_workflow"]]);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test("a host that cannot be reached is told", async () => {
  const ask = async () => {
    throw new Error("no route");
  };
  await expect(makeWorkspaces(exampleSettings(CLOUD), CLOUD, { ask, say: () => {} })).rejects.toEqual(
    new UsageError("app.terraform.io cannot be reached: no route; look at the network"),
  );
});

test("a flag that npm has kept is refused: the bootstrap would run without it", async () => {
  const environment = { npm_lifecycle_event: "bootstrap", npm_config_plan_only: "true" };
  expect(await bootstrap(GIVEN, environment)).toMatchObject({
    exitCode: 2,
    stderr:
      "npm kept `--plan-only` for itself, so nothing was started; write `npm run bootstrap -- --repository owner/repo --bucket my-states --plan-only`\n",
    terraform: [],
  });
});
