import { run } from "../../../../src/cli/program";
import { synthesizeBootstrap } from "../../../../stacks/bootstrap-stack";
import { recordSession } from "../../../terminal";

jest.mock("../../../../stacks/bootstrap-stack", () => ({ synthesizeBootstrap: jest.fn(() => "folder") }));
const synthesize = jest.mocked(synthesizeBootstrap);
beforeEach(() => synthesize.mockClear());

const GIVEN = ["--repository", "owner/repo", "--bucket", "my-states"];

/** Runs the command, without Terraform. */
async function bootstrap(args: string[], environment: NodeJS.ProcessEnv = {}) {
  const terraform: string[] = [];
  const { session, output } = recordSession({
    environment,
    ask: async () => "",
    startTerraform: (args, { folder }) => {
      terraform.push(`${folder}: ${args.join(" ")}`);
      return { ended: Promise.resolve({ exitCode: 0, signal: null, stdout: "", stderr: "" }), interrupt: () => {} };
    },
  });
  const exitCode = await run(["bootstrap", ...args], session);
  return { exitCode, ...output, props: synthesize.mock.calls[0]?.[1] ?? null, terraform };
}

test("every flag reaches the stack", async () => {
  const flags = ["--branch", "trunk", "--main-only", "--existing-bucket", "--existing-provider", "--state-in-bucket"];
  expect(await bootstrap([...GIVEN, ...flags, "--auto-approve"])).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "",
    props: {
      repository: "owner/repo",
      branch: "trunk",
      bucket: "my-states",
      existingBucket: true,
      mainOnly: true,
      existingProvider: true,
      stateInBucket: true,
    },
    terraform: ["folder: init -migrate-state -force-copy -no-color", "folder: apply -auto-approve -no-color"],
  });
});

test("the branch is main unless another is given", async () => {
  const { props } = await bootstrap([...GIVEN, "--plan-only"]);
  expect(props!.branch).toBe("main");
});

test("--workspaces-only does nothing where the backend has none", async () => {
  expect(await bootstrap(["--workspaces-only"])).toMatchObject({
    exitCode: 0,
    stderr: "the backend local has no workspaces\n",
    terraform: [],
  });
});

test.each<[string[], string]>([
  [[...GIVEN, "--bucked", "x"], "error: unknown option '--bucked'\n(Did you mean --bucket?)"],
  [
    [...GIVEN, "more"],
    "error: too many arguments for 'bootstrap'. Expected 0 arguments but got 1.\nsee `npx workflow bootstrap --help`",
  ],
  [["--repository", "owner/repo", "--bucket", ""], '`--bucket` needs a value, got: ""'],
])("wrong usage, %j, is told, and nothing is started", async (args, message) => {
  expect(await bootstrap(args)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: `${message}\n`,
    props: null,
    terraform: [],
  });
});

test("--help ends with 0, and says how to find the repository's name in its tokens", async () => {
  const { exitCode, stdout, terraform } = await bootstrap(["--help"]);
  expect([exitCode, terraform]).toEqual([0, []]);
  expect(stdout).toContain("--repository <owner/repo>");
  expect(stdout).toContain("gh api repos/OWNER/REPO/actions/oidc/customization/sub --jq .sub_claim_prefix");
});

test("a flag that npm has kept is refused: the bootstrap would run without it", async () => {
  const environment = { npm_lifecycle_event: "bootstrap", npm_config_plan_only: "true" };
  expect(await bootstrap(GIVEN, environment)).toMatchObject({
    exitCode: 2,
    stderr:
      "npm kept `--plan-only` for itself, so nothing was started; write `npx workflow bootstrap --repository owner/repo --bucket my-states --plan-only`\n",
    terraform: [],
  });
});
