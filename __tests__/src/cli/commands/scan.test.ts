import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { UsageError } from "../../../../src/base/errors";
import { findTool, justified, listedChecks, scan, synthesizeAll } from "../../../../src/cli/commands/scan";
import { exampleSettings } from "../../../example";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scan-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, mode: number, content = ""): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

describe("where the tools are", () => {
  test("the project's own .venv comes before the PATH", () => {
    write("bin/checkov", 0o755);
    const own = write(".venv/bin/checkov", 0o755);
    expect(findTool("checkov", join(folder, "bin"), folder)).toBe(own);
  });

  test("on the PATH, the first that can be run is taken", () => {
    write("first/checkov", 0o644);
    const second = write("second/checkov", 0o755);
    const searchPath = [join(folder, "first"), join(folder, "second")].join(delimiter);
    expect(findTool("checkov", searchPath, folder)).toBe(second);
  });

  test.each([undefined, "", "/nowhere"])(
    "a tool that is missing is refused with what installs it (PATH %j)",
    (PATH) => {
      expect(() => findTool("parliament", PATH, folder)).toThrow(
        new UsageError(
          "`parliament` is neither in .venv nor on the PATH; " +
            "install it: python3 -m venv .venv && .venv/bin/pip install -r .config/scan-requirements.txt",
        ),
      );
    },
  );
});

test.each([
  ["skip-check:\n  - CKV_AWS_51\n  # - CKV_AWS_1: not yet\n  - CKV2_AWS_5 # why\n", ["CKV_AWS_51", "CKV2_AWS_5"]],
  ["skip-check: [CKV_AWS_51, CKV_AWS_136]\n", ["CKV_AWS_51", "CKV_AWS_136"]],
  ["framework: [terraform_json]\n", []],
])("of %j the checks are listed, those in comments are not", (config, checks) => {
  expect(listedChecks(config)).toEqual(checks);
});

describe("what parliament finds", () => {
  const location = { filepath: "x.json" };
  const mismatch = (...detail: { action: string; required_format: string }[]) => ({
    issue: "RESOURCE_MISMATCH",
    title: "No resources match for the given action",
    detail,
    location,
  });
  const submitToJob = { action: "batch:SubmitJob", required_format: "arn:*:batch:*:*:job/*" };
  const submitToQueue = { action: "batch:SubmitJob", required_format: "arn:*:batch:*:*:job-queue/*" };

  test.each([
    submitToJob,
    { action: "states:DescribeExecution", required_format: "arn:*:states:*:*:express:*:*:*" },
    { action: "states:ListExecutions", required_format: "arn:*:states:*:*:mapRun:*/*:*" },
    { action: "ec2:CreateSecurityGroup", required_format: "arn:*:ec2:*:*:security-group/*" },
  ])("$action on $required_format is not asked for by AWS", (missing) => {
    expect(justified([mismatch(missing)])).toEqual([]);
  });

  test("a queue to submit to is, and any other finding stays as it is", () => {
    const star = {
      issue: "RESOURCE_STAR",
      title: "Unnecessary use of Resource *",
      detail: ["batch:SubmitJob"],
      location,
    };
    const bare = { issue: "INVALID_SID", title: "Invalid SID", detail: null, location };
    expect(justified([mismatch(submitToJob, submitToQueue), star, bare])).toEqual([
      mismatch(submitToQueue),
      star,
      bare,
    ]);
  });
});

describe("parliament does not know GitHub's tokens", () => {
  const location = { filepath: "x.json" };
  const finding = (issue: string, detail: string) => ({ issue, title: "Unknown", detail, location });
  const provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
  const condition = (key: string) => `Unknown condition ${key} for action sts:AssumeRoleWithWebIdentity`;

  test("their provider and their claims are no findings", () => {
    expect(
      justified([
        finding("UNKNOWN_FEDERATION_SOURCE", provider),
        finding("UNKNOWN_CONDITION_FOR_ACTION", condition("token.actions.githubusercontent.com:aud")),
        finding("UNKNOWN_CONDITION_FOR_ACTION", condition("token.actions.githubusercontent.com:sub")),
      ]),
    ).toEqual([]);
  });

  test("another provider is, a claim that IAM does not pass on, and anything else about them", () => {
    const others = [
      finding("UNKNOWN_FEDERATION_SOURCE", `${provider}.example.com`),
      finding("UNKNOWN_CONDITION_FOR_ACTION", condition("token.actions.githubusercontent.com:subject")),
      finding("UNKNOWN_PRINCIPAL", provider),
    ];
    expect(justified(others)).toEqual(others);
  });
});

test("what is scanned is all that the project makes, the bootstrap too", () => {
  const settings = exampleSettings();
  synthesizeAll(settings, join(folder, "all"));
  const stacks = readdirSync(join(folder, "all", "stacks"));
  expect(stacks.sort()).toEqual([`bootstrap-${settings.name}`, "image", "workflow"]);
});

describe("a scan", () => {
  /** A tool that says and ends as told. */
  function tool(name: string, output: string, code: number, more = ""): string {
    const said = write(`${name}.out`, 0o644, output);
    return write(name, 0o755, `#!/bin/sh\ncat ${said}\n${more}\nexit ${code}\n`);
  }

  const quiet = JSON.stringify({ summary: { passed: 7, parsing_errors: 0 }, results: { failed_checks: [] } });
  const idle = listedChecks(readFileSync(join(__dirname, "../../../../.config/checkov.yaml"), "utf8")).map(
    (check) => `checkov: ${check} is in .config/checkov.yaml, but does not fail with these settings`,
  );

  beforeEach(() => {
    const statement = [{ actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: ["x"] }] }];
    const data = { aws_iam_policy_document: { role_trust: { statement } } };
    write("synthesized/stacks/workflow/cdk.tf.json", 0o644, JSON.stringify({ data }));
  });

  function scanWith(checkov: string, parliament: string) {
    return scan(join(folder, "synthesized"), { checkov, parliament });
  }

  test("of which neither tool says anything finds nothing, and names the listed checks that did not fail", async () => {
    expect(await scanWith(tool("checkov", quiet, 0), tool("parliament", "", 0))).toEqual({
      findings: [],
      notes: [
        "checkov: 7 checks passed, 0 failed, 0 of these as .config/checkov.yaml expects",
        ...idle,
        "parliament: 1 policies read, 0 findings, 0 of these refuted by AWS's documentation",
        "parliament: 1 of the policies say who may take a role; it does not know the names of services",
      ],
    });
  });

  test("shows what .config/checkov.yaml does not list, and all that parliament finds", async () => {
    const failed = (check_id: string) => ({
      check_id,
      check_name: "Ensure",
      file_path: "/stacks/image/cdk.tf.json",
      resource: "resource.echo-repository",
    });
    const failed_checks = [failed("CKV_AWS_51"), failed("CKV_AWS_163")];
    const checkov = JSON.stringify({ summary: { passed: 7, parsing_errors: 0 }, results: { failed_checks } });
    const finding = (detail: unknown) =>
      JSON.stringify({ issue: "X", title: "Odd", detail, location: { filepath: "/x/workflow/role_trust.json" } });
    const { findings, notes } = await scanWith(
      tool("checkov", checkov, 1),
      tool("parliament", `${finding("a: b")}\n${finding(null)}\n`, 1),
    );
    expect(findings).toEqual([
      "checkov: image: echo-repository: CKV_AWS_163 Ensure",
      'parliament: workflow: role_trust: Odd: "a: b"',
      'parliament: workflow: role_trust: Odd: {"filepath":"/x/workflow/role_trust.json"}',
    ]);
    expect(notes[0]).toBe("checkov: 7 checks passed, 2 failed, 1 of these as .config/checkov.yaml expects");
  });

  test.each([
    ["has checked nothing", JSON.stringify({ passed: 0, failed: 0 })],
    ["could not read a file", JSON.stringify({ summary: { passed: 7, parsing_errors: 1 } })],
  ])("fails where checkov %s", async (_, output) => {
    await expect(scanWith(tool("checkov", output, 0), tool("parliament", "", 0))).rejects.toThrow(
      new UsageError(`checkov could not read the stacks:\n${output}`),
    );
  });

  test("fails where a tool fails, with what it said: both end with 1 for a finding too", async () => {
    const parliament = tool("parliament", "", 1, "echo Traceback >&2");
    await expect(scanWith(tool("checkov", quiet, 0), parliament)).rejects.toMatchObject({
      name: "UsageError",
      message: `${parliament} failed:\nTraceback`,
    });
  });

  test("fails where there is no policy to read", async () => {
    write("synthesized/stacks/workflow/cdk.tf.json", 0o644, "{}");
    await expect(scanWith(tool("checkov", quiet, 0), tool("parliament", "", 0))).rejects.toThrow(
      new UsageError("no IAM policy was found in the stacks"),
    );
  });

  test("keeps checkov off the network: no key of the user's, no question for a newer version", async () => {
    process.env.BC_API_KEY = "secret";
    try {
      const said = '[ -z "$BC_API_KEY" ] && [ "$CKV_SKIP_PACKAGE_UPDATE_CHECK" = true ] && [ ! -e "$HOME" ] || exit 3';
      await expect(scanWith(tool("checkov", quiet, 0, said), tool("parliament", "", 0))).resolves.toMatchObject({
        findings: [],
      });
    } finally {
      delete process.env.BC_API_KEY;
    }
  });
});
