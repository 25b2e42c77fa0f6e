import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "@swc/core";
import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import type { Settings } from "../../src/project/settings-types";
import type { Deployment } from "../../stacks/deployment";
import { ImageStack } from "../../stacks/image-stack";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { only, settingsWith, synth } from "./stacks";

const document = readFileSync(join(PROJECT_FOLDER, "docs/deploying.md"), "utf8");

/** Returns the exports of the recipe that the documentation saves as `path`. */
function recipe(path: string): Record<string, unknown> {
  const [, code] = document.match(new RegExp(`save this as \`${path}\`,\n\n\`\`\`ts\n(.*?)\n\`\`\`\n`, "s")) ?? [];
  const compiled = transformSync(code!, { jsc: { parser: { syntax: "typescript" } }, module: { type: "commonjs" } });
  const exported = {};
  const requireFrom = (module: string) =>
    require(module.startsWith(".") ? join(PROJECT_FOLDER, "stacks", module) : module);
  new Function("require", "exports", compiled.code)(requireFrom, exported);
  return exported;
}

type StackClass = new (scope: Construct, id: string, settings: Settings) => TerraformStack;

/** Returns a stack class with an addition at the end of the constructor. */
function extended(Stack: StackClass, add: (stack: TerraformStack) => void): StackClass {
  return function construct(scope: Construct, id: string, settings: Settings) {
    const stack = new Stack(scope, id, settings);
    add(stack);
    return stack;
  } as unknown as StackClass;
}

test("the schedule's recipe starts the state machine by a role that may do that alone", () => {
  const Schedule = recipe("stacks/schedule.ts").Schedule as new (...args: unknown[]) => Construct;
  const { resource, data } = synth(
    extended(WorkflowStack, (stack) => {
      const deployment = stack.node.findChild("deployment") as Deployment;
      new Schedule(stack, "schedule", settingsWith(), deployment, "arn:of:the-state-machine");
    }),
    settingsWith(),
  );
  expect(only(resource, "aws_scheduler_schedule")).toMatchObject({
    name: "echo_dev_nightly",
    target: { arn: "arn:of:the-state-machine", input: expect.stringContaining("step1_parameter") },
  });
  const statements = Object.values(data.aws_iam_policy_document!).flatMap(({ statement }) => statement);
  expect(statements).toContainEqual({
    sid: "Start",
    actions: ["states:StartExecution"],
    resources: ["arn:of:the-state-machine"],
  });
});

test("the key's recipe encrypts every log group and repository", () => {
  const encrypt = recipe("stacks/encryption.ts").encrypt as (scope: Construct, keyArn: string) => void;
  const add = (stack: TerraformStack) => encrypt(stack, "arn:of:the-key");
  const groups = Object.values(synth(extended(WorkflowStack, add), settingsWith()).resource.aws_cloudwatch_log_group!);
  expect(groups.map(({ kms_key_id }) => kms_key_id)).toEqual(["arn:of:the-key", "arn:of:the-key"]);
  expect(only(synth(extended(ImageStack, add), settingsWith()).resource, "aws_ecr_repository")).toMatchObject({
    encryption_configuration: [{ encryption_type: "KMS", kms_key: "arn:of:the-key" }],
  });
});
