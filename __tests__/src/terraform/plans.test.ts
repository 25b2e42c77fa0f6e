import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planStack, removeLeftovers } from "../../../src/terraform/plans";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "review-terraform-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what a review that was killed has left is removed, and nothing else", () => {
  const files = ["workflow_review_override.tf.json", "cdk.tf.json"].map((file) => join(folder, "image", file));
  mkdirSync(join(folder, "image"));
  for (const file of files) writeFileSync(file, "{}");
  removeLeftovers(folder);
  expect(files.map((file) => existsSync(file))).toEqual([false, true]);
});

test("where nothing is synthesized there is nothing to remove", () => {
  removeLeftovers(join(folder, "none"));
});

test("a plan is made by the Terraform that is named, and leaves nothing", async () => {
  const binary = join(folder, "tofu");
  const stack = join(folder, "image");
  mkdirSync(stack);
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ provider: { docker: [] } }));
  writeFileSync(binary, `#!/bin/sh\nls workflow_review_override.tf.json >&2\nprintf '{"did": "%s"}' $1\n`, {
    mode: 0o755,
  });
  const environment = { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: binary };
  const { signal } = new AbortController();
  expect(await planStack("image", { environment, refresh: false, plans: null, signal }, folder)).toEqual({
    did: "show",
  });
  expect(readdirSync(stack)).toEqual(["cdk.tf.json"]);
});

test("what Terraform prints of a plan is no part of an error", async () => {
  const binary = join(folder, "terraform");
  const stack = join(folder, "workflow");
  mkdirSync(stack);
  writeFileSync(join(stack, "cdk.tf.json"), "{}");
  const script = `#!/bin/sh\n[ $1 != show ] || { printf '{"password": "hunter22"'; kill -9 $$; }\n`;
  writeFileSync(binary, script, { mode: 0o755 });
  const environment = { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: binary };
  const { signal } = new AbortController();
  const planned = planStack("workflow", { environment, refresh: false, plans: null, signal }, folder);
  await expect(planned).rejects.toThrow(/^\/.*\/terraform show was killed by SIGKILL$/);
});
