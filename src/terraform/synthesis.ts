/** The app, synthesized to `cdktf.out`: it is run, and the stacks that it has written are read. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/errors";
import { PROJECT_FOLDER } from "../project/project-folder";

export const STACKS_FOLDER = join("cdktf.out", "stacks");

/** A stack as it was synthesized. */
export interface SynthesizedStack {
  readonly name: string;
  /** Names of the stacks that are deployed before it. */
  readonly dependencies: readonly string[];
}

/**
 * Synthesizes the app to where Terraform will run it.
 * @throws Error with what the app said
 */
export function synthesizeStacks(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const app = ["-r", "ts-node/register/transpile-only", "main.ts"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, app, { cwd: PROJECT_FOLDER, env: environment, signal }, (cause, _, stderr) => {
      if (cause === null) resolve();
      else reject(new Error(stderr.trim() || cause.message, { cause }));
    });
  });
}

/**
 * The stacks as they were synthesized, in the order in which they are deployed.
 * @throws UsageError where they are not synthesized
 */
export function synthesizedStacks(project = PROJECT_FOLDER): SynthesizedStack[] {
  try {
    const { stacks } = JSON.parse(readFileSync(join(project, "cdktf.out", "manifest.json"), "utf8")) as {
      stacks: Record<string, SynthesizedStack>;
    };
    return inOrder(Object.values(stacks));
  } catch (cause) {
    throw new UsageError(`the stacks are not synthesized: ${(cause as Error).message}; run \`npm run synth\``, {
      cause,
    });
  }
}

/** Every stack after those that it depends on. */
function inOrder(stacks: readonly SynthesizedStack[]): SynthesizedStack[] {
  const ordered = new Set<SynthesizedStack>();
  const add = (stack: SynthesizedStack): void => {
    for (const other of stacks) if (stack.dependencies.includes(other.name)) add(other);
    ordered.add(stack);
  };
  stacks.forEach(add);
  return [...ordered];
}
