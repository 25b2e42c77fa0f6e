/** @jest-environment-options {"sharePackages": false} */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { compose } from "../../main";
import { exampleSettings } from "../example";

/** The JSON of a stack by framework: the version of the framework, and the rest. */
type Synthesized = Record<string, { version: string; rest: unknown }>;

const STACKS = ["image", "workflow"];

const COMPOSE = { cdktf: composeOf("cdktf"), cdktn: composeOf("cdktn") };

/** Composes the app with `framework` instead of cdktf, for the provider bindings too. */
function composeOf(framework: "cdktf" | "cdktn"): typeof compose {
  let main: { compose: typeof compose };
  jest.isolateModules(() => {
    if (framework === "cdktn") jest.doMock("cdktf", () => require("cdktn"));
    main = require("../../main");
    jest.dontMock("cdktf");
  });
  return main!.compose;
}

function synthesizeWith(framework: keyof typeof COMPOSE, environment: NodeJS.ProcessEnv): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), "cdktn-test-"));
  try {
    COMPOSE[framework](exampleSettings(environment), { outdir: join(folder, "out"), skipValidation: true }).synth();
    return Object.fromEntries(STACKS.map((stack) => [stack, read(join(folder, "out/stacks", stack, "cdk.tf.json"))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(path: string): Synthesized[string] {
  const { "//": comment, ...configuration } = JSON.parse(readFileSync(path, "utf8"));
  const { version, ...metadata } = comment.metadata;
  return { version, rest: { ...configuration, "//": { ...comment, metadata } } };
}

test.each<[string, NodeJS.ProcessEnv]>([
  ["the defaults", {}],
  ["a network of its own and alarms", { WORKFLOW_NETWORK: "create", WORKFLOW_NOTIFY: "ops@example.com" }],
  ["an S3 backend", { WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" }],
  ["a cloud backend", { WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "example" }],
])("with %s, cdktn writes what cdktf does, but for its version in the metadata", (_, environment) => {
  const [cdktf, cdktn] = [synthesizeWith("cdktf", environment), synthesizeWith("cdktn", environment)];
  for (const stack of STACKS) {
    expect([cdktf[stack]!.version, cdktn[stack]!.version]).toEqual(["0.21.0", "0.24.0"]);
    expect(cdktn[stack]!.rest).toEqual(cdktf[stack]!.rest);
  }
});
