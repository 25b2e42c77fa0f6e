import { ImageStack } from "../../stacks/image-stack";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { settingsWith, synth } from "./stacks";

const backendOf = (changes: Parameters<typeof settingsWith>[0]) =>
  synth(WorkflowStack, settingsWith(changes)).terraform.backend;

test("local state lies in the project, at a path that is the same in every checkout", () => {
  expect(backendOf({})).toEqual({ local: { path: "../../../state/echo/dev/stack.tfstate" } });
});

test("state in S3 is encrypted and locked by a file of its own", () => {
  const s3 = { backend: "s3", stateBucket: "our-states" } as const;
  expect(backendOf(s3)).toEqual({
    s3: { bucket: "our-states", key: "echo/dev/stack.tfstate", region: "eu-west-1", encrypt: true, use_lockfile: true },
  });
  expect(backendOf({ ...s3, stateRegion: "us-east-1" })).toMatchObject({ s3: { region: "us-east-1" } });
});

test("HCP Terraform has a workspace for each stack and environment, and no token", () => {
  const settings = settingsWith({ backend: "cloud", cloudOrganization: "our-team", environment: "prod" });
  for (const Stack of [ImageStack, WorkflowStack]) {
    expect(synth(Stack, settings).terraform.cloud).toEqual({
      hostname: "app.terraform.io",
      organization: "our-team",
      workspaces: { name: "echo_prod_stack" },
    });
  }
});
