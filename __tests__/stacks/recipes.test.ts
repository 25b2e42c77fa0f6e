import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "@swc/core";
import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import type { Settings } from "../../src/project/settings-types";
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

test("the key's recipe encrypts every log group and repository", () => {
  const encrypt = recipe("stacks/encryption.ts").encrypt as (scope: Construct, keyArn: string) => void;
  const add = (stack: TerraformStack) => encrypt(stack, "arn:of:the-key");
  const groups = Object.values(synth(extended(WorkflowStack, add), settingsWith()).resource.aws_cloudwatch_log_group!);
  expect(groups.map(({ kms_key_id }) => kms_key_id)).toEqual(["arn:of:the-key", "arn:of:the-key"]);
  expect(only(synth(extended(ImageStack, add), settingsWith()).resource, "aws_ecr_repository")).toMatchObject({
    encryption_configuration: [{ encryption_type: "KMS", kms_key: "arn:of:the-key" }],
  });
});
