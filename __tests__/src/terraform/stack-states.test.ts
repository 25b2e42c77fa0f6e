import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetOtherEnvironments } from "../../../src/terraform/stack-states";

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "stack-states-test-"));
});
afterEach(() => rmSync(outdir, { recursive: true }));

/** Tells whether Terraform still remembers a backend after the synth of a stack. */
function isRemembered(backend: object | undefined, terraform: object): boolean {
  const folder = join(outdir, "stacks", "image");
  const memory = join(folder, ".terraform", "terraform.tfstate");
  mkdirSync(join(folder, ".terraform"), { recursive: true });
  writeFileSync(memory, JSON.stringify({ version: 3, backend }));
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform }));
  forgetOtherEnvironments(outdir);
  return existsSync(memory);
}

// The form of Terraform 1.11: arguments that are not configured are null.
const local = (environment: string) => ({
  type: "local",
  config: { path: `../../../state/echo/${environment}/image.tfstate`, workspace_dir: null },
});
const s3 = (environment: string) => ({
  type: "s3",
  config: {
    bucket: "ours",
    key: `echo/${environment}/image.tfstate`,
    encrypt: true,
    region: "eu-west-1",
    profile: null,
  },
});
const cloud = (environment: string) => ({
  type: "cloud",
  config: {
    hostname: "app.terraform.io",
    organization: "ours",
    workspaces: { name: `echo_${environment}_image`, project: null },
  },
});
const configured = {
  local: { backend: { local: { path: "../../../state/echo/dev/image.tfstate" } } },
  s3: { backend: { s3: { bucket: "others", key: "echo/dev/image.tfstate" } } },
  cloud: { cloud: { organization: "others", workspaces: { name: "echo_dev_image" } } },
};
const REMEMBERED = { local, s3, cloud };
const PAIRS = (["local", "s3", "cloud"] as const).flatMap((from) =>
  (["local", "s3", "cloud"] as const).map((to) => [from, to] as const),
);

test.each(PAIRS)("from %s to %s, another environment's state is forgotten", (from, to) => {
  expect(isRemembered(REMEMBERED[from]("prod"), configured[to])).toBe(false);
});

test.each(PAIRS)("from %s to %s, this environment's state stays remembered: it may have to move", (from, to) => {
  expect(isRemembered(REMEMBERED[from]("dev"), configured[to])).toBe(true);
});

test.each<[string, object | undefined, object]>([
  ["no backend at all", undefined, {}],
  ["a backend that is none of ours", { type: "http", config: {} }, configured.s3],
])("%s is left alone", (_, remembered, terraform) => {
  expect(isRemembered(remembered, terraform)).toBe(true);
});

test("an environment may be called state", () => {
  const terraform = { backend: { local: { path: "../../../state/two/state/image.tfstate" } } };
  const remembered = { type: "local", config: { path: "../../../state/one/state/image.tfstate" } };
  expect(isRemembered(remembered, terraform)).toBe(false);
});

test("a memory that a killed Terraform has left half-written is forgotten", () => {
  expect(isRemembered(local("dev"), configured.local)).toBe(true);
  const memory = join(outdir, "stacks/image/.terraform/terraform.tfstate");
  writeFileSync(memory, "");
  forgetOtherEnvironments(outdir);
  expect(existsSync(memory)).toBe(false);
});

test("a stack that Terraform has never seen is left alone", () => {
  mkdirSync(join(outdir, "stacks", "image"), { recursive: true });
  expect(() => forgetOtherEnvironments(outdir)).not.toThrow();
});
