import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../src/base/errors";
import { findWorkspaces, type HcpProps, makeWorkspaces } from "../../../src/terraform/hcp";
import { exampleSettings } from "../../example";

const CLOUD = { WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "acme" };
const ORGANIZATION = "https://app.terraform.io/api/v2/organizations/acme";
const TOKEN = { TF_TOKEN_app_terraform_io: "a-token" };

/** An empty home folder. */
let HOME: string;
beforeEach(() => {
  HOME = mkdtempSync(join(tmpdir(), "hcp-test-"));
});
afterEach(() => rmSync(HOME, { recursive: true }));

type Answers = Readonly<Record<string, readonly [status: number, attributes?: object]>>;

/** An HCP Terraform that answers each path below the organization, and writes down each request. */
function host(answers: Answers) {
  const asked: string[] = [];
  const ask: typeof fetch = async (url, init) => {
    const { method, headers, body } = init as { method: string; headers: Record<string, string>; body?: string };
    const path = String(url).replace(ORGANIZATION, "");
    asked.push([method, path, headers.Authorization, ...(body === undefined ? [] : [body])].join(" "));
    const [status, attributes] = answers[`${method} ${path}`] ?? [404];
    return new Response(JSON.stringify({ data: { attributes } }), { status });
  };
  return { ask, asked };
}

function props(ask: typeof fetch, environment: NodeJS.ProcessEnv = TOKEN, settings: NodeJS.ProcessEnv = {}): HcpProps {
  return { settings: exampleSettings({ ...CLOUD, ...settings }), environment, ask };
}

/** Stores a token as `terraform login` does. */
function login(token: string): NodeJS.ProcessEnv {
  mkdirSync(join(HOME, ".terraform.d"));
  const credentials = { credentials: { "app.terraform.io": { token } } };
  writeFileSync(join(HOME, ".terraform.d/credentials.tfrc.json"), JSON.stringify(credentials));
  return { HOME };
}

function withHelper(): NodeJS.ProcessEnv {
  writeFileSync(join(HOME, ".terraformrc"), 'credentials_helper "vault" {\n}\n');
  return { HOME };
}

const unreachable: typeof fetch = () =>
  Promise.reject(new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND") }));
const UNREACHABLE =
  "app.terraform.io cannot be reached: getaddrinfo ENOTFOUND; look at the network and WORKFLOW_CLOUD_HOSTNAME";

describe("finding the workspaces", () => {
  test("returns the modes of both", async () => {
    const { ask, asked } = host({
      "GET ": [200, { "default-execution-mode": "remote" }],
      "GET /workspaces/echo_dev_image": [200, { "execution-mode": "local" }],
    });
    expect(await findWorkspaces(props(ask))).toEqual({
      found: "organization",
      defaultMode: "remote",
      modes: { echo_dev_image: "local", echo_dev_workflow: null },
    });
    expect(asked).toEqual([
      "GET  Bearer a-token",
      "GET /workspaces/echo_dev_image Bearer a-token",
      "GET /workspaces/echo_dev_workflow Bearer a-token",
    ]);
  });

  test("includes the workspace of the bucket for data if the settings ask for a bucket", async () => {
    const { ask } = host({ "GET ": [200, {}] });
    expect(await findWorkspaces(props(ask, TOKEN, { WORKFLOW_DATA: "create" }))).toMatchObject({
      modes: { echo_dev_data: null, echo_dev_image: null, echo_dev_workflow: null },
    });
  });

  test("takes the token that terraform login has stored", async () => {
    const { ask, asked } = host({ "GET ": [401] });
    expect(await findWorkspaces(props(ask, login("stored")))).toEqual({ found: "refused" });
    expect(asked).toEqual(["GET  Bearer stored"]);
  });

  test("asks nothing if a credentials helper has the token", async () => {
    const { ask, asked } = host({});
    expect(await findWorkspaces(props(ask, withHelper()))).toEqual({ found: "helper", helper: "vault" });
    expect(asked).toEqual([]);
  });

  test("asks nothing without a token", async () => {
    const { ask, asked } = host({});
    expect(await findWorkspaces(props(ask, { HOME }))).toEqual({ found: "no-token" });
    expect(asked).toEqual([]);
  });

  test("tells that there is no organization", async () => {
    expect(await findWorkspaces(props(host({}).ask))).toEqual({ found: "no-organization" });
  });

  test.each<[string, typeof fetch, string]>([
    ["fails", host({ "GET ": [503] }).ask, "app.terraform.io answers with 503; try again later"],
    ["is busy", host({ "GET ": [429] }).ask, "app.terraform.io answers with 429; try again later"],
    [
      "refuses",
      host({ "GET ": [403] }).ask,
      "app.terraform.io refused to GET /api/v2/organizations/acme with status 403; look at the rights of the token",
    ],
    ["cannot be reached", unreachable, UNREACHABLE],
  ])("throws for a host that %s", async (_, ask, message) => {
    await expect(findWorkspaces(props(ask))).rejects.toEqual(new UsageError(message));
  });
});

describe("making the workspaces", () => {
  async function made(ask: typeof fetch, environment?: NodeJS.ProcessEnv): Promise<string[]> {
    const lines: string[] = [];
    await makeWorkspaces(props(ask, environment), (line) => lines.push(line));
    return lines;
  }

  const body = (attributes: object) => JSON.stringify({ data: { type: "workspaces", attributes } });

  test("makes those that are missing, in execution mode local", async () => {
    const { ask, asked } = host({ "POST /workspaces": [201] });
    expect(await made(ask)).toEqual([
      "created the workspace echo_dev_image in execution mode local",
      "created the workspace echo_dev_workflow in execution mode local",
    ]);
    expect(asked).toEqual(
      ["echo_dev_image", "echo_dev_workflow"].flatMap((name) => [
        `GET /workspaces/${name} Bearer a-token`,
        `POST /workspaces Bearer a-token ${body({ name, "execution-mode": "local" })}`,
      ]),
    );
  });

  test("sets those to local that are not, and touches no other", async () => {
    const { ask, asked } = host({
      "GET /workspaces/echo_dev_image": [200, { "execution-mode": "local" }],
      "GET /workspaces/echo_dev_workflow": [200, { "execution-mode": "remote" }],
      "PATCH /workspaces/echo_dev_workflow": [200],
    });
    expect(await made(ask)).toEqual(["set the workspace echo_dev_workflow to execution mode local"]);
    expect(asked.filter((request) => !request.startsWith("GET"))).toEqual([
      `PATCH /workspaces/echo_dev_workflow Bearer a-token ${body({ "execution-mode": "local" })}`,
    ]);
  });

  test("takes the token that terraform login has stored", async () => {
    const { ask, asked } = host({ "POST /workspaces": [201] });
    await made(ask, login("stored"));
    expect(asked).toHaveLength(4);
    expect(asked.every((request) => request.includes(" Bearer stored"))).toBe(true);
  });

  const NEEDS =
    "and the bootstrap needs one to create workspaces; " +
    "run `terraform login app.terraform.io`, set TF_TOKEN_app_terraform_io or add a `credentials` block to ~/.terraformrc";

  test("throws without a token", async () => {
    await expect(made(host({}).ask, { HOME })).rejects.toEqual(
      new UsageError(`there is no token of app.terraform.io, ${NEEDS}`),
    );
  });

  test("throws if a credentials helper has the token", async () => {
    await expect(made(host({}).ask, withHelper())).rejects.toEqual(
      new UsageError(`the credentials helper vault gives its token of app.terraform.io only to Terraform, ${NEEDS}`),
    );
  });

  const WORKSPACE = "/api/v2/organizations/acme/workspaces";

  test.each<[string, typeof fetch, string]>([
    [
      "refuses the token",
      host({ "GET /workspaces/echo_dev_image": [401] }).ask,
      `app.terraform.io refused to GET ${WORKSPACE}/echo_dev_image with status 401; look at the rights of the token`,
    ],
    [
      "has no such organization, or lets the token make no workspaces in it",
      host({}).ask,
      `app.terraform.io refused to POST ${WORKSPACE} with status 404; look at the rights of the token`,
    ],
    [
      "fails",
      host({ "GET /workspaces/echo_dev_image": [500] }).ask,
      "app.terraform.io answers with 500; try again later",
    ],
    ["cannot be reached", unreachable, UNREACHABLE],
  ])("throws for a host that %s, without the token", async (_, ask, message) => {
    await expect(made(ask)).rejects.toEqual(new UsageError(message));
  });
});
