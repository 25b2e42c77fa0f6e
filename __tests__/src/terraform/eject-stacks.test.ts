import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compose } from "../../../main";
import { UsageError } from "../../../src/base/errors";
import { stacksOf } from "../../../src/project/names";
import type { Settings } from "../../../src/project/settings-types";
import { eject, ejectedStacks, type SynthesizeInto } from "../../../src/terraform/eject-stacks";
import { exampleSettings } from "../../example";

function synthesizing(settings: Settings = exampleSettings()): SynthesizeInto {
  return (outdir) => compose(settings, { outdir }).synth();
}

const ejectedDefaults = ejectedStacks(synthesizing());
let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "eject-test-"));
});
afterEach(() => rmSync(project, { recursive: true }));

const CONFIGURATIONS: [string, NodeJS.ProcessEnv][] = [
  ["the defaults", {}],
  [
    "a network of its own, EC2 and messages",
    { WORKFLOW_COMPUTE: "EC2", WORKFLOW_NETWORK: "create", WORKFLOW_NOTIFY: "ops@example.com" },
  ],
  ["a bucket for data", { WORKFLOW_DATA: "create" }],
  ["an S3 backend", { WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" }],
  ["a cloud backend", { WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "example" }],
];

test.each(CONFIGURATIONS)("with %s, every block of the JSON is in the HCL, and nothing else", (_, environment) => {
  const settings = exampleSettings(environment);
  const outdir = join(project, "json");
  synthesizing(settings)(outdir);
  const ejected = ejectedStacks(synthesizing(settings));
  expect(Object.keys(ejected)).toEqual(stacksOf(settings));
  for (const [stack, hcl] of Object.entries(ejected)) {
    const json = JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"));
    const found = hcl.match(/^\w.*(?= \{$)/gm)!;
    expect(found.toSorted()).toEqual(headers(json).toSorted());
  }
});

test("the registry's token stays ephemeral, and the names of its block and of what it is for agree", () => {
  const { image } = ejectedDefaults;
  expect(image).toContain('\nephemeral "aws_ecr_authorization_token" "registry" {\n}\n');
  expect(image).toContain("password = ephemeral.aws_ecr_authorization_token.registry.password\n");
});

test("what overrides add is there: exact versions, and the lock of an S3 state", () => {
  const settings = exampleSettings({ WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" });
  const { workflow } = ejectedStacks(synthesizing(settings));
  expect(workflow).toContain('version = "6.25.0"\n');
  expect(workflow).toMatch(/^ {2}backend "s3" \{$(.|\n)*^ {4}use_lockfile = true$/m);
});

test("a workspace of a cloud backend is a block", () => {
  const settings = exampleSettings({ WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "example" });
  const { workflow } = ejectedStacks(synthesizing(settings));
  expect(workflow).toMatch(/^ {2}cloud \{$(.|\n)*^ {4}workspaces \{\n {6}name = "echo_dev_workflow"\n {4}\}$/m);
});

test("writes one file a stack, as deep as cdktf.out, into a folder that is new or empty", () => {
  mkdirSync(join(project, "empty"));
  for (const folder of ["new", "empty"]) {
    const files = [join(project, folder, "stacks/image/main.tf"), join(project, folder, "stacks/workflow/main.tf")];
    expect(eject(synthesizing(), folder, project)).toEqual(files);
    expect(
      readdirSync(join(project, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    ).toHaveLength(2);
    expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(Object.values(ejectedDefaults));
  }
});

test("is not misled by the variable with which the cdktf CLI asks for HCL", () => {
  process.env.SYNTH_HCL_OUTPUT = "true";
  try {
    expect(Object.keys(ejectedStacks(synthesizing()))).toEqual(["image", "workflow"]);
    expect(process.env.SYNTH_HCL_OUTPUT).toBe("true");
  } finally {
    delete process.env.SYNTH_HCL_OUTPUT;
  }
});

test.each<[string, string]>([
  [
    "deeper/folder",
    "`folder` must be directly below the project, because the stacks use relative paths, got: deeper/folder; use one such as terraform",
  ],
  [
    ".",
    "`folder` must be directly below the project, because the stacks use relative paths, got: .; use one such as terraform",
  ],
  [
    "../beside",
    "`folder` must be directly below the project, because the stacks use relative paths, got: ../beside; use one such as terraform",
  ],
  ["full", "`folder` must be new or empty, got: full; remove it or use another one"],
  ["file", "`folder` must be new or empty, got: file; remove it or use another one"],
])("refuses %s, and changes nothing", (folder, message) => {
  mkdirSync(join(project, "full"));
  writeFileSync(join(project, "full/mine.tf"), "mine");
  writeFileSync(join(project, "file"), "mine");
  expect(() => eject(synthesizing(), folder, project)).toThrow(new UsageError(message));
  expect(readdirSync(project, { recursive: true })).toEqual(["file", "full", "full/mine.tf"]);
});

test("writes nothing when the stacks cannot be synthesized", () => {
  const settings = { ...exampleSettings(), document: "nowhere.asl.json" };
  expect(() => eject(synthesizing(settings), "terraform", project)).toThrow(UsageError);
  expect(readdirSync(project)).toEqual([]);
});

/** The first lines of all blocks of a stack's JSON. */
function headers(json: Record<string, Record<string, object>>): string[] {
  return Object.entries(json).flatMap(([kind, byName]) => {
    if (kind === "//") return [];
    if (kind === "terraform") return ["terraform"];
    if (kind === "moved") return Object.keys(byName).map(() => kind);
    return Object.entries(byName).flatMap(([name, contents]) => {
      if (kind === "provider") return (contents as object[]).map(() => `${kind} "${name}"`);
      if (kind === "output" || kind === "variable") return [`${kind} "${name}"`];
      return Object.keys(contents).map((inner) => `${kind} "${name}" "${inner}"`);
    });
  });
}
