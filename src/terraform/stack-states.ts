/**
 * The places of the states of the stacks. Terraform remembers its backend in the folder of a stack. The backend `local` keeps the
 * states as files of the project.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type DeploymentName, stateKey } from "../project/names";
import { PROJECT_FOLDER } from "../project/project-folder";
import { STACKS_FOLDER } from "./synthesis";

type Arguments = Readonly<Record<string, unknown>>;

interface Backend {
  readonly type: string;
  readonly config: Arguments;
}

/** The owner of a state, `<workflow>/<environment>/<stack>`, read from the arguments of each type of backend. */
const OWNERS: Readonly<Record<string, (backend: Arguments) => string>> = {
  local: ({ path }) => String(path).replace(/^(\.\.\/)*state\/|\.tfstate$/g, ""),
  s3: ({ key }) => String(key).replace(/\.tfstate$/, ""),
  cloud: ({ workspaces }) => (workspaces as { name: string }).name.replaceAll("_", "/"),
};

/** The memory of a Terraform that was killed while it wrote it. */
const BROKEN = Symbol("broken");

const MIGRATED = ".migrated";

/**
 * Makes Terraform forget the backend of another environment in the stacks of `outdir`. Otherwise Terraform would refuse to start
 * until it is told whether to move that state. A change of backend within an environment stays: the user decides about that.
 */
export function forgetOtherEnvironments(outdir: string): void {
  for (const stack of readdirSync(join(outdir, "stacks"))) {
    const folder = join(outdir, "stacks", stack);
    const remembered = rememberedBackend(folder);
    if (remembered === null) continue;
    const owner = remembered === BROKEN ? undefined : ownerOf(remembered);
    const configured = ownerOf(configuredBackend(folder));
    if (remembered === BROKEN || (owner && configured && owner !== configured)) rmSync(memoryOf(folder));
  }
}

/** The folder of a deployment's local states, relative to the project. */
export function statesFolder({ name, environment }: DeploymentName): string {
  return `state/${name}/${environment}`;
}

/** The file of a stack's local state, relative to the project. */
export function stateFile(deployment: DeploymentName, stack: string): string {
  return `state/${stateKey(deployment, stack)}`;
}

/** Returns the local state of each stack, if Terraform keeps the state of the stack there now. */
export function localStates(deployment: DeploymentName, project = PROJECT_FOLDER): Record<string, string> {
  const stacks = join(project, STACKS_FOLDER);
  if (!existsSync(stacks)) return {};
  const states = readdirSync(stacks).map((stack) => [stack, stateFile(deployment, stack)] as const);
  return Object.fromEntries(
    states.filter(([stack, state]) => {
      const path = join(project, state);
      return rememberedPath(join(stacks, stack)) === path && existsSync(path);
    }),
  );
}

/** Tells whether the local state of a stack holds resources. */
export function holdsResources(deployment: DeploymentName, stack: string, project = PROJECT_FOLDER): boolean {
  const path = join(project, stateFile(deployment, stack));
  if (!existsSync(path)) return false;
  const { resources } = JSON.parse(readFileSync(path, "utf8")) as { resources?: readonly unknown[] };
  return resources !== undefined && resources.length > 0;
}

/**
 * Renames the local states that Terraform has moved to another backend since `before`; returns their new names. Terraform leaves
 * such a file where it was. It would take the outdated state up again as soon as the other backend is not given.
 */
export function setMigratedAside(before: Readonly<Record<string, string>>, project = PROJECT_FOLDER): string[] {
  return Object.entries(before).flatMap(([stack, state]) => {
    const remembered = rememberedBackend(join(project, STACKS_FOLDER, stack));
    if (remembered === null || remembered === BROKEN || remembered.type === "local") return [];
    renameSync(join(project, state), join(project, state + MIGRATED));
    return [state + MIGRATED];
  });
}

/** A local state that was moved to another backend and that nothing has replaced; `null` if there is none. */
export function migratedState(deployment: DeploymentName, project = PROJECT_FOLDER): string | null {
  const folder = statesFolder(deployment);
  const files = existsSync(join(project, folder)) ? readdirSync(join(project, folder)) : [];
  const moved = files.find((file) => file.endsWith(MIGRATED) && !files.includes(file.slice(0, -MIGRATED.length)));
  return moved === undefined ? null : `${folder}/${moved}`;
}

// --- internal ---

/** The file in which Terraform remembers the backend of a stack. */
function memoryOf(stack: string): string {
  return join(stack, ".terraform", "terraform.tfstate");
}

/** The backend that Terraform used last in a stack's folder; `null` if Terraform was not initialized there. */
function rememberedBackend(stack: string): Backend | typeof BROKEN | null {
  const memory = memoryOf(stack);
  if (!existsSync(memory)) return null;
  try {
    return (JSON.parse(readFileSync(memory, "utf8")) as { backend?: Backend }).backend ?? null;
  } catch {
    return BROKEN;
  }
}

function configuredBackend(stack: string): Backend | null {
  const { terraform: { backend, cloud } = {} } = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")) as {
    terraform?: { backend?: Record<string, Arguments>; cloud?: Arguments };
  };
  const [configured] = Object.entries({ ...backend, ...(cloud && { cloud }) });
  return configured === undefined ? null : { type: configured[0], config: configured[1] };
}

function ownerOf(backend: Backend | null): string | undefined {
  return backend === null ? undefined : OWNERS[backend.type]?.(backend.config);
}

/** The file in which Terraform keeps a stack's state; `null` if it keeps the state elsewhere. */
function rememberedPath(stack: string): string | null {
  const remembered = rememberedBackend(stack);
  if (remembered === null || remembered === BROKEN || remembered.type !== "local") return null;
  return resolve(stack, String(remembered.config.path));
}
