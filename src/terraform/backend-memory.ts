/**
 * Terraform remembers, in a stack's folder, where its state was, and refuses to start when that has changed: it wants to be
 * told whether to move the state or to leave it. From one environment to another it is always to be left.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

type Arguments = Readonly<Record<string, unknown>>;

/** By backend: whose state it is, `<workflow>/<environment>/<stack>`, from the arguments that `keepState` gives. */
const OWNERS: Readonly<Record<string, (backend: Arguments) => string>> = {
  local: ({ path }) => String(path).replace(/^(\.\.\/)*state\/|\.tfstate$/g, ""),
  s3: ({ key }) => String(key).replace(/\.tfstate$/, ""),
  cloud: ({ workspaces }) => (workspaces as { name: string }).name.replaceAll("_", "/"),
};

/** What a killed Terraform has left of its memory. */
const BROKEN = Symbol("broken");

/**
 * Makes Terraform forget, in the stacks of `outdir`, the state of another environment. What it remembers of this one stays,
 * in whatever backend: whether that state moves is for the user to say.
 */
export function forgetOtherEnvironments(outdir: string): void {
  for (const stack of readdirSync(join(outdir, "stacks"))) {
    const folder = join(outdir, "stacks", stack);
    const memory = join(folder, ".terraform", "terraform.tfstate");
    if (!existsSync(memory)) continue;
    const remembered = rememberedOwner(memory);
    const configured = configuredOwner(join(folder, "cdk.tf.json"));
    if (remembered === BROKEN || (remembered && configured && remembered !== configured)) rmSync(memory);
  }
}

function rememberedOwner(path: string): string | typeof BROKEN | undefined {
  try {
    const { backend } = JSON.parse(readFileSync(path, "utf8")) as { backend?: { type: string; config: Arguments } };
    return backend && OWNERS[backend.type]?.(backend.config);
  } catch {
    return BROKEN;
  }
}

function configuredOwner(path: string): string | undefined {
  const { terraform: { backend, cloud } = {} } = JSON.parse(readFileSync(path, "utf8")) as {
    terraform?: { backend?: Record<string, Arguments>; cloud?: Arguments };
  };
  const [configured] = Object.entries({ ...backend, ...(cloud && { cloud }) });
  return configured && OWNERS[configured[0]]?.(configured[1]);
}
