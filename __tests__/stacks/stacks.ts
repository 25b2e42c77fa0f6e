import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import type { Settings } from "../../src/project/settings-types";
import { exampleSettings } from "../example";

/** Returns the settings of the example, with the given changes. */
export function settingsWith(changes: Partial<Settings> = {}): Settings {
  return { ...exampleSettings(), ...changes };
}

type Resources = Record<string, Record<string, Record<string, unknown>>>;

/** The Terraform JSON of a stack. */
export interface StackJson {
  readonly resource: Resources;
  readonly data: Resources;
  readonly output: Record<string, { value: string }>;
  readonly provider: Record<string, Record<string, unknown>[]>;
  readonly terraform: Record<string, unknown>;
  readonly ephemeral?: Resources;
}

type StackClass = new (scope: Construct, id: string, settings: Settings) => TerraformStack;

const synthesized = new Map<StackClass, Map<string, string>>();

/** Synthesizes one stack, once for each configuration. Every caller gets a copy of its own. */
export function synth(Stack: StackClass, settings: Settings): StackJson {
  const texts = synthesized.get(Stack) ?? new Map<string, string>();
  synthesized.set(Stack, texts);
  const key = JSON.stringify(settings);
  const text = texts.get(key) ?? synthesizedText(Stack, settings);
  texts.set(key, text);
  return JSON.parse(text);
}

function synthesizedText(Stack: StackClass, settings: Settings): string {
  const outdir = mkdtempSync(join(tmpdir(), "stacks-test-"));
  try {
    return Testing.synth(new Stack(new App({ outdir }), "stack", settings));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Counts the resources of each type. */
export function inventory(resources: Resources): Record<string, number> {
  return Object.fromEntries(Object.entries(resources).map(([type, named]) => [type, Object.keys(named).length]));
}

/** Returns the only resource of a type. */
export function only(resources: Resources, type: string): Record<string, unknown> {
  const found = Object.values(resources[type] ?? {});
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** Expects the only bucket of a stack to be encrypted and private, without ACLs. */
export function expectPrivateBucket(stack: StackJson): void {
  expect(only(stack.resource, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
    { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
  ]);
  expect(only(stack.resource, "aws_s3_bucket_public_access_block")).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(only(stack.resource, "aws_s3_bucket_ownership_controls").rule).toEqual({
    object_ownership: "BucketOwnerEnforced",
  });
}

/** The resources of a bucket with its protections. */
export const PRIVATE_BUCKET = {
  aws_s3_bucket: 1,
  aws_s3_bucket_lifecycle_configuration: 1,
  aws_s3_bucket_ownership_controls: 1,
  aws_s3_bucket_policy: 1,
  aws_s3_bucket_public_access_block: 1,
  aws_s3_bucket_server_side_encryption_configuration: 1,
  aws_s3_bucket_versioning: 1,
};
