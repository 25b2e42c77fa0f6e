import { UsageError } from "../../../src/base/errors";
import {
  type BootstrapOptions,
  type BootstrapProps,
  type BootstrapTools,
  bootstrapAccount,
} from "../../../src/terraform/bootstrap-account";
import { exampleSettings } from "../../example";

const GIVEN = { repository: "owner/repo", branch: "main", bucket: "my-states" };
const S3 = { WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "our-states" };
const CLOUD = { WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "my-org" };

interface Ran {
  readonly said: string[];
  readonly asked: string[];
  readonly terraform: string[];
  props: BootstrapProps | null;
}

/** Runs the bootstrap without Terraform, with an HCP Terraform that has no workspaces. */
async function bootstrap(
  options: BootstrapOptions,
  environment: NodeJS.ProcessEnv = {},
  changes: Partial<BootstrapTools> = {},
  ran: Ran = { said: [], asked: [], terraform: [], props: null },
) {
  const exitCode = await bootstrapAccount(options, exampleSettings(environment), {
    environment: { TF_TOKEN_app_terraform_io: "a-token" },
    fetch: async (url, init) => {
      ran.asked.push(`${init!.method} ${String(url).replace(/^.*\/organizations/, "")}`);
      const status = init!.method === "GET" ? 404 : 201;
      return new Response(JSON.stringify({ data: { attributes: {} } }), { status });
    },
    say: (line) => ran.said.push(line),
    isInteractive: true,
    synthesize: (_, props) => {
      ran.props = props;
      return "folder";
    },
    terraform: async (args, folder) => {
      ran.terraform.push(`${folder}: ${args.join(" ")}`);
      return 0;
    },
    ...changes,
  });
  return { ...ran, exitCode };
}

test("Terraform is initialized and applies, and asks for itself", async () => {
  expect(await bootstrap(GIVEN)).toEqual({
    exitCode: 0,
    said: [],
    asked: [],
    props: {
      ...GIVEN,
      existingBucket: false,
      mainOnly: false,
      existingProvider: false,
      stateInBucket: false,
    },
    terraform: ["folder: init -migrate-state", "folder: apply"],
  });
});

test("with --plan-only nothing is applied", async () => {
  const { terraform } = await bootstrap({ ...GIVEN, planOnly: true });
  expect(terraform).toEqual(["folder: init -migrate-state", "folder: plan"]);
});

test("with --auto-approve nothing is asked, and its state moves unasked too", async () => {
  const { terraform } = await bootstrap({ ...GIVEN, autoApprove: true }, {}, { isInteractive: false });
  expect(terraform).toEqual(["folder: init -migrate-state -force-copy", "folder: apply -auto-approve"]);
});

test("without a terminal and --auto-approve nothing is started", async () => {
  const ran = { said: [], asked: [], terraform: [], props: null };
  await expect(bootstrap(GIVEN, {}, { isInteractive: false }, ran)).rejects.toEqual(
    new UsageError("bootstrap asks for approval, and there is no terminal to ask in; add `--auto-approve`"),
  );
  expect(ran).toEqual({ said: [], asked: [], terraform: [], props: null });
});

test("--plan-only needs no terminal", async () => {
  const ran = await bootstrap({ ...GIVEN, planOnly: true }, {}, { isInteractive: false });
  expect(ran).toMatchObject({ exitCode: 0, terraform: ["folder: init -migrate-state", "folder: plan"] });
});

test.each([
  ["init", 1, ["init"]],
  ["apply", 3, ["init", "apply"]],
])("ends with Terraform's exit code when its %s fails", async (failing, exitCode, expected) => {
  const started: string[] = [];
  const terraform = async ([command]: readonly string[]) => {
    started.push(command!);
    return command === failing ? exitCode : 0;
  };
  expect(await bootstrap(GIVEN, {}, { terraform })).toMatchObject({ exitCode });
  expect(started).toEqual(expected);
});

test("every flag reaches the stack", async () => {
  const flags = { mainOnly: true, existingBucket: true, existingProvider: true, stateInBucket: true } as const;
  const { props } = await bootstrap({ ...GIVEN, ...flags, branch: "trunk" });
  expect(props).toEqual({ ...GIVEN, ...flags, branch: "trunk" });
});

test.each([
  "owner/repo",
  "Owner-1/Repo_2.js",
  "octo-org@123456/octo-repo@456789",
  "managed_company/repo",
  "managed_company@1/repo@2",
])("the repository %s is taken as it is", async (repository) => {
  const { props } = await bootstrap({ ...GIVEN, repository });
  expect(props!.repository).toBe(repository);
});

/** The message for a repository that is refused. */
function refused(repository?: string): string {
  return (
    "`--repository` must be a repository on GitHub as OWNER/REPO or OWNER@ID/REPO@ID, " +
    `got: ${repository === undefined ? "nothing" : JSON.stringify(repository)}; ` +
    "`gh api repos/OWNER/REPO/actions/oidc/customization/sub --jq .sub_claim_prefix` prints it after `repo:`"
  );
}

const BUCKET_RULE = "`--bucket` must be a bucket's name, 3 to 63 lower-case letters, digits, dots and dashes";

test.each<[Partial<BootstrapOptions>, NodeJS.ProcessEnv, string]>([
  [{}, {}, `${refused()}\n${BUCKET_RULE}, got: nothing`],
  [{ repository: "repo", bucket: "states" }, {}, refused("repo")],
  [{ repository: "o@1/r", bucket: "states" }, {}, refused("o@1/r")],
  [{ repository: "o/r@2", bucket: "states" }, {}, refused("o/r@2")],
  [{ repository: "o@x/r@2", bucket: "states" }, {}, refused("o@x/r@2")],
  [{ repository: "o/r:*", bucket: "states" }, {}, refused("o/r:*")],
  [{ repository: "o/r", bucket: "" }, {}, `${BUCKET_RULE}, got: ""`],
  [{ repository: "o/r", bucket: "My_States" }, {}, `${BUCKET_RULE}, got: "My_States"`],
  [GIVEN, CLOUD, '`--bucket` must be left out with the backend cloud, which keeps the state, got: "my-states"'],
  [{ repository: "o/r", stateInBucket: true }, CLOUD, "`--state-in-bucket` needs `--bucket`"],
  [{ repository: "o/r", existingBucket: true }, CLOUD, "`--existing-bucket` needs `--bucket`"],
  [GIVEN, S3, '`--bucket` must be the setting `stateBucket`, "our-states", got: "my-states"'],
])("refuses %j with %j, and starts nothing", async (options, environment, message) => {
  const ran = { said: [], asked: [], terraform: [], props: null };
  await expect(bootstrap({ branch: "main", ...options }, environment, {}, ran)).rejects.toEqual(
    new UsageError(message),
  );
  expect(ran).toEqual({ said: [], asked: [], terraform: [], props: null });
});

test("the bucket is that of the settings", async () => {
  const { props } = await bootstrap({ repository: "owner/repo", branch: "main", existingBucket: true }, S3);
  expect(props).toMatchObject({ bucket: "our-states", existingBucket: true });
});

test("with HCP Terraform the workspaces are made, then the roles, without a bucket", async () => {
  const ran = await bootstrap({ repository: "owner/repo", branch: "main" }, CLOUD);
  expect(ran.said).toEqual([
    "created the workspace echo_dev_image in execution mode local",
    "created the workspace echo_dev_workflow in execution mode local",
  ]);
  expect(ran.props!.bucket).toBeNull();
  expect(ran.terraform).toEqual(["folder: init -migrate-state", "folder: apply"]);
});

test("with --workspaces-only nothing else is done", async () => {
  const ran = await bootstrap({ branch: "main", workspacesOnly: true }, { ...CLOUD, WORKFLOW_ENVIRONMENT: "test" });
  expect(ran).toMatchObject({ exitCode: 0, props: null, terraform: [] });
  expect(ran.asked.filter((request) => request.startsWith("POST"))).toHaveLength(2);
  expect(ran.said[0]).toBe("created the workspace echo_test_image in execution mode local");
});

test("with --workspaces-only and a backend that has none, nothing is done", async () => {
  const ran = await bootstrap({ branch: "main", workspacesOnly: true });
  expect(ran).toMatchObject({
    exitCode: 0,
    said: ["the backend local has no workspaces"],
    asked: [],
    terraform: [],
  });
});

test("with --plan-only no workspace is made", async () => {
  const ran = await bootstrap({ repository: "owner/repo", branch: "main", planOnly: true }, CLOUD);
  expect(ran.asked).toEqual([]);
});
