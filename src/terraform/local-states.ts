/**
 * States that are kept as files here. Terraform leaves such a file where it is when the state moves to another backend, and
 * would take it up again, outdated, wherever that backend is not given.
 */
import { existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DeploymentName } from "../project/names";
import { PROJECT_FOLDER } from "../project/project-folder";

const MIGRATED = ".migrated";

/** The folder of a deployment's states, relative to the project. */
export function statesFolder({ name, environment }: DeploymentName): string {
  return `state/${name}/${environment}`;
}

/** By stack: the file that its state is in, for the stacks of a deployment whose state is where Terraform says that it is. */
export function localStates(deployment: DeploymentName, project = PROJECT_FOLDER): Record<string, string> {
  const stacks = join(project, "cdktf.out", "stacks");
  if (!existsSync(stacks)) return {};
  const states = readdirSync(stacks).map((stack) => [stack, `${statesFolder(deployment)}/${stack}.tfstate`] as const);
  return Object.fromEntries(
    states.filter(([stack, state]) => {
      const path = rememberedPath(join(stacks, stack));
      return path === join(project, state) && existsSync(path);
    }),
  );
}

/** Whether a stack's state is in its file, and is that of something. */
export function holdsResources(deployment: DeploymentName, stack: string, project = PROJECT_FOLDER): boolean {
  const path = join(project, statesFolder(deployment), `${stack}.tfstate`);
  if (!existsSync(path)) return false;
  const { resources } = JSON.parse(readFileSync(path, "utf8")) as { resources?: readonly unknown[] };
  return resources !== undefined && resources.length > 0;
}

/** Renames the files whose states Terraform has moved elsewhere since; returns their new names. */
export function setMigratedAside(before: Readonly<Record<string, string>>, project = PROJECT_FOLDER): string[] {
  return Object.entries(before).flatMap(([stack, state]) => {
    if (rememberedPath(join(project, "cdktf.out", "stacks", stack)) !== null) return [];
    renameSync(join(project, state), join(project, state + MIGRATED));
    return [state + MIGRATED];
  });
}

/** The file of a state that was moved elsewhere, with nothing in its place; `null` where there is none. */
export function migratedState(deployment: DeploymentName, project = PROJECT_FOLDER): string | null {
  const folder = statesFolder(deployment);
  const files = existsSync(join(project, folder)) ? readdirSync(join(project, folder)) : [];
  const moved = files.find((file) => file.endsWith(MIGRATED) && !files.includes(file.slice(0, -MIGRATED.length)));
  return moved === undefined ? null : `${folder}/${moved}`;
}

// --- internal ---

/** Where Terraform remembers a stack's state to be, if that is a file. What cannot be read is taken for one, and left alone. */
function rememberedPath(stack: string): string | null {
  const memory = join(stack, ".terraform", "terraform.tfstate");
  try {
    const { backend } = JSON.parse(readFileSync(memory, "utf8")) as {
      backend: { type: string; config: { path: string } };
    };
    return backend.type === "local" ? resolve(stack, backend.config.path) : null;
  } catch {
    return stack;
  }
}
