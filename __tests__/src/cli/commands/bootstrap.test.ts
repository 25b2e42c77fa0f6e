import { type BootstrapSurroundings, run } from "../../../../src/cli/commands/bootstrap";
import type { BootstrapProps } from "../../../../src/terraform/bootstrap-account";
import { CONTEXT } from "../../../example";

const GIVEN = ["--repository", "owner/repo", "--bucket", "my-states"];

/** Runs the command, without Terraform. */
async function bootstrap(args: string[], environment: NodeJS.ProcessEnv = {}) {
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
    fetch: () => Promise.reject(new Error("not asked")),
    isInteractive: true,
    synthesize: (_, props) => {
      ran.props = props;
      return "folder";
    },
    terraform: async (args, folder) => {
      ran.terraform.push(`${folder}: ${args.join(" ")}`);
      return 0;
    },
  };
  const exitCode = await run(args, surroundings);
  return { ...ran, exitCode };
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
    terraform: ["folder: init -migrate-state -force-copy", "folder: apply -auto-approve"],
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
  [[...GIVEN, "more"], "error: too many arguments. Expected 0 arguments but got 1."],
  [
    ["--repository", "owner/repo", "--bucket", ""],
    '`--bucket` must be a bucket\'s name, 3 to 63 lower-case letters, digits, dots and dashes, got: ""',
  ],
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
      "npm kept `--plan-only` for itself, so nothing was started; write `npm run bootstrap -- --repository owner/repo --bucket my-states --plan-only`\n",
    terraform: [],
  });
});
