/**
 * The ratios of `deploy`, `diff` and `destroy` against the same commands of Terraform and one synth. They deploy a copy of the
 * project to an emulator of AWS on this machine, and destroy it.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadSettings } from "../src/project/load-settings";
import { IMAGE_STACK, WORKFLOW_STACK } from "../src/project/names";
import { copyProject } from "./demo/copy-project";
import type { Ratio } from "./ratio";

const STACKS = [IMAGE_STACK, WORKFLOW_STACK];
/** The setting `environment` of the copy. It is part of every resource name. */
const ENVIRONMENT_NAME = `bench-${randomBytes(4).toString("hex")}`;

/** Returns the ratios. `app` is the app command of cdktf.json. */
export function lifecycleRatios(scratch: string, app: string): Ratio[] {
  const missing = findMissing();
  const project = join(scratch, "project");
  const { AWS_ENDPOINT_URL } = process.env;
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|WORKFLOW_|CDKTF_|TERRAFORM_BINARY_NAME$|CI$)/.test(name),
  );
  const environment = {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: loadSettings({}).region,
    CHECKPOINT_DISABLE: "1",
    WORKFLOW_ENVIRONMENT: ENVIRONMENT_NAME,
    WORKFLOW_BACKEND: "local",
  };
  const run = (command: string): void => {
    if (!existsSync(project)) copyProject(project);
    execFileSync(command, { shell: true, cwd: project, env: environment, stdio: ["ignore", "ignore", "pipe"] });
  };
  const inStacks = (stacks: readonly string[], command: string): string =>
    stacks
      .map(
        (stack) => `(cd cdktf.out/stacks/${stack} && terraform init -input=false && terraform ${command} -input=false)`,
      )
      .join(" && ");
  const apply = inStacks(STACKS, "apply -auto-approve");
  const destroy = inStacks(STACKS.toReversed(), "destroy -auto-approve");
  /** Times a command after the commands that prepare it. Destroys everything, also if one of them fails. */
  const timed = (command: string, before: string) => async () => {
    try {
      run(before);
      const start = performance.now();
      run(command);
      return performance.now() - start;
    } finally {
      if (existsSync(join(project, "cdktf.out"))) run(destroy);
    }
  };
  const ratio = (name: string, ours: string, bare: string, before: string): Ratio => ({
    name: `${name} against one synth and the commands of Terraform`,
    goal: 1.5,
    rounds: 3,
    missing,
    measured: timed(ours, before),
    against: timed(`${app} && ${bare}`, before),
  });
  const workflow = "node bin/workflow.js";
  const deployed = `${app} && ${apply}`;
  return [
    ratio("deploy: the first", `${workflow} deploy --auto-approve`, apply, app),
    ratio("deploy: without a change", `${workflow} deploy --auto-approve`, apply, deployed),
    ratio("diff: without a change", `${workflow} diff`, inStacks(STACKS, "plan"), deployed),
    ratio("destroy", `${workflow} destroy --auto-approve`, destroy, deployed),
  ];
}

/** Removes the images of the deployments by name. The user's own images may have the same content. */
export function removeImages(): void {
  if (findMissing() !== null) return;
  const pattern = `reference=*/*${ENVIRONMENT_NAME}*`;
  const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8" });
  const names = docker("images", "--filter", pattern, "--format", "{{.Repository}}:{{.Tag}}").split("\n");
  for (const name of names.filter((one) => one !== "" && !one.endsWith(":<none>"))) docker("rmi", "--force", name);
}

// --- internal ---

/** Returns what the deployments need and this machine lacks; `null` if nothing is missing. */
function findMissing(): string | null {
  const { AWS_ENDPOINT_URL } = process.env;
  const isHere = AWS_ENDPOINT_URL !== undefined && /^(localhost|127\.[\d.]+)$/.test(new URL(AWS_ENDPOINT_URL).hostname);
  if (!isHere) return "no emulator of AWS: AWS_ENDPOINT_URL does not name this machine";
  if (spawnSync("terraform", ["version"]).status !== 0) return "no Terraform";
  return spawnSync("docker", ["info"]).status === 0 ? null : "no Docker engine";
}
